# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="fewer I/O queues are granted after a reset, then more: every CPU's requests and flushes are served"
PROFILE=faults
TIMEOUT=120

# shellcheck source=../guest/reconnect.sh
. /lib/reconnect.sh

flushed() {
	trace_count pci_nvme_flush_ns
}

# after_reset GRANT: under load, whose requests wait meanwhile
after_reset() {
	echo "--- at most ${1:-all} queues"
	load_starts 20000
	fault max-grant "$1"
	reset_until_live 20
	usleep 500000
	load_is_right
	for cpu in $(seq 0 $(($(nproc) - 1))); do
		before=$(flushed)
		taskset $((1 << cpu)) dd if=/dev/urandom of="$DISK" bs=64k count=4 seek=640 conv=fsync,notrunc \
			2>/dev/null || fail "CPU $cpu cannot write"
		expect_at_least "flushes of CPU $cpu" $(($(flushed) - before)) 1
	done
}

run_test() {
	start_driver
	trace pci_nvme_flush_ns
	kept_data
	after_reset 1
	after_reset 0
	after_reset 1
	after_reset 2
	[ "$DRIVER" = nvme ] || expect_at_least "queues in the end" "$(controller_value io_queues)" 2
	proved 1
}

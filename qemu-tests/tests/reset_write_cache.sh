# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a volatile write cache appears with a reset, and goes with another: fsync flushes exactly where there is one"
PROFILE=faults
TIMEOUT=120

# shellcheck source=../guest/reconnect.sh
. /lib/reconnect.sh

VWC_AT=525
FSYNCS=5

flushes() {
	trace_count pci_nvme_flush_ns
}

# after_reset VWC MODE FLUSHES
after_reset() {
	echo "--- VWC $1"
	poke_later id $VWC_AT 1 "$1"
	reset_until_live 15
	until_true 5 has_cache "$2" || fail "write_cache is '$(queue_attr write_cache)', expected '$2'"
	expect_flushes "$3"
}

has_cache() {
	[ "$(queue_attr write_cache)" = "$1" ]
}

# expect_flushes NUMBER: of the device, for so many fsyncs
expect_flushes() {
	before=$(flushes)
	for number in $(seq $FSYNCS); do
		dd if=/dev/urandom of="$DISK" bs=4k count=1 seek="$number" conv=fsync,notrunc 2>/dev/null ||
			fail "cannot write"
	done
	expect_eq "flushes for $FSYNCS fsyncs" $(($(flushes) - before)) "$1"
}

run_test() {
	poke id $VWC_AT 1 0
	start_driver
	trace pci_nvme_flush_ns
	expect_eq "write_cache at first" "$(queue_attr write_cache)" "write through"
	expect_flushes 0
	after_reset 7 "write back" $FSYNCS
	after_reset 6 "write through" 0
	after_reset 7 "write back" $FSYNCS
	expect_hits_at_least id-poke 4
	fault unpoke 1
	expect_healthy
}

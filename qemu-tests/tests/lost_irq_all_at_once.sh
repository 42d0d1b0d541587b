# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2119,SC2154
DESCRIPTION="two namespaces on all queues and the admin queue lose interrupts at the same time"
COVERS="A1"
DRIVERS=nvmepp
DEVICE=dual
WHEN=all
TIMEOUT=60

# shellcheck source=../guest/lostirq.sh
. /lib/lostirq.sh

# The first loss that is found restores all vectors: not before the admin command has been sent.
WATCH_MS=100

lose() {
	for one in 0 $(io_vectors); do
		msix "$BDF" break "$one"
	done
	jobs=
	count_writes dual
	for disk in $NAMES; do
		io --device="/dev/$disk" --jobs=2 --depth=4 --count=4 --length=8M --max=16k \
			--reads=0 >"/run/$disk.out" &
		jobs="$jobs $!"
	done
	until_written dual 1
	expect_queue lost 0 admin
	started=$(now_ms)
	admin_command || fail "Identify failed"
	taken=$(($(now_ms) - started))
	# shellcheck disable=SC2086 # a list
	wait $jobs

	for disk in $NAMES; do
		cp "/run/$disk.out" /run/io.out
		io_result
		expect_good_io
		stall_is_short || return 1
	done
	expect_no_reset
	echo "admin command: $taken ms; lost: $(queue_value lost admin) there," \
		"$(queue_value lost 1) and $(queue_value lost 2) on the I/O queues"
	# The first recovery restores every vector, perhaps before the last one has lost an interrupt.
	[ $taken -le $((STALL_MS + io_late_ms)) ] && [ "$(queue_value lost admin)" = 1 ] &&
		[ "$(queue_value lost 1)" -ge 1 ] && [ "$(queue_value lost 2)" -ge 1 ]
}

heal() {
	attempt lose
	for one in 0 $(io_vectors); do
		! is_broken "$one" || fail "vector $one is still broken"
	done
	admin_command || fail "Identify failed"
	expect_nothing_more_lost --jobs=2
	expect_no_reset
}

run_test() {
	with_each_timeout heal
}

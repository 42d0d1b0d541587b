# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="discards that wait at the same time become one command of several ranges; each is done, nothing else"
PROFILE=faults
DRIVERS=nvmepp
TIMEOUT=60

RANGES=16
OPCODE_READ=2

discards() {
	trace_count "pci_nvme_dsm "
}

ranges() {
	trace_count pci_nvme_dsm_deallocate
}

all_wait() {
	for task in $discarding; do
		read -r _ _ state _ <"/proc/$task/stat"
		[ "$state" = D ] || return 1
	done
}

run_test() {
	IO_TIMEOUT_MS=30000
	start_driver queue_depth=2 max_queues=1
	queue=/sys/block/${DISK#/dev/}/queue
	expect_at_least "max_discard_segments" "$(cat "$queue/max_discard_segments")" 128
	echo mq-deadline >"$queue/scheduler" || fail "there is no scheduler"
	echo 64 >"$queue/nr_requests" || fail "there are no more requests than tags"
	# Else all but one wait before they could be merged.
	echo 0 >"$queue/wbt_lat_usec" || fail "writes are throttled"
	range "$DISK" fill 0 8M 5 || fail "cannot write"
	# The kernel lets one task at a time discard from a disk or a partition.
	for n in $(seq 0 $((RANGES - 1))); do
		range "$DISK" partition $((n * 512))k 256k $((n + 1)) || fail "no partition"
	done
	trace pci_nvme_dsm
	trace pci_nvme_dsm_deallocate

	# Both tags are in use: the first discard waits for one, the others in the scheduler.
	fault opcode $OPCODE_READ cqe-hold-ms 0 cqe-hold 2
	tasks=
	for skip in 3000 4000; do
		dd if="$DISK" of=/dev/null bs=4k skip=$skip count=1 iflag=direct 2>/dev/null &
		tasks="$tasks $!"
	done
	until_true 5 has_struck cqe-hold 2 || fail "no completion was held"
	discarding=
	for n in $(seq 0 $((RANGES - 1))); do
		range "${DISK}p$((n + 1))" discard 0 256k &
		discarding="$discarding $!"
	done
	until_true 15 all_wait || fail "not all discards have been submitted"
	expect_eq "discards while both tags are in use" "$(discards)" 0
	fault release 1
	for task in $tasks $discarding; do
		wait "$task" || fail "a discard or the read failed"
	done

	echo "$(discards) commands, $(ranges) ranges"
	expect_eq "ranges" "$(ranges)" $RANGES
	expect_at_most "commands for $RANGES ranges" "$(discards)" 4
	for n in $(seq 0 $((RANGES - 1))); do
		range "$DISK" is-zero $((n * 512))k 256k || fail "range $n is not zero"
		range "$DISK" check $((n * 512 + 256))k 256k 5 || fail "data after range $n changed"
	done
	expect_hits cqe-hold 2
	expect_nothing_lost
	expect_resets 0
}

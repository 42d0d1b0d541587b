# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="random ioctls, of 32-bit programs too, and ring commands while interrupts get lost: what there is not is ENOTTY, rights hold, nothing hangs, data is right"
DEVICE=dual
DRIVERS=nvmepp
NEEDS="CONFIG_IO_URING"
TIMEOUT=120

# shellcheck source=../guest/fuzz.sh
. /lib/fuzz.sh
# shellcheck source=../guest/partition.sh
. /lib/partition.sh

ROOT_MS=8000
USER_MS=3000

fuzzing() {
	kill -0 "$fuzz_pid" 2>/dev/null
}

lose_interrupts() {
	while fuzzing; do
		for queue in admin 1; do
			vector=$(vector_of_queue $queue)
			msix "$BDF" break "$vector"
			usleep 150000
			msix "$BDF" restore "$vector"
			usleep 300000
		done
	done
}

# at_least COUNTER NUMBER: of both runs
at_least() {
	expect_at_least "$1 of root" "$(fuzz_value /run/fuzz.root "$1")" "$2"
	expect_at_least "$1 of a user" "$(fuzz_value /run/fuzz.user "$1")" "$2"
}

run_test() {
	start_driver lost_irq_ms=50 lost_irq_action=restore
	make_partition "$DISK"
	make_partition "${DISK%1}2"
	partitions_appear "$DISK" "${DISK%1}2"
	DISK=/dev/${CONTROLLER}n2
	nodes="/dev/$CONTROLLER /dev/ng${CONTROLLER#nvme}n1 /dev/${CONTROLLER}n1"
	root_ms=$((ROOT_MS * SLOWNESS))
	user_ms=$((USER_MS * SLOWNESS))
	# Within the partition, and not its table
	io_start --jobs=2 --depth=4 --ms=$((root_ms + user_ms)) --start=1M --length=8M --max=64k

	# shellcheck disable=SC2086 # several words
	fuzz_start /run/fuzz.root $COMPAT "$SEED" $root_ms 0 $nodes "/dev/${CONTROLLER}n1p1"
	lose_interrupts
	fuzz_ends /run/fuzz.root "$fuzz_pid"
	# The verified load uses the disk that must not change by these.
	nodes="$nodes ${DISK}:ro /dev/ng${DISK#/dev/nvme}:ro ${DISK}p1"
	# shellcheck disable=SC2086 # several words
	fuzz_start /run/fuzz.user $COMPAT "$SEED" $user_ms 1000 $nodes
	fuzz_ends /run/fuzz.user "$fuzz_pid"
	io_end
	expect_good_io

	expect_at_least "calls that were done" "$(fuzz_value /run/fuzz.root good)" 50
	expect_at_least "calls that there are not" "$(fuzz_value /run/fuzz.root unknown)" 50
	expect_at_least "calls by a ring" "$(fuzz_value /run/fuzz.root rings)" 50
	expect_at_least "resets" "$(fuzz_value /run/fuzz.root resets)" 1
	expect_at_least "done by a user" "$(fuzz_value /run/fuzz.user good)" 20
	expect_at_least "refused" "$(fuzz_value /run/fuzz.user refused)" 50
	expect_at_least "done by root's partition" "$(fuzz_value /run/fuzz.root parts)" 10
	expect_at_least "refused by a user's" "$(fuzz_value /run/fuzz.user parts_refused)" 10
	at_least together 50
	at_least closed 5
	at_least changes 1000
	[ -z "$COMPAT" ] || at_least compat_reads 5
	expect_lost 1
	until_true 10 controller_live || fail "the controller is $(controller_value state)"
	expect_healthy
}

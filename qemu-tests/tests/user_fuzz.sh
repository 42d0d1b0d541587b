# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="random ioctls and ring commands while interrupts get lost: what there is not is ENOTTY, nothing hangs, data is right"
DEVICE=dual
DRIVERS=nvmepp
NEEDS="CONFIG_IO_URING"
TIMEOUT=120

SEED=$(sed -n 's/.*vm\.seed=\([0-9]*\).*/\1/p' /proc/cmdline)
SEED=${SEED:-1}
ROOT_MS=8000
USER_MS=3000

# The tool's only line: seed=N calls=N ...
fuzz_value() {
	tr ' ' '\n' <"$1" | sed -n "s/^$2=//p"
}

# fuzz_ends FILE: the tool is through, and content
fuzz_ends() {
	wait "$fuzz_pid" || fail "seed $SEED: $(cat "$1")"
	cat "$1"
}

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

run_test() {
	start_driver lost_irq_ms=50 lost_irq_action=restore
	DISK=/dev/${CONTROLLER}n2
	nodes="/dev/$CONTROLLER /dev/ng${CONTROLLER#nvme}n1 /dev/${CONTROLLER}n1"
	root_ms=$((ROOT_MS * SLOWNESS))
	user_ms=$((USER_MS * SLOWNESS))
	io_start --jobs=2 --depth=4 --ms=$((root_ms + user_ms)) --length=8M --max=64k

	# shellcheck disable=SC2086 # several words
	fuzz "$SEED" $root_ms 0 $nodes >/run/fuzz.root 2>&1 &
	fuzz_pid=$!
	lose_interrupts
	fuzz_ends /run/fuzz.root
	# The verified load uses the disk that must not change by these.
	nodes="$nodes ${DISK}:ro /dev/ng${DISK#/dev/nvme}:ro"
	# shellcheck disable=SC2086 # several words
	fuzz "$SEED" $user_ms 1000 $nodes >/run/fuzz.user 2>&1 &
	fuzz_pid=$!
	fuzz_ends /run/fuzz.user
	io_end
	expect_good_io

	expect_at_least "calls that were done" "$(fuzz_value /run/fuzz.root good)" 50
	expect_at_least "calls that there are not" "$(fuzz_value /run/fuzz.root unknown)" 50
	expect_at_least "calls by a ring" "$(fuzz_value /run/fuzz.root rings)" 50
	expect_at_least "resets" "$(fuzz_value /run/fuzz.root resets)" 1
	expect_at_least "done by a user" "$(fuzz_value /run/fuzz.user good)" 20
	expect_at_least "refused" "$(fuzz_value /run/fuzz.user refused)" 50
	expect_lost 1
	until_true 10 controller_live || fail "the controller is $(controller_value state)"
	expect_healthy
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="each allocation of a reset fails in turn: live again, at the second attempt if need be"
COVERS="C7"
DRIVERS=nvmepp
NEEDS="CONFIG_FAILSLAB CONFIG_FAIL_PAGE_ALLOC"
TIMEOUT=300

# shellcheck source=../guest/alloc_faults.sh
. /lib/alloc_faults.sh

MOST=1000

# The reset is done by whichever of these is idle.
reset_workers() {
	for task in /proc/[0-9]*; do
		read -r name <"$task/comm" || continue
		case $name in
		kworker/u*) echo "$task/fail-nth" ;;
		esac
	done 2>/dev/null
}

# reset_with_fault N: false if there were not so many allocations
reset_with_fault() {
	workers=$(reset_workers)
	for worker in $workers; do
		echo "$1" >"$worker"
	done 2>/dev/null
	reset_controller
	hit=1
	for worker in $workers; do
		read -r left <"$worker" && [ "$left" != 0 ] || hit=0
		echo 0 >"$worker"
	done 2>/dev/null
	[ $hit = 0 ] || return 1
	injections=$((injections + 1))
}

run_test() {
	load_for_alloc_faults
	bind_device
	find_disks
	alloc_faults_prepare
	io_run --jobs=2 --depth=4 --count=20 --length=4M --max=64k --state=/run/io.state
	n=1
	# One attempt may fail; the second one has memory.
	while reset_with_fault $n; do
		controller_live || fail "failure $n: the controller is $(controller_value state)"
		n=$((n + 1))
		[ $n -le $MOST ] || fail "still failing after $MOST allocations"
	done
	again=$(controller_value reset_failures)
	echo "$injections allocations failed, $again times a reset was done once more"
	expect_at_least "allocations that failed" $injections 11
	expect_at_least "attempts that failed" "$again" 1
	expect_log 'npp_reset_work'

	controller_live || fail "the controller is not live without a failure"
	io_run --jobs=2 --depth=4 --count=20 --length=4M --max=64k --state=/run/io.state
	expect_healthy
}

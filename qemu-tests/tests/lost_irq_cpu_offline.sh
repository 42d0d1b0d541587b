# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2119,SC2154
DESCRIPTION="CPUs go and come under load: no false alarm, and a real loss is still found"
COVERS="D1"
TIMEOUT=60

# shellcheck source=../guest/lostirq.sh
. /lib/lostirq.sh

CPU1=/sys/devices/system/cpu/cpu1/online

hotplug() {
	for _ in 1 2 3; do
		echo 0 >$CPU1 || fail "CPU 1 does not go offline"
		usleep 200000
		echo 1 >$CPU1 || fail "CPU 1 does not come back"
		usleep 200000
	done
}

lose() {
	start_watching
	count_writes plain
	io_start --jobs=2 --depth=8 --ms=$((TIMEOUT * 1000)) --length=16M --max=64k
	# Both jobs want to begin on a CPU of their own.
	until_written plain 100
	hotplug
	io_enough
	io_end
	expect_good_io
	! watching || expect_eq "losses" "$(queue_value lost)" 0
	expect_no_reset

	# What the other CPU's queue has lost before that CPU goes.
	watching || return 0
	vector=$(vector_of_queue "$(queue_of_cpu 1)")
	msix "$BDF" break "$vector"
	count_writes plain
	io_start --cpu=1 --depth=4 --count=4 --length=16M --max=64k --reads=0 --no-check
	until_written plain 1
	echo 0 >$CPU1 || fail "CPU 1 does not go offline"
	io_end
	echo 1 >$CPU1 || fail "CPU 1 does not come back"
	expect_good_io
	expect_at_most "longest request, ms" "$io_longest_ms" 1400
	expect_at_least "losses" "$(queue_value lost)" 1
	expect_no_reset
	expect_nothing_more_lost --jobs=2
}

run_test() {
	with_each_timeout lose
}

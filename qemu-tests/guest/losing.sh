# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
#
# Two identical disks, one with each driver, that lose the same interrupts: what the demonstration
# and the benchmark of recovery are made of. lib/losses.py reads what they tell.

# How many jobs load a disk, on as many CPUs.
JOBS=2

# How long a vector is broken to lose an interrupt: longer than a request takes.
BROKEN_MS=50

# What the host prints as it comes.
say() {
	echo "say $*" >&3
}

start() {
	be "$1" "$2"
	shift 2
	start_driver "$@"
	say "$driver drives $DISK at $BDF, its timeout is $((IO_TIMEOUT_MS / 1000)) s"
}

start_nvmepp() {
	start nvmepp second lost_irq_ms=16 lost_irq_action=poll
}

# It remembers the losses of the last minute, and a reset for an hour.
start_nvmepp_anew() {
	driver_remove || fail "nvmepp cannot be removed"
	start_nvmepp
}

remove_both() {
	be nvmepp second
	driver_remove || fail "nvmepp cannot be removed"
	be nvme first
	driver_remove || fail "nvme cannot be removed"
}

lose_on() {
	for vector in $1; do
		msix "$BDF" break "$vector"
	done
}

restore_on() {
	for vector in $1; do
		msix "$BDF" restore "$vector"
		expect_eq "interrupt $vector works" "$(vector_state "$vector" pending)" 0
	done
}

# lose_now_and_then TIMES EVERY_MS: on $vector, each for as long as it takes to lose one interrupt
# or more
lose_now_and_then() {
	for _ in $(seq "$1"); do
		usleep $((($2 - BROKEN_MS) * 1000))
		lose_on "$vector"
		usleep $((BROKEN_MS * 1000))
		restore_on "$vector"
	done
}

# load OPTION...: in the background
load() {
	io_start --cpu=0 --jobs=$JOBS --length=4M --max=64k --no-check --slow-ms="$TIMEOUT_MS" \
		--state="/run/$driver.state" "$@"
}

# row SCENARIO [KEY=NUMBER...]: what the last load was like, since refresh_counters; and whether
# everything that was ever written is there
row() {
	scenario=$1
	shift
	total_resets=0 total_polls=0 total_lost=0
	refresh_counters
	told="ios=$io_ios stalled=$io_slow longest_ms=$io_longest_ms found=$total_lost"
	told="$told resets=$total_resets $*"
	wrong=$((io_mismatches + io_errors + 1 - io_finished))
	io_start --jobs=$JOBS --depth=8 --length=4M --max=64k --state="/run/$driver.state"
	io_end
	wrong=$((wrong + io_mismatches + io_errors + 1 - io_finished))
	echo "row $driver|$scenario|$told wrong=$wrong" >&3
}

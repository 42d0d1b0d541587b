# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="two identical disks, one with each driver, lose the same interrupts"
PROFILE=demo
DEVICE=first
TIMEOUT=400

# What the host prints as it comes.
say() {
	echo "say $*" >&3
}

# be DRIVER DEVICE: what follows is about this one
be() {
	# shellcheck source=driver-nvmepp.sh
	. "/lib/driver-$1.sh"
	driver=$1
	BDF=$(pci_address "$2")
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

# row SCENARIO: the line of the table, from the last load
row() {
	total_resets=0 total_looks=0 total_lost=0
	refresh_counters
	ios=$io_ios slow=$io_slow longest=$io_longest_ms errors=$io_errors
	io_start --jobs=2 --depth=8 --length=4M --max=64k --state="/run/$driver.state"
	io_end
	wrong=$((io_mismatches + errors + io_errors))
	echo "row $driver|$1|$ios|$slow|$longest|$total_lost|$total_resets|$wrong" >&3
}

load() {
	io_start --cpu=0 --jobs=2 --length=4M --max=64k --no-check --slow-ms="$TIMEOUT_MS" \
		--state="/run/$driver.state" "$@"
}

lose_one() {
	load --depth=1 --count=20
	io_end
	refresh_counters
	vector=$(vector_of_queue "$(queue_of_cpu 0)")
	say "$driver: one interrupt of $DISK is lost, one request waits for it ..."
	lose_on "$vector"
	# The other job's queue is left alone: it shows what is normal.
	load --depth=1 --count=1
	usleep 300000
	restore_on "$vector"
	io_end
	row "one interrupt lost"
}

lose_all() {
	refresh_counters
	say "$driver: now every I/O interrupt of $DISK is lost, 32 requests on two CPUs ..."
	vectors=$(io_vectors)
	lose_on "$vectors"
	load --depth=8 --count=16
	io_end
	restore_on "$vectors"
	row "all interrupts lost"
}

# Nothing but a driver mends this vector; three requests, one after the other. Of CPU 1's queue: the
# other one has lost enough for a minute.
lose_for_good() {
	refresh_counters
	vector=$(vector_of_queue "$(queue_of_cpu 1)")
	say "$driver: the vector of CPU 1's queue is broken for good, 3 requests in turn ..."
	lose_on "$vector"
	load --cpu=1 --depth=1 --count=3
	io_end
	restore_on "$vector"
	row "vector broken for good"
}

LOSSES=8

# A second apart, on CPU 0's queue, each for as long as it takes to lose one interrupt or more.
lose_now_and_then() {
	lost_times=0
	while [ $lost_times -lt $LOSSES ]; do
		usleep 950000
		lose_on "$vector"
		usleep 50000
		restore_on "$vector"
		lost_times=$((lost_times + 1))
	done
}

# The worst of each 20 ms: so many that they can be drawn, and no stall is left out.
send_points() {
	awk -v "driver=$driver" '
		{ slice = int($1 / 20) }
		slice != last && NR > 1 { print "point " driver "|" at "|" worst; worst = 0 }
		$2 >= worst { worst = $2; at = $1 }
		{ last = slice }
		END { print "point " driver "|" at "|" worst }' "$1" >&3
}

lose_over_time() {
	refresh_counters
	vector=$(vector_of_queue "$(queue_of_cpu 0)")
	say "$driver: one request at a time for $((LOSSES + 1)) s, an interrupt is lost each second ..."
	load --depth=1 --ms=$(((LOSSES + 1) * 1000)) --max=4k --series=/run/series
	lose_now_and_then
	io_end
	send_points /run/series.0
	row "one lost each second"
}

lose() {
	lose_one
	lose_all
	lose_for_good
	keep_counters
}

start_nvmepp() {
	start nvmepp second lost_irq_ms=100 lost_irq_action=poll
}

start() {
	be "$1" "$2"
	echo "$1" >"/sys/bus/pci/devices/$BDF/driver_override"
	shift 2
	start_driver "$@"
	say "$driver drives $DISK at $BDF, its timeout is 2 s"
}

run_test() {
	say "booted Linux $(uname -r)"
	start nvme first
	say "nvme looks when a request is overdue"
	lose
	lose_over_time
	keep_counters
	start_nvmepp
	say "nvmepp looks when a request is overdue, or a completion has waited for 100 ms"
	lose
	say "nvmepp begins anew: it remembers the losses of the last minute"
	driver_remove || fail "nvmepp cannot be removed"
	start_nvmepp
	lose_over_time
	keep_counters
	say "both drivers are removed"
	be nvmepp second
	driver_remove || fail "nvmepp cannot be removed"
	be nvme first
	driver_remove || fail "nvme cannot be removed"
}

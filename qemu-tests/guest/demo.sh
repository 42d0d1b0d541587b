# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="two identical disks, one with each driver, lose the same interrupts"
PROFILE=demo
DEVICE=first
TIMEOUT=150

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
	lose_one
	lose_all
	keep_counters
	start nvmepp second lost_irq_ms=100 lost_irq_action=poll
	say "nvmepp looks when a request is overdue, or a completion has waited for 100 ms"
	lose_one
	lose_all
	keep_counters
	say "both drivers are removed"
	be nvmepp second
	driver_remove || fail "nvmepp cannot be removed"
	be nvme first
	driver_remove || fail "nvme cannot be removed"
}

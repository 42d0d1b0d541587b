# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="two identical disks, one with each driver, lose the same interrupts"
PROFILE=demo
DEVICE=first
TIMEOUT=400

# shellcheck source=losing.sh
. /lib/losing.sh

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
	lose_now_and_then $LOSSES 1000
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

run_test() {
	say "booted Linux $(uname -r)"
	start nvme first
	say "nvme looks when a request has timed out"
	lose
	lose_over_time
	keep_counters
	start_nvmepp
	say "nvmepp looks when a request has timed out, or a completion has waited for 16 ms"
	lose
	say "nvmepp begins anew: it remembers the losses of the last minute"
	start_nvmepp_anew
	lose_over_time
	keep_counters
	say "both drivers are removed"
	remove_both
}

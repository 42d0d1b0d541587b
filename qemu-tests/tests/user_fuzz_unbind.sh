# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="unbound and bound over and over while commands of random ioctls and rings are in flight: nothing hangs, rights hold, nothing is left over"
PROFILE=faults
DEVICE=dual
DRIVERS=nvmepp
NEEDS="CONFIG_IO_URING"
WHEN=all
TIMEOUT=400

# shellcheck source=../guest/fuzz.sh
. /lib/fuzz.sh
# shellcheck source=../guest/partition.sh
. /lib/partition.sh
# shellcheck source=../guest/stages.sh
. /lib/stages.sh
# shellcheck source=../guest/leaks.sh
. /lib/leaks.sh

ROUNDS=30
OUTAGE_MS=1500
# What is in flight ends with the outage; the way down, a reset's timeout included, takes less than this.
UNBIND_MS=8000
NODES=/run/nodes

# What the fuzzer opens, and opens again: the number of the controller behind changes, since its own
# open nodes keep the one before.
link_nodes() {
	chmod 666 /dev/nvme*n* /dev/ng* "/dev/$CONTROLLER"
	for node in nvme ngn1 ngn2 nvmen1 nvmen2 nvmen2p1; do
		real=$(echo "$node" | sed "s/^nvme/$CONTROLLER/; s/^ng/ng${CONTROLLER#nvme}/")
		name=$(echo "$node" | sed 's/^\(nvme\|ng\)/\10/')
		ln -s "/dev/$real" "$NODES/new" && mv "$NODES/new" "$NODES/$name"
	done
}

second_disk() {
	find_disks
	until_true 5 test -b "/dev/${CONTROLLER}n2p1" || fail "no partition"
	DISK=/dev/${CONTROLLER}n2
}

# Commands that the driver has sent and that have not ended, but for the request for events.
in_flight() {
	accounts | awk -F= '{ sum += $1 == "admin" && $2 > 0 ? $2 - 1 : $2 } END { print sum + 0 }'
}

is_in_flight() {
	[ "$(in_flight)" -ge 1 ]
}

# unbind_in_flight QUEUES: nothing of them completes while the outage lasts, so what is in flight
# stays so
unbind_in_flight() {
	fault queues "$1" outage "$outage_ms"
	began=$(now_ms)
	until_true 5 is_in_flight || fail "no command is in flight"
	proved 1
	usleep $((round % 5 * 50000))
	flying=$(in_flight)
	bounded_start unbind_device
	# A busy host may have taken the rest of the outage.
	if [ "$flying" -ge 1 ] && [ $((started_ms - began)) -lt $((outage_ms - 100)) ]; then
		cycles=$((cycles + 1))
		commands=$((commands + flying))
	fi
	bounded_end "unbind" || fail "no unbind"
	took=$(($(now_ms) - started_ms))
	[ $took -le "$longest_unbind_ms" ] || longest_unbind_ms=$took
	counters_base=
	expect_eq "disks of an unbound device" "$(disks)" ""
	fault outage 0
}

round() {
	round=$((round + 1))
	# shellcheck disable=SC2086 # an option or none
	fuzz_start /run/fuzz.root $COMPAT --returns $((SEED + round)) 60000 0 \
		$NODES/nvme0 $NODES/ng0n1 $NODES/nvme0n1
	root_pid=$fuzz_pid
	# shellcheck disable=SC2086 # an option or none
	fuzz_start /run/fuzz.user $COMPAT --returns $((SEED + round)) 60000 1000 \
		$NODES/nvme0 $NODES/ng0n1 $NODES/nvme0n1 $NODES/ng0n2:ro $NODES/nvme0n2:ro $NODES/nvme0n2p1
	user_pid=$fuzz_pid
	usleep 200000
	# The disks' queues, by turns with the admin queue
	unbind_in_flight $((0xfffffffe + round % 2))
	bind_device
	second_disk
	link_nodes
	usleep 500000
	kill -USR1 "$root_pid" "$user_pid"
	fuzz_ends /run/fuzz.root "$root_pid"
	fuzz_ends /run/fuzz.user "$user_pid"
	for who in root user; do
		reopened=$((reopened + $(fuzz_value /run/fuzz.$who reopened)))
		good=$((good + $(fuzz_value /run/fuzz.$who good)))
	done
	until_true 10 controller_live || fail "the controller is $(controller_value state)"
	kept_data >/dev/null
}

run_test() {
	start_driver
	make_partition "${DISK%1}2"
	partitions_appear "${DISK%1}2"
	second_disk
	mkdir $NODES
	link_nodes
	outage_ms=$((OUTAGE_MS * SLOWNESS))
	round=0 cycles=0 commands=0 reopened=0 good=0 longest_unbind_ms=0
	kept_data
	repeat_and_weigh $ROUNDS round
	echo "$cycles of $round unbound with $commands commands in flight," \
		"$longest_unbind_ms ms at most; $good calls done, $reopened nodes opened again"
	expect_at_most "the longest unbind, ms" "$longest_unbind_ms" $UNBIND_MS
	expect_at_least "rounds with commands in flight" $cycles $((round * 9 / 10))
	expect_at_least "nodes opened again" $reopened $((round * 4))
	expect_at_least "calls that were done" $good $((round * 20))
	expect_healthy
}

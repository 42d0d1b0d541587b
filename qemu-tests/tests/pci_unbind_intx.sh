# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a handler that is slow to ring the last doorbell: the pin is deasserted before the unbind ends"
COVERS="D6"
DRIVERS=nvmepp
NEEDS="CONFIG_KPROBE_EVENTS"
PROFILE=intx
TIMEOUT=60

ROUNDS=3
TRACING=/sys/kernel/debug/tracing
DOORBELL=npp_os_doorbell
PROBES=40	# each takes the time to walk a stack

slow_doorbell() {
	for number in $(seq $PROBES); do
		echo "p:slow$number $DOORBELL"
	done >$TRACING/kprobe_events || fail "no probes"
	for number in $(seq $PROBES); do
		echo stacktrace >"$TRACING/events/kprobes/slow$number/trigger"
		echo 1 >"$TRACING/events/kprobes/slow$number/enable"
	done
}

quick_doorbell() {
	echo 0 >$TRACING/events/kprobes/enable
	for number in $(seq $PROBES); do
		echo "!stacktrace" >"$TRACING/events/kprobes/slow$number/trigger"
	done
	echo >$TRACING/kprobe_events
}

probed() {
	awk '$1 == "slow1" { print $2 }' $TRACING/kprobe_profile
}

# Handler and the last command's waiter on two CPUs: they run at the same time.
apart() {
	echo 1 >"/proc/irq/$(irq_of_queue 1)/smp_affinity"
	taskset 2 "$@"
}

run_test() {
	start_driver
	for round in $(seq $ROUNDS); do
		slow_doorbell
		apart sh -c "echo $BDF >/sys/bus/pci/devices/$BDF/driver/unbind"
		# the last queue pair's deletion: two commands, two completions
		expect_at_least "doorbells that were slow" "$(probed)" 4
		quick_doorbell
		! intx_asserted || fail "round $round: the device without a driver asserts its interrupt"
		bind_device
		find_disks
		io_run --jobs=2 --depth=4 --count=8 --length=4M --max=64k
	done
	expect_resets 0
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2154
#
# What pauses a controller from outside: resets of the PCI function, PCI error recovery, sleep.

pauses() {
	controller_value pauses
}

# pause_under_load COMMAND...: six times while requests are in flight; none may fail
pause_under_load() {
	before=$(pauses)
	io_start --jobs=2 --depth=16 --ms=$((TIMEOUT * 1000)) --length=16M --max=128k
	for _ in 1 2 3 4 5 6; do
		usleep 300000
		"$@"
		controller_live || fail "after '$*' the controller is $(controller_value state)"
	done
	io_enough
	io_end
	expect_good_io
	expect_at_least "requests" "$io_ios" 10
	expect_eq "pauses" $(($(pauses) - before)) 6
}

# ms_between TEXT TEXT: from one line of the kernel's log to the next, by the kernel's clock
ms_between() {
	test_log | awk -v "from=$1" -v "to=$2" -F '[][]' '
		index($0, from) && !start { start = $2 }
		index($0, to) && start { printf "%d", ($2 - start) * 1000; exit }'
}

# reset_function METHOD: flr or bus, by the kernel; a magic value in an unused register goes with it
reset_function() {
	echo "$1" >"/sys/bus/pci/devices/$BDF/reset_method" || fail "there is no reset by '$1'"
	echo 1 >"/sys/bus/pci/devices/$BDF/reset" || fail "the reset by '$1' failed"
}

# What the root port reports (AER's names): of a packet, and of the link below it.
export NOT_FATAL=POISON_TLP
export FATAL=DLP

# pci_error NAME: the root port above the device reports this error
pci_error() {
	line="pcie_aer_inject_error port-${DEVICE:-plain} $1"
	qmp "{\"execute\": \"human-monitor-command\", \"arguments\": {\"command-line\": \"$line\"}}"
}

# recovered TIMES
recovered() {
	[ "$(test_log | grep -c "device recovery successful")" = "$1" ]
}

loaded() {
	[ $(($(queue_value submitted) - idle)) -ge 50 ]
}

# rehearse_sleep KIND DEPTH: what fall_asleep does: s2idle or deep (S3), as far down as
# /sys/power/pm_test names; "none" is all the way, from where the host wakes the machine
rehearse_sleep() {
	echo "$1" >/sys/power/mem_sleep || fail "this machine has no sleep of the kind $1"
	echo "$2" >/sys/power/pm_test || fail "this kernel cannot rehearse sleep as far as $2"
	echo 1 >/sys/module/suspend/parameters/pm_test_delay
}

fall_asleep() {
	echo mem >/sys/power/state || fail "the system does not go to sleep"
	echo none >/sys/power/pm_test
	controller_live || fail "after sleep the controller is $(controller_value state)"
}

# sleep_under_load KIND DEPTH: as rehearse_sleep
sleep_under_load() {
	before=$(pauses)
	rehearse_sleep "$@"
	idle=$(queue_value submitted)
	io_start --jobs=2 --depth=16 --ms=6000 --length=16M --max=128k
	until_true 10 loaded || fail "the load does not begin"
	[ ! -s /run/io.out ] || fail "the load has ended before the machine sleeps"
	[ "$2" != none ] || echo wake >&3
	fall_asleep
	io_end
	expect_good_io
	expect_at_least "requests" "$io_ios" 10
	expect_eq "pauses" $(($(pauses) - before)) 1
}

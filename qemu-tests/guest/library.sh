# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
# (io_ios and the like are set by io_end, from what the load generator prints)
#
# What tests are made of. A driver's own part (driver_insert, driver_remove, counter ...) is in
# driver-nvme.sh and driver-nvmepp.sh; ways to break a device are in faults.sh.

# --- saying how it went -----------------------------------------------------------------------

fail() {
	echo "FAIL: $*"
	echo "fail $*" >/run/reason
	exit 1
}

skip() {
	echo "skip $*" >/run/reason
	exit 0
}

expect_eq() {
	[ "$2" = "$3" ] || fail "$1: $2, expected $3"
}

expect_at_least() {
	[ "$2" -ge "$3" ] || fail "$1: $2, expected at least $3"
}

# A time, which is called "..., ms", is one for a kernel without sanitizers.
expect_at_most() {
	limit=$3
	case $1 in
	*', ms') limit=$((limit * SLOWNESS)) ;;
	esac
	[ "$2" -le "$limit" ] || fail "$1: $2, expected at most $limit"
}

# expect_log TEXT: since the test began the kernel has said this (extended regular expression)
expect_log() {
	test_log | grep -qE -e "$1" || fail "the kernel log has no '$1'"
}

# Since the test began.
test_log() {
	dmesg | sed -n "/test: begin $TEST\$/h;//!H;\${x;p}" | grep -v ' test: '
}

# log_lines TEXT: how many lines of drivers have it (extended regular expression), since then
log_lines() {
	test_log | grep -cE "nvme.*($1)"
}

# until_true SECONDS COMMAND...: polls; false when the time is over
until_true() {
	tries=$(($1 * 10))
	shift
	while ! "$@"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		usleep 100000
	done
}

# --- asking the host --------------------------------------------------------------------------

# ask REQUEST: what the host answers; false when it could not do it
ask() {
	echo "$1" >&3
	heard=$(readline <&3) || return 1
	echo "${heard#* }"
	[ "${heard%% *}" = return ]
}

# qmp JSON: executes it on the QEMU monitor
qmp() {
	ask "qmp $1" || fail "the host refuses: $1"
}

# block_stat DISK COUNTER: what QEMU has counted below the device, wr_operations for example
block_stat() {
	ask "stat $1 $2" || fail "the host has no $2 of $1"
}

# trace EVENT: from now on QEMU writes a line for each; trace_count TEXT counts such lines
trace() {
	arguments="{\"name\": \"$1\", \"enable\": true}"
	qmp "{\"execute\": \"trace-event-set-state\", \"arguments\": $arguments}"
}

trace_count() {
	ask "count $1" || fail "the host cannot count $1"
}

now_ms() {
	read -r uptime _ </proc/uptime
	echo "${uptime%.*}${uptime#*.}0"
}

# --- which device -----------------------------------------------------------------------------

# pci_address NAME: the PCI address of one of the machine's devices
pci_address() {
	place=$(sed -n "s/.*vm\.$1=\([^ ]*\).*/\1/p" /proc/cmdline)
	case $place in
	'') fail "this machine has no device '$1'" ;;
	behind-*) child_of "${place#behind-}" ;;
	*) echo "$place" ;;
	esac
}

child_of() {
	for child in "/sys/bus/pci/devices/$1"/*:*:*.*/; do
		[ ! -e "${child}class" ] || basename "$child"
	done
}

nvme_functions() {
	for function in /sys/bus/pci/devices/*; do
		[ "$(cat "$function/class")" != 0x010802 ] || basename "$function"
	done
}

# use_device NAME: the driver will see this device only
use_device() {
	BDF=$(pci_address "$1")
	for function in $(nvme_functions); do
		echo none >"/sys/bus/pci/devices/$function/driver_override"
	done
	[ -n "$BDF" ] || fail "device '$1' is not plugged in"
	offer_device
}

offer_device() {
	echo >"/sys/bus/pci/devices/$BDF/driver_override"
}

bound_driver() {
	basename "$(readlink "/sys/bus/pci/devices/$BDF/driver")"
}

# disks: the names of the device's disks
disks() {
	for disk in /sys/block/nvme*; do
		[ -e "$disk" ] || continue
		case $(readlink -f "$disk") in
		*/"$BDF"/*) basename "$disk" ;;
		esac
	done
}

has_disk() {
	[ -n "$(disks)" ]
}

# --- the driver -------------------------------------------------------------------------------

# be DRIVER DEVICE: what follows is about this driver, which gets that device
be() {
	# shellcheck source=driver-nvmepp.sh
	. "/lib/driver-$1.sh"
	driver=$1 DEVICE=$2
	BDF=$(pci_address "$2")
	echo "$1" >"/sys/bus/pci/devices/$BDF/driver_override"
}

# start_driver [PARAMETER=VALUE...]: loads it, waits for a disk, sets CONTROLLER, DISK and NAMES
start_driver() {
	driver_insert "$@" || fail "the driver cannot be loaded"
	find_disks
}

# load_without_device [PARAMETER=VALUE...]: for tests that bind the device themselves
load_without_device() {
	echo none >"/sys/bus/pci/devices/$BDF/driver_override"
	driver_insert "$@" || fail "the driver cannot be loaded"
	offer_device
}

# find_disks: waits for the disks of a device that was just bound
find_disks() {
	until_true 15 has_disk || fail "no disk of $BDF within 15 s"
	NAMES=$(disks)
	DISK=/dev/${NAMES%%[!a-z0-9]*}
	CONTROLLER=$(echo "${DISK#/dev/}" | sed 's/n[0-9]*$//')
	until_true 5 controller_live || fail "$CONTROLLER does not become live"
	counters_base=$(counters)
}

stop_driver() {
	keep_counters
	driver_remove || fail "the driver cannot be removed"
	[ -z "$(disks)" ] || fail "disks are left behind: $(disks)"
	! grep -q " ${CONTROLLER}q" /proc/interrupts || fail "interrupts are left behind"
}

bind_device() {
	echo "$BDF" >/sys/bus/pci/drivers_probe
}

unbind_device() {
	keep_counters
	echo "$BDF" >"/sys/bus/pci/devices/$BDF/driver/unbind"
}

# --- counters ---------------------------------------------------------------------------------

# counters() of a driver prints "resets polls lost" of CONTROLLER. They are kept over a removal,
# so that the report has what the whole test has seen.
total_resets=0
total_polls=0
total_lost=0

keep_counters() {
	[ -n "$counters_base" ] || return 0
	# shellcheck disable=SC2046,SC2086 # three numbers each
	set -- $(counters) $counters_base
	counters_base=
	[ $# = 6 ] || return 0
	total_resets=$((total_resets + $1 - $4))
	total_polls=$((total_polls + $2 - $5))
	total_lost=$((total_lost + $3 - $6))
}

refresh_counters() {
	keep_counters
	counters_base=$(counters)
}

expect_resets() {
	refresh_counters
	expect_eq "controller resets" "$total_resets" "$1"
}

expect_lost() {
	refresh_counters
	expect_at_least "requests completed by a poll" "$total_lost" "$1"
}

expect_nothing_lost() {
	refresh_counters
	expect_eq "requests completed by a poll" "$total_lost" 0
}

longest_ms=0
total_ios=0

# took_ms TIME: something that was waited for so long
took_ms() {
	[ "$1" -le "$longest_ms" ] || longest_ms=$1
}

report_metrics() {
	refresh_counters 2>/dev/null
	{
		echo "metric longest_ms $longest_ms"
		echo "metric ios $total_ios"
		echo "metric lost $total_lost"
		echo "metric polls $total_polls"
		echo "metric resets $total_resets"
	} >/run/metrics
}

# --- load -------------------------------------------------------------------------------------

# io_start OPTION...: the load generator in the background, on DISK unless --device is given
io_start() {
	io --device="$DISK" "$@" >/run/io.out &
	io_pid=$!
}

# requests that DISK has served, ever
served() {
	awk '{ print $1 + $5 }' "/sys/block/${DISK##*/}/stat"
}

served_more_than() {
	[ "$(served)" -gt "$1" ]
}

# under_load OPTION...: io_start, and requests are being served
under_load() {
	served_before=$(served)
	io_start "$@"
	until_true $((20 * SLOWNESS)) served_more_than $((served_before + 20)) || fail "no request is served"
}

# io_enough: no new requests, however much time it still has; io_end waits for those in flight
io_enough() {
	[ ! -s /run/io.out ] || fail "the load has ended by itself"
	kill -USR1 "$io_pid"
}

# io_end: waits for it and takes its result
io_end() {
	wait "$io_pid"
	io_result
}

# io_result: sets io_ios, io_errors, io_longest_ms ... from the result line in /run/io.out
io_result() {
	cat /run/io.out
	grep -q ' finished=' /run/io.out || fail "the load generator gave up"
	tr ' ' '\n' </run/io.out | sed 's/^/io_/' >/run/io.vars
	# shellcheck source=/dev/null
	. /run/io.vars
	total_ios=$((total_ios + io_ios))
	took_ms "$io_longest_ms"
}

expect_good_io() {
	expect_eq "blocks with wrong data" "$io_mismatches" 0
	expect_eq "failed requests" "$io_errors" 0
	expect_eq "all jobs finished" "$io_finished" 1
}

# io_run OPTION...: runs it to its end; every request must succeed and every byte be right
io_run() {
	io_start "$@"
	io_end
	expect_good_io
}

# A device that works: every CPU's queue answers at once.
expect_healthy() {
	io_run --jobs="$(nproc)" --depth=4 --count=40 --length=8M --max=64k --seed=77
	expect_at_most "longest request of a healthy device, ms" "$io_longest_ms" 1400
}

# --- when a test failed -----------------------------------------------------------------------

show_state() {
	echo "--- state of $BDF"
	grep -E 'nvme' /proc/interrupts
	driver_state
	[ -n "$BDF" ] || return 0
	config "$BDF" read 4 2
	! msix "$BDF" show >/run/msix.out 2>&1 || head -n 6 /run/msix.out
}

# What a programme waits for need not be a blocked task: neither does the kernel call one so that
# waits for I/O with a limit, nor one that waits in the foreground for another.
show_tasks() {
	for task in /proc/[0-9]*; do
		words=$(tr '\0' ' ' <"$task/cmdline")
		# threads of the kernel have none
		[ -n "$words" ] || continue
		echo "$words: $(sed -n 's/^State:.//p' "$task/status")"
		sed 's/^/  /' "$task/stack"
	done
}

# show_hang: which task waits where, and what the driver knows; to the kernel log, since whoever
# passes on what a test prints may be what hangs
show_hang() {
	echo w >/proc/sysrq-trigger
	{ show_tasks && show_state; } 2>&1 | while read -r line; do
		echo "<6>test: $line" >/dev/kmsg
	done
}

# --- the end of the machine -------------------------------------------------------------------

# reboot_and_expect TEXT: the machine reboots before the test's time is over, and on the way QEMU or
# the kernel says this
reboot_and_expect() {
	echo "leaving $1" >&3
	reboot -f
	sleep 1000
}

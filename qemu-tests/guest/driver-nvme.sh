# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# The in-tree driver, as the reference. It has no counters: its own log lines are counted.

driver_insert() {
	insmod /modules/nvme-core.ko multipath=N io_timeout=$((IO_TIMEOUT_MS / 1000)) admin_timeout=$((ADMIN_TIMEOUT_MS / 1000)) &&
		insmod /modules/nvme.ko "$@"
}

driver_remove() {
	rmmod nvme && rmmod nvme_core
}

driver_loaded() {
	[ -e /sys/module/nvme_core ]
}

# It does not count commands.
commands_accounted_for() {
	:
}

controller_live() {
	[ "$(cat "/sys/class/nvme/$CONTROLLER/state")" = live ]
}

# Every bring-up ends with a line that counts the queues; the first one is not a reset, but it
# was there before the counters were first read.
counters() {
	resets=$(log_lines 'default/read/poll queues')
	lost=$(log_lines 'completion polled')
	echo "$resets $lost $lost"
}

# missing_irqs QUEUE: completions without an interrupt, if each request has one: while one is in flight
# at a time, and all of them on this queue
missing_irqs() {
	echo $(($(served) - $(interrupts_seen "$1")))
}

# It has no timer that looks for them.
completed_by_timer() {
	echo 0
}

# requests whose time was over, since the test began
times_timed_out() {
	log_lines 'timeout, '
}

# The queue with number n has vector n, as long as the device has a vector for each.
vector_of_queue() {
	[ "$1" != admin ] || set -- 0
	echo "$1"
}

irq_of_queue() {
	[ "$1" != admin ] || set -- 0
	awk -v "name=${CONTROLLER}q$1" '$NF == name { sub(":", "", $1); print $1 }' /proc/interrupts
}

admin_command() {
	identify "/dev/$CONTROLLER"
}

reset_controller() {
	echo 1 >"/sys/class/nvme/$CONTROLLER/reset_controller"
}

driver_state() {
	grep -H . /sys/class/nvme/*/state
}

# How the driver's lines about the device begin, as an extended regular expression.
log_prefix() {
	echo "nvme (nvme[0-9]*|$BDF): "
}

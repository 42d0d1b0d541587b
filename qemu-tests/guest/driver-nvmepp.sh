# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# nvmepp: its counters are in debugfs, found by the names in the header line.

DEBUGFS=/sys/kernel/debug/nvmepp

# The watchdog is off unless a test asks for it: most tests are about the rule for a timeout, and
# would never see one if the watchdog were faster. Nor does the driver heal what a test has broken.
driver_insert() {
	insmod /modules/nvmepp.ko io_timeout_ms="$IO_TIMEOUT_MS" admin_timeout_ms="$ADMIN_TIMEOUT_MS" \
		lost_irq_ms=0 lost_irq_action=log "$@"
}

driver_remove() {
	rmmod nvmepp
}

driver_loaded() {
	[ -e /sys/module/nvmepp ]
}

# controller_value KEY
controller_value() {
	awk -v "key=$1" '$1 == key { print $2 }' "$DEBUGFS/$CONTROLLER/controller"
}

# queue_value COLUMN [QUEUE]: of one queue, or the sum of all
queue_value() {
	awk -v "name=$1" -v "queue=$2" '
		NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) column = i }
		NR > 1 && (queue == "" || $1 == queue) { sum += $column }
		END { print sum + 0 }' "$DEBUGFS/$CONTROLLER/queues"
}

# accounts: the commands of each queue that have not ended, or more than once
accounts() {
	awk 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
	     NR > 1 { print $1 "=" $at["submitted"] - $at["completed"] - $at["cancelled"] }' \
		"$DEBUGFS/$CONTROLLER/queues"
}

# One request for events may always wait on the admin queue. A device that is gone has no queues. What
# the block layer has dropped (DROPPED) has ended twice: the core saw it complete, a reset took it.
commands_accounted_for() {
	[ ! -e "$DEBUGFS/$CONTROLLER/queues" ] || accounts | awk -F= -v "dropped=${DROPPED:-0}" '
		$1 == "admin" { bad += $2 != 0 && $2 != 1 }
		$1 != "admin" { bad += $2 > 0; twice -= $2 }
		END { exit bad || twice != dropped }'
}

controller_live() {
	[ "$(controller_value state)" = live ]
}

counters() {
	[ -e "$DEBUGFS/$CONTROLLER/queues" ] || return 0
	echo "$(controller_value resets) $(queue_value irqdisable_polls) $(queue_value lost)"
}

# missing_irqs QUEUE: completions without an interrupt, while one request is in flight at a time; by its own
# count, since the kernel begins to count anew after a reset
missing_irqs() {
	echo $(($(queue_value completed "$1") - $(queue_value interrupts "$1")))
}

completed_by_timer() {
	queue_value polled "$1"
}

# requests whose time was over, since the test began
times_timed_out() {
	log_lines ' timed out after '
}

vector_of_queue() {
	queue_value vector "$1"
}

irq_of_queue() {
	queue_value irq "$1"
}

admin_command() {
	echo 1 >"$DEBUGFS/$CONTROLLER/identify"
}

reset_controller() {
	echo 1 >"$DEBUGFS/$CONTROLLER/reset"
}

driver_state() {
	for file in "$DEBUGFS"/*/*; do
		case $file in
		*/controller | */queues) echo "$file" && cat "$file" ;;
		esac
	done
}

# How the driver's lines about the device begin, as an extended regular expression.
log_prefix() {
	echo "nvmepp $BDF: "
}

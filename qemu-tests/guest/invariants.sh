# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2154
#
# What holds after every test, whatever it was about. The kernel's log, the disks and interrupts
# that are left, and whether the driver can be unloaded, are looked at elsewhere.

# Before the driver goes: every command has ended, and once.
expect_accounts() {
	until_true 5 commands_accounted_for || fail "commands have not ended once each: $(accounts)"
}

# blocked: the tasks that wait and cannot be interrupted, with what for
blocked() {
	for task in /proc/[0-9]*; do
		! grep -qs '^State:.D' "$task/status" ||
			echo "$(cat "$task/comm") in $(cat "$task/wchan")"
	done
}

nobody_blocked() {
	[ -z "$(blocked)" ]
}

expect_nobody_blocked() {
	until_true 5 nobody_blocked || fail "tasks are stuck: $(blocked)"
}

# After the driver has gone, where the kernel keeps books of mappings.
expect_nothing_mapped() {
	books=/sys/kernel/debug/dma-api
	[ -e $books/dump ] || return 0
	grep -q '^N' $books/disabled || fail "the kernel has given up its books of DMA mappings"
	expect_eq "mappings that are left" "$(grep -cF " ${BDF:-no device} " $books/dump)" 0
}

# A reset because of a command that has timed out says that the queue was polled before. Lines
# that the kernel has left out, where there are too many, prove nothing.
resets_without_poll() {
	test_log | awk '
		/callbacks suppressed/ { exit }
		/ timeout, reset controller/ { polled = 1 }
		/: resetting: (I\/O|admin) timeout/ { if (!polled) print; polled = 0 }'
}

expect_polled_first() {
	[ -z "$(resets_without_poll)" ] || fail "a reset without a poll: $(resets_without_poll)"
}

# A fault that has not struck proves nothing.
expect_struck() {
	case ${PROFILE:-} in
	faults | faults_* | kexec) [ -e /run/struck ] || fail "no fault of the device is proved to have struck" ;;
	esac
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034
DESCRIPTION="the core's own tests, as KUnit in the kernel"
DRIVERS=nvmepp
DEVICE=none
NEEDS="CONFIG_KUNIT"
TIMEOUT=120

# One line a case: debugfs of 6.1 keeps none of them, so they are read where they are printed.
report_cases() {
	test_log | sed -nE 's/^\[[^]]*\] +(ok|not ok) [0-9]+ (- )?([a-z0-9_]+)$/\1 \3/p' |
		grep -v ' nvmepp_' |
		sed -E 's/^not ok/fail/; s/^/part /' >/run/cases
	cat /run/cases >&3
}

run_test() {
	# KUnit waits for a case without a word, a long one for half a minute.
	hung=$(cat /proc/sys/kernel/hung_task_timeout_secs)
	echo 0 >/proc/sys/kernel/hung_task_timeout_secs
	insmod /modules/nvmepp_kunit.ko || fail "nvmepp_kunit.ko cannot be loaded"
	rmmod nvmepp_kunit
	echo "$hung" >/proc/sys/kernel/hung_task_timeout_secs
	report_cases
	cases=$(grep -c . /run/cases)
	expect_at_least "cases" "$cases" 200
	# What the suites have announced, each for itself.
	planned=$(test_log | sed -nE 's/^\[[^]]*\] {5}1\.\.([0-9]+)$/\1/p' | tr '\n' +)
	expect_eq "cases of all suites" "$cases" "$((${planned}0))"
	expect_eq "cases that failed" "$(grep -c '^part fail' /run/cases)" 0
	expect_eq "suites that failed" "$(test_log | grep -cE '\] not ok [0-9]+ (- )?nvmepp_')" 0
	expect_log '^\[[^]]*\] ok [0-9]+ (- )?nvmepp_corpus$'
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="ctrl_loss_tmo and fast_io_fail_tmo accept -1 and seconds, as parameters and per controller; all else is refused in one line"
DRIVERS=nvmepp
TIMEOUT=80

# shellcheck source=../guest/reconnect.sh
. /lib/reconnect.sh

# refused PARAMETER VALUE TEXT: and the log says so
refused() {
	! driver_insert "$1=$2" 2>/dev/null || fail "the module accepts $1=$2"
	expect_log "$3"
}

refused_by_attribute() {
	before=$(ctrl_attr "$1")
	! echo "$2" 2>/dev/null >"$(ctrl_folder)/$1" || fail "$1 accepts '$2'"
	expect_eq "$1 after '$2'" "$(ctrl_attr "$1")" "$before"
}

run_test() {
	for name in ctrl_loss_tmo fast_io_fail_tmo; do
		refused $name -2 "$name=-2: accepted"
		refused $name 86401 "$name=86401: accepted"
		# The kernel refuses what is no number.
		refused $name x "x. invalid for parameter .$name"
	done
	start_driver ctrl_loss_tmo=30 fast_io_fail_tmo=7
	expect_tmo ctrl_loss_tmo 30
	expect_tmo fast_io_fail_tmo 7
	for name in ctrl_loss_tmo fast_io_fail_tmo; do
		for value in 0 1 86400 -1; do
			set_tmo $name $value
		done
		for value in -2 99999999999 yes "" 1x; do
			refused_by_attribute $name "$value"
		done
		expect_eq "mode of $name" "$(stat -c %a "$(ctrl_folder)/$name")" 644
	done
	expect_healthy
}

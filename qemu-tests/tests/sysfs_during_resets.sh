# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="model and serial are what they are while resets ask for them anew"
DRIVERS=nvmepp
TIMEOUT=90

RESETS=10

# The last line of reread: "contents=N reads=N"
expect_one_content() {
	cat "$1"
	expect_at_least "readings of $2" "$(sed -n 's/.* reads=//p' "$1")" $((10 * RESETS))
	expect_eq "different contents of $2" "$(sed -n 's/^contents=\([0-9]*\) .*/\1/p' "$1")" 1
}

run_test() {
	start_driver
	NAME=${DISK#/dev/}
	reread "/sys/block/$NAME/device/model" 80000 >/run/model.out &
	model=$!
	reread "/sys/block/$NAME/wwid" 80000 >/run/wwid.out &
	wwid=$!
	for each in $(seq $RESETS); do
		reset_controller || fail "reset $each failed"
	done
	kill $model $wwid || fail "the readers have ended before the resets"
	wait $model || fail "model cannot be read"
	wait $wwid || fail "wwid cannot be read"
	expect_one_content /run/model.out model
	expect_one_content /run/wwid.out wwid
	expect_healthy
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="model and serial are what they are while resets ask for them anew"
DRIVERS=nvmepp
TIMEOUT=90

# The last line of reread: "contents=N reads=N"
expect_one_content() {
	cat "$1"
	expect_eq "different contents of $2" "$(sed -n 's/^contents=\([0-9]*\) .*/\1/p' "$1")" 1
}

run_test() {
	start_driver
	NAME=${DISK#/dev/}
	reread "/sys/block/$NAME/device/model" 8000 >/run/model.out &
	model=$!
	reread "/sys/block/$NAME/wwid" 8000 >/run/wwid.out &
	wwid=$!
	resets=0
	while kill -0 $model 2>/dev/null; do
		reset_controller || fail "reset $resets failed"
		resets=$((resets + 1))
	done
	wait $model || fail "model cannot be read"
	wait $wwid || fail "wwid cannot be read"
	echo "$resets resets"
	expect_at_least "resets meanwhile" "$resets" 5
	expect_one_content /run/model.out model
	expect_one_content /run/wwid.out wwid
	expect_healthy
}

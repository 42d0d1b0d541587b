# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="torn out 100 times under load, and pulled as often by the slot's button: no hang, what was written is there"
PROFILE=faults
DEVICE=hot
DRIVERS=nvmepp
COVERS="C5"
WHEN=all
TIMEOUT=1500

# shellcheck source=../guest/stages.sh
. /lib/stages.sh
# shellcheck source=../guest/hotplug.sh
. /lib/hotplug.sh

ROUNDS=200

# A removed device answers nothing by the time the kernel is notified.
tear_out() {
	fault gone 1
	expect_eq "a register of what has been torn out" "$(bar "$BDF" read 0x1c)" 0xffffffff
	expect_hits_at_least gone 1
	pull
}

# round COMMAND
round() {
	under_load --jobs=2 --depth=8 --ms=60000 --start=16M --length=16M --max=64k --no-check
	usleep $((pulled % 7 * 30000))
	counters_base=
	"$1"
	until_true 20 test -s /run/io.out || fail "requests hang, round $pulled"
	io_end >/dev/null
	expect_at_least "good requests" "$io_ios" 1
	expect_at_least "failed requests" "$io_errors" 1
	expect_eq "blocks with wrong data" "$io_mismatches" 0
	expect_eq "disks of a device that is gone" "$(disks)" ""
	plug_in
	find_disks
	kept_data >/dev/null
	pulled=$((pulled + 1))
}

run_test() {
	start_driver
	kept_data
	pulled=0
	while [ $pulled -lt $ROUNDS ]; do
		round pull
		round tear_out
	done
	expect_healthy
}

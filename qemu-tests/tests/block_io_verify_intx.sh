# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="the driver works on a level-triggered interrupt"
COVERS="D6"
PROFILE=intx
TIMEOUT=45

run_test() {
	start_driver
	grep -q "IO-APIC.* ${CONTROLLER}q" /proc/interrupts || fail "this is not a legacy interrupt"
	io_run --jobs=2 --depth=16 --count=150 --length=16M --max=256k --split
	expect_nothing_lost
	expect_resets 0
}

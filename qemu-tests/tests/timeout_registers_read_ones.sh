# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="all registers read as ones during I/O: errors, no hang, no reset that cannot help"
COVERS="C5"
PROFILE=fake_regs
DEVICE=fake_regs
TIMEOUT=60

# shellcheck source=../guest/fake_regs.sh
. /lib/fake_regs.sh

run_test() {
	start_driver
	io_run --depth=4 --count=40 --length=4M --max=64k

	exchange_registers
	bar "$BDF" fill 0xffffffff 0x1000
	one_request_start
	expect_eq "a register of a device that is gone" "$(controller_status)" 0xffffffff
	until_true 20 test -s /run/io.out || fail "the request hangs"
	io_end
	expect_eq "failed requests" "$io_errors" 1
	expect_at_least "the request's time, ms" "$io_longest_ms" "$TIMEOUT_MS"

	counters_base=
	driver_remove || fail "the driver cannot be removed"
	exchange_registers
	start_driver
	expect_healthy
}

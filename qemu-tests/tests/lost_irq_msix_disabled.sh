# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2119,SC2154
DESCRIPTION="MSI-X switched off behind the kernel's back: switched on again, nothing is reset"
TIMEOUT=60

# shellcheck source=../guest/lostirq.sh
. /lib/lostirq.sh

MSIX_CONTROL_ENABLE=0x8000

enabled() {
	control=$(config "$BDF" read $(($(config "$BDF" capability 0x11) + 2)) 2)
	[ $((control & MSIX_CONTROL_ENABLE)) != 0 ]
}

lose() {
	msix "$BDF" disable
	! enabled || fail "the fault did not fire"
	io_start --cpu=0 --depth=4 --count=4 --length=8M --max=64k --reads=0 --no-check
	io_end
	expect_good_io
	stall_is_short || return 1
	expect_lost 1
	expect_queue_at_least masked 1
	expect_no_reset
}

heal() {
	attempt lose
	watching || msix "$BDF" enable
	enabled || fail "MSI-X is still off"
	expect_nothing_more_lost
	expect_no_reset
}

run_test() {
	with_each_timeout heal
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2119,SC2154
DESCRIPTION="all vectors masked at once: the first recovery restores every queue"
TIMEOUT=60

# shellcheck source=../guest/lostirq.sh
. /lib/lostirq.sh

MSIX_CONTROL_MASK=0x4000

masked() {
	control=$(config "$BDF" read $(($(config "$BDF" capability 0x11) + 2)) 2)
	[ $((control & MSIX_CONTROL_MASK)) != 0 ]
}

lose() {
	msix "$BDF" mask-function
	masked || fail "the fault did not fire"
	io_start --jobs=2 --depth=1 --count=1 --length=8M --max=64k --reads=0 --no-check
	io_end
	expect_good_io
	stall_is_short || return 1
	expect_lost 1
	! watching || expect_at_least "losses called masked" "$(queue_value masked)" 1
	expect_no_reset
}

heal() {
	attempt lose
	watching || msix "$BDF" unmask-function
	! masked || fail "the function is still masked"
	expect_nothing_more_lost --jobs=2
	expect_no_reset
}

run_test() {
	with_each_timeout heal
}

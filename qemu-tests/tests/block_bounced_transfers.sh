# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="where all data is copied for the device and back, every byte is right"
PROFILE=bounce
DEVICE=big
TIMEOUT=60
WHEN=all

run_test() {
	start_driver
	slots=/sys/kernel/debug/swiotlb/io_tlb_used
	[ -e $slots ] || fail "there are no bounce buffers"
	io_run --depth=1 --count=60 --length=64M --max=1M
	io_run --depth=8 --count=100 --length=32M --max=64k
	expect_resets 0
	expect_healthy
	# what was mapped is unmapped, but for the rings, which are not bounced
	expect_eq "bounce buffers in use" "$(cat $slots)" 0
}

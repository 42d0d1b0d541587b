# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="behind an IOMMU, which joins what is apart in memory, every byte is right"
PROFILE=iommu
DEVICE=big
TIMEOUT=60
WHEN=all

run_test() {
	start_driver
	[ -n "$(ls "/sys/bus/pci/devices/$BDF/iommu_group/devices")" ] || fail "there is no IOMMU"
	io_run --depth=1 --count=60 --length=64M --max=1M
	io_run --depth=8 --count=200 --length=32M --max=64k
	expect_resets 0
	expect_healthy
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="registers of zeroes, of ones, without queues, of giant pages: refused, harmlessly"
PROFILE=fake_regs
DEVICE=fake_regs
DRIVERS=nvmepp
TIMEOUT=60

# shellcheck source=../guest/fake_regs.sh
. /lib/fake_regs.sh

# refused WHAT CAP CAP_HIGH
refused() {
	echo "a controller with $1"
	good_registers
	bar "$BDF" write $NVME_CAP "$2"
	bar "$BDF" write $NVME_CAP_HIGH "$3"
	lines=$(test_log | grep -c "$(log_prefix)")
	probe_fails 1500
	expect_at_least "lines about $1" $(($(test_log | grep -c "$(log_prefix)") - lines)) 1
}

run_test() {
	load_without_device
	exchange_registers
	bar "$BDF" obey 50000 &
	servant=$!
	refused "nothing but zeroes" 0 0
	refused "queues of one entry" 0x04010000 $GOOD_CAP_HIGH
	refused "pages of 128 MiB and more" $GOOD_CAP 0x00ff0020
	refused "no NVM command set" $GOOD_CAP 0x00000000
	refused "doorbells 128 KiB apart" $GOOD_CAP 0x0000002f
	bar "$BDF" fill 0xffffffff 0x1000
	kill $servant
	bar "$BDF" fill 0xffffffff 0x1000
	probe_fails 1500
	expect_recovery
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2153,SC2154
DESCRIPTION="reboot while the controller says that it is well and answers nothing: in bounded time"
PROFILE=fake_regs
DEVICE=fake_regs
DRIVERS=nvmepp
TIMEOUT=60
WHEN=all

# shellcheck source=../guest/fake_regs.sh
. /lib/fake_regs.sh

CC_ENABLED=0x00460061
CSTS_READY=1

run_test() {
	start_driver io_timeout_ms=3600000 admin_timeout_ms=600000 shutdown_timeout_ms=1000
	exchange_registers
	good_registers
	bar "$BDF" write "$NVME_CC" $CC_ENABLED
	bar "$BDF" write "$NVME_CSTS" $CSTS_READY
	one_request_start
	reboot_and_expect "Device not ready; aborting reset"
}

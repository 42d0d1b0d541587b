# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a controller that becomes ready and then answers nothing: given up, harmlessly"
PROFILE=fake_regs
DEVICE=fake_regs
TIMEOUT=45

# shellcheck source=../guest/fake_regs.sh
. /lib/fake_regs.sh

run_test() {
	load_without_device
	exchange_registers
	good_registers
	bar "$BDF" obey 30000 &
	servant=$!
	# the admin timeout is 2 s
	probe_fails 12000
	expect_at_least "time until probe failed, ms" "$taken_ms" 1900
	kill $servant
	expect_log "$(log_prefix).*(Identify|admin command 0x06)"
	expect_recovery
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a controller that never becomes ready: given up in bounded time, harmlessly"
COVERS="C4"
PROFILE=fake_regs
DEVICE=fake_regs
TIMEOUT=45

# shellcheck source=../guest/fake_regs.sh
. /lib/fake_regs.sh

run_test() {
	load_without_device
	exchange_registers
	good_registers
	probe_fails 5000
	# CAP.TO is 2 s: less would be impatience.
	expect_at_least "time until probe failed, ms" "$taken_ms" 1900
	expect_log "$(log_prefix).*(ready|RDY)"
	expect_recovery
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a controller that says it has no command set at all (CAP.CSS 0, as NVMeVirt and old devices): driven, one warning"
PROFILE=faults
TIMEOUT=80

# shellcheck source=../guest/persona.sh
. /lib/persona.sh

run_test() {
	load_without_device
	persona css-none poke_twice bar $CAP_STRIDE_AND_CSS 0 0
	served
	expect_hits_at_least bar-poke 2
	[ "$DRIVER" = nvme ] || expect_eq "warnings" "$(log_lines 'CAP.CSS')" 1
	reset_until_live 15
	served
	persona_over
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="twenty late interrupts: harmless"
PROFILE=faults
COVERS="D8"
WHEN=all
TIMEOUT=300

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

FAULT=irq-late
RESETS=0

strike() {
	fault irq-late-ms 50 irq-late 20
}

run_test() {
	at_stages probe load reset suspend resume removal
}

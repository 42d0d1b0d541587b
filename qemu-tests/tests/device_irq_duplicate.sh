# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="every interrupt comes twice: none is taken for spurious, nothing is reset"
PROFILE=faults
COVERS="A8 D8"
WHEN=all
TIMEOUT=300

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

FAULT=irq-dup
RESETS=0

strike() {
	fault irq-late-ms 1 irq-dup "$FOREVER"
}

run_test() {
	at_stages probe idle load reset suspend resume removal
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="all registers read as ones, at each stage, ctrl_loss_tmo 0: all requests end in time"
PROFILE=faults
COVERS="C5 C7"
WHEN=all
TIMEOUT=300

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

FAULT=read-ones
MAY_FAIL=1
# The vendor id is right, so that nvmepp would wait for the registers.
CTRL_LOSS_TMO=0

# No register is read unless a request has timed out.
strike() {
	fault read-ones "$FOREVER" cmd-drop 1
}

run_test() {
	at_stages probe idle load reset suspend removal
}

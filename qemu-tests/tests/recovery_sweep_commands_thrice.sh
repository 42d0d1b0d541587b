# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="each admin command of three bring-ups in a row is unanswered: the disk serves, no request fails"
PROFILE=faults
COVERS="C5 C7"
WHEN=all
TIMEOUT=1350

# shellcheck source=../guest/sweep.sh
. /lib/sweep.sh

run_test() {
	sweep_commands cmd-drop 3
}

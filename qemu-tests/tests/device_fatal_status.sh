# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a fatal status, with a command swallowed: one reset"
PROFILE=faults
COVERS="C1"
WHEN=all
TIMEOUT=240

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

FAULT=csts

# The poll finds nothing, then the status is read, once.
strike() {
	fault csts-or 2 csts 1 cmd-drop 1
}

run_test() {
	at_stages probe idle load reset suspend resume removal
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="does not finish its shutdown: removed all the same"
PROFILE=faults
COVERS="C5"
WHEN=all
TIMEOUT=300

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

FAULT=shutdown-late

run_test() {
	at_stages suspend removal
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="never ready after it was enabled: given up in time"
PROFILE=faults
COVERS="C5"
WHEN=all
TIMEOUT=300

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

FAULT=enable-late
MAY_FAIL=1

run_test() {
	at_stages probe reset resume
}

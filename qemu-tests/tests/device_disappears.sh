# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="the device disappears, at each stage: all requests end in time"
PROFILE=faults
COVERS="C5 C7"
WHEN=all
TIMEOUT=300

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

FAULT=gone
MAY_FAIL=1

run_test() {
	at_stages probe idle load reset suspend removal
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a completion names another queue, at each stage: no hang, data right"
PROFILE=faults
COVERS="B1"
WHEN=all
TIMEOUT=300

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

FAULT=cqe-sqid

run_test() {
	at_stages probe idle load reset suspend resume removal
}

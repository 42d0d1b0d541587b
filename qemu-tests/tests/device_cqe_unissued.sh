# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="completions for commands that were not sent, at each stage: skipped"
PROFILE=faults
COVERS="B1 B3"
WHEN=all
TIMEOUT=240

# shellcheck source=../guest/cqe_extra.sh
. /lib/cqe_extra.sh

run_test() {
	completions_for 0x3ff
}

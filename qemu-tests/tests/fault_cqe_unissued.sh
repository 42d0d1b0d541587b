# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="completions for commands that nobody sent come, at each stage: skipped"
PROFILE=faults
ROWS="B1 B3"
WHEN=all
TIMEOUT=240

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

FAULT=cqe-extra
RESETS=0

strike() {
	fault cqe-extra-cid $((0x3ff)) one-in 5 cqe-extra "$FOREVER"
}

run_test() {
	at_stages load reset removal
}

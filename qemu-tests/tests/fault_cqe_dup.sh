# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="completions come twice, at each stage: each request ends once"
PROFILE=faults
ROWS="B1"
WHEN=all
TIMEOUT=240

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

FAULT=cqe-dup
RESETS=0

strike() {
	fault one-in 5 cqe-dup "$FOREVER"
}

run_test() {
	at_stages load reset removal
}

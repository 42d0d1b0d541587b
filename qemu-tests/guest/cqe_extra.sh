# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
#
# Completions for which there is no command, before every fifth one, at each stage: skipped.

# shellcheck source=stages.sh
. /lib/stages.sh

FAULT=cqe-extra
RESETS=0

strike() {
	fault cqe-extra-cid "$cid" one-in 5 cqe-extra "$FOREVER"
}

# The in-tree driver counts none of them.
proof() {
	[ "$DRIVER" != nvmepp ] || [ "$1" != load ] ||
		expect_at_least "completions that were skipped" "$(queue_value bad)" "$struck"
}

# completions_for CID: see cqe-extra-cid in device/README.md
completions_for() {
	cid=$(($1))
	at_stages load reset removal
}

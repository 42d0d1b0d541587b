# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
#
# Completions for which there is no command, at each stage: skipped. Where there are many others,
# before every fifth of them by chance.

# shellcheck source=stages.sh
. /lib/stages.sh

FAULT=cqe-extra
RESETS=0

strike() {
	fault cqe-extra-cid "$cid" one-in "$one_in" cqe-extra "$FOREVER"
}

# The in-tree driver counts none of them.
proof() {
	[ "$DRIVER" = nvmepp ] || return 0
	case $1 in
	idle | load) expect_at_least "completions that were skipped" "$(queue_value bad)" "$struck" ;;
	esac
}

# completions_for CID: see cqe-extra-cid in device/README.md
completions_for() {
	cid=$(($1)) one_in=1
	at_stages probe idle suspend resume
	one_in=5
	at_stages load reset removal
}

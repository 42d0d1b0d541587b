# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
#
# The tool fuzz: what it begins with, and what its only line says.

SEED=$(sed -n 's/.*vm\.seed=\([0-9]*\).*/\1/p' /proc/cmdline)
SEED=${SEED:-1}

# A program of 64 bits that calls as one of 32 bits does: x86 only.
COMPAT=
[ "$(uname -m)" != x86_64 ] || COMPAT=--compat

# fuzz_value FILE COUNTER
fuzz_value() {
	tr ' ' '\n' <"$1" | sed -n "s/^$2=//p"
}

# fuzz_start FILE [OPTION]... SEED MS UID NODE...: in the background; sets fuzz_pid
fuzz_start() {
	file=$1
	shift
	fuzz "$@" >"$file" 2>&1 &
	fuzz_pid=$!
}

# fuzz_ends FILE PID: the tool is through, and content
fuzz_ends() {
	wait "$2" || fail "seed $SEED: $(cat "$1")"
	cat "$1"
}

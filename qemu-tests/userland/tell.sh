# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# How a whole Debian tells the host what there is and what it found, on its second serial line;
# sourced. What the host hears is at the head of lib/judge.py.

serial=/dev/ttyS1

# Before anything else.
start_telling()
{
	stty -F $serial raw -echo
	exec 3<>$serial
}

tell()
{
	echo "$*" >&3
	echo "<5>report: $*" >/dev/kmsg
}

fact()
{
	tell "fact $*"
}

# check NAME COMMAND...
check()
{
	local name=$1 said
	shift
	if said=$("$@" 2>&1); then
		tell "check $name ok"
	else
		tell "check $name fail $(echo "$said" | grep . | tail -n 1)"
	fi
}

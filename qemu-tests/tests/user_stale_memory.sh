# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="where an answer is shorter than its buffer the rest is zero, and not what the memory held before"
PROFILE=stale
TIMEOUT=60

# shellcheck source=../guest/ioctls.sh
. /lib/ioctls.sh

# The error log has one entry, and what is asked for is 32 pages: more than were just used.
ASKED=131072
ENTRY=64
ERROR_LOG="opcode=2 nsid=0xffffffff cdw10=0x7fff0001 length=$ASKED"

# Most free pages hold letters afterwards.
leave_letters() {
	free_kb=$(awk '/^MemFree/ { print $2 }' /proc/meminfo)
	mkdir -p /run/letters
	mount -t tmpfs -o size=90% none /run/letters
	tr '\0' x </dev/zero | dd of=/run/letters/all bs=64k count=$((free_kb * 6 / 10 / 64)) \
		iflag=fullblock 2>/dev/null
	umount /run/letters
}

run_test() {
	start_driver
	dmesg | grep -q "mem auto-init:.*heap alloc:off, heap free:off" ||
		fail "this kernel clears memory by itself"
	leave_letters
	for round in 1 2 3 4 5; do
		status 0 "$CONTROLLER" admin "$ERROR_LOG out=/run/answer"
		tail -c +$((ENTRY + 1)) /run/answer >/run/rest
		expect_eq "bytes behind the answer" "$(wc -c </run/rest)" $((ASKED - ENTRY))
		expect_eq "bytes of them that are not zero" "$(tr -d '\0' </run/rest | wc -c)" 0
	done
	expect_healthy
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="readahead over a bad sector ends as a medium error, although it wants no retry; no path error"
DEVICE=media
TIMEOUT=60
EXPECT_LOG="Buffer I/O error"

# errors TEXT: what the block layer has said of failed requests
errors() {
	test_log | grep -E 'error, dev nvme' | grep -cE -e "$1"
}

run_test() {
	start_driver
	echo 3 >/proc/sys/vm/drop_caches
	# machine.py lets sector 4096 fail: byte 2 MiB.
	if dd if="$DISK" of=/dev/null bs=64k count=48 2>/dev/null; then
		fail "the bad sector could be read"
	fi
	test_log | grep -E 'error, dev nvme'
	# REQ_RAHEAD, and with it all of REQ_FAILFAST_MASK
	expect_at_least "failed requests of readahead" "$(errors 'flags 0x8.700 ')" 1
	expect_eq "errors that are none of the medium" $(($(errors .) - $(errors 'critical medium'))) 0
	expect_resets 0
}

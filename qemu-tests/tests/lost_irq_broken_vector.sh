# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2119,SC2154
DESCRIPTION="a vector's address broken for good: found once, restored, and never lost again"
TIMEOUT=60

# shellcheck source=../guest/lostirq.sh
. /lib/lostirq.sh

lose() {
	good=$(vector_state "$vector" address)
	msix "$BDF" break "$vector"
	is_broken "$vector" || fail "the fault did not fire"
	io_start --cpu=0 --depth=1 --count=1 --length=4M --max=64k --reads=0 --no-check
	io_end
	expect_good_io
	stall_is_short || return 1
	expect_lost 1
	expect_queue lost 1
	expect_queue message 1
	expect_queue vector_restores 1
	expect_no_reset
}

# The in-tree driver does not restore the vector: each request waits for its timeout.
compare() {
	io_start --cpu=0 --depth=1 --count=2 --length=4M --max=64k --reads=0 --no-check \
		--slow-ms="$TIMEOUT_MS"
	io_end
	echo "$io_slow of $io_ios further requests stalled"
	is_broken "$vector" || fail "the in-tree driver has restored the vector"
	expect_eq "further requests that stalled" "$io_slow" 2
	msix "$BDF" restore "$vector"
}

heal() {
	attempt lose
	if watching; then
		expect_vector "$vector" address "$good"
	else
		compare
	fi
	expect_nothing_more_lost
	expect_no_reset
}

run_test() {
	with_each_timeout heal
}

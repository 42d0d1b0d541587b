# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2119,SC2154
DESCRIPTION="an interrupt stuck in the pending bit, nothing masked: named so, and restoring frees it"
PROFILE=faults
DRIVERS=nvmepp
WHEN=all
TIMEOUT=60

# shellcheck source=../guest/lostirq.sh
. /lib/lostirq.sh

lose() {
	fault clear 1 queues "$(queue_bits "$queue")" irq-pend 1
	io_start --cpu=0 --depth=1 --count=1 --length=4M --max=64k --reads=0 --no-check
	io_end
	expect_good_io
	expect_hits irq-pend 1
	stall_is_short || return 1

	expect_lost 1
	expect_queue lost 1
	expect_queue pending 1
	expect_queue vector_restores 1
	expect_log "QID $queue: lost interrupt \(pending\)"
	# Masked and unmasked by the restoring, the vector sends what was pending: late, not spurious.
	expect_vector "$vector" pending 0
	expect_queue late 1
	expect_queue spurious 0
	expect_no_reset
}

heal() {
	attempt lose
	expect_nothing_more_lost
	expect_no_reset
}

run_test() {
	with_each_timeout heal
}

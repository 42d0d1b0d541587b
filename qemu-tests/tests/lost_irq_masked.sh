# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2119,SC2154
DESCRIPTION="a masked vector: unmasked by the driver, and the interrupt that waited comes late"
COVERS="D8"
TIMEOUT=60

# shellcheck source=../guest/lostirq.sh
. /lib/lostirq.sh

lose() {
	msix "$BDF" mask "$vector"
	count_writes plain
	io_start --cpu=0 --depth=1 --count=1 --length=4M --max=64k --reads=0 --no-check
	until_written plain 1
	pending=$(vector_state "$vector" pending)
	io_end
	expect_good_io
	stall_is_short || return 1
	echo "pending bit before the poll: $pending"
	expect_lost 1
	expect_queue lost 1
	expect_queue masked 1
	expect_queue vector_restores 1
	# Its completion was taken before it came: counted, and no harm.
	expect_queue late 1
	expect_queue spurious 0
	expect_no_reset
}

heal() {
	attempt lose
	watching || msix "$BDF" unmask "$vector"
	expect_vector "$vector" masked 0
	expect_vector "$vector" pending 0
	expect_nothing_more_lost
	expect_queue late 1
}

run_test() {
	with_each_timeout heal
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2119,SC2154
DESCRIPTION="an interrupt before its completion: named so, and the handler reads a register first"
COVERS="D2"
DRIVERS=nvmepp
DEVICE=slow
WHEN=all
TIMEOUT=60

# shellcheck source=../guest/lostirq.sh
. /lib/lostirq.sh

# one_write CPU: takes 1.2 s on this device
one_write() {
	io --device="$DISK" --cpu="$1" --depth=1 --count=1 --length=4M --start="$1"M --max=4k \
		--reads=0 --no-check >"/run/early.$1" &
}

registers_read() {
	trace_count pci_nvme_mmio_read
}

# CPU 0's queue has an interrupt while its command is still on the way: that of CPU 1's queue,
# which was told to ring there and began earlier. Then its own one is lost.
run_test() {
	trace pci_nvme_mmio_read
	io_timeout=$LARGEST_TIMEOUT
	start_watching
	# Not before the vectors are whole again.
	echo 10000 >$PARAMETERS/lost_irq_ms
	other=$(vector_of_queue "$(queue_of_cpu 1)")
	msix "$BDF" copy "$vector" "$other"
	completed=$(queue_value completed "$queue")
	count_writes slow
	one_write 1
	first=$!
	usleep 500000
	one_write 0
	second=$!
	until_written slow 1
	usleep 20000
	expect_queue spurious 1
	expect_queue completed "$completed"
	msix "$BDF" break "$vector"
	until_written slow 2
	is_broken "$vector" || fail "the driver was faster than this test"
	msix "$BDF" restore "$vector"
	echo 100 >$PARAMETERS/lost_irq_ms
	wait $first || fail "the write of CPU 1 failed: $(cat /run/early.1)"
	wait $second || fail "the write of CPU 0 failed: $(cat /run/early.0)"

	expect_queue early 1
	expect_queue lost 1
	expect_queue vector_restores 0
	expect_log "QID $queue: lost interrupt \(early\).*reads a register first"
	expect_no_reset

	reads=$(registers_read)
	io_start --cpu=0 --depth=1 --count=1 --length=4M --max=4k --reads=0 --no-check
	io_end
	expect_good_io
	expect_at_least "registers read by one interrupt" $(($(registers_read) - reads)) 1
	expect_queue lost 1
	expect_no_reset
}

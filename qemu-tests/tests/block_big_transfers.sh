# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="commands as large as the device takes (4 MiB; newer QEMU: 2 MiB), from huge pages and from scattered ones"
DEVICE=big
TIMEOUT=60

run_test() {
	start_driver
	queue=/sys/block/${DISK#/dev/}/queue
	largest=$((4 << $(sed -n 's/.*vm\.mdts_big=\([0-9]*\).*/\1/p' /proc/cmdline)))
	expect_at_least "max_hw_sectors_kb" "$(cat "$queue/max_hw_sectors_kb")" $largest
	echo $largest >"$queue/max_sectors_kb" || fail "max_sectors_kb cannot be raised"
	echo 16 >/proc/sys/vm/nr_hugepages

	commands=$(block_stat big wr_operations)
	bytes=$(block_stat big wr_bytes)
	io_run --depth=4 --count=40 --reads=30 --length=192M --min=$((largest / 2))k --max=${largest}k --huge
	commands=$(($(block_stat big wr_operations) - commands))
	bytes=$(($(block_stat big wr_bytes) - bytes))
	expect_at_least "bytes in an average write command" $((bytes / commands)) $((largest << 9))

	echo 0 >/proc/sys/vm/nr_hugepages
	io_run --jobs=2 --depth=4 --count=20 --length=192M --max=${largest}k --split
	expect_nothing_lost
	expect_resets 0
}

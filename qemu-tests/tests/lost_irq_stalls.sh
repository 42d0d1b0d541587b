# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="how long a lost completion has waited is counted once, in the bucket of its time; I/O without losses counts nothing"
DRIVERS=nvmepp
TIMEOUT=40

# stalls QUEUE: "FIRST_MS=COUNT" of each bucket that is not empty, of one queue or all
stalls() {
	awk -v "queue=${1:-}" 'NR == 1 { split($0, first) }
		NR > 1 && (queue == "" || $1 == queue) {
			for (i = 2; i <= NF; i++) if ($i) printf "%s%s=%s", n++ ? " " : "", first[i], $i
		}' "$DEBUGFS/$CONTROLLER/stalls"
}

run_test() {
	start_driver
	queue=$(queue_of_cpu 0)
	vector=$(vector_of_queue "$queue")
	io_run --jobs=2 --depth=8 --count=100 --length=8M --max=64k
	expect_eq "stalls of I/O without losses" "$(stalls)" ""

	msix "$BDF" break "$vector"
	one_request_start
	expect_vector "$vector" address 00000000:00000000
	msix "$BDF" restore "$vector"
	io_end
	expect_good_io
	expect_lost 1
	counted=$(stalls "$queue")
	expect_eq "stalls counted" "${counted#*=}" 1
	expect_eq "stalls of all queues" "$(stalls)" "$counted"
	# a jiffy more or less
	expect_at_most "the bucket's first ms" "${counted%=*}" $((io_longest_ms + 10))
	expect_at_least "the bucket's end, ms" $((2 * ${counted%=*})) $((TIMEOUT_MS - 10))
	expect_resets 0
	expect_healthy
}

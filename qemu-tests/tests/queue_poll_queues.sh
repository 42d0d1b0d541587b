# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="polled requests: no interrupt, right data; resets, removal, and a command that is swallowed or not polled for"
NEEDS="CONFIG_IO_URING"
TIMEOUT=180

# A request in pieces that are not neighbours would become several, which are not polled for.
POLLED="--poll --jobs=2 --depth=8 --length=4M --max=32k"

# Interrupts of all I/O queues; the admin queue may have some of its own.
io_interrupts() {
	awk -v "name=^${CONTROLLER}q[1-9]" '$NF ~ name {
		for (i = 2; $i ~ /^[0-9]+$/; i++) n += $i
	} END { print n + 0 }' /proc/interrupts
}

# poll_value COLUMN: of the poll queue, which is the last
poll_value() {
	queue_value "$1" "$poll_queue"
}

# The poll queue of nvmepp, by its own table: one for both CPUs.
find_poll_queue() {
	expect_eq "polled I/O is possible" "$(cat "/sys/block/${DISK#/dev/}/queue/io_poll")" 1
	[ "$DRIVER" = nvmepp ] || return 0
	poll_queue=$(($(nproc) + 1))
	expect_eq "its line" "$(awk -v "q=$poll_queue" '
		NR == 1 { for (i = 1; $i != "mode"; i++); }
		$1 == q { print $2, $3, $i }' "$DEBUGFS/$CONTROLLER/queues")" "- - poll"
	expect_eq "poll queues" "$(controller_value poll_queues)" 1
	expect_eq "queues in all" "$(controller_value io_queues)" "$poll_queue"
}

# Neighbours that are submitted together may become one request.
merges() {
	awk '{ print $2 + $6 }' "/sys/block/${DISK#/dev/}/stat"
}

# polled OPTION...: all of it is polled for, by both CPUs at a time, and nothing interrupts
polled() {
	interrupts=$(io_interrupts)
	if [ "$DRIVER" = nvmepp ]; then
		completed=$(poll_value completed)
		polled=$(poll_value polled)
		merged=$(merges)
	fi
	# shellcheck disable=SC2086 # several words
	io_run $POLLED --no-check "$@"
	expect_eq "interrupts" "$(io_interrupts)" "$interrupts"
	[ "$DRIVER" = nvmepp ] || return 0
	completed=$(($(poll_value completed) - completed))
	merged=$(($(merges) - merged))
	expect_at_least "commands of the poll queue, and what was merged" $((completed + merged)) "$io_ios"
	expect_eq "those that were polled for" $(($(poll_value polled) - polled)) $completed
	expect_eq "interrupts of the poll queue" "$(poll_value interrupts)" 0
}

expect_no_polls() {
	refresh_counters
	expect_eq "polls" "$total_polls" 0
	expect_nothing_lost
	expect_resets 0
}

# Read back by interrupts, once more by polling.
data_is_right() {
	polled --count=100 --state=/run/io.state
	interrupts=$(io_interrupts)
	io_run --jobs=2 --depth=1 --count=20 --length=4M --max=32k --state=/run/io.state
	expect_at_least "interrupts of other requests" $(($(io_interrupts) - interrupts)) 20
	polled --count=100 --reads=100 --state=/run/io.state
	expect_no_polls
}

# A task that polls meanwhile finds nothing, and goes on afterwards.
resets() {
	# shellcheck disable=SC2086 # several words
	under_load $POLLED --ms=3000
	for _ in 1 2 3 4; do
		usleep 400000
		reset_controller || fail "the reset failed"
	done
	io_end
	expect_good_io
	expect_nothing_lost
	expect_resets 4
	resets=4
	polled --count=20
}

removal() {
	# shellcheck disable=SC2086 # several words
	under_load $POLLED --ms=20000 --no-check
	unbind_device
	until_true $((15 * SLOWNESS)) test -s /run/io.out || fail "polled requests hang after the unbind"
	io_end
	expect_eq "blocks with wrong data" "$io_mismatches" 0
	expect_at_least "failed requests" "$io_errors" 1
	bind_device
	find_disks
	polled --count=20
}

# One reset, which sends it again. The in-tree driver does not come through it on this QEMU, with
# or without poll queues: README.md, "The reference".
swallowed() {
	[ "$DRIVER" = nvmepp ] || return 0
	memory_decode off
	one_request_start --poll --start=32M
	memory_decode on
	io_end
	expect_good_io
	expect_at_least "the request's time, ms" "$io_longest_ms" "$TIMEOUT_MS"
	resets=$((resets + 1))
	expect_resets "$resets"
	expect_nothing_lost
	polled --count=20
}

# The watchdog begins to tick while a completion waits: it would be unheard on another queue.
watch() {
	echo poll >"/sys/bus/pci/devices/$BDF/nvmepp/lost_irq_action"
	echo "$1" >/sys/module/nvmepp/parameters/lost_irq_ms
}

# It has completed long since, and its submitter sleeps: the poll ends it, and nothing is lost.
not_polled_for() {
	interrupts=$(io_interrupts)
	if [ "$DRIVER" = nvmepp ]; then
		polled=$(poll_value polled)
		polls=$(poll_value irqdisable_polls)
	fi
	io_start --poll --idle-ms=$((3 * IO_TIMEOUT_MS)) --count=1 --length=1M --max=4k --reads=0 \
		--no-check --start=48M
	usleep 500000
	[ "$DRIVER" != nvmepp ] || watch 100
	io_end
	expect_good_io
	expect_eq "interrupts" "$(io_interrupts)" "$interrupts"
	expect_resets "$resets"
	if [ "$DRIVER" = nvmepp ]; then
		expect_log ' timeout, completion polled \(its submitter did not poll\)$'
		expect_nothing_lost
		expect_eq "commands that were polled for" "$(poll_value polled)" "$polled"
		expect_eq "polls" $(($(poll_value irqdisable_polls) - polls)) 1
		expect_eq "their kind of loss" "$(poll_value silent)" 0
		watch 0
	else
		expect_lost 1
	fi
	polled --count=20
}

# A controller without room for it: less of them, but never the last queue with an interrupt.
lowered() {
	[ "$DRIVER" = nvmepp ] || return 0
	stop_driver
	use_device onequeue
	start_driver poll_queues=3
	expect_log 'poll_queues=3: lowered to 0, one a CPU at most, beside 1 I/O queues with interrupts$'
	expect_eq "polled I/O is possible" "$(cat "/sys/block/${DISK#/dev/}/queue/io_poll")" 0
	expect_healthy
	stop_driver
	use_device onevector
	start_driver poll_queues=1
	expect_eq "queues with one vector" "$(controller_value io_queues)" 2
	io_run --poll --jobs=2 --depth=4 --count=40 --length=8M --max=64k
	expect_healthy
}

run_test() {
	start_driver poll_queues=1
	find_poll_queue
	for step in data_is_right resets removal swallowed not_polled_for lowered; do
		echo "--- $step"
		$step
	done
	expect_healthy
}

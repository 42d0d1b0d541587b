# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a poll queue's requests go to a queue with an interrupt, since fewer are granted: its handler alone reaps that"
PROFILE=faults
DRIVERS=nvmepp
NEEDS="CONFIG_IO_URING"
TIMEOUT=120

# shellcheck source=../guest/reconnect.sh
. /lib/reconnect.sh

run_test() {
	start_driver poll_queues=1
	poll_queue=$(($(nproc) + 1))
	io_run --poll --jobs=2 --depth=8 --count=100 --length=4M --max=32k
	polled=$(queue_value polled $poll_queue)
	expect_at_least "commands that were polled for" "$polled" 100
	fault max-grant 1
	reset_until_live 20
	expect_eq "queues" "$(controller_value io_queues)" 1
	interrupts=$(queue_value interrupts 1)
	io_run --poll --jobs=2 --depth=8 --count=400 --length=4M --max=32k
	expect_at_least "interrupts" $(($(queue_value interrupts 1) - interrupts)) 50
	expect_eq "completions that others reaped" "$(queue_value polled 1)" 0
	expect_eq "bad completions" "$(queue_value bad 1)" 0
	# One that waits there when the reset takes it goes to its own queue again, and is polled for.
	polls=$(queue_value irqdisable_polls $poll_queue)
	fault queues 2 cqe-hold-ms 0 cqe-hold 1
	io_start --poll --cpu=0 --depth=1 --count=1 --length=4M --max=32k
	until_true 5 has_struck cqe-hold || fail "no completion is held"
	fault max-grant 0
	reset_until_live 20
	io_end
	expect_good_io
	expect_eq "timeouts that polled" $(($(queue_value irqdisable_polls $poll_queue) - polls)) 0
	io_run --poll --jobs=2 --depth=8 --count=100 --length=4M --max=32k
	expect_at_least "commands that were polled for" "$(queue_value polled $poll_queue)" $((polled + 100))
	expect_nothing_lost
	expect_healthy
	proved 1
}

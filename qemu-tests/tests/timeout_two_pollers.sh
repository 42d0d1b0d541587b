# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="two namespaces' timeouts poll one queue at the same time: each completion is taken once"
COVERS="A1"
HELPERS=window
NEEDS="CONFIG_KRETPROBES"
DEVICE=duet
TIMEOUT=120

# shellcheck source=../guest/window.sh
. /lib/window.sh

ROUNDS=3

# blk-mq has a timer for each disk. It is armed where requests are sent, one disk's on CPU 0, the other
# one's on CPU 1, and rounded to the same second, so that both handlers run at the same time. A timer
# that is still running from earlier requests is not rounded. Where the two begin on different sides of
# a full second their timers are a second apart; so rounds, which end in step with it, begin a third
# of one later each time, and at most one of three is hit.
TIMERS_IDLE_S=4
PHASE_US=333333

of_both() {
	cpu=0
	for disk in $NAMES; do
		"$1"
		cpu=$((cpu + 1))
	done
}

write_start() {
	io --device="/dev/$disk" --cpu="$cpu" --depth=4 --count=4 --length=4M --max=4k --reads=0 \
		--no-check --state="/run/state.$disk" >"/run/$disk.out" &
	jobs="$jobs $!"
}

expect_unanswered() {
	[ ! -s "/run/$disk.out" ] || fail "$disk answered: the fault did not fire"
}

# What was written is read back, with interrupts.
read_back() {
	cp "/run/$disk.out" /run/io.out
	io_result
	expect_eq "failed requests" "$io_errors" 0
	io_run --device="/dev/$disk" --cpu="$cpu" --depth=4 --count=1 --length=4M --max=4k \
		--state="/run/state.$disk"
}

round() {
	sleep $TIMERS_IDLE_S
	usleep $((number * PHASE_US))
	widen at=$REAP_STEP ms=40 limit=8 inside=$TIMEOUT_HANDLER
	msix "$BDF" break "$vector"
	jobs=
	of_both write_start
	usleep 500000
	of_both expect_unanswered
	# shellcheck disable=SC2086 # a list
	wait $jobs
	msix "$BDF" restore "$vector"
	echo "round $number: $(window waits) steps held up, $(window most) handlers at once"
	expect_at_least "steps held up" "$(window waits)" 4
	[ "$(window most)" -lt 2 ] || met=$((met + 1))
	close_window
	of_both read_back
	expect_taken_once
}

run_test() {
	start_driver
	vector=$(io_vectors)
	met=0
	for number in $(seq $ROUNDS); do
		round
	done
	expect_at_least "rounds in which two handlers ran at once" $met 1
	expect_lost 2
	expect_resets 0
}

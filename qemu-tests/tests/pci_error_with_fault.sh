# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a fault strikes during recovery from a PCI error: no request fails"
PROFILE=faults
NEEDS="CONFIG_PCIEAER"
DRIVERS=nvmepp
COVERS="C5 C7"
WHEN=all
TIMEOUT=180

# shellcheck source=../guest/stages.sh
. /lib/stages.sh
# shellcheck source=../guest/pause.sh
. /lib/pause.sh

errors=0

used_up() {
	[ "$(fault_value "$1")" = 0 ]
}

# error_with QUEUE [KNOB VALUE]... FAULT TIMES: the admin queue's strikes after the error, that of an
# I/O queue has struck before
error_with() {
	echo "--- $*"
	queue=$1
	shift
	for argument; do
		knob=$before
		before=$argument
	done
	under_load --jobs=2 --depth=8 --ms=$((9000 * SLOWNESS)) --start=16M --length=16M --max=64k
	fault queues "$(queue_bits "$queue")" "$@"
	[ "$queue" = admin ] || until_true 10 used_up "$knob" || fail "$knob does not strike"
	pci_error $FATAL
	errors=$((errors + 1))
	until_true 20 recovered $errors || fail "the kernel does not recover from the error"
	becomes_alive || fail "after recovery the controller is $(controller_value state)"
	io_end
	expect_good_io
	expect_hits "$knob" "$before"
	fault clear 1
	kept_data
}

run_test() {
	start_driver
	kept_data
	# A pause tells the controller nothing: the first admin command is one of the way up.
	error_with admin cmd-drop 1
	error_with admin skip 3 cmd-drop 1
	error_with admin irq-drop 1
	error_with admin ready-late-ms 700 enable-late 1
	# Commands that are in flight when the error comes, and would be for long.
	error_with "$(queue_of_cpu 0)" cqe-hold-ms 5000 cqe-hold 4
	error_with "$(queue_of_cpu 0)" cmd-drop 3
	expect_eq "pauses" "$(pauses)" $errors
	expect_healthy
}

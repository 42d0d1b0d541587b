# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="each admin command of a reset under load in turn is swallowed: done once more, no request fails"
PROFILE=faults
COVERS="C2 C4 C7"
WHEN=all
TIMEOUT=300

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

MOST_COMMANDS=40

# reset_with N: the N-th admin command of a reset is swallowed; false if there are not so many
reset_with() {
	load_starts 3500
	fault clear 1 queues "$(queue_bits admin)" skip "$1" cmd-drop 1
	bounded_start reset_controller
	bounded_end "the reset, command $1 swallowed" || echo "the reset failed"
	until_true 15 test -s /run/io.out || fail "requests hang"
	io_end
	expect_eq "blocks with wrong data" "$io_mismatches" 0
	# What is swallowed once is done again; the reference gives up.
	[ "$DRIVER" = nvme ] || expect_eq "failed requests" "$io_errors" 0
	has_struck cmd-drop
}

run_test() {
	start_driver
	kept_data
	number=0
	while reset_with $number; do
		revive
		number=$((number + 1))
		[ $number -lt $MOST_COMMANDS ] || fail "there is no end to the commands of a reset"
	done
	expect_at_least "admin commands of a reset" $number 4
	fault clear 1
	revive
	kept_data
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
#
# Each step of a bring-up fails in turn, and the disk outlives it: what the controller is asked by
# registers, and by admin commands.

# shellcheck source=reconnect.sh
. /lib/reconnect.sh

CAP=0 CAP_HIGH=4 VS=8 CC=0x14 CSTS=0x1c

# More would mean that the sweep has no end.
MOST_STEPS=60

# With "times" failures in a row: pauses of 1, 2, 4 s between the attempts, and what each waits for.
live_within() {
	echo $((8 + times * 5))
}

# outlives WHAT: a reset with the fault that has been set. True if the fault struck; the names of
# those that cost the disk are in $lost.
outlives() {
	request_reset
	# It may be reset once more meanwhile, for a command of the scan.
	if ! until_true "$(($(live_within) * SLOWNESS))" reset_is_over || has_failed; then
		echo "$1, $times times: the controller is $(ctrl_state)"
		lost="$lost $1"
	fi
	# The scan that follows a bring-up has commands too.
	usleep 500000
	hits=$(fault_hits "$FAULT")
	fault clear 1
	case $lost in
	*" $1")
		revive
		load_in_background
		;;
	esac
	proved "$hits"
	[ "$hits" -ge 1 ]
}

# After a disk was lost the load has failed, too.
sweep_begins() {
	lost=
	start_driver
	kept_data
	load_in_background
}

# sweep_ends LEAST: so many steps there are at least
sweep_ends() {
	echo "$steps steps, lost at:${lost:- none}"
	expect_at_least "steps of a bring-up" "$steps" "$1"
	[ -z "$lost" ] || fail "the disk was lost at:$lost"
	load_is_right
}

# sweep_registers TIMES: from each read of each register on so many reads of it are all-ones
sweep_registers() {
	times=$1 FAULT=read-ones steps=0
	sweep_begins
	for register in $CAP $CAP_HIGH $VS $CC $CSTS; do
		index=0
		while fault read-reg $((register)) read-skip $index read-ones "$times" &&
			outlives "$register/$index"; do
			index=$((index + 1)) steps=$((steps + 1))
			[ $index -lt $MOST_STEPS ] || fail "there is no end to the reads of $register"
		done
		echo "register $register is read $index times"
	done
	sweep_ends 4
}

# sweep_commands FAULT TIMES: the n-th command of so many bring-ups
sweep_commands() {
	times=$2 FAULT=$1 steps=0
	sweep_begins
	while fault queues "$(queue_bits admin)" enable-skip $steps "$FAULT" "$times" &&
		outlives "command $steps"; do
		steps=$((steps + 1))
		[ $steps -lt $MOST_STEPS ] || fail "there is no end to the commands of a bring-up"
	done
	sweep_ends 6
}

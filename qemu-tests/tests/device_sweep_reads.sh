# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="all registers read as ones from each read of a probe, a reset, a removal on: given up in time, nothing left behind"
PROFILE=faults
COVERS="C5 C7 C9"
WHEN=all
TIMEOUT=400

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

MOST_READS=60
# Nothing is left to wait for: what takes longer has waited for a timeout, of which that of a shutdown
# (5 s) is the shortest.
IO_TIMEOUT_MS=20000
ADMIN_TIMEOUT_MS=20000
GONE_MS=4500

# gone_from N COMMAND...: the reads before the N-th are right; false if there are not so many
gone_from() {
	fault clear 1 read-skip "$1" read-ones "$FOREVER"
	number=$1
	shift
	bounded_start "$@"
	bounded_end "$1, gone from read $number on" || echo "$1 failed"
	expect_at_most "time of $1, ms" $(($(now_ms) - started_ms)) $GONE_MS
	until_true 10 has_disk_or_none || fail "neither a disk nor given up"
	has_struck read-ones
}

# sweep LEAST BEFORE COMMAND: each time BEFORE makes a device on which COMMAND is to fail
sweep() {
	echo "--- $3"
	reads=0
	while "$2" && gone_from $reads "$3"; do
		reads=$((reads + 1))
		[ $reads -lt $MOST_READS ] || fail "there is no end to the reads of $3"
	done
	echo "$3 reads $reads registers"
	expect_at_least "registers that $3 reads" $reads "$1"
	fault clear 1
}

absent() {
	fault clear 1
	! bound || unbind_device
	expect_eq "disks that are left" "$(disks)" ""
}

present() {
	absent
	bind_device
	find_disks
}

run_test() {
	load_without_device
	sweep 6 absent bind_device
	sweep 5 present reset_controller
	sweep 3 present unbind_device
	present
	expect_healthy
}

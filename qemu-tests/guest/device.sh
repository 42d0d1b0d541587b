# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2154
#
# Faults that the device shows on demand: the knobs of qemu-tests/device, in a test with
# PROFILE=faults. Before each such test they are as they were at power on.

# shellcheck disable=SC2034 # for the tests
FOREVER=4294967295

# Whether the device at hand has any: its register for that says "flt".
has_knobs() {
	[ "$(bar "$BDF" read 0xefc)" = 0x746c6166 ]
}

knob_path() {
	echo "\"path\": \"/machine/peripheral/${DEVICE:-plain}\", \"property\": \"fault-$1\""
}

# fault KNOB VALUE [KNOB VALUE]...: in this order
fault() {
	while [ $# -gt 0 ]; do
		qmp "{\"execute\": \"qom-set\", \"arguments\": {$(knob_path "$1"), \"value\": $2}}" >/dev/null
		shift 2
	done
}

# fault_value KNOB: what is left of it
fault_value() {
	qmp "{\"execute\": \"qom-get\", \"arguments\": {$(knob_path "$1")}}"
}

# fault_hits KNOB: how often it has struck
fault_hits() {
	fault_value "$1-hits"
}

# expect_hits KNOB NUMBER: the fault fired so often; expect_hits_at_least likewise
expect_hits() {
	expect_eq "times that $1 struck" "$(fault_hits "$1")" "$2"
	proved "$2"
}

expect_hits_at_least() {
	expect_at_least "times that $1 struck" "$(fault_hits "$1")" "$2"
	proved "$2"
}

# has_struck KNOB [NUMBER]: for until_true
has_struck() {
	[ "$(fault_hits "$1")" -ge "${2:-1}" ] && proved "${2:-1}"
}

# For the end of the test, which wants to know that there was a fault.
proved() {
	[ "$1" = 0 ] || : >/run/struck
}

# poke id|ns|bar AT BYTES VALUE: what the device says of itself from now on
poke() {
	fault poke-later 0 poke-at $(($2)) poke-bytes "$3" "$1-poke" $(($4))
}

# poke_later ...: the same, from the next time on that the controller is enabled
poke_later() {
	fault poke-later 1 poke-at $(($2)) poke-bytes "$3" "$1-poke" $(($4))
}

# refuse OPCODE CDW10 [TIMES]: the controller answers such admin commands with an error, Invalid Field
# and do not retry; CDW10 is "any", or the CNS or the feature
refuse() {
	[ "$2" != any ] || set -- "$1" "$FOREVER" "${3:-$FOREVER}"
	fault queues "$(queue_bits admin)" opcode $(($1)) cdw10 $(($2)) cqe-error-status $((0x4002)) \
		cmd-error "${3:-$FOREVER}"
}

# The storage does not answer for so many ms, admin commands are answered.
outage() {
	fault queues $((0xfffffffe)) outage "$1"
}

# queue_bits QUEUE...: for the knob "queues"; "admin" is queue 0
queue_bits() {
	bits=0
	for one; do
		[ "$one" != admin ] || one=0
		bits=$((bits | 1 << one))
	done
	echo $bits
}

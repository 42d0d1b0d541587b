# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="persistent reservations: each ioctl is one command with the right action, to a controller that has them; its answers"
PROFILE=faults
DRIVERS=nvmepp
TIMEOUT=80

# The device has no reservations: it says that it has, and the commands end with a status of the
# test's instead of being executed. What the data says is for the host's tests.
# shellcheck source=../guest/persona.sh
. /lib/persona.sh

REGISTER=13 ACQUIRE=17 RELEASE=21
IGNORE=1
CONFLICT=$((0x4083)) INTERNAL=$((0x4006))

has_reservations() {
	poke id $ID_ONCS 2 $((0x1ff | 1 << 5))
}

# answers WANTED STATUS OPCODE ACTION VERB NUMBER...: the ioctl returns WANTED where the one
# command with this opcode and action ends with STATUS
answers() {
	wanted=$1 before=$(fault_hits cmd-error)
	fault queues $((0xfffffffe)) opcode "$3" cdw10 "$4" cqe-error-status "$2" cmd-error 1
	shift 4
	expect_eq "pr $*" "$(pr "$DISK" "$@")" "$wanted"
	expect_eq "commands of $*" $(($(fault_hits cmd-error) - before)) 1
	fault cmd-error 0
}

# refused ERROR VERB NUMBER...: and nothing is sent
refused() {
	wanted=$1 before=$(queue_value submitted)
	shift
	expect_eq "pr $*" "$(pr "$DISK" "$@")" "ret=-1 error=$wanted"
	expect_eq "commands of $*" "$(queue_value submitted)" "$before"
}

good="ret=0 error=0"

each_is_sent() {
	answers "$good" 0 $REGISTER 0 register 0 0x1234 0
	answers "$good" 0 $REGISTER 2 register 0x1234 0x5678 0
	answers "$good" 0 $REGISTER 1 register 0x5678 0 0
	answers "$good" 0 $REGISTER 8 register 0 0x1234 $IGNORE
	answers "$good" 0 $ACQUIRE 0 reserve 0x1234 1 0
	answers "$good" 0 $ACQUIRE 8 reserve 0x1234 6 $IGNORE
	answers "$good" 0 $ACQUIRE 1 preempt 0x1234 0x5678 3
	answers "$good" 0 $ACQUIRE 2 preempt-abort 0x1234 0x5678 3
	answers "$good" 0 $RELEASE 0 release 0x1234 1 0
	answers "$good" 0 $RELEASE 8 release 0 1 0
	answers "$good" 0 $RELEASE 1 clear 0x1234
	answers "$good" 0 $RELEASE 9 clear 0
}

# As the in-tree driver of the same kernel: 6.5 brought statuses of the block layer's own.
errors() {
	if [ "$(uname -r | cut -d . -f 1,2)" = 6.1 ]; then
		answers "ret=$CONFLICT error=0" $CONFLICT $ACQUIRE 0 reserve 0x1234 1 0
		answers "ret=$INTERNAL error=0" $INTERNAL $ACQUIRE 0 reserve 0x1234 1 0
	else
		answers "ret=24 error=0" $CONFLICT $ACQUIRE 0 reserve 0x1234 1 0
		answers "ret=2 error=0" $INTERNAL $ACQUIRE 0 reserve 0x1234 1 0
	fi
	refused EOPNOTSUPP register 0 0x1234 2
	refused EOPNOTSUPP reserve 0x1234 1 2
	refused EINVAL reserve 0x1234 0 0
	refused EINVAL reserve 0x1234 7 0
	refused EINVAL preempt 1 2 256
}

run_test() {
	load_without_device
	persona without-reservations true
	served
	refused EOPNOTSUPP register 0 0x1234 0
	refused EOPNOTSUPP clear 0x1234
	persona_over
	persona with-reservations has_reservations
	served
	each_is_sent
	errors
	served
	expect_resets 0
	expect_nothing_lost
	persona_over
	proved 1
}

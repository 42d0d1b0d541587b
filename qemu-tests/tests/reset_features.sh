# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="firmware, Write Zeroes and Deallocate differ after a reset: shown and used as they are now"
PROFILE=faults
TIMEOUT=120

# shellcheck source=../guest/reconnect.sh
. /lib/reconnect.sh

FIRMWARE_AT=64
ONCS_AT=520
ONCS_DSM=0x4
ONCS_WRITE_ZEROES=0x8

subsystem_firmware() {
	cat /sys/class/nvme*subsystem/*/firmware_rev
}

has_firmware() {
	case "$(ctrl_attr firmware_rev)/$(subsystem_firmware)" in
	"$1"*"/$1"*) ;;
	*) return 1 ;;
	esac
}

# after_reset ONCS
after_reset() {
	poke_later id $ONCS_AT 2 "$1"
	reset_until_live 15
}

has_discard() {
	[ "$(queue_attr discard_max_bytes)" != 0 ]
}

has_zeroes() {
	[ "$(queue_attr write_zeroes_max_bytes)" != 0 ]
}

# missing WHAT: added to what the test fails with in the end
missing() {
	echo "not followed: $1"
	wrong="$wrong $1"
}

run_test() {
	start_driver
	kept_data
	wrong=
	poke_later id $FIRMWARE_AT 4 0x30303239
	reset_until_live 15
	until_true 3 has_firmware 9200 ||
		missing "firmware (controller $(ctrl_attr firmware_rev), subsystem $(subsystem_firmware))"
	after_reset 0
	usleep 500000
	! has_discard || missing "discard is gone"
	! has_zeroes || missing "Write Zeroes is gone"
	after_reset $((ONCS_DSM | ONCS_WRITE_ZEROES))
	until_true 3 has_discard || missing "discard is back"
	until_true 3 has_zeroes || missing "Write Zeroes is back"
	range "$DISK" fill 0 3M 5 || fail "cannot write"
	range "$DISK" discard 1M 1M || fail "discard fails"
	range "$DISK" check 0 1M 5 || fail "data before the discarded range changed"
	range "$DISK" check 2M 1M 5 || fail "data after the discarded range changed"
	expect_hits_at_least id-poke 3
	fault unpoke 1
	[ -z "$wrong" ] || fail "not followed:$wrong"
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="the controller's clock is set at bring-up, and again after a reset"
TIMEOUT=60

# shellcheck source=../guest/ioctls.sh
. /lib/ioctls.sh

GET_TIMESTAMP="opcode=10 cdw10=0x0e length=8"

# Seconds in bits 47:0, in milliseconds; bits 51:49 of the result are its origin, 1: the host.
told_the_time() {
	status 0 "$CONTROLLER" admin "$GET_TIMESTAMP out=/run/timestamp"
	# shellcheck disable=SC2046 # eight numbers
	set -- $(od -An -v -tu1 /run/timestamp)
	milliseconds=$(($1 | $2 << 8 | $3 << 16 | $4 << 24 | $5 << 32 | $6 << 40))
	off=$(($(date +%s) - milliseconds / 1000))
	echo "$off s off, origin $(($7 >> 1 & 7))"
	expect_eq "the time's origin" $(($7 >> 1 & 7)) 1
	expect_at_most "seconds that it is behind" $off 10
	expect_at_least "seconds that it is behind" $off -1
}

run_test() {
	# The guest's own clock has to be set, or an unset one of the controller would match.
	expect_at_least "the guest's time" "$(date +%s)" 1700000000
	start_driver
	told_the_time
	reset_controller || fail "the reset failed"
	until_true 5 controller_live || fail "not live after the reset"
	told_the_time
	expect_healthy
}

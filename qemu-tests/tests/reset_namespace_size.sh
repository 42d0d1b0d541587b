# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a namespace has another size after a reset, without an event: the disk has it too"
PROFILE=faults
TIMEOUT=120

# shellcheck source=../guest/reconnect.sh
. /lib/reconnect.sh

NSZE_AT=0

sectors() {
	cat "/sys/block/${DISK#/dev/}/size"
}

has_sectors() {
	[ "$(sectors)" = "$1" ]
}

# after_reset MEBIBYTES: a load within the smallest size goes on
after_reset() {
	echo "--- $1 MiB"
	load_starts 20000
	poke_later ns $NSZE_AT 4 $(($1 * 2048))
	reset_until_live 15
	until_true 10 has_sectors $(($1 * 2048)) || fail "the disk has $(sectors) sectors"
	load_is_right
}

run_test() {
	start_driver
	kept_data
	after_reset 40
	after_reset 48
	after_reset 64
	expect_hits_at_least ns-poke 3
	expect_healthy
}

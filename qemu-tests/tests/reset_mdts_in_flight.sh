# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="MDTS is smaller after a reset that requests of the old size wait for: they are sent in pieces, none fails"
PROFILE=faults
DRIVERS=nvmepp
TIMEOUT=120

# shellcheck source=../guest/reconnect.sh
. /lib/reconnect.sh

MDTS_AT=77

run_test() {
	start_driver
	kept_data
	for round in 1 2 3; do
		under_load --jobs=2 --depth=8 --ms=20000 --start=16M --length=16M --min=128k --max=512k --seed=$round
		# What is in flight when the controller is reset has the old size.
		outage 60000
		usleep 300000
		poke_later id $MDTS_AT 1 2
		request_reset
		until_true 15 is_reset || fail "not live after the reset"
		fault outage 0
		load_is_right
		expect_eq "max_hw_sectors_kb" "$(queue_attr max_hw_sectors_kb)" 16
		fault clear 1
		poke_later id $MDTS_AT 1 7
		reset_until_live 15
	done
	proved 1
}

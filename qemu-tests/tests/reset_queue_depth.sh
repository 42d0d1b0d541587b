# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="CAP.MQES is smaller after a reset, then larger: requests wait for a place, none fails"
PROFILE=faults
TIMEOUT=120

# shellcheck source=../guest/reconnect.sh
. /lib/reconnect.sh

# after_reset MQES: which is 0's based
after_reset() {
	echo "--- MQES $1"
	load_starts 20000
	# CAP is read before the controller is enabled.
	poke bar 0 2 "$1"
	reset_until_live 20
	io_enough
	io_end
	expect_good_io
	io_run --jobs=2 --depth=64 --count=400 --start=16M --length=16M --max=16k --seed="$1"
	kept_data
}

run_test() {
	start_driver
	kept_data
	after_reset 31
	after_reset 7
	after_reset 2047
	expect_hits_at_least bar-poke 3
	fault unpoke 1
}

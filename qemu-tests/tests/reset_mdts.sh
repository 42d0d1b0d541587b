# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="MDTS is smaller after a reset, then larger: the disk's limit follows, large reads and writes succeed"
PROFILE=faults
TIMEOUT=120

# shellcheck source=../guest/reconnect.sh
. /lib/reconnect.sh

MDTS_AT=77

# after_reset MDTS KILOBYTES
after_reset() {
	echo "--- MDTS $1"
	poke_later id $MDTS_AT 1 "$1"
	reset_until_live 15
	expect_limit "$2"
	io_run --jobs=2 --depth=8 --count=60 --length=16M --start=16M --max=512k --seed="$1"
	kept_data
}

has_limit() {
	[ "$(queue_attr max_hw_sectors_kb)" = "$1" ]
}

expect_limit() {
	until_true 5 has_limit "$1" || fail "max_hw_sectors_kb is $(queue_attr max_hw_sectors_kb), expected $1"
	[ "$(queue_attr max_sectors_kb)" -le "$1" ] || fail "max_sectors_kb is $(queue_attr max_sectors_kb)"
}

run_test() {
	start_driver
	kept_data
	largest=$(queue_attr max_hw_sectors_kb)
	after_reset 2 16
	after_reset 4 64
	after_reset 7 "$largest"
	fault unpoke 1
	expect_hits_at_least id-poke 3
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="60 resets under load, each with another MDTS, write cache, queue count and namespace size: no request fails"
PROFILE=faults
COVERS="C2 C4"
WHEN=all
TIMEOUT=450

# shellcheck source=../guest/reconnect.sh
. /lib/reconnect.sh

ROUNDS=60
MDTS_AT=77 VWC_AT=525 NSZE_AT=0

# pick INDEX VALUE...: the value at this place, counted round and round
pick() {
	index=$1
	shift
	shift $((index % $#))
	echo "$1"
}

has_limits() {
	[ "$(queue_attr max_hw_sectors_kb)" -le $((4 << mdts)) ] &&
		[ "$(queue_attr write_cache)" = "$cache" ] &&
		[ "$(cat "/sys/block/${DISK#/dev/}/size")" = $((mebibytes * 2048)) ]
}

# The periods have no common factor, so that each meets each.
one_reset() {
	mdts=$(pick "$1" 7 2 5 3 4)
	vwc=$(pick "$1" 7 6 7)
	mebibytes=$(pick "$1" 64 40 52 48)
	grant=$(pick "$1" 0 1 2 1 0 2 1)
	cache="write back"
	[ $((vwc & 1)) = 1 ] || cache="write through"
	poke_later id $MDTS_AT 1 "$mdts"
	poke_later id $VWC_AT 1 "$vwc"
	poke_later ns $NSZE_AT 4 $((mebibytes * 2048))
	fault max-grant "$grant"
	reset_until_live 20
	until_true $((10 * SLOWNESS)) has_limits ||
		fail "round $1: MDTS $mdts, $cache, $mebibytes MiB are not followed: $(queue_attr max_hw_sectors_kb) kB, $(queue_attr write_cache), $(cat "/sys/block/${DISK#/dev/}/size") sectors"
	dd if=/dev/urandom of="$DISK" bs=64k count=1 seek=128 conv=fsync,notrunc 2>/dev/null ||
		fail "round $1: cannot write"
}

run_test() {
	start_driver
	kept_data
	under_load --jobs=2 --depth=16 --ms=$((TIMEOUT * 1000)) --start=16M --length=16M --max=256k --seed=3
	for round in $(seq $ROUNDS); do
		[ ! -s /run/io.out ] || fail "round $round: the load has ended: $(cat /run/io.out)"
		one_reset "$round"
	done
	load_is_right
	expect_hits_at_least id-poke $ROUNDS
	refresh_counters
	expect_eq "controller resets" "$total_resets" $ROUNDS
	fault unpoke 1
}

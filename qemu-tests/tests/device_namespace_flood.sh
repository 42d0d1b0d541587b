# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="namespaces that come, go and change without end: each kind of line stays within the kernel's limit"
PROFILE=faults
DEVICE=named
DRIVERS=nvmepp
NEEDS="!CONFIG_KASAN"
TIMEOUT=240

# shellcheck source=../guest/persona.sh
. /lib/persona.sh

# DEFAULT_RATELIMIT_BURST, DEFAULT_RATELIMIT_INTERVAL
LINES=10
INTERVAL_MS=5000

rescan() {
	echo 1 >"$(ctrl_folder)/rescan_controller" || fail "the scan fails"
}

# The first namespace shrinks or grows each time.
resize() {
	fault ns 1 ns-blocks $((131072 - 65536 * ($1 % 2)))
	rescan
}

# Both others go, and come back.
replug() {
	fault ns-detach 2 ns-detach 3
	rescan
	fault ns-attach 2 ns-attach 3
	rescan
}

# flood COMMAND TIMES LINES TEXT...: each time there is a reason for so many lines with each TEXT
# (extended regular expression); at most so many are written as the kernel lets through
flood() {
	command=$1 times=$2 reasons=$(($2 * $3))
	shift 3
	for text; do
		log_lines "$text"
	done >/run/said
	began=$(now_ms)
	for turn in $(seq "$times"); do
		$command "$turn"
	done
	took=$(($(now_ms) - began))
	# One interval may have begun before.
	most=$((LINES * (took / INTERVAL_MS + 2)))
	echo "$command: $times times in $took ms, $reasons reasons for a line, $most at most"
	expect_at_least "reasons for a line" $reasons $((most * 3 / 2))
	while read -r before; do
		said=$(($(log_lines "$1") - before))
		echo "'$1': $said lines"
		expect_at_least "lines with '$1'" "$said" $((LINES / 2))
		expect_at_most "lines with '$1'" "$said" $most
		shift
	done </run/said
}

poke_both() {
	for nsid in 2 3; do
		fault ns $nsid
		poke ns $NS_LBADS 1 "$1"
	done
}

disk_count() {
	[ "$(disks | wc -l)" = "$1" ]
}

run_test() {
	start_driver
	until_true 10 disk_count 3 || fail "disks: $(disks)"
	flood resize 120 1 ': nvme[0-9]+n1: now [0-9]+ blocks of 512 bytes' \
		'async event: namespaces have changed'
	flood replug 40 2 ': namespace removed' ': nvme[0-9]+n[23]: [0-9]+ blocks of 512 bytes'
	# Blocks that are not served: they get no disk, at each scan anew
	poke_both 13
	flood rescan 120 2 ': namespace [23] not served: '
	poke_both 9
	rescan
	expect_log 'callbacks suppressed'
	until_true 10 disk_count 3 || fail "disks: $(disks)"
	proved 1
	expect_resets 0
	expect_healthy
}

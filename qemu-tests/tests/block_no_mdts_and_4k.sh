# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a controller without a transfer limit; blocks of 512 and of 4096 bytes"
DEVICE=nomdts
TIMEOUT=45

run_test() {
	start_driver
	# shellcheck disable=SC2086 # two names
	set -- $NAMES
	expect_eq "number of namespaces" $# 2
	expect_eq "block size of $1" "$(cat "/sys/block/$1/queue/logical_block_size")" 512
	expect_eq "block size of $2" "$(cat "/sys/block/$2/queue/logical_block_size")" 4096
	for disk in "$@"; do
		io_run --device="/dev/$disk" --jobs=2 --depth=8 --count=60 --length=32M --split
	done
	expect_nothing_lost
	expect_resets 0
}

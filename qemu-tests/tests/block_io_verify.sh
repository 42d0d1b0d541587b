# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="random sizes, depths and buffers on two namespaces at once: every byte is right"
DEVICE=dual
TIMEOUT=60

run_test() {
	start_driver
	# shellcheck disable=SC2086 # two names
	set -- $NAMES
	expect_eq "number of namespaces" $# 2
	align=$(($(cat "/sys/block/$1/queue/dma_alignment") + 1))

	for depth in 1 4 32; do
		for disk in "$@"; do
			io --device="/dev/$disk" --jobs=2 --depth=$depth --count=60 --length=16M \
				--seed=$depth --split --align="$align" >"/run/$disk.out" &
			eval "pid_$disk=$!"
		done
		for disk in "$@"; do
			eval "io_pid=\$pid_$disk"
			wait "$io_pid" || fail "wrong data or errors on $disk, depth $depth"
			cat "/run/$disk.out"
		done
	done
	# One disk's data must not have landed on the other one.
	io_run --device="/dev/$1" --jobs=2 --depth=8 --count=100 --length=16M --max=128k --seed=9
	expect_nothing_lost
	expect_resets 0
}

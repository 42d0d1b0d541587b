# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="two disks share queues whose interrupts are lost: their polls meet and do no harm"
COVERS="A1 A4"
DEVICE=dual
TIMEOUT=45

run_test() {
	start_driver
	for vector in $(io_vectors); do
		msix "$BDF" break "$vector"
	done

	jobs=
	for disk in $NAMES; do
		io --device="/dev/$disk" --jobs=2 --depth=16 --count=16 --length=8M --max=16k \
			--no-check >"/run/$disk.out" &
		jobs="$jobs $!"
	done
	usleep 500000
	for disk in $NAMES; do
		[ ! -s "/run/$disk.out" ] || fail "$disk answered: the fault did not fire"
	done
	# shellcheck disable=SC2086 # a list
	wait $jobs

	for disk in $NAMES; do
		cp "/run/$disk.out" /run/io.out
		io_result
		expect_good_io
		expect_at_least "time on $disk, ms" "$io_longest_ms" "$TIMEOUT_MS"
	done
	expect_lost 2
	expect_resets 0
}

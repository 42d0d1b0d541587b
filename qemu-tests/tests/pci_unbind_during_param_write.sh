# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="lost_irq_ms is written while the device is unbound: both writers return"
DRIVERS=nvmepp
TIMEOUT=120

ROUNDS=12
PARAMETER=/sys/module/nvmepp/parameters/lost_irq_ms

# write_in_background FILE VALUE RESULT: writes it; RESULT exists when the write has returned
write_in_background() {
	rm -f "$3"
	(
		echo "$2" >"$1"
		echo 1 >"$3"
	) 3>&- &
}

run_test() {
	start_driver
	for round in $(seq $ROUNDS); do
		counters_base=
		write_in_background "/sys/bus/pci/drivers/nvmepp/unbind" "$BDF" /run/unbound
		usleep $((round * 2000))
		write_in_background $PARAMETER $((100 + round)) /run/written
		until_true 10 test -s /run/unbound || fail "round $round: the unbind does not return"
		until_true 10 test -s /run/written || fail "round $round: the parameter's writer hangs"
		expect_eq "lost_irq_ms" "$(cat $PARAMETER)" $((100 + round))
		bind_device
		find_disks
	done
	expect_healthy
}

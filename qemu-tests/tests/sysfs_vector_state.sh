# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="debugfs shows registers and vectors as the device has them: masked, broken, and restored"
DRIVERS=nvmepp
TIMEOUT=30

# The queue's line, from its control word on
shown() {
	sed -n "s/^$queue $vector [^ ]* [^ ]* //p" "/sys/kernel/debug/nvmepp/$CONTROLLER/vectors"
}

run_test() {
	# A watchdog would restore what is broken here.
	start_driver lost_irq_action=off
	queue=$(queue_of_cpu 0)
	vector=$(vector_of_queue "$queue")
	expect_eq "the vector" "$(shown)" "00000000 no yes"
	msix "$BDF" mask "$vector"
	expect_eq "the vector, masked" "$(shown)" "00000001 no no"
	msix "$BDF" unmask "$vector"
	expect_eq "the vector, open again" "$(shown)" "00000000 no yes"
	msix "$BDF" break "$vector"
	expect_eq "the vector with another message" "$(shown)" "00000000 no no"
	msix "$BDF" restore "$vector"
	for register in cap:0 vs:8 cc:0x14 csts:0x1c; do
		expect_eq "the register $register" "$(sed -n "s/^${register%:*} 0x\(0*[0-9a-f]*\)\$/\1/p" \
			"/sys/kernel/debug/nvmepp/$CONTROLLER/registers" | tail -c 9)" \
			"$(bar "$BDF" read "${register#*:}" | sed 's/^0x//')"
	done
	for file in vectors registers; do
		expect_eq "the mode of $file" "$(stat -c %a "/sys/kernel/debug/nvmepp/$CONTROLLER/$file")" 400
	done
	expect_resets 0
	expect_nothing_lost
}

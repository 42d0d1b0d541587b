# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="the admin queue's interrupt is lost: a poll completes the command, nothing is reset"
COVERS="C7 C10"
TIMEOUT=30

run_test() {
	start_driver
	vector=$(vector_of_queue admin)
	admin_command || fail "Identify fails on a healthy device"
	seen=$(interrupts_seen admin)

	msix "$BDF" break "$vector"
	started=$(now_ms)
	admin_command &
	identify=$!
	usleep 500000
	expect_vector "$vector" address 00000000:00000000
	wait $identify || fail "Identify was given up"
	taken=$(($(now_ms) - started))
	took_ms $taken
	expect_eq "admin interrupts while the vector was broken" "$(interrupts_seen admin)" "$seen"
	msix "$BDF" restore "$vector"

	expect_at_least "the command's time, ms" $taken "$TIMEOUT_MS"
	expect_at_most "the command's time, ms" $taken 6000
	expect_lost 1
	expect_resets 0
	started=$(now_ms)
	admin_command || fail "Identify fails after the fault"
	expect_at_most "time of a healthy command, ms" $(($(now_ms) - started)) 1000
	expect_healthy
}

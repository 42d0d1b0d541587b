# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a controller that refuses the list of active namespaces (Identify, CNS 02h): they are asked for one by one"
PROFILE=faults
DEVICE=dual
TIMEOUT=120

# shellcheck source=../guest/persona.sh
. /lib/persona.sh

run_test() {
	load_without_device
	persona cns2-refused refuses_list 5
	served
	until_true 10 has_both || fail "disks: $(disks)"
	expect_hits_at_least cmd-error 1
	DISK=${DISK%1}2
	io_run --jobs=2 --depth=8 --count=40 --length=4M --max=256k --seed=4
	before=$(fault_hits cmd-error)
	reset_until_live 15
	until_true 5 has_both || fail "disks after a reset: $(disks)"
	usleep 500000
	has_both || fail "disks some time after a reset: $(disks)"
	expect_hits_at_least cmd-error $((before + 1))
	DISK=${DISK%2}1
	io_run --jobs=2 --depth=8 --count=40 --length=4M --max=256k --seed=5
	persona_over
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="Write Zeroes and Deallocate do it where they should, and nowhere else"
TIMEOUT=30

# region VERB COMMAND: does it to the middle third of 3 MiB of known data
region() {
	range "$DISK" fill 0 3M 5 || fail "cannot write"
	commands=$(trace_count "$2")
	writes=$(trace_count "NVME_NVM_CMD_WRITE'")
	range "$DISK" "$1" 1M 1M || fail "$1 failed"
	expect_at_least "$2 commands" $(($(trace_count "$2") - commands)) 1
	expect_eq "writes" $(($(trace_count "NVME_NVM_CMD_WRITE'") - writes)) 0

	range "$DISK" check 0 1M 5 || fail "data before the range changed"
	range "$DISK" is-zero 1M 1M || fail "the range is not zero"
	range "$DISK" check 2M 1M 5 || fail "data after the range changed"
}

run_test() {
	start_driver
	trace pci_nvme_write
	trace pci_nvme_dsm_deallocate
	region zero NVME_NVM_CMD_WRITE_ZEROES
	region discard pci_nvme_dsm_deallocate
	expect_nothing_lost
	expect_resets 0
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="I/O that is not whole blocks once a Format has made blocks larger fails; it is not sent in wrong units"
PROFILE=pair
DEVICE=managed
DRIVERS=nvmepp
TIMEOUT=100

# shellcheck source=../guest/ioctls.sh
. /lib/ioctls.sh

ROUNDS=4
EIO=5

served_more() {
	[ "$(served)" -gt $((before + 64)) ]
}

# waits_across_format KIND BYTES: requests of so many bytes are always on their way while blocks
# of 512 bytes become blocks of 4096. Those that waited for the Format fail. What is submitted later
# is refused by the kernel itself (EINVAL), so only EIO proves that a request has waited.
waits_across_format() {
	load "$DISK" "$1" "$2" 32 100000000 >/run/load.out 2>&1 3>&- &
	loader=$!
	before=$(served)
	until_true 10 served_more || fail "no load: $(cat /run/load.out)"
	status 0 "$CONTROLLER" admin opcode=0x80 nsid=1 cdw10=4
	wait "$loader"
	cat /run/load.out
	if grep -q "ended with -$EIO\$" /run/load.out; then
		waited=$((waited + 1))
	fi
}

# No write of 9 sectors may have become one of a single block of 4096 bytes, none of one sector one
# of 65536 blocks (0 blocks, as a 0's based count).
expect_right_units() {
	expect_eq "writes of one large block" "$(trace_count 'nlb 1 count 4096 ')" 0
	expect_eq "commands of 65536 blocks" "$(trace_count 'nlb 65536 ')" 0
	expect_eq "transfers that the device refuses" "$(trace_count pci_nvme_err_mdts)" 0
}

run_test() {
	start_driver
	trace pci_nvme_write
	trace pci_nvme_err_mdts
	waited=0
	for _ in $(seq $ROUNDS); do
		waits_across_format write 512
		status 0 "$CONTROLLER" admin opcode=0x80 nsid=1 cdw10=0
		waits_across_format write 4608
		status 0 "$CONTROLLER" admin opcode=0x80 nsid=1 cdw10=0
		expect_right_units
	done
	expect_at_least "Formats that requests waited for" "$waited" 2
	expect_resets 0
	expect_healthy
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="blocks change their size while I/O waits: it is sent in the new ones, none leaves its buffer"
PROFILE=pair
DEVICE=managed
DRIVERS=nvmepp
TIMEOUT=60

# shellcheck source=../guest/ioctls.sh
. /lib/ioctls.sh

FORMATS=10

served_more() {
	[ "$(served)" -gt $((before + 64)) ]
}

# format INDEX BYTES: I/O that has waited for it goes on with blocks of this size
format() {
	before=$(served)
	status 0 "$CONTROLLER" admin opcode=0x80 nsid=1 cdw10="$1"
	until_true 10 served_more || fail "nothing is served with blocks of $2 bytes"
	expect_eq "bytes a block" "$(cat "/sys/block/${DISK#/dev/}/queue/logical_block_size")" "$2"
}

# Requests of whole blocks, whichever; 32 are always on their way. It ends with the first that fails.
start_load() {
	load "$DISK" mixed 4k 32 100000000 >/run/load.out 2>&1 3>&- &
	loader=$!
	before=$(served)
	until_true 10 served_more || fail "no load: $(cat /run/load.out)"
}

end_load() {
	kill "$loader" 2>/dev/null
	wait "$loader" 2>/dev/null
	expect_eq "what the load has to say" "$(cat /run/load.out)" ""
}

run_test() {
	start_driver
	start_load
	for _ in $(seq $FORMATS); do
		format 4 4096
		format 0 512
	done
	end_load
	expect_resets 0
	expect_healthy
}

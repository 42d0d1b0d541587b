# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a user's Read that turns into a Write after it was judged writes nothing, by ioctl and by ring"
DRIVERS=nvmepp
NEEDS="CONFIG_IO_URING"
TIMEOUT=60

said() {
	tr ' ' '\n' </run/change | sed -n "s/^$1=//p"
}

run_test() {
	start_driver
	node=/dev/ng${DISK#/dev/nvme}
	chmod 644 "$node"
	dd if=/dev/urandom of=/run/pattern bs=64k count=1 2>/dev/null
	dd if=/run/pattern of="$DISK" bs=64k count=1 oflag=direct 2>/dev/null

	change "$node" $((4000 * SLOWNESS)) 1000 >/run/change 2>&1 || fail "$(cat /run/change)"
	cat /run/change
	for by in ioctl ring; do
		# Both were seen, so commands did change while they were on their way.
		expect_at_least "reads by $by" "$(said ${by}_done)" 100
		expect_at_least "writes by $by, refused" "$(said ${by}_refused)" 100
	done
	dd if="$DISK" of=/run/disk bs=64k count=1 iflag=direct 2>/dev/null
	cmp /run/pattern /run/disk || fail "a command for reading has changed the disk"
	expect_resets 0
	expect_nothing_lost
	expect_healthy
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="over and over unbound and bound with I/O between: nothing is left over"
TIMEOUT=180

# shellcheck source=../guest/leaks.sh
. /lib/leaks.sh

cycle() {
	io_run --jobs=2 --depth=4 --count=8 --length=4M --max=64k
	unbind_device
	[ -z "$(disks)" ] || fail "an unbound device still has $(disks)"
	bind_device
	find_disks
}

run_test() {
	start_driver
	repeat_and_weigh 50 cycle
}

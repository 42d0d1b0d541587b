# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="over and over loaded and removed with I/O between: nothing is left over"
TIMEOUT=180

# shellcheck source=../guest/leaks.sh
. /lib/leaks.sh

cycle() {
	start_driver
	io_run --jobs=2 --depth=4 --count=8 --length=4M --max=64k
	stop_driver
}

run_test() {
	repeat_and_weigh 50 cycle
}

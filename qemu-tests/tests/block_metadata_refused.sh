# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a namespace with metadata is refused with a clear line, its neighbour is served"
DEVICE=metadata
DRIVERS=nvmepp
TIMEOUT=30

run_test() {
	start_driver
	expect_eq "disks" "$NAMES" "${CONTROLLER}n2"
	expect_log "nvmepp $BDF: .*namespace 1.*metadata"
	io_run --depth=8 --count=100 --length=16M --max=128k
}

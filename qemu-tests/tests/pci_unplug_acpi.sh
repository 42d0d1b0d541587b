# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="unplugged by ACPI during I/O: errors and no hang; plugged in again it works"
COVERS="C5"
DEVICE=hot
TIMEOUT=60

# shellcheck source=../guest/hotplug.sh
. /lib/hotplug.sh

run_test() {
	unplug_during_io
	plug_in_again
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="unplugged by the slot itself (native PCIe hot plug) during I/O"
COVERS="C5"
PROFILE=pciehp
DEVICE=hot
NEEDS=!CONFIG_PROVE_LOCKING
TIMEOUT=60

# Lockdep has its own quarrel with 6.1's pciehp, whatever the driver: pciehp_unconfigure_device()
# takes pci_rescan_remove_lock and the slot's reset_lock in both orders.
# shellcheck source=../guest/hotplug.sh
. /lib/hotplug.sh

run_test() {
	unplug_during_io
	plug_in_again
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# qemu-tests/run --shell: instead of tests, a shell on the console, with the kernel's own driver loaded
# and $BDF the device with faults. It ends the machine.

insmod /modules/nvme-core.ko io_timeout=2 admin_timeout=2
insmod /modules/nvme.ko
for function in /sys/bus/pci/devices/*; do
	[ "$(cat "$function/class")" != 0x010802 ] || BDF=$(basename "$function")
done
export BDF
until [ -b /dev/nvme0n1 ]; do usleep 100000; done
echo "Linux $(uname -r), the kernel's own nvme driver with io_timeout=2; /dev/nvme0n1 is at $BDF."
echo "Lose the next interrupt: bar \$BDF write 0xf00 1. Other faults: qemu-tests/device/README.md."
dmesg -n 7
setsid cttyhack sh -i
poweroff -f

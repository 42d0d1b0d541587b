# SPDX-License-Identifier: GPL-2.0
# What the tests' machines have (lib/machine.py), and no more: half of QEMU is devices.
CONFIG_Q35=y
CONFIG_SERIAL_ISA=y
CONFIG_PCIE_PORT=y
CONFIG_NVME_PCI=y
CONFIG_IVSHMEM_DEVICE=y

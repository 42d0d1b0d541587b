# SPDX-License-Identifier: GPL-2.0
"""Runs tests of an NVMe driver inside QEMU guests."""

# SPDX-License-Identifier: GPL-2.0
"""Which QEMU a machine runs on: the installed one, or that with faults."""

import functools
import shutil
import subprocess

from .arch import native
from .paths import DEVICE_SCRIPT, SetupError

# As scripts/qemu-device ends where there is nothing to build it from.
NO_SOURCE = 3

# The one with faults is built without firmware.
FIRMWARE = ["-L", "/usr/share/qemu", "-L", "/usr/share/seabios"]

# 2 MiB: where QEMU has a limit.
LARGEST_MDTS = 9


class NoSource(SetupError):
    """Nothing is wrong, but there is none."""


@functools.cache
def _with_faults():
    run = subprocess.run([DEVICE_SCRIPT], stdout=subprocess.PIPE, text=True, check=False)
    if run.returncode == NO_SOURCE:
        raise NoSource("there is no QEMU with faults, and no source to build it from")
    if run.returncode:
        raise SetupError("scripts/qemu-device failed")
    return run.stdout.strip()


def has_faults(arch):
    """Whether there is one with faults for guests of this architecture."""
    return arch == native()


def program(faults, arch):
    """How the command line begins; that with faults is built when it is not there."""
    if faults:
        return [_with_faults(), *FIRMWARE]
    installed = shutil.which(arch.qemu)
    if not installed:
        raise SetupError(f"{arch.qemu} is missing: apt-get install {arch.package}")
    return [installed]


def lacking(arch):
    """Why there is no device with faults on demand; nothing if there is one."""
    try:
        program(True, arch)
    except NoSource as error:
        return str(error)
    return ""


@functools.cache
def possible_mdts(faults, arch, wanted):
    """This MDTS, or the largest that the device takes: newer QEMU (Debian 13's 10.0) refuses 0,
    which is no limit, and what can be more pieces of memory than IOV_MAX.
    """
    run = subprocess.run(
        [*program(faults, arch), *arch.machine, "-nodefaults", "-display", "none", "-S",
         "-device", f"nvme,serial=x,mdts={wanted}", "-monitor", "stdio"],
        input="quit\n", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if run.returncode and "mdts" not in run.stdout:
        raise SetupError(f"{arch.qemu} does not start: {run.stdout.strip()}")
    return LARGEST_MDTS if run.returncode else wanted

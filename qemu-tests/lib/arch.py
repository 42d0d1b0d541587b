# SPDX-License-Identifier: GPL-2.0
"""What differs between the architectures of guests, and programs for one that is not this
machine's.
"""

import functools
import platform
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .paths import TOOL_ROOT_SCRIPT, SetupError

# The release of Debian whose programs a guest of another architecture has.
FOREIGN_SUITE = "bookworm"
FOREIGN_COMPILER = "gcc-12"
PROGRAM_PATH = "/usr/sbin:/sbin:/usr/bin:/bin"


@dataclass(frozen=True)
class Arch:
    """An architecture, by Debian's name."""
    name: str
    triplet: str
    qemu: str               # the program, and the package that has it
    package: str
    machine: tuple          # QEMU's machine and CPU
    console: str            # the serial line on which the kernel talks
    control: str            # and that on which the guest talks to us
    control_options: tuple  # QEMU's options for that line, besides its chardev "control"
    modules: tuple = ()     # of the kernel, that its machine needs

    @property
    def own(self):
        """Whether this machine runs its programs."""
        return platform.machine() == self.triplet.split("-", maxsplit=1)[0]


ARCHES = {arch.name: arch for arch in (
    Arch("amd64", "x86_64-linux-gnu", "qemu-system-x86_64", "qemu-system-x86",
         ("-machine", "q35", "-cpu", "max"), "ttyS0", "ttyS1", ("-serial", "chardev:control")),
    # A Neoverse N1 (Graviton 2, Ampere Altra) has pages of 4, 16 and 64 KiB; pointer
    # authentication, which "max" has, takes most of an emulated CPU's time. The machine has one
    # serial line; the other is a PCI device.
    Arch("arm64", "aarch64-linux-gnu", "qemu-system-aarch64", "qemu-system-arm",
         ("-machine", "virt,gic-version=3", "-cpu", "neoverse-n1"), "ttyAMA0", "ttyS0",
         ("-device", "pci-serial,chardev=control,bus=pcie.0,addr=1e.0"),
         modules=("virtio_pci", "virtio_iommu")),
)}


def native():
    """The architecture of this machine."""
    for arch in ARCHES.values():
        if arch.own:
            return arch
    raise SetupError(f"this machine is {platform.machine()}; accepted are "
                     + ", ".join(arch.triplet.split("-")[0] for arch in ARCHES.values()))


@functools.cache
def _foreign_root(arch):
    """A folder with programs of another architecture, and a compiler for it that runs here."""
    suffix = arch.triplet.replace("_", "-")
    run = subprocess.run([
        TOOL_ROOT_SCRIPT, FOREIGN_SUITE, f"{FOREIGN_COMPILER}-{suffix}",
        f"libc6-dev-{arch.name}-cross", f"busybox-static:{arch.name}", f"e2fsprogs:{arch.name}"],
        stdout=subprocess.PIPE, text=True, check=False)
    if run.returncode:
        raise SetupError(f"there are no programs for {arch.name}")
    return Path(run.stdout.strip())


def _root(arch):
    return Path("/") if arch.own else _foreign_root(arch)


def compiler(arch):
    """The command of a C compiler, which can make static programs."""
    if arch.own:
        return ["gcc"]
    return [TOOL_ROOT_SCRIPT, "--run", _foreign_root(arch), f"{arch.triplet}-{FOREIGN_COMPILER}"]


def program(arch, name, package):
    """The path of a program for this architecture."""
    root = _root(arch)
    path = shutil.which(name, path=":".join(f"{root}{part}" for part in PROGRAM_PATH.split(":")))
    if not path:
        raise SetupError(f"{name} is missing: apt-get install {package}")
    return Path(path)


def _dynamic(path):
    """The names of the libraries that an ELF file wants, and of its loader."""
    said = subprocess.run(["readelf", "-dlW", path], stdout=subprocess.PIPE, text=True,
                          check=True).stdout
    return (re.findall(r"\(NEEDED\).*\[(.*)\]", said),
            re.findall(r"Requesting program interpreter: (.*)\]", said))


def _library(arch, name):
    root = _root(arch)
    for folder in (f"lib/{arch.triplet}", f"usr/lib/{arch.triplet}", "lib64", "usr/lib64",
                   "lib", "usr/lib"):
        path = root / folder / name
        if path.exists():
            return path
    raise SetupError(f"the library {name} for {arch.name} is missing")


def with_libraries(arch, path):
    """What a dynamically linked program needs besides itself: where it looks for it -> file. The
    loader must be where the program names it, libraries are found in /lib.
    """
    found, wanted = {}, [Path(path)]
    loaders = _dynamic(path)[1]
    for loader in loaders:
        found[loader.strip("/")] = _library(arch, Path(loader).name)
    while wanted:
        for name in _dynamic(wanted.pop())[0]:
            if name not in [Path(loader).name for loader in loaders] and f"lib/{name}" not in found:
                found[f"lib/{name}"] = _library(arch, name)
                wanted.append(found[f"lib/{name}"])
    return found

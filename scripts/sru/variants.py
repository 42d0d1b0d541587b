# SPDX-License-Identifier: GPL-2.0
"""Variants of the in-tree driver: the distribution's pci.c, changed or not, built as nvme.ko."""

import hashlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from fixes import take_out
from patches import series

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "qemu-tests"))
# pylint: disable=wrong-import-position
from lib import kbuild  # noqa: E402
from lib.paths import cache  # noqa: E402

HOST = "drivers/nvme/host"
# Only nvme.ko is built: nvme-core.ko stays the distribution's own binary.
ONLY_NVME = [f"CONFIG_NVME_{name}=" for name in ("CORE", "FABRICS", "RDMA", "FC", "TCP", "APPLE")]


@dataclass
class Kernel:
    """A distribution's kernel, as sru/kernel prints it."""
    release: str
    version: str
    headers: Path
    boot: Path
    source: Path

    @classmethod
    def find(cls, name):
        """The kernel, or None if the archives do not have it; what is missing has been said."""
        done = subprocess.run([Path(__file__).parent / "kernel", name], stdout=subprocess.PIPE,
                              text=True, check=False)
        if done.returncode == 3:
            return None
        done.check_returncode()
        told = dict(line.split(" ", 1) for line in done.stdout.splitlines())
        return cls(told["release"], told["version"], *(
            Path(told[key]) for key in ("headers", "boot", "source")))

    @property
    def pci_c(self):
        """The text of the in-tree driver's file."""
        return Path(self.source, HOST, "pci.c").read_text(encoding="utf-8")


def changed(text, variant):
    """A variant of a pci.c: "in-tree", "healing", or "without-FIX"."""
    if variant == "in-tree":
        return text
    if variant == "healing":
        return series(text)[-1][2]
    return take_out(text, variant.removeprefix("without-"))


def build(kernel, variant):
    """The nvme.ko of a variant, from the cache where it is there; beside it lie its pci.c and the
    command that built it. SetupError if it does not build."""
    text = changed(kernel.pci_c, variant)
    key = hashlib.sha256("\0".join([kernel.version, kbuild.compiler(kernel.headers), text])
                         .encode()).hexdigest()[:12]
    done = cache("sru", "modules") / f"{kernel.release}-{variant}-{key}"
    if (done / "nvme.ko").exists():
        return done / "nvme.ko"
    work = done.with_name(f".{done.name}")
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(Path(kernel.source, HOST), work)
    (work / "pci.c").write_text(text, encoding="utf-8")
    command = kbuild.make(kernel.headers, work, *ONLY_NVME)
    subprocess.run(["strip", "-g", work / "nvme.ko"], check=True)
    shutil.rmtree(done, ignore_errors=True)
    done.mkdir()
    (done / "command").write_text(f"{command}\n", encoding="utf-8")
    (work / "pci.c").replace(done / "pci.c")
    (work / "nvme.ko").replace(done / "nvme.ko")
    shutil.rmtree(work)
    return done / "nvme.ko"

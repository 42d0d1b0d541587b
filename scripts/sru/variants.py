# SPDX-License-Identifier: GPL-2.0
"""Variants of the in-tree driver: the distribution's pci.c, changed or not, built as nvme.ko."""

import hashlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from fixes import take_out
from patches import HEALING_WITHOUT, series

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "qemu-tests"))
# pylint: disable=wrong-import-position
from lib import kbuild  # noqa: E402
from lib.paths import SetupError, cache  # noqa: E402

HOST = "drivers/nvme/host"
# Only nvme.ko is built: nvme-core.ko stays the distribution's own binary.
ONLY_NVME = [f"CONFIG_NVME_{name}=" for name in ("CORE", "FABRICS", "RDMA", "FC", "TCP", "APPLE")]


@dataclass
class Kernel:
    """A distribution's kernel, as sru/kernel prints it."""
    release: str
    version: str
    headers: Path
    source: Path
    boot: Path

    @classmethod
    def find(cls, name, *options):
        """The kernel, or None if the archives do not have it; what is missing has been said.
        With "--source" it has no boot."""
        done = subprocess.run([Path(__file__).parent / "kernel", *options, name],
                              stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode == 3:
            return None
        if done.returncode:
            raise SetupError(f"scripts/sru/kernel {name} failed")
        facts = dict(line.split(" ", 1) for line in done.stdout.splitlines())
        return cls(facts["release"], facts["version"], Path(facts["headers"]),
                   Path(facts["source"]), Path(facts.get("boot", "")))

    @property
    def pci_c(self):
        """The text of the in-tree driver's file."""
        return Path(self.source, HOST, "pci.c").read_text(encoding="utf-8")


def changed(text, variant):
    """A variant of a pci.c: "in-tree", "healing", "healing-without-SOMETHING", or "without-FIX"."""
    if variant == "in-tree":
        return text
    if variant.startswith("healing"):
        healing = series(text)[-1][2]
        without = variant.removeprefix("healing").removeprefix("-without-")
        return HEALING_WITHOUT[without].apply(healing) if without else healing
    return take_out(text, variant.removeprefix("without-"))


def _folder(kernel, variant, text):
    key = hashlib.sha256("\0".join([kernel.version, str(kernel.headers), text]).encode())
    return cache("sru", "modules") / f"{kernel.release}-{variant}-{key.hexdigest()[:12]}"


def build(kernel, variant):
    """The nvme.ko of a variant, from the cache where it is there; beside it lie its pci.c and the
    command that built it. SetupError if it does not build."""
    text = changed(kernel.pci_c, variant)
    done = _folder(kernel, variant, text)
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
    (done / "command").write_text(command.replace(str(work), "FOLDER"), encoding="utf-8")
    (work / "pci.c").replace(done / "pci.c")
    (work / "nvme.ko").replace(done / "nvme.ko")
    shutil.rmtree(work)
    return done / "nvme.ko"


def build_command(kernel, variant):
    """How it was built, FOLDER being a copy of drivers/nvme/host; empty if it was not."""
    if not variant:
        return ""
    path = _folder(kernel, variant, changed(kernel.pci_c, variant)) / "command"
    return path.read_text(encoding="utf-8") if path.exists() else ""

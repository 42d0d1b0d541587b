# SPDX-License-Identifier: GPL-2.0
"""Kernel modules other than nvmepp's: the helpers of qemu-tests/kmod, and variants of the in-tree
driver."""

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

from .paths import HEADERS_SCRIPT, KMOD, SetupError, cache


def headers(kernel):
    """The build tree of a kernel: its own, or what scripts/kernel-headers knows by its release."""
    own = Path(kernel.directory, "lib", "modules", kernel.release, "build")
    if (own / "Makefile").exists():
        return own
    run = subprocess.run([HEADERS_SCRIPT, kernel.release], stdout=subprocess.PIPE, text=True,
                         check=False)
    if run.returncode:
        raise SetupError(f"scripts/kernel-headers {kernel.release} failed")
    return Path(run.stdout.strip())


def compiler(tree):
    """The compiler that the kernel was built with, or gcc where that is not installed."""
    text = Path(tree, "include/config/auto.conf").read_text(encoding="utf-8")
    own = re.search(r'^CONFIG_CC_VERSION_TEXT="?([^ "]*)', text, re.M)
    return own[1] if own and shutil.which(own[1]) else "gcc"


def make(tree, folder, *variables):
    """Builds the modules in a folder; returns the command. SetupError has what kbuild said."""
    command = ["make", "-s", "-C", str(tree), f"M={folder}", f"CC={compiler(tree)}", *variables,
               "modules"]
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                         check=False)
    if run.returncode:
        raise SetupError(f"{' '.join(command)}\n{run.stdout}")
    return " ".join(command)


def helper(kernel, name):
    """The path of kmod/NAME.c built for this kernel, from the cache where it is there."""
    source = KMOD / f"{name}.c"
    tree = headers(kernel)
    key = hashlib.sha256(source.read_bytes() + str(tree).encode()).hexdigest()[:12]
    folder = cache("kmod") / f"{kernel.release}-{name}-{key}"
    if not (folder / f"{name}.ko").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        shutil.copy(source, folder)
        (folder / "Kbuild").write_text(f"obj-m := {name}.o\n", encoding="utf-8")
        make(tree, folder, "W=1")
    return folder / f"{name}.ko"

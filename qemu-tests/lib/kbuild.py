# SPDX-License-Identifier: GPL-2.0
"""Kernel modules other than nvmepp's: the helpers of qemu-tests/kmod, and variants of the in-tree
driver."""

import hashlib
import shutil
import subprocess
from pathlib import Path

from .paths import HEADERS_SCRIPT, KMOD, MAKE_SCRIPT, SetupError, cache, made_whole


def headers(kernel):
    """The build tree of a kernel: its own, or what scripts/kernel-headers knows by its name."""
    own = Path(kernel.directory, "lib", "modules", kernel.release, "build")
    if (own / "Makefile").exists():
        return own
    run = subprocess.run([HEADERS_SCRIPT, kernel.name], stdout=subprocess.PIPE, text=True,
                         check=False)
    if run.returncode:
        raise SetupError(f"scripts/kernel-headers {kernel.name} failed")
    return Path(run.stdout.strip())


def make(tree, folder, *variables):
    """Builds the modules in a folder of the cache, with the kernel's own compiler; returns the
    command. SetupError has what kbuild said."""
    command = [str(MAKE_SCRIPT), str(tree), "-s", f"M={folder}", *variables, "modules"]
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                         check=False)
    if run.returncode:
        raise SetupError(f"{' '.join(command)}\n{run.stdout}")
    return " ".join(command)


def helper(kernel, name, tree=None):
    """The path of kmod/NAME.c built for this kernel, from the cache where it is there."""
    source = KMOD / f"{name}.c"
    tree = tree or headers(kernel)
    key = hashlib.sha256(source.read_bytes() + str(tree).encode()).hexdigest()[:12]
    module = cache(f"kmod/{kernel.release}-{name}-{key}") / f"{name}.ko"
    if not module.exists():
        with made_whole(module) as new:
            shutil.copy(source, new.parent)
            (new.parent / "Kbuild").write_text(f"obj-m := {name}.o\n", encoding="utf-8")
            make(tree, new.parent, "W=1")
    return module

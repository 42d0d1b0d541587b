# SPDX-License-Identifier: GPL-2.0
"""Where things are: the repository, the guest's sources, the cache."""

import contextlib
import os
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
QEMU_TESTS = REPOSITORY / "qemu-tests"
GUEST = QEMU_TESTS / "guest"
TESTS = QEMU_TESTS / "tests"
KMOD = QEMU_TESTS / "kmod"
MODULE = REPOSITORY / "nvmepp.ko"
BIND_SCRIPTS = [REPOSITORY / "scripts" / "bind", REPOSITORY / "scripts" / "boot" / "bind-at-boot"]
DEVICE_SCRIPT = REPOSITORY / "scripts" / "qemu-device"
USERLAND_SCRIPT = QEMU_TESTS / "userland" / "build"
JOBS = QEMU_TESTS / "jobs"
JOB_IMAGE_SCRIPT = JOBS / "image" / "make"
HEADERS_SCRIPT = REPOSITORY / "scripts" / "kernel-headers"
MAKE_SCRIPT = REPOSITORY / "scripts" / "kernel-make"
KERNEL_SCRIPT = REPOSITORY / "scripts" / "vm-kernel"
TOOL_ROOT_SCRIPT = REPOSITORY / "scripts" / "tool-root"


class SetupError(Exception):
    """Something outside the tests is missing; the message says what, and what to do."""


def cache(*parts):
    """A directory of the cache, made when it is not there."""
    base = os.environ.get("NVMEPP_CACHE")
    if not base:
        home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
        base = os.path.join(home, "nvmepp")
    path = Path(base, *parts)
    path.mkdir(parents=True, exist_ok=True)
    return path


@contextlib.contextmanager
def made_whole(path):
    """A path to make a file at; it becomes `path` when the block ends well.

    Guests boot in threads, and several runs share the cache: whoever finds the file missing makes
    it in a folder of his own, and the last one's stays.
    """
    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
        new = Path(folder, path.name)
        yield new
        new.replace(path)

# SPDX-License-Identifier: GPL-2.0
"""The guest's whole file system: an initramfs, written without help of other programs."""

import hashlib
import os
import stat
import subprocess
from pathlib import Path

from . import arch as arches
from .paths import BIND_SCRIPTS, GUEST, MODULE, TESTS, SetupError, cache, made_whole

# Each guest program and the files that it is made of.
TOOLS = {
    "bar": ["bar.c", "pci.c", "tool.c"],
    "change": ["change.c", "ring.c", "tool.c"],
    "config": ["config.c", "pci.c", "tool.c"],
    "counted": ["counted.c", "tool.c"],
    "fuzz": ["fuzz.c", "fuzz_calls.c", "fuzz_judge.c", "fuzz_memory.c", "fuzz_send.c", "compat.c",
             "ring.c", "tool.c"],
    "readline": ["readline.c", "tool.c"],
    "identify": ["identify.c", "tool.c"],
    "io": ["io.c", "io_job.c", "io_map.c", "io_buffer.c", "late.c", "pattern.c", "ring.c",
           "tool.c"],
    "ioapic": ["ioapic.c", "tool.c"],
    "ioctl": ["ioctl.c", "compat.c", "ring.c", "tool.c"],
    "kexec": ["kexec.c", "tool.c"],
    "load": ["load.c", "ring.c", "tool.c"],
    "lose": ["lose.c", "msix_table.c", "pci.c", "tool.c"],
    "msix": ["msix.c", "msix_table.c", "pci.c", "tool.c"],
    "pr": ["pr.c", "tool.c"],
    "raid": ["raid.c", "tool.c"],
    "range": ["range.c", "pattern.c", "tool.c"],
    "reread": ["reread.c", "tool.c"],
    "stuck": ["stuck.c", "ring.c", "tool.c"],
    "thrash": ["thrash.c", "tool.c"],
}
COMPILE_OPTIONS = ["-static", "-O2", "-s", "-std=gnu11", "-Wall", "-Wextra", "-Werror"]

REFERENCE_MODULES = ["nvme-core", "nvme"]
EXT4_MODULES = ["crc32c_generic", "ext4"]
RAID_MODULES = ["raid1"]
NULL_MODULES = ["null_blk"]
FILE_SYSTEM_PROGRAMS = ["mke2fs", "e2fsck"]
DIRECTORIES = ["bin", "sbin", "dev", "proc", "sys", "run", "tmp", "mnt", "lib", "lib64",
               "modules", "tests", "tools"]


class Archive:
    """A cpio archive of the "newc" kind, held in memory."""

    def __init__(self):
        self._parts = []
        self._inode = 0

    def _entry(self, name, mode, data=b""):
        self._inode += 1
        fields = [self._inode, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0]
        head = b"070701" + b"".join(b"%08x" % field for field in fields) + name.encode() + b"\0"
        for part in (head, data):
            self._parts.append(part + b"\0" * (-len(part) % 4))

    def directory(self, name):
        """Adds an empty directory."""
        self._entry(name, stat.S_IFDIR | 0o755)

    def file(self, name, data, mode=0o755):
        """Adds a file."""
        self._entry(name, stat.S_IFREG | mode, data)

    def content(self):
        """The finished archive."""
        self._entry("TRAILER!!!", 0)
        return b"".join(self._parts)


def _digest(*parts):
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def tool(name, arch):
    """The path of a guest program; compiled only when one of its sources has changed."""
    sources = [GUEST / file for file in TOOLS[name]]
    headers = sorted(GUEST.glob("*.h"))
    inputs = [path.read_bytes() for path in sources + headers]
    words = " ".join([arch.name, *COMPILE_OPTIONS]).encode()
    program = cache("guest-tools") / f"{name}-{_digest(words, *inputs)}"
    if not program.exists():
        with made_whole(program) as new:
            subprocess.run([*arches.compiler(arch), *COMPILE_OPTIONS, "-o", new, *sources],
                           check=True)
    return program


def _program(name, arch):
    """A dynamically linked program and its libraries: path -> bytes."""
    path = arches.program(arch, name, "e2fsprogs")
    files = {"tools/" + name: path} | arches.with_libraries(arch, path)
    return {where: file.read_bytes() for where, file in files.items()}


def _module_file(name):
    return f"{name.replace('_', '-')}.ko"


def _modules(kernel, driver_module):
    """Files below /modules: modules, and for each set the order in which to load it."""
    drivers = kernel.modules([*kernel.arch.modules, *REFERENCE_MODULES], driver_module)
    sets = {
        "drivers": [name for name, _ in drivers if name not in ("nvme_core", "nvme")],
        "ext4": [name for name, _ in kernel.modules(EXT4_MODULES)],
        "md": [name for name, _ in kernel.modules(RAID_MODULES)],
        # the last of them takes options
        "null": [name for name, _ in kernel.modules(NULL_MODULES)[:-1]],
    }
    files = {f"modules/{_module_file(name)}": data
             for name, data in drivers + kernel.modules(EXT4_MODULES + RAID_MODULES + NULL_MODULES)}
    if driver_module:
        files["modules/nvmepp.ko"] = driver_module
    for name, members in sets.items():
        text = "".join(_module_file(member) + "\n" for member in members)
        files[f"modules/{name}.order"] = text.encode()
    return files


def _scripts():
    files = {"init": (GUEST / "init").read_bytes()}
    for path in [GUEST / "run-test", *sorted(GUEST.glob("*.sh"))]:
        files["lib/" + path.name] = path.read_bytes()
    alone = [GUEST / f"{name}.sh"
             for name in ("bench", "checks", "demo", "growth", "recovery", "sru")]
    for path in [*alone, *sorted(TESTS.glob("*.sh"))]:
        files["tests/" + path.name] = path.read_bytes()
    for path in BIND_SCRIPTS:
        files["tools/" + path.name] = path.read_bytes()
    return files


def build(kernel, driver, module=MODULE, extra=()):
    """The path of an initramfs for this kernel and driver, from the cache where it is there.

    extra names modules that some tests load, besides the driver.
    """
    driver_module = None
    if driver == "nvmepp":
        if not Path(module).exists():
            raise SetupError(f"{module} is not there: build it with 'make', or give --ko")
        driver_module = Path(module).read_bytes()

    busybox = arches.program(kernel.arch, "busybox", "busybox-static")
    files = {"bin/busybox": busybox.read_bytes()}
    for name in TOOLS:
        files["tools/" + name] = tool(name, kernel.arch).read_bytes()
    for name in FILE_SYSTEM_PROGRAMS:
        files |= _program(name, kernel.arch)
    files |= _modules(kernel, driver_module) | _scripts()
    files |= {"modules/" + path.name: path.read_bytes() for path in extra}

    archive = Archive()
    for name in DIRECTORIES:
        archive.directory(name)
    for name, data in files.items():
        archive.file(name, data)
    content = archive.content()

    path = cache("initramfs") / f"{_digest(content)}.cpio"
    if not path.exists():
        for old in sorted(path.parent.glob("*.cpio"), key=os.path.getmtime)[:-8]:
            old.unlink(missing_ok=True)
        with made_whole(path) as new:
            new.write_bytes(content)
    return path

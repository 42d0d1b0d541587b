# SPDX-License-Identifier: GPL-2.0
"""A kernel for the guest: its image and its modules with what they depend on."""

import lzma
import re
import shutil
import struct
import subprocess
from pathlib import Path

from .arch import ARCHES
from .paths import KERNEL_SCRIPT, SetupError, cache, made_whole

XZ_MAGIC = b"\xfd7zXZ\0"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"


def _unpack(path):
    data = path.read_bytes()
    return lzma.decompress(data) if path.suffix == ".xz" else data


def _depends(data):
    found = re.search(rb"(?:^|\0)depends=([^\0]*)\0", data)
    return [name for name in found.group(1).decode().split(",") if name] if found else []


def _payload(image):
    """The compressed kernel inside a bzImage (Documentation/x86/boot.rst)."""
    setup_sectors = image[0x1f1] or 4
    offset, length = struct.unpack_from("<II", image, 0x248)
    start = (setup_sectors + 1) * 512 + offset
    return image[start:start + length]


def _decompress(payload):
    """The kernel as an ELF file; None when we cannot unpack its kind of compression."""
    if payload.startswith(XZ_MAGIC):
        return lzma.LZMADecompressor().decompress(payload)
    if payload.startswith(ZSTD_MAGIC) and shutil.which("zstd"):
        # the last four bytes are the length, which is not part of the stream
        return subprocess.run(["zstd", "-dc"], input=payload[:-4], stdout=subprocess.PIPE,
                              check=True).stdout
    return None


# Whose allocations failslab is to let fail: what drivers and what they call ask for, not what
# kmemleak and debug objects need for their books. On 6.1 only the command line can tell.
FAILSLAB_CACHES = ["kmalloc-*", "kernfs*", "dentry", "debugfs*", "inode_cache", "bdev_cache",
                   "blkdev*", "request_queue", "radix_tree_node", "bio*"]
# How much longer everything takes when each access to memory is checked.
SANITIZED_SLOWNESS = 4


class Kernel:
    """A directory with boot/vmlinuz-RELEASE, boot/config-RELEASE and lib/modules/RELEASE."""

    def __init__(self, directory):
        images = sorted(Path(directory, "boot").glob("vmlinuz-*"))
        if len(images) != 1:
            raise SetupError(f"{directory}/boot holds {len(images)} kernels instead of one")
        self._image = images[0]
        self.release = self._image.name.removeprefix("vmlinuz-")
        self.directory = Path(directory)
        self.name = self.release        # as scripts/kernel-headers knows it
        modules = Path(directory, "lib", "modules", self.release)
        self._files = {
            path.name.split(".ko")[0].replace("-", "_"): path
            for path in modules.rglob("*.ko*")
        }
        config = Path(directory, "boot", f"config-{self.release}").read_text(encoding="utf-8")
        self._options = set(re.findall(r"^(CONFIG_\w+)=[ym]$", config, re.MULTILINE))
        self._nvme_built_in = "\nCONFIG_BLK_DEV_NVME=y\n" in config
        self.arch = ARCHES["arm64" if "CONFIG_ARM64" in self._options else "amd64"]
        self.slowness = SANITIZED_SLOWNESS if self.has(["CONFIG_KASAN"]) else 1

    def replace_module(self, name, path):
        """From here on the module of that name is another file."""
        self._files[name.replace("-", "_")] = Path(path)

    def boot_options(self):
        """What this kernel wants on its command line, whatever runs on it."""
        if self.has(["CONFIG_FAILSLAB", "CONFIG_SLUB_DEBUG"]):
            return "slub_debug=A," + ",".join(FAILSLAB_CACHES)
        return ""

    def driver_options(self, driver):
        """What it wants there if a driver is to find devices that no other one has bound."""
        if self._nvme_built_in and driver == "nvmepp":
            return "initcall_blacklist=nvme_init"
        return ""

    def has(self, options):
        """Whether all these CONFIG_ options are on; one after an exclamation mark must be off."""
        return all((option.lstrip("!") in self._options) != option.startswith("!")
                   for option in options)

    @classmethod
    def find(cls, name):
        """The kernel in a directory, or what scripts/vm-kernel knows by this name."""
        if Path(name, "boot").is_dir():
            return cls(name)
        run = subprocess.run([KERNEL_SCRIPT, name], stdout=subprocess.PIPE, text=True, check=False)
        if run.returncode:
            raise SetupError(f"scripts/vm-kernel {name} failed")
        kernel = cls(run.stdout.split()[-1])
        kernel.name = name
        return kernel

    def boot_image(self, packed=False):
        """What QEMU boots: the kernel unpacked here, once, instead of at each boot by an
        emulated CPU. That takes half of the boot's time; QEMU enters such a kernel by PVH.
        packed: as it is, for machines that sleep: from S3 the other one does not wake.
        """
        if packed or not self.has(["CONFIG_PVH"]):
            return self._image
        status = self._image.stat()
        unpacked = cache("vmlinux") / f"{self.release}-{status.st_size}-{int(status.st_mtime)}"
        if unpacked.exists():
            return unpacked
        content = _decompress(_payload(self._image.read_bytes()))
        if not content:
            return self._image
        with made_whole(unpacked) as new:
            new.write_bytes(content)
        return unpacked

    def modules(self, names, extra=None):
        """Pairs (name, bytes) of the modules, each after those it depends on.

        extra is the content of a module that is not the kernel's; what it depends on is
        included as well. What the kernel has built in is left out.
        """
        ordered = {}
        for name in names:
            self._add(name.replace("-", "_"), ordered)
        for name in _depends(extra) if extra else []:
            self._add(name.replace("-", "_"), ordered)
        return list(ordered.items())

    def _add(self, name, ordered):
        if name in ordered or name not in self._files:
            return
        data = _unpack(self._files[name])
        for needed in _depends(data):
            self._add(needed.replace("-", "_"), ordered)
        ordered[name] = data

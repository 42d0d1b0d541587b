# SPDX-License-Identifier: GPL-2.0
"""The machines that tests run on: which devices QEMU gives them and how the kernel boots.

A test names a machine (PROFILE) and one of its devices (DEVICE). The devices of a machine are
all there at once; the guest lets the driver see only the one that a test is about. Where a
device is, the guest learns from its kernel command line.
"""

import json
from dataclasses import dataclass, field, replace

from .device import possible_mdts

MEBIBYTE = 1 << 20
KERNEL_OPTIONS = ("quiet panic=-1 oops=panic iomem=relaxed printk.devkmsg=on "
                  "no_console_suspend sysrq_always_enabled mitigations=off nokaslr "
                  "random.trust_cpu=on")


@dataclass
class Disk:
    """A back end: by default a sparse file in the working directory."""
    size: int = 64 * MEBIBYTE
    blockdev: dict = None       # what QEMU is given instead of a plain file
    holds: str = ""             # or "kernel" or "initramfs", to be read only

    def options(self, name, directory, files):
        """The options of QEMU's -blockdev. files: the paths of what a disk can hold."""
        if self.holds:
            return {"node-name": name, "driver": "raw", "read-only": True,
                    "file": {"driver": "file", "filename": str(files[self.holds])}}
        path = directory / f"{name}.img"
        if not path.exists():
            path.touch()
        with path.open("r+b") as image:
            image.truncate(self.size)
        file = {"driver": "file", "filename": str(path),
                "cache": {"no-flush": True}, "discard": "unmap"}
        base = {"node-name": name, "discard": "unmap"}
        if not self.blockdev:
            return base | {"driver": "raw", "file": file}
        if self.blockdev["driver"] == "blkdebug":
            return base | self.blockdev | {"image": {"driver": "raw", "file": file}}
        return base | self.blockdev


@dataclass
class Device:
    """An NVMe controller. Without namespaces it has one, backed by disks[0], if that is there."""
    slot: str                               # on the root bus, or of its root port
    port: bool = False                      # behind a PCIe root port of its own
    port_options: dict = field(default_factory=dict)
    options: dict = field(default_factory=dict)
    disks: list = field(default_factory=lambda: [Disk()])
    namespaces: list = field(default_factory=list)


def _null(latency_ns):
    return {"driver": "null-co", "size": 64 * MEBIBYTE, "read-zeroes": True,
            "latency-ns": latency_ns}


MEDIA_ERROR_SECTOR = 4096
MEDIA_ERROR = {"driver": "blkdebug", "inject-error": [
    {"event": "none", "iotype": kind, "sector": MEDIA_ERROR_SECTOR, "once": False, "errno": 5}
    for kind in ("read", "write")]}

# QEMU's ports say that they report an active link, and never do while hot plug is ACPI's: the
# kernel takes a device for lost once its bus has been reset. A port of the slowest kind does not
# say so, and is only given the time that a link needs.
LINK_COMES_BACK = {"x-speed": "2_5"}

MAIN_DEVICES = {
    "plain": Device("02.0", port=True, port_options=LINK_COMES_BACK),
    "hot": Device("03.0", port=True),
    "dual": Device("08.0", disks=[Disk(), Disk()], namespaces=[{}, {}]),
    "big": Device("09.0", options={"mdts": 10}, disks=[Disk(256 * MEBIBYTE)]),
    "media": Device("0a.0", disks=[Disk(blockdev=MEDIA_ERROR)]),
    "slow": Device("0b.0", disks=[Disk(blockdev=_null(1_200_000_000))]),
    "nomdts": Device("0d.0", options={"mdts": 0}, disks=[Disk(), Disk()],
                     namespaces=[{"logical_block_size": 512, "physical_block_size": 512},
                                 {"logical_block_size": 4096, "physical_block_size": 4096}]),
    "metadata": Device("0e.0", disks=[Disk(), Disk()], namespaces=[{"ms": 8}, {}]),
    "onequeue": Device("0f.0", options={"max_ioqpairs": 1}),
    "onevector": Device("10.0", options={"msix_qsize": 1}),
    "twovectors": Device("11.0", options={"msix_qsize": 2}),
    "zoned": Device("12.0", disks=[Disk(), Disk()],
                    namespaces=[{"zoned": True, "zoned.zone_size": 4 * MEBIBYTE}, {}]),
    # two namespaces whose requests share the only I/O queue, whatever CPU they come from
    "duet": Device("17.0", options={"max_ioqpairs": 1}, disks=[Disk(), Disk()],
                   namespaces=[{}, {}]),
    "intel": Device("15.0", options={"use-intel-id": True}),
    "named": Device("16.0", disks=[Disk(), Disk(), Disk()], namespaces=[
        {"uuid": "5ae9b4c2-6b3f-4a1e-9d27-0123456789ab", "eui64": 0x0011223344556677},
        {"eui64": 0x8899aabbccddeeff}, {}]),
}

# A busy host may be too slow for the kernel's tests of the timer and of stuck CPUs; notices are
# evidence.
BUSY_HOST = "no_timer_check nosoftlockup rcupdate.rcu_cpu_stall_timeout=300 loglevel=6"

# Two controllers of one subsystem. QEMU numbers them 0 and 1.
PAIR = {"subsys": "pair", "serial": "pair"}
PAIR_DEVICES = {
    "managed": Device("02.0", options=PAIR, disks=[Disk(), Disk()],
                      namespaces=[{"shared": True}, {"shared": True}]),
    "manager": Device("03.0", options=PAIR, disks=[]),
}

# Memory that can take the place of the fake registers: as large as its BAR 0, in a BAR too.
REGISTER_MEMORY = "14.0"


@dataclass
class Profile:
    """One machine."""
    devices: dict
    append: str = ""
    arguments: list = field(default_factory=list)
    # of an architecture: append and arguments besides; {}: it is the same on all
    arches: dict = field(default_factory=dict)
    packed_kernel: bool = False
    faults: bool = False        # its controllers show faults on demand: scripts/qemu-device
    cpus: int = 2
    one_thread: bool = False    # the CPUs take turns in one of QEMU's threads


def _with_namespaces(slot, count):
    return Device(slot, port=True, options={"max_ioqpairs": 2},
                  disks=[Disk(blockdev=_null(0)) for _ in range(count)],
                  namespaces=[{} for _ in range(count)])


PROFILES = {
    "main": Profile(MAIN_DEVICES),
    # it has no HPET, and a busy host may be too slow for the kernel's test of the older timer
    "faults": Profile(MAIN_DEVICES, append="no_timer_check", faults=True),
    # free memory keeps what its last owner wrote
    "stale": Profile({"plain": MAIN_DEVICES["plain"]}, append="init_on_alloc=0 init_on_free=0"),
    # so little memory that it has to swap, to the second of two disks
    "faults_memory": Profile({"root": Device("02.0", port=True, port_options=LINK_COMES_BACK,
                                             disks=[Disk(512 * MEBIBYTE), Disk(512 * MEBIBYTE)],
                                             namespaces=[{}, {}])},
                             append="no_timer_check mem=256M", faults=True),
    # Registers that are exchanged change the memory map again and again, and QEMU before 8.2 may
    # crash when one CPU does that while another, in a thread of its own, writes to its APIC.
    "fake_regs": Profile({"fake_regs": Device("13.0")}, one_thread=True,
                         append=f"vm.registers=0000:00:{REGISTER_MEMORY} no_timer_check",
                         arguments=[
        "-object", "memory-backend-ram,id=registers,size=16K",
        "-device", f"ivshmem-plain,memdev=registers,bus=pcie.0,addr={REGISTER_MEMORY}"]),
    # and what it has booted from, to boot again
    "kexec": Profile({"plain": MAIN_DEVICES["plain"],
                      "files": Device("03.0", disks=[Disk(holds="kernel"), Disk(holds="initramfs")],
                                      namespaces=[{}, {}])},
                     append="no_timer_check", faults=True),
    # one device that shows faults, for somebody at the console
    "shell": Profile({"plain": MAIN_DEVICES["plain"]}, append="no_timer_check vm.shell",
                     faults=True),
    "demo": Profile({"first": Device("02.0", port=True), "second": Device("03.0", port=True)}),
    # as large as userland/build makes it
    "boot": Profile({"root": Device("02.0", port=True, disks=[Disk(1200 * MEBIBYTE)])},
                    append=BUSY_HOST),
    # a whole Debian, with its root file system on a disk that is none of NVMe's
    "job": Profile({"nvme": Device("02.0", port=True, port_options=LINK_COMES_BACK,
                                   disks=[Disk(1024 * MEBIBYTE), Disk(1024 * MEBIBYTE)],
                                   namespaces=[{}, {"logical_block_size": 4096,
                                                    "physical_block_size": 4096}])},
                   append=BUSY_HOST),
    "bench": Profile({"first": Device("02.0", port=True, disks=[Disk(blockdev=_null(0))]),
                      "second": Device("03.0", port=True, disks=[Disk(blockdev=_null(0))])},
                     # a CPU that is counted may be too slow for the kernel's test of the timer
                     append="no_timer_check"),
    "namespaces": Profile({f"with{1 << bits}": _with_namespaces(f"{bits + 2:02x}.0", 1 << bits)
                           for bits in range(7)}, append="no_timer_check"),
    # slots that are a multiple of four apart share their interrupt line
    "intx": Profile({"plain": MAIN_DEVICES["plain"], "neighbour": Device("06.0", port=True)},
                    append="pci=nomsi"),
    "s3": Profile({"plain": MAIN_DEVICES["plain"]}, packed_kernel=True, arches={"amd64": ("", [])}),
    # memory is mapped for the device page by page, and pieces of it joined
    "iommu": Profile({"plain": MAIN_DEVICES["plain"], "big": MAIN_DEVICES["big"]},
                     append="no_timer_check", arches={
                         "amd64": ("intel_iommu=on", ["-device", "intel-iommu"]),
                         "arm64": ("", ["-device", "virtio-iommu-pci,addr=1d.0"])}),
    # all data is copied to memory that the device is said to reach, and back
    "bounce": Profile({"plain": MAIN_DEVICES["plain"], "big": MAIN_DEVICES["big"]},
                      append="swiotlb=65536,force"),
    # more memory can be plugged in, and lies above 4 GiB
    "memory": Profile({"plain": MAIN_DEVICES["plain"]}, arches={
        "amd64": ("", ["-m", "slots=1,maxmem=8G",
                       "-object", "memory-backend-ram,id=more,size=1G"])}),
    "pair": Profile(PAIR_DEVICES, arguments=["-device", "nvme-subsys,id=pair,nqn=pair"]),
    "pciehp": Profile({"hot": MAIN_DEVICES["hot"]}, arches={
        "amd64": ("", ["-global", "ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off"]),
        "arm64": ("", [])}),
}


def _option(driver, options):
    return ",".join([driver] + [
        f"{key}={'on' if value is True else value}" for key, value in options.items()])


def _device_arguments(name, device, directory, files):
    """QEMU arguments of one controller: its back ends, its port, itself, its namespaces."""
    names = [name if number == 0 else f"{name}-{number}" for number in range(len(device.disks))]
    blockdevs = [disk.options(node, directory, files) for node, disk in zip(names, device.disks)]
    devices = []
    place = {"bus": "pcie.0", "addr": device.slot}
    if device.port:
        number = int(device.slot.split(".")[0], 16)
        devices.append(_option("pcie-root-port", place | {
            "id": f"port-{name}", "chassis": number, "slot": number} | device.port_options))
        place = {"bus": f"port-{name}"}
    controller = place | {"id": name, "serial": name} | device.options
    if names and not device.namespaces:
        controller["drive"] = names[0]
    devices.append(_option("nvme", controller))
    for number, options in enumerate(device.namespaces):
        devices.append(_option("nvme-ns", {
            "drive": names[number], "bus": name, "nsid": number + 1} | options))
    return blockdevs, devices


def _place(device):
    return ("behind-" if device.port else "") + f"0000:00:{device.slot}"


def arguments(profile, arch, directory, files):
    """What QEMU needs to know of the devices, and its command line must say. files: paths of
    the kernel and the initramfs.
    """
    more_append, more_options = profile.arches.get(arch.name, ("", []))
    options = profile.arguments + more_options
    append = [f"console={arch.console} vm.control={arch.control}", KERNEL_OPTIONS, profile.append,
              more_append]
    for name, device in profile.devices.items():
        if "mdts" in device.options:
            mdts = possible_mdts(profile.faults, arch, device.options["mdts"])
            device = replace(device, options=device.options | {"mdts": mdts})
            append.append(f"vm.mdts_{name}={mdts}")
        blockdevs, devices = _device_arguments(name, device, directory, files)
        for blockdev in blockdevs:
            options += ["-blockdev", json.dumps(blockdev)]
        for one in devices:
            options += ["-device", one]
        append.append(f"vm.{name}={_place(device)}")
    return options, " ".join(part for part in append if part)

# SPDX-License-Identifier: GPL-2.0
"""Jobs that are done in a whole Debian, on an NVMe device besides the disk that it boots from.

A job is a folder of jobs/ with a script `run'. The guest is given it as an archive on its second
disk, with the driver and what users have of this repository, and leaves what it found on its third.
"""

import io
import json
import shutil
import subprocess
import tarfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Callable

from . import readme_job, suites_job, tools_job
from .initramfs import tool
from .judge import Judge, converse
from .machine import PROFILES
from .paths import JOB_IMAGE_SCRIPT, JOBS, QEMU_TESTS, REPOSITORY, SetupError, cache
from .qemu import Qemu, Setup
from .report import Report, say
from .verdict import Verdict, forbidden_line

RESULTS_SIZE = 64 << 20
ROOT = "root=/dev/vda ro"
# What is beside each job's own files.
COMMON = [QEMU_TESTS / "userland" / "tell.sh", QEMU_TESTS / "userland" / "counters.sh",
          REPOSITORY / "scripts" / "bind", REPOSITORY / "scripts" / "nvmepp-top",
          REPOSITORY / "scripts" / "nvmepp-report",
          REPOSITORY / "scripts" / "udev" / "59-nvmepp.rules"]


@dataclass
class Job:
    """One of them."""
    name: str
    seconds: int            # until it must have ended, on a busy host
    judge: Callable         # (Judge, folder with the results, the kernel's log) -> None
    add: Callable = None    # (archive, kernel) -> None: what else the guest is given


ALL = (
    Job("tools", 2400, tools_job.judge),
    Job("suites", 2400, suites_job.judge, suites_job.add),
    Job("readme", 2400, readme_job.judge, readme_job.add),
)


def _image(kernel):
    done = subprocess.run([JOB_IMAGE_SCRIPT, kernel.directory], stdout=subprocess.PIPE, text=True,
                          check=False)
    if done.returncode:
        raise SetupError("the image for jobs could not be made")
    return done.stdout.split()[-1]


def _pack(kernel, job, module, path):
    """The archive for the guest."""
    with tarfile.open(path, "w") as archive:
        for file in [*COMMON, *sorted((JOBS / job.name).iterdir())]:
            archive.add(file, file.name)
        if job.add:
            job.add(archive, kernel)
        archive.add(module, "nvmepp.ko")
        archive.add(tool("lose", kernel.arch), "lose")


def _unpack(image, folder):
    """What the guest has left; nothing if it left nothing."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        with tarfile.open(fileobj=io.BytesIO(image.read_bytes())) as archive:
            for member in archive.getmembers():
                if member.isfile():
                    target = folder / member.name.removeprefix("results/")
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(archive.extractfile(member).read())
    except tarfile.TarError:
        return


def _disks(image, place):
    """QEMU's arguments for the disks that are none of NVMe's: in order, vda, vdb and vdc."""
    files = [(f"{image}/root.img", "on"), (place / "job.img", "off"),
             (place / "results.img", "off")]
    arguments = []
    for number, (file, snapshot) in enumerate(files):
        drive = f"file={file},format=raw,if=none,id=v{number},snapshot={snapshot},cache=unsafe"
        arguments += ["-drive", drive,
                      "-device", f"virtio-blk-pci,drive=v{number},bus=pcie.0,addr=1{number}.0"]
    return arguments


def _do(kernel, job, module, image, directory):
    """Does one job; returns the verdict and the machine."""
    place = directory / job.name
    place.mkdir()
    _pack(kernel, job, module, place / "job.img")
    with (place / "results.img").open("wb") as results:
        results.truncate(RESULTS_SIZE)
    profile = replace(PROFILES["job"], arguments=_disks(image, place))
    qemu = Qemu(Setup(kernel, f"{image}/initrd.img", ROOT, directory), profile, place)
    judge = Judge()
    folder = cache("jobs") / f"{job.name}-{kernel.release}"
    started = time.monotonic()
    try:
        converse(qemu, judge, job.seconds)
        qemu.wait()
        _unpack(place / "results.img", folder)
    finally:
        qemu.kill()
    log = qemu.console_since(0)
    job.judge(judge, folder, log)
    bad = forbidden_line(log)
    judge.judge("the kernel's log is clean", not bad, bad)
    say(f"# {job.name}: what came of it is in {folder}; {json.dumps(judge.facts)}")
    return Verdict(job.name, "fail" if judge.wrong else "ok", "; ".join(judge.wrong),
                   time.monotonic() - started, log=log if judge.wrong else "",
                   parts=judge.parts), qemu


def run(kernel, module, directory, names):
    """Does all jobs, or the named ones; returns a report."""
    known = [job.name for job in ALL]
    for name in names:
        if name not in known:
            raise SetupError(f"there is no job '{name}'; accepted are {' '.join(known)}")
    image = _image(kernel)
    report = Report("nvmepp")
    for job in ALL:
        if not names or job.name in names:
            report.announce(*_do(kernel, job, Path(module), image, directory))
    return report

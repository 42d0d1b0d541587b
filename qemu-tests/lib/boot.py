# SPDX-License-Identifier: GPL-2.0
"""Boots a Debian whose root file system is on an NVMe disk, loses interrupts meanwhile, and
looks at what is left of the file system.
"""

import subprocess
import time
from dataclasses import dataclass

from .initramfs import tool
from .judge import Judge, converse
from .machine import PROFILES
from .paths import USERLAND_SCRIPT, SetupError
from .qemu import Qemu, Setup
from .report import Report, say
from .verdict import Verdict, forbidden_line

ROOT = "root=UUID=6e766d65-7070-4f6e-8000-000000000001 ro"
# An interrupt of each queue every so many seconds: the default budget is less than three a minute,
# and a busy host is late with some.
LOSE = "lose=41"
WRITE_SECONDS = 30
LONG_WRITE_SECONDS = 150
# An emulated CPU on a busy host.
BOOT_SECONDS = 900
# At least so many interrupts must have been lost while it booted, and while it wrote.
LOST = {"booted": 1, "written": 2}


@dataclass
class Boot:
    """One way to boot."""
    name: str
    driver: str
    initramfs: str          # of the userland
    append: str             # for the kernel's command line
    loses: bool             # interrupts; then it writes, too


BOOTS = (
    Boot("boot_initramfs_tools", "nvmepp", "initrd.img", LOSE, True),
    Boot("boot_dracut", "nvmepp", "dracut.img", "", False),
    # the same image, and the way back for who regrets it
    Boot("boot_with_nvmepp_off", "nvme", "initrd.img",
         f"{LOSE} nvmepp=off nvme_core.io_timeout=2", True),
)


class BootJudge(Judge):
    """Collects what has been found good or bad of one boot."""

    def __init__(self, boot):
        super().__init__()
        self.boot = boot

    def losses(self, when):
        """(interrupts lost, the longest wait of one in ms, queues that are polled)"""
        return [int(number) for number in self.facts.get(f"losses_{when}", "0 0 0").split()]

    def resets(self):
        """Since the boot."""
        last = "resets_written" if self.boot.loses else "resets_booted"
        return int(self.facts.get(last) or -1)

    def story(self, log):
        """What happened, for who compares drivers."""
        facts = self.facts
        parts = [f"up after {facts.get('uptime')} s"]
        if self.boot.loses:
            parts += [f"wrote for {facts.get('written')} s",
                      f"{log.count('broken after')} vectors broken, "
                      f"{log.count('mended by the driver')} of them mended by the driver",
                      f"{self.losses('written')[0]} requests found by a poll",
                      f"{self.resets()} resets"]
        return ", ".join(parts)

    def judge_boot(self):
        """Is what came up what should have?"""
        facts = self.facts
        self.judge("systemd is running, no unit has failed",
                   facts.get("state") == "running" and not facts.get("failed"),
                   f"{facts.get('state')}, failed: {facts.get('failed')}")
        self.judge(f"the root file system is on {self.boot.driver}",
                   facts.get("driver") == self.boot.driver, facts.get("driver"))

    def judge_losses(self):
        """Were interrupts lost, and what has the driver made of it?"""
        booted, written = self.losses("booted")[0], self.losses("written")[0]
        for when, lost in (("booted", booted), ("written", written - booted)):
            self.judge(f"interrupts were lost while it {'wrote' if when == 'written' else when}",
                       lost >= LOST[when], f"{lost}, wanted {LOST[when]}")
        self.judge("the controller was not reset", self.resets() == 0, f"{self.resets()} times")
        polled = self.losses("written")[2]
        self.judge("no queue had to be polled", polled == 0, f"{polled} are")

    def judge_image(self, image):
        """Is the file system as a clean shutdown leaves it?"""
        done = subprocess.run(["e2fsck", "-fn", image], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False)
        clean = done.returncode == 0 and "recover" not in done.stdout
        self.judge("the file system is clean afterwards", clean, done.stdout.strip()[-200:])


def _userland(kernel, module):
    done = subprocess.run([USERLAND_SCRIPT, kernel.directory, module, tool("lose", kernel.arch)],
                          stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SetupError("the userland could not be made")
    return done.stdout.split()[-1]


def _boot(kernel, boot, userland, directory, seconds):
    """Boots once; returns the verdict and the machine."""
    place = directory / boot.name
    place.mkdir()
    subprocess.run(["cp", "--sparse=always", f"{userland}/root.img", place], check=True)
    append = f"{ROOT} {boot.append}" + (f" seconds={seconds}" if boot.loses else "")
    qemu = Qemu(Setup(kernel, f"{userland}/{boot.initramfs}", append, directory),
                PROFILES["boot"], place)
    judge = BootJudge(boot)
    started = time.monotonic()
    try:
        converse(qemu, judge, BOOT_SECONDS)
        qemu.wait()
        judge.judge_boot()
        # the in-tree driver is the reference: what it lost is shown, not judged
        if boot.loses and boot.driver == "nvmepp":
            judge.judge_losses()
        judge.judge_image(place / "root.img")
    finally:
        qemu.kill()
    log = qemu.console_since(0)
    bad = forbidden_line(log)
    judge.judge("the kernel's log is clean", not bad, bad)
    lost, worst, _ = judge.losses("written" if boot.loses else "booted")
    verdict = Verdict(boot.name, "fail" if judge.wrong else "ok", "; ".join(judge.wrong),
                      time.monotonic() - started,
                      {"longest_ms": worst, "lost": lost, "resets": judge.resets()},
                      log if judge.wrong else "", judge.parts)
    say(f"# {boot.name}: {judge.story(log)}")
    return verdict, qemu


def _selftests(userland, report):
    """What was found of boot-from in the userland: one that failed at it was not kept."""
    with open(f"{userland}/selftests", encoding="utf-8") as lines:
        for line in lines:
            report.announce(Verdict(line.strip().removeprefix("ok "), "ok"), None)


def run(kernel, module, directory, names, long):
    """Boots in all ways, or in the named ones; returns a report for each driver."""
    known = [boot.name for boot in BOOTS]
    for name in names:
        if name not in known:
            raise SetupError(f"there is no boot '{name}'; accepted are {' '.join(known)}")
    userland = _userland(kernel, module)
    reports = {"nvmepp": Report("nvmepp")}
    _selftests(userland, reports["nvmepp"])
    for boot in BOOTS:
        if names and boot.name not in names:
            continue
        report = reports.setdefault(boot.driver, Report(boot.driver))
        report.announce(*_boot(kernel, boot, userland, directory,
                               LONG_WRITE_SECONDS if long else WRITE_SECONDS))
    return list(reports.values())

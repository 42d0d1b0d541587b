# SPDX-License-Identifier: GPL-2.0
"""Do the tests of the timeout path fail without the fix that they are about? Each is run on the
in-tree driver as it is, where it has to pass, and on the same without the fix."""

import os
import re
from dataclasses import dataclass

import variants
from lib import device, initramfs, kbuild
from lib.kernel import Kernel
from lib.qemu import Setup
from lib.report import say
from lib.scheduler import Scheduler
from lib.testfile import every_test


@dataclass
class Tooth:
    """One fix, the test that is about it, and how that fails without the fix (regular
    expression): anything else would be red for another reason."""
    fix: str
    test: str
    red: str


# What two reapers of one entry end in: which of these depends on who is first.
TAKEN_TWICE = (r"completions that no request waits for|genctr mismatch|refcount|WARNING:|\bBUG\b"
               r"|general protection|no end after|the guest died|failed requests|wrong data")

TEETH = (
    Tooth("two_pollers", "timeout_two_pollers", TAKEN_TWICE),
    Tooth("vector_once", "timeout_during_reset", r"Unbalanced enable for IRQ"),
    Tooth("not_in_flight", "timeout_two_disks_irqs_lost", r"requests completed by a \w+: 0"),
)


class _Listener:
    """Collects verdicts for a Scheduler."""

    def __init__(self):
        self.verdicts = {}

    def announce(self, verdict, _):
        """A test has ended."""
        self.verdicts[verdict.name] = verdict

    def note(self, text):
        """Of no interest here."""


def _run(kernel, variant, names, directory):
    """The verdicts of tests (name -> Verdict) on a variant of the in-tree driver."""
    tests = [every_test()[name] for name in names]
    for faults in {test.faults for test in tests}:
        device.program(faults)
    boot = Kernel(kernel.boot)
    boot.replace_module("nvme", variants.build(kernel, variant))
    helpers = [kbuild.helper(boot, name) for name in sorted({
        name for test in tests for name in test.helpers})]
    directory.mkdir(parents=True)
    files = directory / "initramfs"
    os.link(initramfs.build(boot, "nvme", extra=helpers), files)
    listener = _Listener()
    Scheduler(Setup(boot, files, f"vm.driver=nvme vm.slowness={boot.slowness}", directory), tests,
              [], listener).run(1)
    files.unlink()
    return listener.verdicts


@dataclass
class Bite:
    """What became of a test with and without its fix, each time."""
    tooth: Tooth
    with_fix: list
    without: list

    def reason(self):
        """Why this proves nothing; empty if it does."""
        for verdict in self.with_fix:
            if verdict.outcome != "ok":
                return f"fails with the fix: {verdict.reason}"
        for verdict in self.without:
            if verdict.outcome == "ok":
                return "passes without the fix"
            if not re.search(self.tooth.red, verdict.reason):
                return f"fails without the fix, but by: {verdict.reason}"
        return ""


def bite(kernel, directory, times=1, names=()):
    """Runs each tooth, or those for the named fixes, so many times; returns Bites."""
    chosen = [tooth for tooth in TEETH if not names or tooth.fix in names]
    bites = {tooth.fix: Bite(tooth, [], []) for tooth in chosen}
    for number in range(times):
        good = _run(kernel, "in-tree", [tooth.test for tooth in chosen],
                    directory / f"{number}-in-tree")
        for tooth in chosen:
            bites[tooth.fix].with_fix.append(good[tooth.test])
            variant = f"without-{tooth.fix}"
            bad = _run(kernel, variant, [tooth.test], directory / f"{number}-{variant}")
            bites[tooth.fix].without.append(bad[tooth.test])
            say(f"# {tooth.test}: with the fix {good[tooth.test].outcome}, without it "
                f"{bad[tooth.test].outcome} ({bad[tooth.test].reason[:100]})")
    return list(bites.values())

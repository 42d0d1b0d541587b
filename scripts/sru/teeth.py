# SPDX-License-Identifier: GPL-2.0
"""Do the tests of the timeout path fail without the fix that they are about? Each is run on the
in-tree driver as it is, where it has to pass, and on the same without the fix."""

import os
import re
from dataclasses import dataclass, replace

import measure
import scenarios
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
    Tooth("irqdisable", "timeout_poll_interrupted", TAKEN_TWICE),
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
    boot = Kernel(kernel.boot)
    for faults in {test.faults for test in tests}:
        device.program(faults, boot.arch)
    boot.replace_module("nvme", variants.build(kernel, variant))
    helpers = [kbuild.helper(boot, name, kernel.headers)
               for name in sorted({name for test in tests for name in test.helpers})]
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

    @property
    def name(self):
        """Of the verdict."""
        return f"sru_{self.tooth.test}_without_{self.tooth.fix}"

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


# --- the healing patch ----------------------------------------------------------------------------

# What holds its reset back (patches.HEALING_WITHOUT), and the scenario that fails without it.
HEALING_TEETH = {
    "once-a-timeout": "two_namespaces",
    "handler-clears": "one_by_one",
    "once-an-hour": "beyond_repair",
}


@dataclass
class HealingBite:
    """What became of a scenario without one thing that holds the reset back."""
    without: str
    scenario: str
    figures: dict
    failed: list        # conditions of the cell

    @property
    def name(self):
        """Of the verdict."""
        return f"sru_{self.scenario}_healing_without_{self.without.replace('-', '_')}"

    @property
    def reason(self):
        """Why this proves nothing; empty if it does."""
        if not self.figures:
            return "no figures"
        return "" if self.failed else f"all conditions hold: {self.figures}"


def bite_healing(kernel, directory):
    """Runs each scenario of HEALING_TEETH on the healing patch without what it is about."""
    bites = []
    for without, scenario in HEALING_TEETH.items():
        variant = f"healing-without-{without}"
        column = replace(scenarios.COLUMNS["healing"], variant=variant, title=variant)
        measured = measure.measure_one(kernel, column, variants.build(kernel, variant),
                                       [scenario], directory / without)
        figures = measured.rows.get(scenario, {})
        failed = scenarios.failures(scenario, "healing", figures) if figures else []
        bites.append(HealingBite(without, scenario, figures, failed))
    return bites

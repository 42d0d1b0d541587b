# SPDX-License-Identifier: GPL-2.0
"""What a request costs each driver: instructions in its code, counted by a plugin of QEMU's.

Unlike times these repeat exactly, on however busy a machine. Of the kernel's own code the DMA
helpers are counted too, since a driver may do their work itself."""

import bisect
import os
import subprocess
from collections import defaultdict
from dataclasses import replace

from .guest import BootFailed, Guest
from .machine import PROFILES
from .paths import GUEST, QEMU_TESTS, SetupError, cache
from .report import say
from .testfile import TestFile
from .verdict import tail

SOURCE = QEMU_TESTS / "perf" / "count.c"
REFERENCE, OURS, UNWATCHED = "nvme", "nvmepp", "nvmepp, watchdog off"
# Of a request, by all that the watchdog does.
MOST_FOR_WATCHDOG = 3.0


def _plugin():
    """The path of the plugin, built when its source has changed."""
    newest = max(path.stat().st_mtime for path in SOURCE.parent.iterdir())
    built = cache("perf") / "count.so"
    if not built.exists() or built.stat().st_mtime < newest:
        new = built.with_suffix(f".{os.getpid()}")
        subprocess.run(["gcc", "-shared", "-fPIC", "-O2", "-fvisibility=hidden", "-Wall",
                        "-Wextra", "-Werror", "-Wno-unused-parameter", "-o", new, SOURCE],
                       check=True)
        new.rename(built)
    return built


class Symbols:
    """Whose code lies at an address."""

    def __init__(self):
        self._starts = []

    def add(self, text):
        """From a line of the guest: address, name, module."""
        address, name, owner = text.split()
        self._starts.append((int(address, 16), name, owner))

    def owner(self, address):
        """"[nvmepp]", "[nvme]", "[nvme_core]", "helper", or "-" for all else."""
        at = bisect.bisect_right(self._starts, (address, "\uffff", "")) - 1
        if at < 0 or address - self._starts[at][0] > 0x10000:
            return "-"
        return self._starts[at][2]

    def finish(self):
        """All are known."""
        self._starts.sort()


def _phases(path, symbols):
    """Per phase: instructions by owner, and writes to devices."""
    phases = []
    for line in path.read_text(encoding="utf-8").splitlines():
        kind, *fields = line.split()
        if kind == "phase":
            counts = defaultdict(int)
        elif kind == "block":
            counts[symbols.owner(int(fields[0], 16))] += int(fields[1]) * int(fields[2])
        elif kind == "device":
            counts["writes" if fields[1] == "w" else "reads"] += int(fields[2])
        elif kind == "end":
            phases.append(counts)
    return phases


def _score(side, counts, requests):
    """Instructions a request: the driver's own, and with the helpers'."""
    modules = ("[nvme]", "[nvme_core]") if side == REFERENCE else ("[nvmepp]",)
    own = sum(counts[module] for module in modules) / requests
    return own, own + counts["helper"] / requests, counts["writes"] / requests, \
        counts["reads"] / requests


def _table(scores):
    loads = list(dict.fromkeys(load for _, load in scores))
    say("| load | nvme: driver | with DMA | nvmepp: driver | with DMA | nvmepp / nvme | "
        "watchdog | register writes |")
    say("|---|---|---|---|---|---|---|---|")
    worst = 0.0
    for load in loads:
        theirs, ours, unwatched = (scores[side, load] for side in (REFERENCE, OURS, UNWATCHED))
        watchdog = ours[0] - unwatched[0]
        worst = max(worst, watchdog)
        say(f"| {load} | {theirs[0]:.1f} | {theirs[1]:.1f} | {ours[0]:.1f} | {ours[1]:.1f} | "
            f"{ours[1] / theirs[1]:.2f} | {watchdog:+.2f} | {theirs[2]:.2f} : {ours[2]:.2f} |")
    return worst


def run(setup):
    """Returns whether the watchdog costs no more than it may."""
    counted = setup.directory / "counted"
    profile = replace(PROFILES["bench"], arguments=["-plugin", f"{_plugin()},out={counted}"])
    symbols, heard = Symbols(), []

    def hear(verb, rest):
        if verb == "symbol":
            symbols.add(rest)
        elif verb == "phase":
            side, load, requests = rest.split("|")
            heard.append((side, load, int(requests)))
            say(f"# {side}: {load}")

    say("# booting a guest with two identical NVMe disks; each instruction is counted")
    guest = Guest(setup, profile, setup.directory)
    try:
        guest.boot()
        verdict = guest.run(TestFile.read(GUEST / "bench.sh"), hear)
    except BootFailed as error:
        raise SetupError(f"the guest did not boot: {error}") from error
    finally:
        guest.end()
    if verdict.outcome != "ok":
        say(tail(verdict.log))
        say(f"the benchmark failed: {verdict.reason}; full log: {guest.console}")
        return False
    symbols.finish()
    phases = _phases(counted, symbols)
    if len(phases) != len(heard):
        raise SetupError(f"{len(heard)} loads have run, {len(phases)} were counted")
    scores = {(side, load): _score(side, counts, requests)
              for (side, load, requests), counts in zip(heard, phases)}
    say("\nInstructions a request:\n")
    worst = _table(scores)
    good = worst <= MOST_FOR_WATCHDOG
    say(f"\n{'ok' if good else 'not ok'}: the watchdog costs {worst:.2f} instructions a request, "
        f"{MOST_FOR_WATCHDOG:.0f} are allowed")
    return good

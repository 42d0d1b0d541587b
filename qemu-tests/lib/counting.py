# SPDX-License-Identifier: GPL-2.0
"""A guest whose instructions are counted: one boot, and what became of each of its phases."""

import subprocess
from collections import defaultdict
from dataclasses import dataclass, field, replace

from . import counts
from .guest import Guest, run_alone
from .paths import QEMU_TESTS, cache, made_whole
from .report import say

PERF = QEMU_TESTS / "perf"
SAID = ("requests", "interrupts", "sent", "ns")


def _plugin():
    """The path of the plugin, built when its source has changed."""
    newest = max(path.stat().st_mtime for path in PERF.iterdir())
    built = cache("perf") / "count.so"
    if not built.exists() or built.stat().st_mtime < newest:
        with made_whole(built) as new:
            subprocess.run(["gcc", "-shared", "-fPIC", "-O2", "-fvisibility=hidden", "-Wall",
                            "-Wextra", "-Werror", "-Wno-unused-parameter", "-o", new,
                            PERF / "count.c"], check=True)
    return built


@dataclass
class Boot:
    """What a boot has reported: (side, load, score) in order, other words as verb -> lines, and
    where the kernel's own functions are, for other boots of the same kernel."""
    scores: list
    said: dict
    kernel: list


@dataclass
class _Ear:
    """Hears the guest. Modules may move while it runs, so a phase has the symbols of its time."""
    kernel: list
    symbols: list = field(default_factory=list)
    phases: list = field(default_factory=list)      # (side, load, numbers, symbols)
    said: dict = field(default_factory=lambda: defaultdict(list))

    def on_line(self, verb, rest):
        """As Guest.run() wants it."""
        if verb == "symbols":
            self.symbols.append(counts.Symbols())
            for line in self.kernel:
                self.symbols[-1].add(line)
        elif verb == "symbol":
            self.symbols[-1].add(rest)
            if not rest.endswith("]"):
                self.said["kernel"].append(rest)
        elif verb == "phase":
            side, load, *numbers = rest.split("|")
            self.phases.append((side, load, dict(zip(SAID, map(int, numbers))), self.symbols[-1]))
            say(f"# {side}: {load}")
        else:
            self.said[verb].append(rest)


def boot(setup, name, profile, directory, kernel=()):
    """Boots this machine for guest/NAME.sh; returns a Boot, or None when that has failed. kernel:
    what another boot has reported of the kernel's functions."""
    directory.mkdir()
    counted = directory / "counted"
    ear = _Ear(list(kernel))
    guest = Guest(setup, replace(profile, arguments=profile.arguments + [
        "-plugin", f"{_plugin()},out={counted}"]), directory)
    if not run_alone(guest, name, ear.on_line):
        return None
    for symbols in ear.symbols:
        symbols.finish()
    phases = counts.read(counted, [symbols for _, _, _, symbols in ear.phases])
    return Boot([(side, load, counts.score(side, phase, said))
                 for (side, load, said, _), phase in zip(ear.phases, phases)], ear.said,
                ear.said["kernel"])


def of(scores, side, load, key):
    """All that was counted of one thing."""
    return [score[key] for of_side, of_load, score in scores if (of_side, of_load) == (side, load)]

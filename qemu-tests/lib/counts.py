# SPDX-License-Identifier: GPL-2.0
"""What the plugin has counted (perf/count.c), by function and by who owns it."""

import bisect
from collections import defaultdict
from dataclasses import dataclass, field

from .paths import SetupError

MODULES = {"nvme": ("[nvme]", "[nvme_core]")}
OURS = ("[nvmepp]",)
# No function is as long; what is further from a known one is none that is known.
LONGEST = 0x10000


class Symbols:
    """Whose code lies at an address."""

    def __init__(self):
        self._starts = []

    def add(self, text):
        """From a line of the guest: address, name, module."""
        address, name, owner = text.split()
        self._starts.append((int(address, 16), name, owner))

    def find(self, address):
        """The function at an address and its owner: a module, "helper", or "-" for all else."""
        at = bisect.bisect_right(self._starts, (address, "\uffff", "")) - 1
        if at < 0 or address - self._starts[at][0] > LONGEST:
            return "-", "-"
        return self._starts[at][1:]

    def finish(self):
        """All are known."""
        self._starts.sort()


@dataclass
class Counts:
    """One phase: instructions by owner and function, and accesses to devices."""
    instructions: dict = field(default_factory=lambda: defaultdict(int))
    writes: int = 0
    reads: int = 0

    def of(self, owners):
        """The instructions of some owners."""
        return sum(count for (owner, _), count in self.instructions.items() if owner in owners)


def read(path, symbols):
    """The phases, in order; symbols: those of each. SetupError if there are not as many."""
    phases = []
    for line in path.read_text(encoding="utf-8").splitlines():
        kind, *fields = line.split()
        if kind == "phase":
            phases.append(Counts())
            if len(phases) > len(symbols):
                break
        elif kind == "block":
            name, owner = symbols[len(phases) - 1].find(int(fields[0], 16))
            phases[-1].instructions[owner, name] += int(fields[1]) * int(fields[2])
        elif kind == "device" and fields[1] == "w":
            phases[-1].writes += int(fields[2])
        elif kind == "device":
            phases[-1].reads += int(fields[2])
    if len(phases) != len(symbols):
        raise SetupError(f"{len(symbols)} phases were reported, {len(phases)} or more counted")
    return phases


def score(side, counts, reported):
    """What a request costs, as plain data."""
    requests = reported["requests"]
    owners = MODULES.get(side, OURS)
    own, helpers = counts.of(owners), counts.of(("helper",))
    functions = {name: count / requests for (owner, name), count in counts.instructions.items()
                 if owner in owners or owner == "helper"}
    return {
        "driver": own / requests,
        "score": (own + helpers) / requests,
        "total": sum(counts.instructions.values()) / requests,
        "register_writes": counts.writes / requests,
        "register_reads": counts.reads / requests,
        "interrupts": reported["interrupts"] / reported["sent"],
        "us": reported["ns"] / requests / 1000,
        "functions": dict(sorted(functions.items(), key=lambda item: -item[1])),
    }

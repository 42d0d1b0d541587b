# SPDX-License-Identifier: GPL-2.0
"""Which tests have been left out, and why: what has no verdict has not passed."""

import re
from dataclasses import dataclass

from .kernel import Kernel

# As scripts/check collects verdicts: the kernel's name comes before the test's. What a
# guest has to pass at its end is named with the guest.
VERDICT = re.compile(r"^(?:(?:not )?ok|(skip)) ([^:]+): (\w+)(?: - (.*)| .*)?$")


def read_results(lines, suite):
    """(names with a verdict in that suite, {name: why} of those that were skipped)"""
    judged, skipped = set(), {}
    for line in lines:
        found = VERDICT.match(line)
        if not found or found.group(2) != suite:
            continue
        if found.group(1):
            skipped[found.group(3)] = found.group(4) or "it says so itself"
        else:
            judged.add(found.group(3))
    return judged, skipped


@dataclass
class Reasons:
    """What may keep a test from being run."""
    kernel: Kernel
    device: bool            # whether there is one with faults on demand
    usual: str              # of tests that are run unless asked for otherwise
    long: str               # of those for --all

    def why(self, test):
        """The first that holds."""
        if test.lacks(self.kernel):
            return f"they need {test.lacks(self.kernel)}"
        if test.faults and not self.device:
            return "there is no device with faults"
        return self.usual if test.usual else self.long


def left_out(tests, lines, suite, reason):
    """{why: names} of the tests without a verdict in that suite; reason(test) tells why."""
    judged, skipped = read_results(lines, suite)
    groups = {}
    for test in tests:
        if test.name not in judged:
            groups.setdefault(skipped.get(test.name) or reason(test), []).append(test.name)
    return groups


def tell(suite, groups):
    """As lines."""
    return [f"NOT RUN on {suite}: {' '.join(names)}; {reason}"
            for reason, names in groups.items()]

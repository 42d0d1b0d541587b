# SPDX-License-Identifier: GPL-2.0
"""How a test came out, and what its log must not contain."""

import re
from dataclasses import dataclass, field

# Anything of this in the kernel's log fails the test during which it was said.
FORBIDDEN = re.compile(
    r"\bBUG\b|WARNING:|\bOops\b|(?i:nobody cared|Unbalanced|hung task|blocked for more than"
    r"|\bleak|sleeping function|KASAN|lockdep|possible recursive locking|inconsistent lock state"
    r"|circular locking|suspicious RCU|non-static key|UBSAN|DMA-API|ODEBUG"
    r"|general protection fault|Kernel panic|refcount_t:|soft lockup"
    r"|rcu.*stall|list_(add|del) corruption)")
# The kernel says this of every module that is not its own.
# The command line may name what it silences.
# And a call trace, of an injected fault for example, names functions like lockdep_hardirqs_on.
HARMLESS = re.compile(r" test: |taints kernel|tainting kernel|Kernel command line: "
                      r"|\] +(\? )?[\w.]+\+0x[0-9a-f]+/0x[0-9a-f]+( \[\w+\])?$")
# What a busy host, or the kernel's own doings, can make longer and heavier than allowed.
MEASURED = re.compile(r", (ms|kB): \d+, expected at most \d+$")
# A shell goes on after these, so a misspelt check would pass for ever.
SHELL_ERROR = re.compile(r" test: (?:\S*/lib/run-test: line \d+: (\S+: not found)"
                         r"|(sh: (?:bad number|out of range)))$")
# As much as a test that hangs has to say at its end.
TAIL = 160
# Call traces with uncertain entries and registers would fill the whole tail.
NOISE = re.compile(r"\]  +\? |\] (RIP|RSP|RAX|RDX|RBP|R1[03]|CR2|FS|CS|DR0|DR3):")


@dataclass
class Verdict:
    """The outcome of one test."""
    name: str
    outcome: str                        # ok, fail or skip
    reason: str = ""
    seconds: float = 0.0
    metrics: dict = field(default_factory=dict)
    log: str = ""
    parts: list = field(default_factory=list)   # of a test of many: (name, whether it passed)
    broken: bool = False                # the kernel complained, or the machine is gone
    crashed: bool = False               # or QEMU has died of a defect of its own
    before: str = ""                    # why it did not pass the first time, if it was run again

    @property
    def may_be_chance(self):
        """Whether all that is wrong is a time or a weight above its bound, or the emulator. A reset
        too many, an interrupt not handled, a test that hangs are the driver's, however seldom they
        are."""
        if self.outcome != "fail" or self.parts:
            return False
        return self.crashed or not self.broken and MEASURED.search(self.reason) is not None

    @property
    def line(self):
        """How it is announced."""
        if self.outcome == "ok":
            return f"ok {self.name} ({self.seconds:.1f} s)"
        if self.outcome == "skip":
            return f"skip {self.name} - {self.reason}"
        return f"not ok {self.name} - {self.reason}"


def forbidden_line(log, expected=""):
    """The first line of a console log that a healthy kernel does not print, and nobody expects."""
    for line in log.splitlines():
        if expected and expected in line:
            continue
        if FORBIDDEN.search(line) and not HARMLESS.search(line):
            return line.strip()
    return None


def shell_error(log):
    """The first thing in a test's own log that its shell could not do; None if there is none."""
    for line in log.splitlines():
        found = SHELL_ERROR.search(line.rstrip())
        if found:
            return found[found.lastindex]
    return None


def tail(log):
    """The end of a log, for a reader in a hurry."""
    return "\n".join([line for line in log.splitlines() if not NOISE.search(line)][-TAIL:])

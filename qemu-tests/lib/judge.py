# SPDX-License-Identifier: GPL-2.0
"""What a whole Debian says about itself on its second serial line, and what it comes to.

    fact NAME VALUE             what there is, for the host to judge
    check NAME ok               a part of the verdict
    check NAME fail WHAT
    end                         nothing more: it switches itself off
"""

import time

from .qemu import GuestGone, GuestSilent


class Judge:
    """Collects what has been found good or bad."""

    def __init__(self):
        self.facts = {}
        self.parts = []
        self.wrong = []

    def judge(self, name, good, seen=""):
        """One more part of the verdict."""
        self.parts.append((name, good))
        if not good:
            self.wrong.append(f"{name}: {seen}" if seen else name)

    def take(self, line):
        """What the guest says; returns whether more is to come."""
        verb, _, rest = line.partition(" ")
        if verb == "fact":
            name, _, value = rest.partition(" ")
            self.facts[name] = value
        elif verb == "check":
            text, _, seen = rest.partition(" fail ")
            name = text.removesuffix(" ok")
            self.judge(name, name != text and not seen, seen)
        return verb != "end"


def converse(qemu, judge, seconds):
    """Listens to the guest until it has switched itself off."""
    deadline = time.monotonic() + seconds
    try:
        while judge.take(qemu.control.receive(deadline)):
            pass
        while True:
            qemu.control.receive(deadline)
    except GuestSilent:
        judge.judge("it ends in time", False, f"no end after {seconds} s")
    except GuestGone:
        log = qemu.console_since(0)
        judge.judge("it switches itself off", "Power down" in log, qemu.why_ended())

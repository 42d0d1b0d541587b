# SPDX-License-Identifier: GPL-2.0
"""Has a guest begin a test. Its line may lose what is said: an emulated UART has interrupts too."""

import time

from .qemu import GuestSilent

# A guest that is asked twice answers once: the orders have numbers.
ATTEMPTS = 3
SECONDS = 15


class GuestDeaf(Exception):
    """No order was answered: the machine is dead, or its line is."""


def give(line, number, name, slowness=1, note=lambda text: None):
    """Says "run NUMBER NAME" until the guest says "begin NUMBER"; what it says before is of no use
    to anybody any more. note(text) is told of each order that was not heard.
    """
    for attempt in range(1, ATTEMPTS + 1):
        line.send(f"run {number} {name}")
        deadline = time.monotonic() + SECONDS * slowness
        try:
            while line.receive(deadline) != f"begin {number}":
                pass
            return
        except GuestSilent:
            note(f"order {number}, {name}, was not heard within {SECONDS * slowness} s "
                 f"(attempt {attempt} of {ATTEMPTS})")
    raise GuestDeaf

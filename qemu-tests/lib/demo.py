# SPDX-License-Identifier: GPL-2.0
"""Two identical disks in one guest, one with the in-tree driver and one with nvmepp, lose the
same interrupts. What each driver makes of it is printed as one table."""

import threading
import time
from typing import NamedTuple

from . import plot
from .guest import Guest, run_alone
from .machine import PROFILES
from .paths import GUEST, cache
from .report import say
from .testfile import TestFile
from .verdict import tail

# Silence longer than this worries whoever waits.
HEARTBEAT_SECONDS = 5
# More than lost_irq_budget in a minute.
ALLOWED_RESETS = {"one lost each second": 1}
HEAD = ("driver", "scenario", "I/Os", "stalled", "longest stall", "found by a look", "resets",
        "data")


class Row(NamedTuple):
    """One driver in one scenario."""
    driver: str
    scenario: str
    ios: int
    stalled: int
    longest_ms: int
    found: int
    resets: int
    wrong: int

    @classmethod
    def parse(cls, text):
        """From what the guest has sent."""
        driver, scenario, *numbers = text.split("|")
        return cls(driver, scenario, *map(int, numbers))

    def cells(self):
        """As they are printed."""
        return (self.driver, self.scenario, str(self.ios), str(self.stalled),
                f"{self.longest_ms / 1000:.2f} s", str(self.found), str(self.resets),
                "wrong" if self.wrong else "intact")


def _point(text):
    """(driver, seconds, milliseconds) from what the guest has sent."""
    driver, start_ms, took_ms = text.split("|")
    return driver, int(start_ms) / 1000, float(took_ms)


class Progress:
    """Prints what happens, and from time to time that nothing does."""

    def __init__(self):
        self._started = time.monotonic()
        self._last = self._started
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()

    def tell(self, text):
        """One line with the time."""
        self._last = time.monotonic()
        say(f"[{self._last - self._started:5.1f} s] {text}")

    def _beat(self):
        while not self._stop.wait(0.5):
            if time.monotonic() - self._last >= HEARTBEAT_SECONDS:
                self.tell("... still waiting")


def _table(rows):
    lines = [HEAD] + [row.cells() for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip()
                     for line in lines)


def _sentence(driver, rows):
    """What was seen of one driver, from its rows alone."""
    mine = [row for row in rows if row.driver == driver]
    found = sum(row.found for row in mine)
    resets = sum(row.resets for row in mine)
    stall = max(row.longest_ms for row in mine) / 1000
    looks = f"{found} completed requests were found by a look" if found else \
        "no request was found by a look"
    was = ("was not reset", "was reset once")[resets] if resets < 2 else f"was reset {resets} times"
    data = "all data is intact" if not any(row.wrong for row in mine) else "DATA IS WRONG"
    return (f"{driver}: {looks}, the controller {was}, {data}; "
            f"the longest stall was {stall:.1f} s.")


def run(setup):
    """Returns whether nvmepp did what it promises."""
    rows = []
    points = {}
    with Progress() as progress:
        def hear(verb, rest):
            if verb == "say":
                progress.tell(rest)
            elif verb == "row":
                rows.append(Row.parse(rest))
            elif verb == "point":
                driver, at, took = _point(rest)
                points.setdefault(driver, []).append((at, took))

        progress.tell("booting a guest with two identical NVMe disks")
        guest = Guest(setup, PROFILES["demo"], setup.directory)
        verdict = run_alone(guest, TestFile.read(GUEST / "demo.sh"), hear)
    if verdict.outcome != "ok":
        say(tail(verdict.log))
        say(f"the demonstration failed: {verdict.reason}; full log: {guest.console}")
        return False

    say("\nA request is overdue after 2 s (io_timeout), to which the block layer's timers add up")
    say("to a second. It is stalled when it took that long. nvmepp ran with lost_irq_ms=100; the")
    say("third loss on a queue in a minute is one reset, and after that the queue is polled.\n")
    say(_table(rows))
    say("")
    for driver in ("nvme", "nvmepp"):
        say(_sentence(driver, rows))
    picture = cache("demo") / "latency.svg"
    plot.draw(picture, "One request at a time, an interrupt lost each second", points)
    say(f"Latency over time, both drivers: {picture}")
    return all(row.found and row.resets <= ALLOWED_RESETS.get(row.scenario, 0) and not row.wrong
               for row in rows if row.driver == "nvmepp")

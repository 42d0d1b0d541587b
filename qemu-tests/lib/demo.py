# SPDX-License-Identifier: GPL-2.0
"""Two identical disks in one guest, one with the in-tree driver and one with nvmepp, lose the
same interrupts. What each driver makes of it is printed as one table."""

import threading
import time

from . import plot
from .guest import Guest, run_alone
from .losses import DRIVERS, OURS, Row
from .machine import PROFILES
from .paths import cache
from .report import align, say

# Silence longer than this worries whoever waits.
HEARTBEAT_SECONDS = 5
# More than lost_irq_budget in a minute.
ALLOWED_RESETS = {"one lost each second": 1}
HEAD = ("driver", "scenario", "I/Os", "stalled", "longest stall", "found by a poll", "resets",
        "data")


def _cells(row):
    """As they are printed."""
    return (row.driver, row.scenario, str(row.ios), str(row.stalled),
            f"{row.longest_ms / 1000:.2f} s", str(row.found), str(row.resets),
            "wrong" if row.wrong else "intact")


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


def _sentence(driver, rows):
    """What was seen of one driver, from its rows alone."""
    mine = [row for row in rows if row.driver == driver]
    found = sum(row.found for row in mine)
    resets = sum(row.resets for row in mine)
    stall = max(row.longest_ms for row in mine) / 1000
    looks = f"{found} completed requests were found by a poll" if found else \
        "no request was found by a poll"
    was = ("was not reset", "was reset once")[resets] if resets < 2 else f"was reset {resets} times"
    data = "all data is intact" if not any(row.wrong for row in mine) else "DATA IS WRONG"
    return (f"{driver}: {looks}, the controller {was}, {data}; "
            f"the longest stall was {stall:.1f} s.")


def run(setup):
    """Returns whether nvmepp did what it promises."""
    rows = []
    points = {}
    with Progress() as progress:
        def on_line(verb, rest):
            if verb == "say":
                progress.tell(rest)
            elif verb == "row":
                rows.append(Row.parse(rest))
            elif verb == "point":
                driver, at, took = _point(rest)
                points.setdefault(driver, []).append((at, took))

        progress.tell("booting a guest with two identical NVMe disks")
        if not run_alone(Guest(setup, PROFILES["demo"], setup.directory), "demo", on_line):
            return False

    say("\nA request times out after 2 s (io_timeout), to which the block layer's timers add up")
    say("to a second. It is stalled when it took that long. nvmepp ran with lost_irq_ms=16; the")
    say("third loss on a queue in a minute causes one reset; then the queue is polled by timer.\n")
    say(align([HEAD] + [_cells(row) for row in rows], ruled=True))
    say("")
    for driver in DRIVERS:
        say(_sentence(driver, rows))
    picture = cache("demo") / "latency.svg"
    plot.draw(picture, "One request at a time, an interrupt lost each second", points)
    say(f"Latency over time, both drivers: {picture}")
    return all(row.found and row.resets <= ALLOWED_RESETS.get(row.scenario, 0) and not row.wrong
               for row in rows if row.driver == OURS)

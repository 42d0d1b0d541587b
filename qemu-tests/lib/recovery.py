# SPDX-License-Identifier: GPL-2.0
"""What each driver makes of interrupts that go missing: its longest stall, and what it still
serves, as a part of what it serves when nothing is wrong, in the same boot.

These are times, which depend on the machine: they are printed, with their spread where there are
several, and not judged. Judged is what holds on any machine: interrupts were lost indeed, nothing
else came to harm, and nvmepp found what had completed without a reset that it may not do."""

import statistics
from dataclasses import asdict, dataclass, replace

from .guest import Guest, run_alone
from .losses import DRIVERS, OURS, Row
from .machine import PROFILES
from .report import say

HEALTHY = "healthy"


@dataclass
class Scenario:
    """What is to be expected."""
    losing: bool = True
    resets: int = 0             # that nvmepp may need
    on_demand: bool = False     # whether the device must show the fault


# As guest/recovery.sh calls them. The third loss in a minute is a reset, and so are two in a row.
SCENARIOS = {
    HEALTHY: Scenario(losing=False),
    "one interrupt lost": Scenario(),
    "vector broken for good": Scenario(),
    "one lost each half second": Scenario(resets=1),
    "one in 100 lost at random": Scenario(resets=1, on_demand=True),
    "every interrupt lost": Scenario(resets=1, on_demand=True),
}

HEAD = ("scenario", "driver", "interrupts lost", "longest stall, ms", "I/Os a second",
        "of healthy, %", "found by a poll", "by polling", "timeouts", "resets", "guest late, ms")


@dataclass
class Measured(Row):
    """One driver in one scenario, for a while."""
    lost: int           # interrupts
    polled: int         # requests completed by a timer, where the driver no longer waits for them
    timeouts: int        # requests whose timeout struck
    ran_ms: int
    late_ms: int        # what the guest itself was kept waiting, at most
    timeout_ms: int     # the driver's io_timeout

    @property
    def rate(self):
        """Requests a second."""
        return 1000 * self.ios / max(self.ran_ms, 1)


def _of(rows, driver, scenario):
    return [row for row in rows if (row.driver, row.scenario) == (driver, scenario)]


def summary(rows):
    """Scenario -> driver -> what was measured -> a list of values, one each time; of I/Os a second
    also the share of what the same driver serves when nothing is wrong."""
    healthy = {driver: statistics.fmean(row.rate for row in _of(rows, driver, HEALTHY))
               for driver in DRIVERS if _of(rows, driver, HEALTHY)}
    result = {}
    for row in rows:
        measured = asdict(row) | {"rate": row.rate}
        if healthy.get(row.driver):
            measured["share"] = row.rate / healthy[row.driver]
        values = result.setdefault(row.scenario, {}).setdefault(row.driver, {})
        for key, value in measured.items():
            if key not in ("driver", "scenario"):
                values.setdefault(key, []).append(value)
    return result


def _complaints(row, expected):
    """What is wrong with a row, on any machine."""
    if expected.losing and row.lost <= 0:
        yield "the fault did not happen: no interrupt was lost"
    if not row.ios:
        yield "no request was served"
    if row.wrong:
        yield f"{row.wrong} blocks with wrong data, failed requests or loads without an end"
    if row.driver != OURS:
        return
    if expected.losing and not row.found:
        yield "no request was completed by a poll"
    if row.resets > expected.resets:
        yield f"{row.resets} controller resets, {expected.resets} may be needed"


def _same_timeout(rows):
    timeouts = sorted({row.timeout_ms for row in rows})
    return "" if len(timeouts) == 1 else f"the drivers differ: {timeouts} ms"


def verdicts(rows, why_lacking):
    """Pairs (what must hold, why it does not, or nothing)."""
    yield "bench_recovery_io_timeout", _same_timeout(rows)
    for scenario in {row.scenario for row in rows} - set(SCENARIOS):
        yield "bench_recovery_scenarios", f"'{scenario}' is none that is known here"
    for scenario, expected in SCENARIOS.items():
        if expected.on_demand and why_lacking:
            continue
        for driver in DRIVERS:
            mine = _of(rows, driver, scenario)
            wrong = [text for row in mine for text in _complaints(row, expected)]
            yield f"bench_recovery_{scenario.replace(' ', '_')}_{driver}", \
                "; ".join(wrong) if mine else "it was not measured"


def _span(values, form):
    texts = [form.format(value) for value in (min(values), max(values))]
    return texts[0] if texts[0] == texts[1] else " to ".join(texts)


def _cells(scenario, driver, values):
    percents = [100 * share for share in values.get("share", ())]
    return (scenario, driver, _span(values["lost"], "{}"), _span(values["longest_ms"], "{}"),
            _span(values["rate"], "{:.1f}" if min(values["rate"]) < 10 else "{:.0f}"),
            _span(percents, "{:.1f}") if percents else "",
            *(_span(values[key], "{}") for key in ("found", "polled", "timeouts", "resets",
                                                   "late_ms")))


def not_run(why_lacking):
    """Scenario -> why it was left out."""
    return {scenario: why_lacking for scenario, expected in SCENARIOS.items()
            if expected.on_demand and why_lacking}


def table(scenarios, left_out):
    """As Markdown."""
    rows = [HEAD, ["---"] * len(HEAD)]
    rows += [_cells(scenario, driver, values) for scenario, drivers in scenarios.items()
             for driver, values in drivers.items()]
    return "\n".join(["| " + " | ".join(row) + " |" for row in rows] +
                     [f"NOT RUN: {scenario}: {why}" for scenario, why in left_out.items()])


def measure(setup, why_lacking):
    """The rows of one guest, or None when that failed."""
    rows = []
    directory = setup.directory / "recovery"
    directory.mkdir()

    def on_line(verb, rest):
        if verb == "say":
            say(f"# {rest}")
        elif verb == "row":
            rows.append(Measured.parse(rest))

    profile = replace(PROFILES["demo"], faults=not why_lacking, append="no_timer_check")
    return rows if run_alone(Guest(setup, profile, directory), "recovery", on_line) else None


def show(rows, left_out):
    """Prints the table."""
    timeout = _span([row.timeout_ms for row in rows], "{}")
    say(f"\nInterrupts that go missing, with one request at a time on one queue, and {timeout} ms "
        "until one times out\n(io_timeout of both drivers). nvmepp ran with lost_irq_ms=16; its "
        "one reset is for the third loss in a\nminute, or the second in a row. Times and rates are "
        "of this machine, none of them has to hold:\n")
    say(table(summary(rows), left_out))

# SPDX-License-Identifier: GPL-2.0
"""How what a driver does grows: with depth, size, queues and namespaces; both drivers by turns on
one device. Instructions repeat whatever else the machine does, so they are judged; times are
printed with their spread.

A request must not cost more because others are in flight, or because there are more queues; and
each page, queue or namespace must not cost more than one before did. Of either the cost, of a
request or of each further one, is taken as n to the power of something, by the largest n: nought,
but for noise.
"""

import json
import math
from dataclasses import dataclass, field, replace

from . import counting
from .machine import PROFILES
from .paths import SetupError, cache
from .report import judge, say

THEIRS, OURS = "nvme", "nvmepp"
SIDES = (THEIRS, OURS)
QUEUES = (1, 2, 4, 8, 16, 32, 64)
# What must not grow: what a request costs, or what each further one of something does.
CONSTANT, LINEAR = "a request", "each further one"
# The exponent that it may have; of what grows as a square it is 1.
MOST = {CONSTANT: 0.05, LINEAR: 0.3}
JUDGED_POINTS = 4
UNITS = {"k": 1 << 10, "M": 1 << 20}
# Series: what it is, over what, and what of it must not grow. How many requests there are for each
# of the watchdog's reads of all queues depends on time, so that is only printed.
SERIES = {
    "depth": ("a 4K read", "requests in flight", CONSTANT),
    "size": ("a read, scattered pages", "bytes", LINEAR),
    "queues": ("a 4K read", "queues", CONSTANT),
    "watched": ("a 4K read, the watchdog on", "queues", None),
    "first": ("a 4K read of the first namespace", "namespaces", CONSTANT),
    "last": ("a 4K read of the last namespace", "namespaces", CONSTANT),
    "probe-queues": ("a probe", "queues", LINEAR),
    "reset-queues": ("a reset", "queues", LINEAR),
    "probe-namespaces": ("a probe", "namespaces", LINEAR),
    "reset-namespaces": ("a reset", "namespaces", LINEAR),
}


@dataclass
class Point:
    """What was counted of one driver at one n: a value a round."""
    score: list = field(default_factory=list)
    total: list = field(default_factory=list)
    us: list = field(default_factory=list)


def _number(text):
    return int(text[:-1]) * UNITS[text[-1]] if text[-1] in UNITS else int(text)


def collect(scores):
    """Scores of phases called SERIES:N, as series -> side -> n -> Point."""
    series = {}
    for side, phase, score in scores:
        name, _, n = phase.partition(":")
        if name not in SERIES:
            continue
        point = series.setdefault(name, {}).setdefault(side, {}).setdefault(_number(n), Point())
        for key in ("score", "total", "us"):
            getattr(point, key).append(score[key])
    return series


def _least(points):
    return {n: min(point.score) for n, point in points.items()}


def _each_further(costs):
    """Of {n: cost}: {n: what each of those cost that came since the n before}. What would not even
    double the least cost by the largest n is no growth, whatever it does."""
    ns = sorted(costs)
    least = min(costs.values()) / ns[-1]
    return {n: max((costs[n] - costs[before]) / (n - before), least)
            for before, n in zip(ns, ns[1:])}


def exponent(costs, judged):
    """Of {n: cost}: as n to the power of what it, or each further one, has grown at last."""
    values = _each_further(costs) if judged == LINEAR else costs
    points = [(math.log(n), math.log(values[n])) for n in sorted(values)[-JUDGED_POINTS:]]
    if len(points) < JUDGED_POINTS:
        raise SetupError(f"{len(costs)} points do not tell how something grows")
    mean_x, mean_y = (sum(values) / len(points) for values in zip(*points))
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / \
        sum((x - mean_x) ** 2 for x, _ in points)


def verdicts(series):
    """Pairs (what must hold of nvmepp, why it does not, or nothing)."""
    for name, judged in ((name, judged) for name, (_, _, judged) in SERIES.items() if judged):
        if name not in series:
            yield f"growth_{name}", "it was not counted"
            continue
        costs = _least(series[name][OURS])
        found = exponent(costs, judged)
        yield f"growth_{name}", "" if found <= MOST[judged] else \
            f"{judged} costs n to the power of {found:.2f}, {MOST[judged]} are allowed: " + \
            ", ".join(f"{n}: {cost:.0f}" for n, cost in sorted(costs.items()))


def _machines():
    """(name, what the guest does, machine)"""
    bench = replace(PROFILES["bench"], devices={"first": PROFILES["bench"].devices["first"]})
    yield "load", "load", bench
    for count in QUEUES:
        yield f"queues-{count}", "queues", replace(bench, cpus=count)
    yield "namespaces", "namespaces", PROFILES["namespaces"]


def _count(setup):
    """The scores of all machines, or None when one has failed."""
    scores, kernel = [], []
    for name, grows, machine in _machines():
        say(f"# {name}: {machine.cpus} CPUs")
        one = replace(setup, append=f"{setup.append} vm.grows={grows}")
        done = counting.boot(one, "growth", machine, setup.directory / name, kernel)
        if done is None:
            return None
        scores += done.scores
        kernel = kernel or done.kernel
    return scores


def _spread(values, scale=1):
    return f"{min(values) * scale:.0f} to {max(values) * scale:.0f}"


def _table(name, sides):
    what, over, judged = SERIES[name]
    once = name.startswith(("probe", "reset"))
    lines = [f"## {what[0].upper()}{what[1:]}, by {over}", "",
             f"| {over} | nvme | nvmepp | nvmepp / nvme | nvme, in all | nvmepp, in all | "
             + ("nvme, ms | nvmepp, ms |" if once else "nvme, µs | nvmepp, µs |"),
             "|---|---|---|---|---|---|---|---|"]
    for n in sorted(sides[OURS]):
        theirs, ours = (sides[side][n] for side in SIDES)
        scale = 1e-3 if once else 1
        lines.append(
            f"| {n} | {min(theirs.score):.0f} | {min(ours.score):.0f} | "
            f"{min(ours.score) / min(theirs.score):.2f} | {min(theirs.total):.0f} | "
            f"{min(ours.total):.0f} | {_spread(theirs.us, scale)} | {_spread(ours.us, scale)} |")
    found = ", ".join(f"{side} {exponent(_least(sides[side]), judged):.2f}" for side in SIDES)
    return "\n".join(lines + ["", f"Exponents of what {judged or CONSTANT} costs: {found}.", ""])


def run(setup):
    """Returns whether nothing grows more than it may."""
    scores = _count(setup)
    if scores is None:
        return False
    series = collect(scores)
    text = "# How it grows\n\nInstructions by a driver's own code and the DMA helpers, the least " \
        f"of all rounds; Linux {setup.kernel.release}. In all: by the kernel.\n\n" + \
        "\n".join(_table(name, sides) for name, sides in series.items())
    directory = cache("bench")
    (directory / "growth.md").write_text(text, encoding="utf-8")
    (directory / "growth.json").write_text(json.dumps(
        {"kernel": setup.kernel.release, "series": {
            name: {side: {n: vars(point) for n, point in points.items()}
                   for side, points in sides.items()} for name, sides in series.items()}},
        indent=1), encoding="utf-8")
    say("\n" + text)
    say(f"also in {directory}: growth.md, growth.json")
    return judge(verdicts(series))

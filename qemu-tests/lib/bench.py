# SPDX-License-Identifier: GPL-2.0
"""What a request costs each driver: instructions in its code, counted by a plugin of QEMU's.

Unlike times these repeat exactly, on however busy a machine. Of the kernel's own code the DMA
helpers are counted too, since a driver may do their work itself. Two boots, in the second of which
the drivers have changed places; in each, the drivers take turns, twice.

In a third boot, where nothing is counted, interrupts go missing (recovery.py)."""

import json
import statistics
from dataclasses import replace

from . import btf, counting, device, recovery
from .counting import PERF, of
from .losses import OURS, REFERENCE
from .machine import PROFILES
from .paths import cache
from .report import judge, say

UNWATCHED, FLOOR = "nvmepp, watchdog off", "null_blk"
# Of a request, by all that the watchdog does.
MOST_FOR_WATCHDOG = 3.0
# Doorbells and interrupts: none more, but how many of a batch one tells of is the device's choice.
EVENTS = ("register_writes", "interrupts", "register_reads")
MORE_EVENTS = 1.02
# Where requests come or complete one by one while others are in flight, shadow doorbells save
# register writes: only without them are the two drivers' comparable.
ONE_BY_ONE = ("4K read, depth 32, a call each", "128K read, scattered, batches of 8")
# By how much the in-tree driver's own rounds may differ, and excuse as much in ours.
MOST_NOISE = 1.02
# Entries of the in-tree driver's queue, as it sets them up on a device that has so many.
THEIR_DEPTH = 1024
ENTRY_BYTES = 64 + 16


def read_bars(plain):
    """Two of load -> the ratio that must hold: of the score (plain: without shadow doorbells), and
    of all the kernel's instructions."""
    scores, totals = {}, {}
    for line in (PERF / "bars").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            load, shadow, without, total = line.split(" | ")
            for bars, most in ((scores, without if plain else shadow), (totals, total)):
                if most != "-":
                    bars[load] = float(most)
    return scores, totals


def _profile(swapped, plain):
    """The machine; the second time with the devices in each other's slots. plain: with devices
    that have no shadow doorbells, which only the in-tree driver would use."""
    profile = PROFILES["bench"]
    first, second = profile.devices["first"], profile.devices["second"]
    if swapped:
        first, second = replace(first, slot=second.slot), replace(second, slot=first.slot)
    if plain:
        first, second = (replace(one, options=one.options | {"fault-no-dbbuf": 1})
                         for one in (first, second))
    return replace(profile, devices={"first": first, "second": second},
                   faults=profile.faults or plain)


def _boot(setup, swapped, plain):
    """One boot: a list of (side, load, score) and the bytes a tag and a queue of nvmepp have, or
    None when the benchmark failed."""
    done = counting.boot(setup, "bench", _profile(swapped, plain),
                         setup.directory / ("swapped" if swapped else "straight"))
    if done is None:
        return None
    return done.scores, dict(zip(("tag", "queue"), map(int, done.said["memory"][0].split())))


def _their_memory(kernel):
    """The same of the in-tree driver, from its module's type information."""
    module = dict(kernel.modules(["nvme"]))["nvme"]
    sizes = btf.struct_sizes(kernel.boot_image().read_bytes(), module, {"nvme_iod", "nvme_queue"})
    tag = sizes["nvme_iod"]
    return {"tag": tag, "queue": sizes["nvme_queue"] + THEIR_DEPTH * ENTRY_BYTES +
            (THEIR_DEPTH - 1) * tag}


def _mean(scores, side, load, key):
    values = of(scores, side, load, key)
    return statistics.fmean(values) if values else None


def _summary(scores, load):
    """All that is said of one load."""
    ours, theirs = (of(scores, side, load, "score") for side in (OURS, REFERENCE))
    result = {side: {key: _mean(scores, side, load, key)
                     for key in ("driver", "score", "total", "us", *EVENTS)}
              for side in (REFERENCE, OURS)}
    result["floor"] = _mean(scores, FLOOR, load, "total")
    result["ratio"] = statistics.fmean(ours) / statistics.fmean(theirs)
    # the in-tree driver against itself, by rounds: what of a ratio is noise
    result["a/a"] = max(theirs) / min(theirs)
    # the rest of the kernel has its timers, too: medians, and the spread around theirs
    ours, theirs = (of(scores, side, load, "total") for side in (OURS, REFERENCE))
    result["total ratio"] = statistics.median(ours) / statistics.median(theirs)
    result["total a/a"] = max(theirs) / min(theirs)
    result["spread"] = {side: {key: (min(of(scores, side, load, key)),
                                     max(of(scores, side, load, key)))
                               for key in ("score", "total", "us", *EVENTS)}
                        for side in (REFERENCE, OURS)}
    for side in (REFERENCE, OURS):
        result[side]["median total"] = statistics.median(of(scores, side, load, "total"))
        result[side]["functions"] = of(scores, side, load, "functions")[0]
    return result


def _totals(loads, bars):
    say("\nAll the kernel's instructions a request, medians:\n")
    say("| load | nvme | nvmepp | nvmepp / nvme | must be below | nvme / nvme | null_blk |")
    say("|---|---|---|---|---|---|---|")
    for load, one in loads.items():
        floor = f"{one['floor']:.0f}" if one["floor"] else ""
        say(f"| {load} | {one[REFERENCE]['median total']:.0f} | {one[OURS]['median total']:.0f} | "
            f"{one['total ratio']:.3f} | {bars.get(load, '')} | {one['total a/a']:.3f} | {floor} |")


def _table(loads, bars):
    say("\nInstructions a request, by a driver's own code and the DMA helpers:\n")
    say("| load | nvme | nvmepp | nvmepp / nvme | must be below | nvme / nvme | register writes | "
        "interrupts |")
    say("|---|---|---|---|---|---|---|---|")
    for load, one in loads.items():
        theirs, ours = one[REFERENCE], one[OURS]
        say(f"| {load} | {theirs['score']:.1f} | {ours['score']:.1f} | {one['ratio']:.3f} | "
            f"{bars.get(load, '')} | {one['a/a']:.3f} | "
            f"{theirs['register_writes']:.4f} : {ours['register_writes']:.4f} | "
            f"{theirs['interrupts']:.4f} : {ours['interrupts']:.4f} |")
    say("\nMicroseconds a request, least and most, and requests a second (a guess at best, on an "
        "emulated machine):\n")
    for load, one in loads.items():
        spread = {side: "{:.0f} to {:.0f} ({:.0f} a second)".format(
            *one["spread"][side]["us"], 1e6 / one[side]["us"]) for side in (REFERENCE, OURS)}
        say(f"  {load}: nvme {spread[REFERENCE]}, nvmepp {spread[OURS]}")


def _print_profile(loads, wanted):
    """By function, for the loads whose name contains the text."""
    for load, one in loads.items():
        if wanted not in load:
            continue
        for side in (REFERENCE, OURS):
            say(f"\n{side}: {load}")
            for name, count in one[side]["functions"].items():
                if count >= 0.5:
                    say(f"  {count:9.2f}  {name}")


def _name(load):
    return "bench_" + load.replace(",", "").replace(" ", "_")


def _verdicts(loads, watchdog, memory, bars, plain):
    """Pairs (what must hold, why it does not, or nothing)."""
    for what, theirs in memory[REFERENCE].items():
        ours = memory[OURS][what]
        yield f"bench_memory_of_a_{what}", "" if ours <= theirs else \
            f"{ours} bytes, the in-tree driver's has {theirs}"
    yield "bench_watchdog", "" if watchdog <= MOST_FOR_WATCHDOG else \
        f"costs {watchdog:.2f} instructions a request, {MOST_FOR_WATCHDOG:.0f} are allowed"
    for load, one in loads.items():
        more = [f"{key}: {one[OURS][key]:.4f} a request, in-tree {one[REFERENCE][key]:.4f}"
                for key in EVENTS
                if one[OURS][key] > max(one[REFERENCE][key] * MORE_EVENTS,
                                        one["spread"][REFERENCE][key][1])]
        if plain or load not in ONE_BY_ONE:
            yield f"{_name(load)}_events", "; ".join(more)
    for suffix, ratio, noise, some in (("", "ratio", "a/a", bars[0]),
                                       ("_total", "total ratio", "total a/a", bars[1])):
        for load, most in some.items():
            name = _name(load) + suffix
            if load not in loads:
                yield name, "there is no such load: perf/bars is out of date"
                continue
            one = loads[load]
            yield name, "" if one[ratio] <= most * min(one[noise], MOST_NOISE) else \
                f"{one[ratio]:.3f} of what the in-tree driver takes, {most} are allowed; " \
                f"that driver's own rounds differ by {one[noise]:.3f}"


def _count(setup, plain):
    """The scores of both boots and the memory of both drivers, or None when one has failed."""
    scores = []
    for swapped in (False, True):
        boot = _boot(setup, swapped, plain)
        if boot is None:
            return None
        scores += boot[0]
    return scores, {REFERENCE: _their_memory(setup.kernel), OURS: boot[1]}


def run(setup, wanted=None, plain=False):
    """Returns whether all bars hold. plain: without shadow doorbells, and without losses."""
    # before there is a clock that runs
    lacking = device.lacking(setup.kernel.arch)
    say("# two guests with two identical NVMe disks; each instruction is counted")
    counted = _count(setup, plain)
    if counted is None:
        return False
    scores, memory = counted
    names = dict.fromkeys(load for side, load, _ in scores if side == REFERENCE)
    loads = {load: _summary(scores, load) for load in names}
    watchdog = max(_mean(scores, OURS, load, "driver") - _mean(scores, UNWATCHED, load, "driver")
                   for load in names if of(scores, UNWATCHED, load, "driver"))
    bars = read_bars(plain)
    _table(loads, bars[0])
    _totals(loads, bars[1])
    say("\nBytes of the driver's own a tag, and a queue with its rings and tags: "
        + "; ".join(f"{side} {one['tag']}, {one['queue']}" for side, one in memory.items()))
    say(f"Of ours, the watchdog's: {watchdog:.2f} instructions a request, at most")
    if wanted is not None:
        _print_profile(loads, wanted)
    if plain:
        return judge(_verdicts(loads, watchdog, memory, bars, plain))
    say("\n# a third guest, in which interrupts go missing; nothing is counted")
    lost = recovery.measure(setup, lacking)
    if lost is None:
        return False
    left_out = recovery.not_run(lacking)
    recovery.show(lost, left_out)
    directory = cache("bench")
    (directory / "bench.json").write_text(json.dumps(
        {"kernel": setup.kernel.release, "watchdog": watchdog, "memory": memory,
         "loads": loads, "recovery": recovery.summary(lost), "not_run": left_out}, indent=1),
        encoding="utf-8")
    say(f"\nall figures: {directory}/bench.json")
    return judge([*_verdicts(loads, watchdog, memory, bars, plain),
                  *recovery.verdicts(lost, lacking)])

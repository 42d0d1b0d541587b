# SPDX-License-Identifier: GPL-2.0
"""What each check costs: the driver built without it, one after the other, and counted."""

import json
import shutil
import subprocess
from dataclasses import dataclass, field, replace
from pathlib import Path

from . import copies, counting
from .counting import PERF, of
from .machine import PROFILES
from .paths import REPOSITORY, SetupError, cache
from .report import judge, say

PARTS = ("Kbuild", "Makefile", "include", "src", "scripts")
BUILT, WATCHED, ALL = "as built", "watchdog on", "all of them but the watchdog's work"
ALL_NAME = "all"
# Instructions a request by which a count may differ from itself.
NOISE = 0.5


@dataclass
class Check:
    """One of perf/checks: what it is, and the places (file, old, new) to change."""
    name: str
    what: str
    places: list = field(default_factory=list)


def _lines(text):
    """(kind, rest) of each line that says something."""
    return [(line[0], line[1:]) for line in text.splitlines() if line and line[0] != "#"]


def read_checks(text):
    """The list in the text of perf/checks."""
    checks, file, before = [], None, ""
    for kind, rest in _lines(text):
        if kind == "@":
            file = rest
        elif kind == "-":
            if before != "-":
                checks[-1].places.append([file, "", ""])
            checks[-1].places[-1][1] += rest + "\n"
        elif kind == "+":
            checks[-1].places[-1][2] += rest + "\n"
        else:
            checks.append(Check(*(kind + rest).split(" | ")))
        before = kind
    return checks


def _built_from():
    """The files that the driver is built from."""
    for part in PARTS:
        top = REPOSITORY / part
        for path in [top] if top.is_file() else top.rglob("*"):
            if path.is_file():
                yield path.relative_to(REPOSITORY)


def take_out(tree, checks):
    """Changes the copy; SetupError where a text is not there once."""
    for check in checks:
        for file, old, new in check.places:
            path = tree / file
            text = path.read_text(encoding="utf-8")
            old, new = old.rstrip("\n"), new.rstrip("\n")
            if text.count(old) != 1:
                raise SetupError(f"perf/checks: {check.name}: its text is {text.count(old)} times "
                                 f"in {file}")
            path.write_text(text.replace(old, new), encoding="utf-8")


def _build(release, checks, target):
    """The module without these, as the file target."""
    tree = cache("checks", "tree")
    copies.update(REPOSITORY, tree, _built_from())
    take_out(tree, checks)
    done = subprocess.run([tree / "scripts" / "build-for", release], cwd=tree,
                          stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SetupError(f"without {', '.join(one.name for one in checks)} it does not build")
    shutil.copy(done.stdout.strip(), target)


def build(release, directory):
    """The modules without one check each, and one without any; returns the checks and paths."""
    checks = read_checks((PERF / "checks").read_text(encoding="utf-8"))
    directory.mkdir(exist_ok=True)
    paths = []
    for name, out in [(one.name, [one]) for one in checks] + [(ALL_NAME, checks)]:
        say(f"# building it without {name}")
        paths.append(Path(directory, f"without-{name}.ko"))
        _build(release, out, paths[-1])
    return checks, paths


def _cost(scores, side, load):
    """Instructions a request that it adds: what there is with it, less what is left without."""
    built = min(of(scores, BUILT, load, "driver"))
    other = min(of(scores, side, load, "driver"))
    return other - built if side == WATCHED else built - other


def _markdown(rows, loads, built):
    lines = ["| check | " + " | ".join(loads) + " |", "|---" * (len(loads) + 1) + "|"]
    lines += [f"| {what} | " + " | ".join(f"{cost[load]:.1f}" for load in loads) + " |"
              for what, cost in rows]
    lines.append("| the driver as it is | " +
                 " | ".join(f"{built[load]:.1f}" for load in loads) + " |")
    return "\n".join(lines) + "\n"


def _verdicts(scores, rows, loads):
    """Whether the counts can be believed."""
    for load in loads:
        values = of(scores, BUILT, load, "driver")
        spread = max(values) - min(values)
        yield f"checks_repeat_{load.replace(',', '').replace(' ', '_')}", \
            "" if spread <= NOISE else f"the same driver differs by {spread:.2f} instructions"
    alone = dict(rows)[ALL]
    yield "checks_cost_something", "" if all(alone[load] > NOISE for load in loads) else \
        "the driver without any of them is not cheaper: were they taken out?"


def run(setup, checks):
    """Counts what build() has put into the initramfs; returns whether that can be believed."""
    profile = replace(PROFILES["bench"])
    done = counting.boot(setup, "checks", profile, setup.directory / "checks")
    if done is None:
        return False
    loads = list(dict.fromkeys(load for _, load, _ in done.scores))
    sides = [(one.what, one.name) for one in checks]
    sides += [("the watchdog's work, while commands are in flight", WATCHED), (ALL, ALL_NAME)]
    rows = [(what, {load: _cost(done.scores, side, load) for load in loads})
            for what, side in sides]
    built = {load: min(of(done.scores, BUILT, load, "driver")) for load in loads}
    text = _markdown(rows, loads, built)
    say("\nInstructions a request that a check costs, in the driver's own code:\n\n" + text)
    directory = cache("bench")
    (directory / "checks.md").write_text(text, encoding="utf-8")
    (directory / "checks.json").write_text(json.dumps(
        {"kernel": setup.kernel.release, "as built": built, "costs": dict(rows)}, indent=1),
        encoding="utf-8")
    say(f"also in {directory}/checks.md and checks.json")
    return judge(_verdicts(done.scores, rows, loads))

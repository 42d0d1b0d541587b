# SPDX-License-Identifier: GPL-2.0
"""Lists of mutants: changes that turn one decision the wrong way, each of which a test must see.

  NAME FILE [TEST...] [# sample]
  -OLD          text of one line, or of several, there once exactly
  +NEW

A sample of a list is what a run without time for the whole tries.
"""

import dataclasses
import os
import queue
import re
import threading

from . import device
from .arch import native
from .paths import SetupError


@dataclasses.dataclass
class Mutant:
    """One change to one file."""

    name: str
    file: str
    tests: tuple = ()
    sample: bool = False
    old: str = ""
    new: str = ""

    def places(self, text):
        """Where text has the old code, however its lines are broken."""
        pattern = r"\s+".join(map(re.escape, self.old.split()))
        return list(re.finditer(r"[ \t]*" * self.old[:1].isspace() + pattern, text))

    def planted(self, text):
        """The text with the change, or None where the old code is not there once."""
        found = self.places(text)
        if len(found) != 1:
            return None
        start, end = found[0].span()
        return text[:start] + self.new + text[end:]


def read(path):
    """The list in path."""
    mutants = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if line[0] == "-":
            mutants[-1].old += line[1:] + "\n"
        elif line[0] == "+":
            mutants[-1].new += line[1:] + "\n"
        else:
            words, _, mark = line.partition(" # ")
            name, file, *tests = words.split()
            mutants.append(Mutant(name, file, tuple(tests), mark == "sample"))
    for mutant in mutants:
        mutant.old, mutant.new = mutant.old.rstrip("\n"), mutant.new.rstrip("\n")
    return mutants


def tell(line, comment=""):
    """One verdict: to the user, and to the file $NVMEPP_RESULTS."""
    print(line + comment, flush=True)
    if os.environ.get("NVMEPP_RESULTS"):
        with open(os.environ["NVMEPP_RESULTS"], "a", encoding="utf-8") as file:
            print(line, file=file)


def say_places(verdict, folder, mutants):
    """Whether the text that each wants to change is there, once; one verdict for all."""
    lost = [mutant.name for mutant in mutants
            if len(mutant.places((folder / mutant.file).read_text(encoding="utf-8"))) != 1]
    if lost:
        tell(f"not ok {verdict} - not {' '.join(lost)}")
    else:
        tell(f"ok {verdict}", f" # {len(mutants)} of them")
    return not lost


def able(mutants, tests):
    """Those whose tests can be run here; the others are named. tests: all there are, by name."""
    on_faults = [mutant for mutant in mutants if any(tests[name].faults for name in mutant.tests)]
    try:
        if not on_faults or not device.lacking(native()):
            return mutants
    except SetupError:
        return mutants          # they tell what is wrong
    tell(f"NOT RUN: {' '.join('mutant_' + mutant.name for mutant in on_faults)}; "
         "there is no device with faults")
    return [mutant for mutant in mutants if mutant not in on_faults]


class Report:
    """Verdicts, as they come from the workers."""

    def __init__(self):
        self.lock = threading.Lock()
        self.passed = self.failed = self.proofs = 0

    def add(self, mutant, killed, how):
        """One verdict."""
        name = "mutant_" + mutant.name
        line = f"ok {name}" if killed else f"not ok {name} - {how}"
        with self.lock:
            tell(line, f" # killed by {how}" if killed else "")
            self.passed += killed
            self.failed += not killed
            self.proofs += how == "proof"

    def good(self):
        """Whether all mutants were killed."""
        return self.passed and not self.failed

    def count(self):
        """The last line."""
        return f"{self.passed} passed, {self.failed} failed"


class Bench:
    """A copy of sources to plant mutants in. A subclass has judge(mutant): (killed, how)."""

    def __init__(self, folder):
        self.folder = folder        # what the list's files are relative to

    def judge(self, mutant):
        """Of the sources with the mutant in them."""
        raise NotImplementedError

    def try_mutant(self, mutant):
        """(killed, how); the sources are as before afterwards."""
        path = self.folder / mutant.file
        text = path.read_text(encoding="utf-8")
        planted = mutant.planted(text)
        if planted is None:
            return False, "its text is not there once"
        path.write_text(planted, encoding="utf-8")
        try:
            return self.judge(mutant)
        finally:
            path.write_text(text, encoding="utf-8")


def work(bench, mutants, report):
    """Try mutants until there are none."""
    while True:
        try:
            mutant = mutants.get_nowait()
        except queue.Empty:
            return
        report.add(mutant, *bench.try_mutant(mutant))


def try_all(benches, mutants, report):
    """Try them all."""
    waiting = queue.SimpleQueue()
    for mutant in mutants:
        waiting.put(mutant)
    workers = [threading.Thread(target=work, args=(bench, waiting, report)) for bench in benches]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

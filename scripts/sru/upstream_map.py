# SPDX-License-Identifier: GPL-2.0
"""src/upstream.tsv: what of the timeout path corresponds to what upstream."""

import re
from dataclasses import dataclass, fields
from pathlib import Path

from fixes import FIXES
from scenarios import SCENARIOS
from teeth import TEETH

TOP = Path(__file__).resolve().parent.parent.parent
TABLE = TOP / "src" / "upstream.tsv"
HEAD = ("behaviour", "upstream", "here", "tests", "shown by", "carried by")


class BadTable(Exception):
    """A line that cannot be read; the message says which."""


@dataclass
class Row:
    """One line."""
    behaviour: str
    commits: str
    upstream: str       # function
    file: str           # below src
    function: str
    tests: str
    shown: str
    carried: str

    @classmethod
    def read_all(cls, path=TABLE):
        """All rows of the table."""
        rows = []
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line or line.startswith("#"):
                continue
            parts = line.split("\t")
            if len(parts) != len(fields(cls)) or not all(part.strip() for part in parts):
                raise BadTable(f"{path.name}:{number}: {len(parts)} fields, expected "
                               f"{len(fields(cls))}, none of them empty ('-' is: none)")
            rows.append(cls(*parts))
        return rows

    def cells(self):
        """As UPSTREAM.md shows it."""
        commits = "" if self.commits == "-" else f" ({self.commits.replace(' ', ', ')})"
        upstream = "none" if self.upstream == "-" else f"`{self.upstream}()`{commits}"
        return (self.behaviour, upstream, f"`{self.function}()` in {self.file}",
                self.tests.replace(" ", ", "), self.shown.replace(":", ": "), self.carried)

    def _shown(self):
        kind, _, name = self.shown.partition(":")
        if kind == "removal":
            fix = [fix for fix in FIXES if fix.name == name]
            if not fix or fix[0].commit not in self.commits.split():
                return f"no fix '{name}' of {self.commits}"
            tested = {tooth.test for tooth in TEETH if tooth.fix == name}
            if name != "poll" and not tested & set(self.tests.split()):
                return f"no test with and without '{name}' (scripts/sru/teeth.py)"
            return ""
        if kind == "scenario":
            return "" if name in SCENARIOS else f"no scenario '{name}'"
        if kind == "mutants":
            mutants = (TOP / "kunit/mutants").read_text(encoding="utf-8")
            return "" if name and re.search(rf"^{name}\w+ ", mutants, re.M) else \
                f"no mutants '{name}...'"
        return "" if self.shown == "reading" else \
            f"'{self.shown}': removal:, scenario:, mutants: or reading is accepted"

    def missing(self, pci_c=None):
        """What this row names and is not there; with a pci.c also upstream's function."""
        path = TOP / "src" / self.file
        if not path.exists():
            yield f"src/{self.file}"
        elif not re.search(rf"\b{self.function}\(", path.read_text(encoding="utf-8")):
            yield f"{self.function}() in src/{self.file}"
        for test in self.tests.split():
            if not (TOP / "qemu-tests/tests" / f"{test}.sh").exists():
                yield f"test {test}"
        if self._shown():
            yield self._shown()
        if pci_c and self.upstream != "-" and not re.search(rf"\b{self.upstream}\(", pci_c):
            yield f"upstream's {self.upstream}()"


def table(rows):
    """As Markdown."""
    lines = [HEAD, ("---",) * len(HEAD), *(row.cells() for row in rows)]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)

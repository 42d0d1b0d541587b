# SPDX-License-Identifier: GPL-2.0
"""Compares what tools said about one device with one driver and with another, field by field.

What a tool said is a file of the guest's: "command: ...", "status: ...", "stderr: ..." for each
line, an empty line, what it printed. Its name ends in how that is taken apart:

    .colon      lines like "key : value"
    .equals     lines like "KEY=value"
    .json
    .text       anything, line by line
"""

import json
import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

ABSENT = "(absent)"
# The numbers of nvmepp's own names; the others begin with 0.
OWN_NAMES = re.compile(r"\b(nvme|ng)64(?=\b|n\d|c\d|q\d)")
# A tool that is not there, or does not end, says the same everywhere.
NOTHING_SAID = ("124", "126", "127")


class BadList(Exception):
    """A list of what may differ is not as it should be."""


def _rules(path, columns):
    """The lines of a list, each with so many columns, besides comments."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in re.split(r"\s\|\s", line)]
        if len(cells) != columns or not all(cells):
            raise BadList(f"{path}:{number}: {columns} columns between ' | ' are accepted")
        yield f"{path.name}:{number}", cells


@dataclass
class Variation:
    """A field that is another each time one asks."""
    where: str
    probe: str              # a pattern, as of files
    field: re.Pattern
    how: str                # any: no value counts; number: its numbers do not; maybe: nor whether
    used: bool = False      # it is there

    def apply(self, probe, name, value):
        """The value, without what varies; None if nothing of the field counts."""
        if not fnmatchcase(probe, self.probe) or not self.field.fullmatch(name):
            return value
        self.used = True
        if self.how == "maybe":
            return None
        return "(varies)" if self.how == "any" else re.sub(r"\d+(\.\d+)?", "N", value)

    @classmethod
    def read(cls, path):
        """All in a file: PROBE | FIELD | any, number or maybe | WHY."""
        rules = []
        for where, (probe, name, how, _) in _rules(path, 4):
            if how not in ("any", "number", "maybe"):
                raise BadList(f"{where}: '{how}' is none of any, number, maybe")
            # what may be there need not be
            rules.append(cls(where, probe, re.compile(name), how, used=how == "maybe"))
        return rules


@dataclass
class Difference:
    """A difference that is meant."""
    where: str
    driver: str             # a pattern
    probe: str              # a pattern
    field: re.Pattern
    reference: re.Pattern
    ours: re.Pattern
    used: bool = False

    def justifies(self, driver, probe, found):
        """Whether this is it."""
        good = fnmatchcase(driver, self.driver) and fnmatchcase(probe, self.probe) and \
            self.field.fullmatch(found.field) and self.reference.fullmatch(found.reference) and \
            self.ours.fullmatch(found.ours)
        self.used |= bool(good)
        return good

    @classmethod
    def read(cls, path):
        """All in a file: DRIVER | PROBE | FIELD | REFERENCE | OURS | WHY; - for nothing there."""
        def value(text):
            return re.compile(re.escape(ABSENT) if text == "-" else text)

        return [cls(where, driver, probe, re.compile(name), value(reference), value(ours))
                for where, (driver, probe, name, reference, ours, _) in _rules(path, 6)]


@dataclass
class Found:
    """A field in which they differ."""
    probe: str
    field: str
    reference: str
    ours: str

    def __str__(self):
        return f"{self.probe}: {self.field}: '{self.reference}' is '{self.ours}'"


@dataclass
class Said:
    """What one tool said, taken apart."""
    command: str
    fields: dict


class _Fields(dict):
    """Fields by name; a name that comes again gets a number."""

    def put(self, name, value):
        """One more."""
        number, unique = 1, name
        while unique in self:
            number += 1
            unique = f"{name} #{number}"
        self[unique] = value


def _flatten(value, name, fields):
    if isinstance(value, dict):
        for key, inner in value.items():
            _flatten(inner, f"{name}.{key}" if name else key, fields)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            _flatten(inner, f"{name}[{number}]", fields)
    else:
        fields.put(name, str(value))


def _take_lines(text, separator, fields):
    for line in text.splitlines():
        key, found, value = line.partition(separator) if separator else ("", "", "")
        if found and key.strip():
            fields.put(" ".join(key.split()), " ".join(value.split()))
        elif line.strip():
            fields.put("line", " ".join(line.split()))


def _take_json(text, fields):
    # warnings may come before it
    start = text.find("{")
    try:
        _flatten(json.loads(text[start:]), "", fields)
    except ValueError:
        _take_lines(text, None, fields)


def take_apart(name, text):
    """A file of the guest's; ValueError if it is none."""
    head, found, body = text.partition("\n\n")
    if not found or not head.startswith("command: "):
        raise ValueError(f"{name} is not what a tool said")
    body = OWN_NAMES.sub(r"\g<1>0", body)
    fields = _Fields()
    for line in OWN_NAMES.sub(r"\g<1>0", head).splitlines()[1:]:
        key, _, value = line.partition(": ")
        fields.put(key, value)
    kind = name.rsplit(".", 1)[-1]
    if kind == "json":
        _take_json(body, fields)
    else:
        _take_lines(body, {"colon": ":", "equals": "=", "text": None}[kind], fields)
    return Said(head.splitlines()[0].removeprefix("command: "), dict(fields))


def tool_of(name, said):
    """Whose row it is in the table."""
    words = said.command.split()
    return f"nvme {words[1]}" if words[0] == "nvme" else name.split("-")[0].split(".")[0]


def without_variation(said_by_probe, variations):
    """The same fields, without what varies."""
    result = {}
    for probe, said in said_by_probe.items():
        fields = {}
        for name, value in said.fields.items():
            for variation in variations:
                if value is not None:
                    value = variation.apply(probe, name, value)
            if value is not None:
                fields[name] = value
        result[probe] = Said(said.command, fields)
    return result


def differences(reference, ours):
    """All fields in which what was said differs, in order."""
    for probe in sorted(reference.keys() | ours.keys()):
        theirs = reference[probe].fields if probe in reference else {}
        mine = ours[probe].fields if probe in ours else {}
        for name in list(theirs) + [name for name in mine if name not in theirs]:
            left, right = theirs.get(name, ABSENT), mine.get(name, ABSENT)
            if left != right:
                yield Found(probe, name, left, right)


@dataclass
class Cell:
    """What one tool said with one driver, against the reference."""
    compared: int = 0
    justified: list = field(default_factory=list)
    wrong: list = field(default_factory=list)

    def __str__(self):
        if self.wrong:
            return f"**{len(self.wrong)} differ**"
        return f"same, {len(self.justified)} justified" if self.justified else "same"


class Comparison:
    """Of all tools, with each driver."""

    def __init__(self, reference, said, variations, allowed):
        """reference: {probe: Said}; said: {driver: the same of it}."""
        self._variations, self._allowed = variations, allowed
        self._reference = without_variation(reference, variations)
        self.rows = {}              # tool: {driver: Cell}
        self.drivers = list(said)
        for driver, theirs in said.items():
            self._compare(driver, without_variation(theirs, variations))

    def _compare(self, driver, theirs):
        for probe in self._reference.keys() | theirs.keys():
            one = self._reference.get(probe) or theirs[probe]
            cell = self.rows.setdefault(tool_of(probe, one), {}).setdefault(driver, Cell())
            cell.compared += len(one.fields)
        for found in differences(self._reference, theirs):
            one = self._reference.get(found.probe) or theirs[found.probe]
            cell = self.rows[tool_of(found.probe, one)][driver]
            good = any(rule.justifies(driver, found.probe, found) for rule in self._allowed)
            (cell.justified if good else cell.wrong).append(found)

    def unused(self):
        """Where the lists have what does not occur."""
        return [rule.where for rule in self._variations + self._allowed if not rule.used]

    def silent(self):
        """Tools that were not there, or did not end, with the reference."""
        return [probe for probe, said in self._reference.items()
                if said.fields.get("status") in NOTHING_SAID]

    def table(self):
        """A Markdown table: a row for each tool, a column for each driver."""
        head = ["tool", "fields", *self.drivers]
        lines = [head, ["---"] * len(head)]
        for tool, cells in sorted(self.rows.items()):
            fields = max(cell.compared for cell in cells.values())
            lines.append([tool, str(fields), *(str(cells.get(name, "-")) for name in self.drivers)])
        return "".join("| " + " | ".join(line) + " |\n" for line in lines)

# SPDX-License-Identifier: GPL-2.0
"""The papers of the reviewer's pack, from what was measured: evidence, forms, mapping, fixes."""

from dataclasses import dataclass, field
from pathlib import Path
from string import Template

from fixes import FIXES, NO
from scenarios import COLUMNS, SCENARIOS, failures
from upstream_map import Row, table as upstream_table

FORMS = Path(__file__).parent / "forms"


@dataclass
class Pack:
    """Everything that a run has come to."""
    kernel: object                  # variants.Kernel
    facts: list                     # (what, value): versions and commands
    measured: dict                  # column -> measure.Measured
    bites: list = field(default_factory=list)       # teeth.Bite
    healing_bites: list = field(default_factory=list)       # teeth.HealingBite
    sources: list = field(default_factory=list)     # (name, text of pci.c) for has-fixes
    not_run: list = field(default_factory=list)     # lines
    by_hand: str = ""               # the session of device/README.md's page
    patches: list = field(default_factory=list)     # file names
    chosen: tuple = tuple(SCENARIOS)

    def figures(self, scenario, column):
        """Of a cell; None if it has none."""
        measured = self.measured.get(column)
        return measured.rows.get(scenario) if measured else None

    def cells(self):
        """(scenario, column) of each that was to be measured."""
        return [(scenario, column) for scenario in self.chosen for column in COLUMNS
                if column in SCENARIOS[scenario].shows and column in self.measured]

    def column_names(self):
        """The columns that there are, in order."""
        return [column for column in COLUMNS if column in self.measured]


def _markdown(rows):
    head, *rest = rows
    lines = [head, ["---"] * len(head), *rest]
    return "".join("| " + " | ".join(map(str, line)) + " |\n" for line in lines)


# --- evidence -------------------------------------------------------------------------------------

def cell_text(figures):
    """A cell's figures for a reader."""
    if not figures:
        return "**no figures**"
    parts = []
    if "longest_ms" in figures:
        parts.append(f"longest {int(figures['longest_ms']) / 1000:.2f} s")
        parts.append(f"{figures['ios']} I/Os, {figures['stalls']} stalled")
    parts.append(f"{figures['aborts']} aborts, {figures['resets']} resets")
    if "vector" in figures:
        parts.append(f"vector {figures['vector']}")
    if "disk" in figures:
        parts.append(f"disk {figures['disk']}, write {figures['after']}, "
                     f"{figures['journal_aborts']} journal aborts")
    if figures.get("errors", "0") != "0" or figures.get("wrong", "0") != "0":
        parts.append(f"{figures['errors']} errors, {figures['wrong']} blocks wrong")
    return "; ".join(parts)


def _table(pack):
    names = pack.column_names()
    rows = [["scenario", *(COLUMNS[name].title for name in names)]]
    for scenario, one in SCENARIOS.items():
        if any(name in one.shows for name in names):
            rows.append([one.title, *(
                cell_text(pack.figures(scenario, name)) if name in one.shows else "-"
                for name in names)])
    return _markdown(rows)


def _assertions(pack):
    rows = [["scenario", "driver", "figures", "has to hold", "result"]]
    for scenario, column in pack.cells():
        figures = pack.figures(scenario, column)
        wrong = failures(scenario, column, figures) if figures else ["no figures"]
        rows.append([SCENARIOS[scenario].title, COLUMNS[column].title,
                     " ".join(f"{key}={value}" for key, value in (figures or {}).items()),
                     SCENARIOS[scenario].shows[column],
                     "ok" if not wrong else f"**fails**: {' '.join(wrong)}"])
    return _markdown(rows)


def _teeth(pack):
    rows = [["fix", "test", "with it", "without it", "how it fails without"]]
    for bite in pack.bites:
        subject = next(fix for fix in FIXES if fix.name == bite.tooth.fix)
        rows.append([f"{subject.commit} {subject.subject}", bite.tooth.test,
                     ", ".join(verdict.outcome for verdict in bite.with_fix),
                     ", ".join(verdict.outcome for verdict in bite.without),
                     bite.without[0].reason.replace("|", "/")])
    return _markdown(rows)


def _healing_teeth(pack):
    rows = [["without", "scenario", "what no longer holds"]]
    rows += [[bite.without, SCENARIOS[bite.scenario].title, " ".join(bite.failed)]
             for bite in pack.healing_bites]
    return _markdown(rows)


def _excerpts(pack):
    for scenario, one in SCENARIOS.items():
        yield f"### {one.title}\n\n{one.fault}.\n"
        for column in pack.column_names():
            if column in one.shows:
                lines = pack.measured[column].excerpt(scenario)[:12]
                said = "\n".join(lines) or "(the kernel says nothing)"
                yield f"{COLUMNS[column].title}:\n\n```\n{said}\n```\n"


def evidence(pack):
    """evidence.md"""
    facts = _markdown([["", ""], *pack.facts])
    parts = [f"# LP#1807393 on Linux {pack.kernel.release}\n",
             "What interrupts that go missing cost, on QEMU's NVMe controller with faults on "
             "demand. io_timeout is 2 s: divide by it to compare with the default of 30 s. Each "
             "figure is of one run.\n",
             facts, *(f"{line}\n" for line in pack.not_run),
             "## The table\n", _table(pack),
             "## What each cell has to show\n",
             "`make sru` fails if one of these conditions does not hold. late: what the guest "
             "itself was kept waiting by the host.\n", _assertions(pack)]
    if pack.bites:
        parts += ["## The fixes that followed: tests with and without them\n",
                  "Each test is run on the in-tree driver as it is and on the same without the "
                  "fix. The windows between two steps are widened (qemu-tests/kmod/window.c).\n",
                  _teeth(pack)]
    if pack.healing_bites:
        parts += ["The healing patch without what holds its reset back:\n", _healing_teeth(pack)]
    if pack.by_hand:
        parts += ["## By hand\n", "The commands of qemu-tests/device/REVIEW.md, on this kernel and "
                  "its own driver:\n", f"```\n{pack.by_hand}```\n"]
    return "\n".join([*parts, "## What the kernel says\n", *_excerpts(pack)])


# --- forms ----------------------------------------------------------------------------------------

def _gaps(pack):
    missing = [f"- {fix.commit} \"{fix.subject}\": {fix.effect}" for fix in FIXES
               if fix.answer(pack.kernel.pci_c) == NO]
    return "\n".join(missing) if missing else "- nothing of what is known here"


def form(pack, name):
    """A form of forms/, filled in: $SCENARIO_COLUMN is a cell of the table."""
    values = {f"{scenario}_{column}".replace("-", "_"): cell_text(pack.figures(scenario, column))
              for scenario, column in pack.cells()}
    values |= {"version": pack.kernel.version, "gaps": _gaps(pack), "last_patch": pack.patches[-1],
               "series": ".".join(pack.kernel.release.split(".")[:2])}
    for part in ("test-plan", name):
        text = (FORMS / f"{part}.md").read_text(encoding="utf-8")
        values[part.replace("-", "_")] = Template(text).substitute(values)
    return values[name.replace("-", "_")]


# --- mapping and fixes ----------------------------------------------------------------------------

def mapping(pack):
    """mapping.md"""
    names = [name for name, _ in pack.sources]
    rows = [["behaviour", "upstream", *names]]
    for row in Row.read_all():
        fixes = [fix for fix in FIXES if fix.commit in row.commits.split()]
        if fixes:
            rows.append([row.behaviour, row.commits, *(
                "; ".join(dict.fromkeys(fix.answer(text) for fix in fixes))
                for _, text in pack.sources)])
    return ("# What corresponds to what\n\nFrom src/UPSTREAM.md, which also has the reading order "
            f"for a backporter.\n\n{upstream_table(Row.read_all())}\n## In these kernels\n\nAs "
            f"scripts/sru/has-fixes reads it from their code.\n\n{_markdown(rows)}")


def fixes(pack):
    """fixes.md"""
    rows = [["fix", "commit", "without it", *(name for name, _ in pack.sources)]]
    rows += [[fix.subject, fix.commit, fix.effect, *(fix.answer(text) for _, text in pack.sources)]
             for fix in FIXES]
    return ("# Fixes of the timeout path\n\nRead from the code of drivers/nvme/host/pci.c by "
            "scripts/sru/has-fixes, not from versions. Of another kernel: `scripts/sru/has-fixes "
            f"path/to/pci.c`.\n\n{_markdown(rows)}" +
            "".join(f"\n{line}\n" for line in pack.not_run))

# SPDX-License-Identifier: GPL-2.0
"""What the user sees: progress, verdicts, the table, the count."""

import os
import sys

from .verdict import tail

COLUMNS = ("result", "longest wait", "found by a poll", "resets")


def say(text):
    """One line, at once, also into a pipe."""
    print(text, flush=True)


def judge(verdicts):
    """Says pairs (what must hold, why it does not, or nothing), also to the file NVMEPP_RESULTS;
    returns whether all hold."""
    good = True
    for name, reason in verdicts:
        line = f"not ok {name} - {reason}" if reason else f"ok {name}"
        say(line)
        good = good and not reason
        if os.environ.get("NVMEPP_RESULTS"):
            with open(os.environ["NVMEPP_RESULTS"], "a", encoding="utf-8") as results:
                results.write(line + "\n")
    return good


class Report:
    """Collects verdicts of one driver and tells them."""

    def __init__(self, driver, counts=True):
        self.driver = driver
        self.counts = counts        # or is it only to compare with
        self.verdicts = {}
        self._results = os.environ.get("NVMEPP_RESULTS") if counts else None

    @staticmethod
    def note(text):
        """Prints what goes on, for someone who waits."""
        say(f"# {text}")

    @staticmethod
    def _show_log(verdict, guest):
        """Of a failure the end of its log, and where the rest is."""
        if verdict.log:
            say(f"----- end of the kernel log during {verdict.name}")
            say(tail(verdict.log))
            say("-----")
        if guest:
            say(f"full log: {guest.console}")

    def hold(self, verdict, guest):
        """Prints a failure that is not yet a verdict."""
        self._show_log(verdict, guest)
        self.note(f"{verdict.name} failed: {verdict.reason}; to be run again, alone")

    def announce(self, verdict, guest):
        """Prints a verdict; of a failure also its log."""
        self.verdicts[verdict.name] = verdict
        if verdict.outcome == "fail":
            self._show_log(verdict, guest)
        lines = [f"{'ok' if good else 'not ok'} {verdict.name}: {part}"
                 for part, good in verdict.parts]
        for line in lines + [verdict.line]:
            say(line)
        lines.append(verdict.line)
        if verdict.before:
            lines.append(f"again {verdict.name} - {verdict.before}")
            say(lines[-1])
        if self._results:
            with open(self._results, "a", encoding="utf-8") as results:
                results.write("".join(line + "\n" for line in lines))

    def count(self, outcome):
        """How many came out so, each part of a test counted like a test."""
        parts = [good for verdict in self.verdicts.values() for _, good in verdict.parts]
        return sum(verdict.outcome == outcome for verdict in self.verdicts.values()) + \
            (parts.count(outcome == "ok") if outcome != "skip" else 0)

    def summary(self):
        """The last line."""
        text = f"{self.count('ok')} passed, {self.count('fail')} failed"
        skipped = self.count("skip")
        return text + (f", {skipped} skipped" if skipped else "")

    def good(self):
        """Whether something passed and nothing failed."""
        return self.count("ok") > 0 and not self.count("fail")


def align(rows, ruled=False):
    """Rows of cells as columns for a terminal; with a rule below the first, if wanted."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    if ruled:
        rows = [rows[0], ["-" * width for width in widths], *rows[1:]]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()
        for row in rows)


def _cells(verdict):
    if not verdict:
        return ["-"] * len(COLUMNS)
    metrics = verdict.metrics
    cells = [{"ok": "ok", "fail": "**failed**", "skip": "skipped"}[verdict.outcome]]
    if not metrics or verdict.outcome == "skip":
        return cells + ["-"] * (len(COLUMNS) - 1)
    longest = f"{metrics['longest_ms'] / 1000:.2f} s" if metrics["longest_ms"] else "-"
    return cells + [longest, str(metrics["lost"]), str(metrics["resets"])]


def table(reports):
    """A Markdown table, the drivers side by side."""
    head = ["test"] + [f"{report.driver}: {column}" for report in reports for column in COLUMNS]
    names = sorted({name for report in reports for name in report.verdicts})
    rows = [head, ["---"] * len(head)]
    for name in names:
        rows.append([name] + [
            cell for report in reports for cell in _cells(report.verdicts.get(name))])
    return "".join("| " + " | ".join(row) + " |\n" for row in rows)


def plain_table(report):
    """The same for a terminal, one driver."""
    rows = [["test", *COLUMNS]]
    for name, verdict in report.verdicts.items():
        rows.append([name] + [cell.strip("*") for cell in _cells(verdict)])
    return align(rows)


def complain(text):
    """What keeps us from running at all."""
    print(f"qemu-tests: {text}", file=sys.stderr, flush=True)

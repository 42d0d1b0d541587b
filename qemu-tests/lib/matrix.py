# SPDX-License-Identifier: GPL-2.0
"""The scenarios side by side: what each driver made of a fault, as a Markdown table."""

WIDEST_REASON = 90


def _stages(verdict):
    """The parts that passed, for a verdict that is none of its own."""
    return ", ".join(name for name, good in verdict.parts if good)


def _cell(verdict):
    if not verdict:
        return "not run"
    if verdict.outcome == "skip":
        return f"skipped: {verdict.reason}"
    if verdict.outcome == "fail":
        passed = _stages(verdict)
        reason = verdict.reason.replace("|", "/")[:WIDEST_REASON]
        return f"**failed**{f' (after {passed})' if passed else ''}: {reason}"
    numbers = [f"{verdict.metrics[key]} {name}" for key, name in
               (("lost", "polls"), ("resets", "resets")) if verdict.metrics.get(key)]
    longest = verdict.metrics.get("longest_ms")
    if longest:
        numbers.append(f"{longest / 1000:.1f} s")
    return "ok" + (f": {', '.join(numbers)}" if numbers else "")


def matrix(reports, tests):
    """Scenario x driver. The numbers: completed by a poll, controller resets, longest wait."""
    rows = [["scenario", "rows", "what happens", *(report.driver for report in reports)]]
    rows.append(["---"] * len(rows[0]))
    for test in tests:
        cells = [_cell(report.verdicts.get(test.name)) if report.driver in test.drivers else "-"
                 for report in reports]
        rows.append([test.name, " ".join(test.rows), test.description, *cells])
    return "".join("| " + " | ".join(row) + " |\n" for row in rows)

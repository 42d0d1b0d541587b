# SPDX-License-Identifier: GPL-2.0
"""The job `tools': is what tools say of a device the same with both drivers?"""

from .compare import Comparison, Difference, Variation, take_apart
from .paths import JOBS
from .report import say

REFERENCE = "nvme"
TABLE = "tools.md"


def _read(folder):
    return {path.name: take_apart(path.name, path.read_text(encoding="latin-1"))
            for path in sorted(folder.iterdir())}


def judge(found, folder, _):
    """Compares what is in the folders there, one for each driver."""
    said = {place.name: _read(place) for place in sorted(folder.iterdir()) if place.is_dir()}
    reference = said.pop(REFERENCE, {})
    found.judge("there is something to compare", reference and said, f"{list(said)}")
    if not reference or not said:
        return
    lists = JOBS / "tools"
    comparison = Comparison(reference, said, Variation.read(lists / "varies"),
                            Difference.read(lists / "differences"))
    silent = comparison.silent()
    found.judge("every tool runs", not silent, ", ".join(silent))
    for tool, cells in sorted(comparison.rows.items()):
        for driver, cell in cells.items():
            for wrong in cell.wrong:
                say(f"# {driver}: {wrong}")
            found.judge(f"{tool} on {driver}", not cell.wrong,
                        f"{len(cell.wrong)} fields differ, such as {cell.wrong[:1]}")
    unused = comparison.unused()
    found.judge("what is listed occurs", not unused, ", ".join(unused))
    table = comparison.table()
    (folder / TABLE).write_text(table, encoding="utf-8")
    say(table)

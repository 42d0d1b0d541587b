# SPDX-License-Identifier: GPL-2.0
"""Patches for a kernel's pci.c, placed by what surrounds them: fixes that it lacks, and the bounded
healing reset."""

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from fixes import FIXES, NO
from pci_source import Change, apply

PATH = "drivers/nvme/host/pci.c"


@dataclass
class Patch:
    """One patch: what is changed, and the mail around it."""
    name: str
    subject: str
    text: str           # the commit message's body
    changes: list
    notes: str = ""     # below the ---, for the reader of the mail only


# --- fixes that older kernels lack ----------------------------------------------------------------

TWO_POLLERS = Patch(
    "two_pollers", "nvme-pci: acquire cq_poll_lock in nvme_poll_irqdisable", """\
(backported from commit 3d8932133dce)

disable_irq() keeps out the interrupt handler and not another poller. The
timeouts of two namespaces that share the queue run at the same time, in
two works, and then both reap it: entries are completed twice or skipped.
Take the lock that pollers of poll queues take.
""", [
        Change("nvme_poll_irqdisable",
               r"(\tdisable_irq\([^;]*;\n)(\tnvme_(?:poll|process)_cq\([^;]*;\n)",
               r"\1\tspin_lock(&nvmeq->cq_poll_lock);\n\2\tspin_unlock(&nvmeq->cq_poll_lock);\n"),
    ])

VECTOR_ONCE = Patch(
    "vector_once", "nvme-pci: Fix race bug in nvme_poll_irqdisable()", """\
(backported from commit fc71f409b22c)

A reset may free the interrupt vectors between disable_irq() and
enable_irq(). From then on pci_irq_vector() returns the number of the
interrupt pin for vector 0, so that an interrupt is enabled that was not
disabled. Read the number once.
""", [
        Change("nvme_poll_irqdisable", r"(\tstruct pci_dev \*pdev = [^;]*;\n)", r"\1\tint irq;\n"),
        Change("nvme_poll_irqdisable", r"\tdisable_irq\([^;]*;\n",
               r"\tirq = pci_irq_vector(pdev, nvmeq->cq_vector);\n\tdisable_irq(irq);\n"),
        Change("nvme_poll_irqdisable", r"\tenable_irq\([^;]*;\n", r"\tenable_irq(irq);\n"),
    ])

BACKPORTS = (TWO_POLLERS, VECTOR_ONCE)

# --- the healing reset ----------------------------------------------------------------------------

MISSED = Path(__file__).with_name("missed_irq.c.inc").read_text(encoding="utf-8") \
    .partition("\n\n")[2] + "\n"

COMMENTED = r"^(?:/\*(?:(?!\*/).)*\*/\n)?"

HANDLED = [
    # until 5.15 and since 5.16: the handler has found something
    r"(\tif \(nvme_process_cq\(nvmeq\)\))\n(\t\tret = IRQ_HANDLED;\n)",
    r"(\tif \(nvme_poll_cq\(nvmeq, &iob\)\) \{\n)",
]


class Handled(Change):
    """The handler clears the count where it has found completions, in either of its forms."""

    def __init__(self):
        super().__init__("nvme_irq", "|".join(HANDLED), self._replace)

    @staticmethod
    def _replace(found):
        if found[3]:
            return found[3] + "\t\tnvmeq->missed_irqs = 0;\n"
        return found[1] + " {\n" + found[2] + "\t\tnvmeq->missed_irqs = 0;\n\t}\n"


HEALING = Patch(
    "healing", "nvme-pci: add an optional reset for queues that miss interrupts", """\
When the interrupts of a queue stop for good, for example because its MSI-X
table entry was lost, each request on that queue waits for its timeout, and
is then completed by the poll in nvme_timeout(): "timeout, completion
polled". Nothing remembers that, so the disk goes on at one batch of
requests per timeout until the controller is reset by hand, which sets the
vectors up again and cures it.

Add a parameter, missed_irq_reset, off by default: if so many polls of a
queue in a row have found completions, and no interrupt in between has
brought any, reset the controller, at most once an hour.

A controller whose interrupts work is not reset. Every interrupt that
brings a completion clears the count, whatever else shares its vector. At
most one miss per io_timeout is counted, however many namespaces and
requests time out at once. So with the defaults and a limit of 3 a queue
goes for at least a minute without one useful interrupt, while completed
requests wait for 30 s each. A request that is merely slow leaves the poll
nothing to find. A completion that arrives while the poll has the
interrupt disabled does count as a miss: for a reset that has to happen
to three requests in a row that take just as long as the timeout, with no
other completion in between.

The count needs no lock of its own: it changes in the handler while the
interrupt is enabled, and in the poll while it is disabled and
cq_poll_lock is held. The handler's store is to the cache line of cq_head,
which it has just written.
""", [
        Change(None, r"^(?=static bool noacpi;\n)",
               "static unsigned int missed_irq_reset;\n"
               "module_param(missed_irq_reset, uint, 0644);\n"
               "MODULE_PARM_DESC(missed_irq_reset, \"timeouts in a row without an interrupt before "
               "a reset, 0: never\");\n\n"),
        Change(None, r"(^struct nvme_dev \{\n(?:(?!^\};).)*?\n\tu32 last_ps;\n)",
               r"\1\tunsigned long missed_irq_not_before;\n"),
        Change(None, r"(^struct nvme_queue \{\n(?:(?!^\};).)*?\n\tu8 sqes;\n)",
               r"\1\tunsigned int missed_irqs;\n\tunsigned long missed_irq_at;\n"),
        Handled(),
        Change(None, COMMENTED + r"static void nvme_poll_irqdisable\([^;]*?\n\{",
               lambda found: MISSED + found[0]),
        Change("nvme_poll_irqdisable", r"\t(nvme_(?:poll|process)_cq\(nvmeq[^;]*\));\n",
               r"\tif (\1)\n\t\tnvme_missed_irq(nvmeq);\n"),
    ])


# What holds the healing reset back, each taken out: to see that a scenario notices.
HEALING_WITHOUT = {
    "once-a-timeout": Change("nvme_missed_irq",
                             r"\tif \(nvmeq->missed_irqs &&\n[^\n]*\n\t\treturn;\n", ""),
    "handler-clears": Change("nvme_irq", r"nvmeq->missed_irqs = 0;", ";"),
    "once-an-hour": Change("nvme_missed_irq", r"3600 \* HZ", "1"),
}


def series(text):
    """The patches for this source, in order: (patch, source before, source after)."""
    lacking = {fix.name for fix in FIXES if fix.answer(text) == NO}
    result = []
    for patch in [one for one in BACKPORTS if one.name in lacking] + [HEALING]:
        after = apply(text, patch.changes)
        result.append((patch, text, after))
        text = after
    return result


def diff(before, after):
    """As a patch of drivers/nvme/host/pci.c, with the functions' names."""
    with tempfile.TemporaryDirectory() as folder:
        old, new = Path(folder, "old"), Path(folder, "new")
        old.write_text(before, encoding="utf-8")
        new.write_text(after, encoding="utf-8")
        done = subprocess.run(
            ["diff", "-up", "--label", f"a/{PATH}", "--label", f"b/{PATH}", old, new],
            stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 1:
        raise ValueError("the patch changes nothing" if not done.returncode else "diff failed")
    return done.stdout


def mail(patch, before, after, number, count, prefix, author):
    """The patch as a mail, as git format-patch writes it."""
    change = diff(before, after)
    stat = subprocess.run(["git", "apply", "--stat"], input=change, stdout=subprocess.PIPE,
                          text=True, check=True).stdout
    place = f" {number}/{count}" if count > 1 else ""
    notes = f"{patch.notes}\n" if patch.notes else ""
    return (f"From: {author}\nSubject: [{prefix}{place}] {patch.subject}\n\n"
            f"{patch.text}\nSigned-off-by: {author}\n---\n{notes}{stat}\n{change}-- \n")

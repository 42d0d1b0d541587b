# SPDX-License-Identifier: GPL-2.0
"""The fixes of the NVMe timeout path upstream: how to see by the code whether a pci.c has one, and
how to take it out again."""

import re
from dataclasses import dataclass, field
from typing import Callable

from pci_source import Change, apply, function

YES, NO = "yes", "MISSING"


@dataclass
class Fix:
    """One fix. answer(text) is YES, NO, or "n/a (why)" where the code before it is not there."""
    name: str           # as the self-test and the evidence call it
    commit: str
    subject: str
    effect: str         # what it does, or what goes wrong without it
    answer: Callable
    without: list = field(default_factory=list)     # changes that take it out


def _polls(text):
    return re.search(r"\b(?:__)?nvme_(?:poll|process_cq)\w*\(", function(text, "nvme_timeout"))


def _poll_on_timeout(text):
    return YES if _polls(text) else NO


def _polls_under_irq_lock(text):
    """As until 4.20, when the handler took the same lock."""
    return any("spin_lock_irq" in function(text, name) for name in ("__nvme_poll", "nvme_poll"))


def _kept_out(text):
    """The handler, while the timeout polls."""
    if not _polls(text):
        return "n/a (no poll)"
    if re.search(r"\bdisable_irq\(", function(text, "nvme_poll_irqdisable")):
        return YES
    return "n/a (a lock)" if _polls_under_irq_lock(text) else NO


def _channel_offline(text):
    return YES if "pci_channel_offline(" in function(text, "nvme_timeout") else NO


def _two_pollers(text):
    body = function(text, "nvme_poll_irqdisable")
    if not re.search(r"\bdisable_irq\(", body):
        return "n/a (a lock)" if _polls_under_irq_lock(text) else "n/a (interrupt stays on)"
    quiet = body[re.search(r"\bdisable_irq\(", body).start():]
    poll = re.search(r"\bnvme_(?:poll|process)_cq\(", quiet)
    return YES if poll and "spin_lock(&nvmeq->cq_poll_lock)" in quiet[:poll.start()] else NO


def _vector_once(text):
    body = function(text, "nvme_poll_irqdisable")
    if not re.search(r"\bdisable_irq\(", body):
        return "n/a (interrupt stays on)"
    return YES if body.count("pci_irq_vector(") < 2 else NO


def _poll_queues_only(text):
    body = function(text, "nvme_poll")
    if "cq_poll_lock" not in body:
        return "n/a (no poll queues)"
    return YES if "NVMEQ_POLLED" in body else NO


def _not_in_flight(text):
    body = function(text, "nvme_timeout")
    if re.search(r"blk_mq_rq_state\(req\) != MQ_RQ_IN_FLIGHT", body):
        return YES
    if "blk_mq_request_completed(" in body or "MQ_RQ_COMPLETE" in body:
        return NO
    return "n/a (asks by tag)" if _polls(text) else "n/a (no poll)"


def _reap_after_disable(text):
    return YES if function(text, "nvme_reap_pending_cqes") else NO


def _reap_locked(text):
    body = function(text, "nvme_reap_pending_cqes")
    if not body:
        return "n/a (no reap)"
    return YES if "cq_poll_lock" in body else NO


def _read_barrier(text):
    names = ("nvme_process_cq", "__nvme_process_cq", "nvme_poll_cq", "nvme_read_cqe")
    return YES if any("dma_rmb()" in function(text, name) for name in names) else NO


def _nr_queues(text):
    body = function(text, "nvme_pci_update_nr_queues")
    if not body:
        return "n/a (elsewhere)"
    return YES if "shutdown_lock" in body else NO


# nvme_poll_cq() with the lock around it, of the queue that is called so.
_LOCKED_POLL = (r"\t+spin_lock\(&QUEUE\.?(?:->)?cq_poll_lock\);\n"
                r"(\t+nvme_(?:poll|process)_cq\([^;]*;\n)"
                r"\t+spin_unlock\(&QUEUE\.?(?:->)?cq_poll_lock\);\n")


def _unlocked(where, queue):
    return Change(where, _LOCKED_POLL.replace("QUEUE", re.escape(queue)), r"\1")


FIXES = [
    Fix("poll", "7776db1ccc12", "nvme/pci: Poll CQ on timeout",
        "a lost interrupt costs a reset, or the disk", _poll_on_timeout,
        [Change("nvme_timeout", r"\n\t/\*\n\t \* Did we miss an interrupt\?\n\t \*/\n.*?\n"
                                r"(?=\n\t/\*\n\t \* Shutdown immediately)", "\n")]),
    Fix("irqdisable", "3a7afd8ee42a", "nvme-pci: remove the CQ lock for interrupt driven queues",
        "the handler is kept out while the timeout polls", _kept_out,
        [Change("nvme_poll_irqdisable", r"\t(?:dis|en)able_irq\([^;]*;\n", "", times=2)]),
    Fix("offline", "651438bb0af5", "nvme-pci: Fix EEH failure on ppc",
        "no reset while the PCI core recovers from an error", _channel_offline,
        [Change("nvme_timeout", r"\tif \(pci_channel_offline\([^\n]*\n\t\treturn [^;]*;\n", "")]),
    Fix("two_pollers", "3d8932133dce", "nvme-pci: acquire cq_poll_lock in nvme_poll_irqdisable",
        "two namespaces' timeouts reap one queue at a time", _two_pollers,
        [_unlocked("nvme_poll_irqdisable", "nvmeq")]),
    Fix("vector_once", "fc71f409b22c", "nvme-pci: Fix race bug in nvme_poll_irqdisable()",
        "the interrupt that was disabled is the one that is enabled", _vector_once,
        [Change("nvme_poll_irqdisable", r"\b(dis|en)able_irq\(irq\);",
                r"\1able_irq(pci_irq_vector(pdev, nvmeq->cq_vector));", times=2),
         Change("nvme_poll_irqdisable", r"\tirq = pci_irq_vector\([^;]*;\n", ""),
         Change("nvme_poll_irqdisable", r"\tint irq;\n", "")]),
    Fix("poll_queues", "166e31d7dbf6", "nvme-pci: ensure we're polling a polled queue",
        "a queue that is interrupt driven (again) is not polled", _poll_queues_only,
        [Change("nvme_poll", r"!test_bit\(NVMEQ_POLLED, &nvmeq->flags\) \|\|\n\t +", "")]),
    Fix("not_in_flight", "1c5842085851", "nvme-pci: fix timeout request state check",
        "a request that the poll has completed counts as completed", _not_in_flight,
        [Change("nvme_timeout", r"blk_mq_rq_state\(req\) != MQ_RQ_IN_FLIGHT",
                "blk_mq_rq_state(req) == MQ_RQ_COMPLETE")]),
    Fix("reap", "fa46c6fb5d61", "nvme/pci: move cqe check after device shutdown",
        "what has completed before the disable is not cancelled", _reap_after_disable,
        [Change(None, r"\n/\*(?:(?!\*/).)*\*/\nstatic void nvme_reap_pending_cqes\(.*?^\}\n", ""),
         Change(None, r"^\tnvme_reap_pending_cqes\(dev\);\n", "")]),
    Fix("reap_locked", "9210c075cef2", "nvme-pci: avoid race between nvme_reap_pending_cqes() and "
        "nvme_poll()", "reaping in a disable and a poller exclude each other", _reap_locked,
        [_unlocked("nvme_reap_pending_cqes", "dev->queues[i]")]),
    Fix("read_barrier", "b69e2ef24b7b", "nvme-pci: dma read memory barrier for completions",
        "an entry is not read before its phase", _read_barrier,
        [Change(None, r"^\t\tdma_rmb\(\);\n", "")]),
    Fix("nr_queues", "26bc0a81f64c", "nvme-pci: fix race condition between reset and "
        "nvme_dev_disable()", "a reset and a disable agree on the queues", _nr_queues,
        [Change("nvme_pci_update_nr_queues", r"\tif \(!mutex_trylock\(&dev->shutdown_lock\)\)\n"
                                             r"\t\treturn false;\n", ""),
         Change("nvme_pci_update_nr_queues", r"\t+mutex_unlock\(&dev->shutdown_lock\);\n", "",
                times=2)]),
]


def take_out(text, name):
    """The source without the fix of that name; NoPlace if that does not apply to it."""
    fix = next(one for one in FIXES if one.name == name)
    return apply(text, fix.without)

# SPDX-License-Identifier: GPL-2.0
"""What is measured for the reviewer's pack, on which driver, and what each cell has to show.

A row of the table is a scenario of qemu-tests/guest/sru.sh, a column a driver. What a cell must
show is a list of conditions on the figures that the guest reports; the pack prints them beside the
figures, and one that does not hold fails `make sru'.
"""

import operator
import re
from dataclasses import dataclass, field

# io_timeout is 2 s. A request times out between 1.9 s and, since blk-mq rounds timers to whole
# seconds, 3.2 s; "+late" allows for what the guest itself was kept waiting by a busy host.
ONE_TIMEOUT = "longest_ms>=1900 longest_ms<=3300+late"
TWO_TIMEOUTS = "longest_ms>=3800 longest_ms<=6600+late"
INTACT = "errors==0 wrong==0 finished==1"
# A reset by mistake would remove the disk here, because resets fail.
SURVIVES = ("resets==0 not_ready==0 disk==present dd==0 after==written mounted==rw "
            "journal_aborts==0 fsck==0")


@dataclass
class Column:
    """A driver: its variant of the in-tree source, or nvmepp."""
    name: str
    title: str
    variant: str            # as variants.changed() knows it; empty: nvmepp
    mode: str               # as qemu-tests/guest/sru.sh knows it


COLUMNS = {column.name: column for column in (
    Column("without", "in-tree without 7776db1ccc12", "without-poll", "plain"),
    Column("in-tree", "in-tree", "in-tree", "plain"),
    Column("healing", "in-tree + healing patch", "healing", "healing"),
    Column("rule", "nvmepp, the rule alone", "", "plain"),
    Column("nvmepp", "nvmepp", "", "watchdog"),
)}


@dataclass
class Scenario:
    """One row. shows: column name -> conditions; a column that is not there is not measured."""
    title: str
    fault: str
    shows: dict = field(default_factory=dict)


SCENARIOS = {
    "one_lost": Scenario(
        "one interrupt lost", "`irq-drop 1`: one request at a time, the first interrupt is lost", {
            "without": f"{TWO_TIMEOUTS} aborts==1 resets==1 {INTACT} hits==1",
            "in-tree": f"{ONE_TIMEOUT} polled==1 aborts==0 resets==0 {INTACT} hits==1",
            "healing": f"{ONE_TIMEOUT} polled==1 aborts==0 resets==0 {INTACT} hits==1",
            "rule": f"{ONE_TIMEOUT} polled==1 aborts==0 resets==0 {INTACT} hits==1",
            "nvmepp": f"longest_ms<=500+late polled==1 aborts==0 resets==0 {INTACT} hits==1",
        }),
    "swallowed": Scenario(
        "command swallowed", "`cmd-drop 1`: fetched, never completed; there is nothing to find, "
        "and a reset is right", {
            "without": f"{TWO_TIMEOUTS} polled==0 aborts==1 resets==1 {INTACT} hits==1",
            "in-tree": f"{TWO_TIMEOUTS} polled==0 aborts==1 resets==1 {INTACT} hits==1",
            "healing": f"{TWO_TIMEOUTS} polled==0 aborts==1 resets==1 {INTACT} hits==1",
            "rule": f"{ONE_TIMEOUT} polled==0 aborts==0 resets==1 {INTACT} hits==1",
            "nvmepp": f"{ONE_TIMEOUT} polled==0 aborts==0 resets==1 {INTACT} hits==1",
        }),
    "dead_vector": Scenario(
        "vector dead for good, 12 s of load", "the MSI-X entry's address is 0 until a driver "
        "writes the table; one request at a time", {
            "without": f"stalls==1 resets==1 vector==healed {INTACT}",
            "in-tree": f"ios<=8 stalls>=3 resets==0 vector==dead {INTACT}",
            "healing": f"stalls==3 polled==3 resets==1 vector==healed ios>=100 {INTACT}",
            "rule": f"ios<=8 stalls>=3 resets==0 vector==dead {INTACT}",
            "nvmepp": f"stalls==0 resets==0 vector==healed ios>=100 {INTACT}",
        }),
    "beyond_repair": Scenario(
        "every interrupt of the queue lost, 12 s of load", "`irq-drop` for ever: no reset cures "
        "it, and none may be tried again and again", {
            "without": f"stalls>=2 resets>=2 {INTACT} hits>=2",
            "in-tree": f"ios<=8 stalls>=3 resets==0 {INTACT} hits>=3",
            "healing": f"ios<=8 stalls>=3 resets==1 {INTACT} hits>=3",
            "rule": f"ios<=8 stalls>=3 resets==0 {INTACT} hits>=3",
            "nvmepp": f"stalls==0 resets<=1 ios>=100 {INTACT} hits>=3",
        }),
    "file_system": Scenario(
        "ext4, one interrupt lost, resets fail", "`irq-drop 1`, and `enable-late` for ever: "
        "CSTS.RDY does not come after a reset", {
            "without": "aborts==1 not_ready>=1 disk==removed dd!=0 after==refused "
                       "journal_aborts>=1",
            "in-tree": f"polled==1 {SURVIVES}",
            "healing": f"polled==1 {SURVIVES}",
            "rule": f"polled==1 {SURVIVES}",
            "nvmepp": f"polled==1 {SURVIVES}",
        }),
    "two_namespaces": Scenario(
        "the vector of two namespaces is dead, 16 requests each", "their timeouts run at the same "
        "time, and are one miss: the third is two timeouts after the first", {
            "in-tree": f"stalls>=64 resets==0 vector==dead {INTACT}",
            "healing": f"stalls>=64 resets==1 vector==healed before_reset_ms>=3900 {INTACT}",
            "nvmepp": f"resets==0 vector==healed {INTACT}",
        }),
    "shared_vector": Scenario(
        "the only vector is dead, 12 s of load", "a device with one vector, which the admin queue "
        "and the I/O queue share; the reset waits a timeout for its own commands", {
            "in-tree": f"ios<=8 stalls>=3 resets==0 vector==dead {INTACT}",
            "healing": f"stalls>=3 stalls<=4 resets==1 vector==healed {INTACT}",
            "nvmepp": f"stalls==0 resets==0 vector==healed ios>=100 {INTACT}",
        }),
    "one_by_one": Scenario(
        "four interrupts lost, others arrive in between", "`irq-drop 1` four times, each followed "
        "by requests whose interrupts arrive: nothing is to be reset", {
            "healing": f"stalls>=1 polled==4 resets==0 {INTACT} hits==4",
        }),
    "random_loss": Scenario(
        "one interrupt in ten lost at random, 12 s of load", "`irq-drop` with `one-in 10`, eight "
        "requests at a time: nothing is to be reset", {
            "healing": f"resets==0 {INTACT} hits>=3",
        }),
}

# What gives a dead controller's disks up. Later drivers (6.12's) mark them dead and keep them.
REMOVES_DEAD = "nvme_remove_dead_ctrl"


def settle(pci_c):
    """Fits the conditions to what the kernel's driver, this pci.c, does with a dead controller."""
    shows = SCENARIOS["file_system"].shows
    disk = "removed" if REMOVES_DEAD in pci_c else "present"
    shows["without"] = re.sub(r"disk==\w+", f"disk=={disk}", shows["without"])


OPERATORS = {"==": operator.eq, "!=": operator.ne, "<=": operator.le, ">=": operator.ge}
CONDITION = re.compile(r"(\w+)(==|!=|<=|>=)(\w+)(\+late)?")


def parse_row(text):
    """(scenario, figures) of a row as the guest sends it: SCENARIO|KEY=VALUE ..."""
    scenario, figures = text.split("|", 1)
    return scenario, dict(pair.split("=", 1) for pair in figures.split())


def holds(condition, figures):
    """Whether one condition holds; a figure that is not there is no success."""
    key, comparison, wanted, late = CONDITION.fullmatch(condition).groups()
    if key not in figures:
        return False
    if not wanted.isdigit():
        return OPERATORS[comparison](figures[key], wanted)
    limit = int(wanted) + (int(figures["late_ms"]) if late else 0)
    return figures[key].isdigit() and OPERATORS[comparison](int(figures[key]), limit)


def failures(scenario, column, figures):
    """The conditions of a cell that do not hold."""
    return [condition for condition in SCENARIOS[scenario].shows[column].split()
            if not holds(condition, figures)]

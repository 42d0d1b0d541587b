# SPDX-License-Identifier: GPL-2.0
"""Runs the scenarios in guests: one guest for each column, several at a time."""

import os
import re
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import scenarios

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "qemu-tests"))
# pylint: disable=wrong-import-position
from lib import device, initramfs, kbuild, machine  # noqa: E402
from lib.guest import Guest, run_alone  # noqa: E402
from lib.kernel import Kernel  # noqa: E402
from lib.qemu import Setup  # noqa: E402
from lib.report import say  # noqa: E402

# Lines of the kernel's log that an excerpt has.
DRIVERS = re.compile(r" (nvme|nvmepp|block|EXT4-fs|JBD2|Aborting|I/O error|Buffer I/O)\b")


@dataclass
class Measured:
    """One column: the figures of each scenario that came to its end, and where the logs are."""
    column: scenarios.Column
    directory: Path
    rows: dict = field(default_factory=dict)
    finished: bool = False

    def excerpt(self, scenario):
        """What the drivers and the file system have said during a scenario."""
        text = Path(self.directory, "console.log").read_text(encoding="utf-8", errors="replace")
        found = re.search(rf"test: scenario {scenario}\r?\n(.*?)(?=test: scenario |\Z)", text, re.S)
        lines = found[1].splitlines() if found else []
        return [line.strip() for line in lines if DRIVERS.search(line) and " test: " not in line]

    @property
    def command(self):
        """How the guest was started."""
        return Path(self.directory, "command").read_text(encoding="utf-8").strip()


def _setup(source, column, module, names, directory):
    kernel = Kernel(source.boot)
    driver = "nvme" if column.variant else "nvmepp"
    if column.variant:
        kernel.replace_module("nvme", module)
    files = directory / "initramfs"
    window = kbuild.helper(kernel, "window", source.headers)
    os.link(initramfs.build(kernel, driver, module, [window]), files)
    append = (f"vm.driver={driver} vm.slowness={kernel.slowness} vm.mode={column.mode} "
              f"vm.scenarios={','.join(names)}")
    return Setup(kernel, files, append, directory)


def measure_one(kernel, column, module, names, directory):
    """Measures the named scenarios in a guest with this module; returns a Measured."""
    directory.mkdir(parents=True)
    measured = Measured(column, directory)

    def on_line(verb, rest):
        if verb == "row":
            scenario, figures = scenarios.parse_row(rest)
            measured.rows[scenario] = figures
            say(f"# {column.title}: {scenario}")

    guest = Guest(_setup(kernel, column, module, names, directory), machine.PROFILES["faults"],
                  directory)
    measured.finished = run_alone(guest, "sru", on_line)
    Path(directory, "initramfs").unlink()
    return measured


def measure(kernel, modules, chosen, directory, guests=2):
    """Measures each column of modules (name -> .ko) in a guest of its own, on a variants.Kernel; of
    the chosen scenarios those that the column has. Returns name -> Measured."""
    device.program(True, Kernel(kernel.boot).arch)
    lock = threading.Lock()
    done = {}

    def one(name):
        column = scenarios.COLUMNS[name]
        names = [key for key in chosen if name in scenarios.SCENARIOS[key].shows]
        measured = measure_one(kernel, column, modules[name], names, directory / name)
        with lock:
            done[name] = measured

    with ThreadPoolExecutor(guests) as pool:
        for future in [pool.submit(one, name) for name in modules]:
            future.result()
    return done

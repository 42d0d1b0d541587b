# SPDX-License-Identifier: GPL-2.0
"""The page for reviewers, qemu-tests/device/REVIEW.md, done as it says: its commands are typed into
the shell of `qemu-tests/run --shell'."""

import re
import subprocess
import threading

from lib.paths import QEMU_TESTS

PAGE = QEMU_TESTS / "device" / "REVIEW.md"
COMMAND = re.compile(r"^guest# (.*)$", re.M)
# The last thing that the guest says before it reads commands.
READY = "Other faults:"
SECONDS = 180


def commands():
    """What the page has typed."""
    return COMMAND.findall(PAGE.read_text(encoding="utf-8"))


def _session(boot):
    """Types the commands once the shell is there; returns all that the guest has printed."""
    with subprocess.Popen([QEMU_TESTS / "run", "--shell", "--kernel", boot], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace") as process:
        timer = threading.Timer(SECONDS, process.kill)
        timer.start()
        lines = []
        for line in process.stdout:
            lines.append(line.rstrip())
            if READY in line:
                process.stdin.write("".join(f"{text}\n" for text in [*commands(), "exit"]))
                process.stdin.flush()
        timer.cancel()
    return lines


def page(boot):
    """(what was said, why it is not what the page promises; empty if it is)."""
    lines = _session(boot)
    begins = [number for number, line in enumerate(lines) if READY in line]
    said = "\n".join(lines[begins[0]:] if begins else lines[-20:]) + "\n"
    if not begins:
        return said, f"no shell within {SECONDS} s"
    for promised in (r"timeout, completion polled", r"^0x00000001"):
        if not re.search(promised, said, re.M):
            return said, f"the session has no '{promised}'"
    return said, ""

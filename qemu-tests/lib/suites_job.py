# SPDX-License-Identifier: GPL-2.0
"""The job `suites': public tests of file systems and I/O while interrupts are lost."""

import subprocess
from pathlib import Path

from .paths import JOBS, SetupError
from .report import say

# As scripts/sources.sh says it.
NO_SOURCE = 3
# In all the time that they take, at least so many.
LOST = 5


def add(archive, _):
    """The tests of liburing and libaio; an archive may not have their sources."""
    done = subprocess.run([JOBS / "suites" / "build"], stdout=subprocess.PIPE, text=True,
                          check=False)
    if done.returncode == NO_SOURCE:
        say("# NOT RUN, there are no sources: the tests of liburing and libaio")
        return
    if done.returncode:
        raise SetupError("the tests of liburing and libaio could not be built")
    for folder in Path(done.stdout.split()[-1]).iterdir():
        archive.add(folder, folder.name)


def judge(found, _, log):
    """What the driver has counted, and what its log says."""
    lost, _, polled = (int(number) for number in
                       found.facts.get("losses_written", "0 0 0").split())
    found.judge("interrupts were lost meanwhile", lost >= LOST, f"{lost}, wanted {LOST}")
    resets = found.facts.get("resets_written")
    found.judge("the controller was not reset", resets == "0", f"{resets} times")
    found.judge("no queue had to be polled", polled == 0, f"{polled} are")
    # the watchdog is there to find a lost interrupt long before its request's time is over
    timeouts = [line for line in log.splitlines() if " timed out after " in line]
    found.judge("no lost interrupt was missed", not timeouts, timeouts[:1])
    broken, mended = log.count("broken after"), log.count("mended by the driver")
    found.facts["vectors"] = f"{broken} broken, {mended} of them mended by the driver"
    found.judge("vectors were broken and mended", 0 < mended <= broken, found.facts["vectors"])

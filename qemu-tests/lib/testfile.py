# SPDX-License-Identifier: GPL-2.0
"""What a test file says about itself in its head."""

import os
import re
from dataclasses import dataclass

from . import device
from .machine import PROFILES
from .paths import TESTS, SetupError

DRIVERS = ("nvmepp", "nvme")
FIELDS = ("DESCRIPTION", "PROFILE", "DEVICE", "DRIVERS", "TIMEOUT", "NEEDS", "WHEN",
          "DURATION", "COVERS", "EXPECT_LOG", "HELPERS")


def _asked(variable, what):
    asked = os.environ.get(variable)
    if asked and not asked.isdigit():
        raise SetupError(f"{variable}={asked}: a number{what} is accepted")
    return int(asked) if asked else None


def asked_duration():
    """Seconds that tests with a DURATION are to take instead of theirs; None: as they say."""
    return _asked("NVMEPP_DURATION", " of seconds")


def asked_seed():
    """What tests that do things at random begin with instead of theirs; None: as they say."""
    return _asked("NVMEPP_SEED", "")


@dataclass
class TestFile:
    """One test. A kernel whose CONFIG_ options are not what it needs does not run it."""
    name: str
    description: str
    profile: str
    device: str         # of the profile, that it is about; "": the usual one
    drivers: tuple
    timeout: int
    needs: tuple
    rows: tuple         # of the list of defects in README.md that it is about
    says: str           # what the kernel is expected to say, although it is bad news
    helpers: tuple      # modules of kmod/ that it loads besides the driver
    when: str           # "last": at the end of every guest; "all": only with --all, or by name

    @classmethod
    def read(cls, path):
        """Reads the head; SetupError names what is wrong with it."""
        text = path.read_text(encoding="utf-8")
        # up to the first empty line
        head = dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', text.split("\n\n")[0], re.MULTILINE))
        unknown = [key for key in head if key not in FIELDS]
        for key in ("DESCRIPTION", "TIMEOUT"):
            if key not in head:
                raise SetupError(f"{path}: no {key}=")
        profile = head.get("PROFILE", "main")
        if unknown or profile not in PROFILES or "run_test()" not in text:
            raise SetupError(f"{path}: unknown fields {unknown}, unknown profile '{profile}', "
                             "or no run_test()")
        drivers = DRIVERS if head.get("DRIVERS", "both") == "both" else (head["DRIVERS"],)
        timeout = int(head["TIMEOUT"])
        if "DURATION" in head:
            timeout += asked_duration() or int(head["DURATION"])
        return cls(path.stem, head["DESCRIPTION"], profile, head.get("DEVICE", ""), drivers,
                   timeout, *(tuple(head.get(key, "").split()) for key in ("NEEDS", "COVERS")),
                   head.get("EXPECT_LOG", ""), tuple(head.get("HELPERS", "").split()),
                   head.get("WHEN", ""))

    @property
    def last(self):
        """Whether it comes at the end of every guest."""
        return self.when == "last"

    @property
    def usual(self):
        """Whether it is run unless asked for otherwise."""
        return not self.when

    @property
    def faults(self):
        """Whether it needs a device with faults on demand."""
        return PROFILES[self.profile].faults

    def applies(self, driver, kernel):
        """Whether this driver on this kernel can be tested so."""
        return driver in self.drivers and not self.lacks(kernel)

    def lacks(self, kernel):
        """What there is not for this kernel; nothing if it runs there."""
        arch, arches = kernel.arch, PROFILES[self.profile].arches
        lacking = [option for option in self.needs if not kernel.has([option])]
        if lacking:
            return "a kernel with " + " ".join(option.replace("!", "no ") for option in lacking)
        if arches and arch.name not in arches:
            return f"a machine that is {' or '.join(arches)}"
        if self.faults and not device.has_faults(arch):
            return f"a device with faults for {arch.name}"
        if self._unlimited() and device.possible_mdts(self.faults, arch, 0):
            return "a QEMU whose NVMe device can be without a transfer limit"
        return ""

    def _unlimited(self):
        devices = PROFILES[self.profile].devices
        return self.device in devices and devices[self.device].options.get("mdts") == 0


def every_test():
    """All tests by name."""
    return {path.stem: TestFile.read(path) for path in sorted(TESTS.glob("*.sh"))}

# SPDX-License-Identifier: GPL-2.0
"""What a test file says about itself in its head."""

import re
from dataclasses import dataclass

from .machine import PROFILES
from .paths import TESTS, SetupError

DRIVERS = ("nvmepp", "nvme")
FIELDS = ("DESCRIPTION", "PROFILE", "DEVICE", "DRIVERS", "TIMEOUT", "NEEDS", "WHEN")


@dataclass
class TestFile:
    """One test. A kernel without the CONFIG_ options that it needs does not run it."""
    name: str
    description: str
    profile: str
    drivers: tuple
    timeout: int
    needs: tuple
    last: bool          # at the end of every guest

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
        return cls(path.stem, head["DESCRIPTION"], profile, drivers, int(head["TIMEOUT"]),
                   tuple(head.get("NEEDS", "").split()), head.get("WHEN") == "last")

    def applies(self, driver, kernel):
        """Whether this driver on this kernel can be tested so."""
        return driver in self.drivers and kernel.has(self.needs)


def every_test():
    """All tests by name."""
    return {path.stem: TestFile.read(path) for path in sorted(TESTS.glob("*.sh"))}

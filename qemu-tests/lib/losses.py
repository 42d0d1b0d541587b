# SPDX-License-Identifier: GPL-2.0
"""What guest/losing.sh tells of a driver that has lost interrupts."""

from dataclasses import dataclass

from .paths import SetupError

REFERENCE, OURS = "nvme", "nvmepp"
DRIVERS = (REFERENCE, OURS)


@dataclass
class Row:
    """One driver in one scenario."""
    driver: str
    scenario: str
    ios: int
    stalled: int
    longest_ms: int
    found: int          # requests completed by a poll
    resets: int
    wrong: int          # blocks with wrong data, failed requests, loads that did not end

    @classmethod
    def parse(cls, text):
        """From what the guest has sent: DRIVER|SCENARIO|KEY=NUMBER ..."""
        try:
            driver, scenario, numbers = text.split("|")
            pairs = (pair.split("=") for pair in numbers.split())
            return cls(driver, scenario, **{key: int(value) for key, value in pairs})
        except (TypeError, ValueError) as error:
            raise SetupError(f"the guest has sent a row that is none, '{text}': {error}") from error

# SPDX-License-Identifier: GPL-2.0
"""Unit tests of the runner's own parts: `ok NAME' or `not ok NAME - reason', also to the file
$NVMEPP_RESULTS.
"""

import os
import sys
import unittest


class Verdicts(unittest.TestResult):
    """As the other scripts print them."""

    def __init__(self, prefix):
        super().__init__()
        self._prefix = prefix

    def say(self, test, reason=""):
        """One line."""
        # pylint: disable=protected-access
        name = f"{self._prefix}_" + test._testMethodName.removeprefix("test_")
        line = f"not ok {name} - {reason}" if reason else f"ok {name}"
        print(line)
        if os.environ.get("NVMEPP_RESULTS"):
            with open(os.environ["NVMEPP_RESULTS"], "a", encoding="utf-8") as results:
                results.write(line + "\n")

    def addSuccess(self, test):
        """As unittest calls it; so are the others."""
        super().addSuccess(test)
        self.say(test)

    def addFailure(self, test, err):
        """An assertion."""
        super().addFailure(test, err)
        self.say(test, f"{err[0].__name__}: {err[1]}".splitlines()[0])

    def addError(self, test, err):
        """Any other exception."""
        super().addError(test, err)
        self.say(test, f"{err[0].__name__}: {err[1]}".splitlines()[0])


def run(prefix):
    """Runs all tests of the program, so that none is forgotten; returns the exit status."""
    result = Verdicts(prefix)
    unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"]).run(result)
    return 0 if result.wasSuccessful() and result.testsRun else 1

# SPDX-License-Identifier: GPL-2.0
"""A booted guest that runs tests, one after the other."""

import json
import time

from .paths import GUEST, SetupError
from .qemu import GuestGone, GuestSilent, Qemu
from .report import say
from .testfile import TestFile
from .verdict import Verdict, forbidden_line, shell_error, tail

BOOT_SECONDS = 90
# Until a guest begins a test that it was sent: it has nothing else to do.
BEGIN_SECONDS = 45
# The kernel log and the guest's words take different ways: the log may come later.
LOG_SECONDS = 3
SLEEP_SECONDS = 60
# The kernel's last word, after every driver's shutdown.
REBOOTED = "reboot: Restarting system"

# As QEMU ends by a race of its own (see "fake_regs" in lib/machine.py). An assertion of its own
# that fails ends it by another one: that may be the driver's doing.
CRASH = "SIGSEGV"


class GuestDead(Exception):
    """It does not even begin a test."""


class BootFailed(Exception):
    """The guest never said that it is ready."""


class Guest:
    """One machine, from its boot to its end. Not reusable after a test failed."""

    def __init__(self, setup, profile, directory, number=1):
        self._slowness = setup.kernel.slowness
        self._boot_seconds = BOOT_SECONDS * self._slowness * max(1, profile.cpus // 16)
        self._start = lambda: Qemu(setup, profile, directory)
        self._qemu = self._start()
        self.number = number
        self.usable = True
        self._ended = False
        self._leaving = False
        self._on_the_way = ""

    @property
    def console(self):
        """The path of the console log."""
        return self._qemu.console

    def boot(self):
        """Waits until the guest is ready. A QEMU that crashes meanwhile is started once more: no
        driver under test is loaded yet."""
        try:
            self._boot_once()
        except BootFailed as error:
            if self._ended or self._qemu.ended_by() != CRASH:
                raise
            say(f"# {error} while a guest booted; it is started once more")
            self._qemu.kill()
            self._qemu.keep_logs("crash")
            self._qemu = self._start()
            # end(), called by another thread meanwhile, has killed the first machine only
            if self._ended:
                self._qemu.kill()
            self._boot_once()

    def _boot_once(self):
        try:
            self._await_ready()
        except GuestGone as error:
            raise BootFailed(self._qemu.why_ended()) from error
        except GuestSilent as error:
            raise BootFailed(f"not ready after {self._boot_seconds} s") from error

    def _await_ready(self):
        deadline = time.monotonic() + self._boot_seconds
        while self._qemu.control.receive(deadline) != "ready":
            pass

    def run(self, test, on_line=lambda verb, rest: None, note=lambda text: None):
        """Runs a test and judges it by its own words, by the clock and by the kernel's log.

        on_line(verb, rest) gets each line of the test that is not for us, note(text) what is
        odd about the guest.
        """
        verdict = Verdict(test.name, "fail")
        offset = self._qemu.console_size()
        started = time.monotonic()
        timeout = test.timeout * self._slowness
        try:
            self._begin(test.name)
            self._converse(verdict, time.monotonic() + timeout, on_line)
            self._wait_for_log(offset, f"test: end {test.name}")
        except GuestSilent:
            self._tell_state(note)
            verdict.reason = f"no end after {time.monotonic() - started:.0f} s"
        except GuestDead:
            self._tell_state(note)
            verdict.reason = "the test never began: the guest does not answer"
        except GuestGone:
            verdict.reason = self._why_gone(offset)
            verdict.outcome = "fail" if verdict.reason else "ok"
            verdict.broken = bool(verdict.reason)
            verdict.crashed = verdict.broken and self._qemu.ended_by() == CRASH
        verdict.seconds = time.monotonic() - started
        verdict.log = self._qemu.console_since(offset)
        wrong = shell_error(verdict.log)
        if wrong and verdict.outcome == "ok":
            verdict.outcome = "fail"
            verdict.reason = f"the test is wrong: {wrong}"
        bad = forbidden_line(verdict.log, test.says)
        if bad:
            verdict.reason = f"kernel log: {bad}" + \
                (f" (and: {verdict.reason})" if verdict.reason else "")
            verdict.outcome = "fail"
            verdict.broken, verdict.crashed = True, False
        self.usable = verdict.outcome != "fail" and not self._leaving
        return verdict

    def _begin(self, name):
        """Has the guest begin a test; what one before has still said is no longer of use."""
        self._qemu.control.send(f"run {name}")
        deadline = time.monotonic() + BEGIN_SECONDS * self._slowness
        try:
            while self._qemu.control.receive(deadline) != f"begin {name}":
                pass
        except GuestSilent as error:
            raise GuestDead from error

    def _tell_state(self, note):
        path = self._qemu.write_state()
        note(f"what the machine is doing is in {path}")
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith(("VM status", "RIP=")):
                note(line)

    def _converse(self, verdict, deadline, on_line):
        """Listens to a running test and serves it, until it has ended."""
        while True:
            verb, _, rest = self._qemu.control.receive(deadline).partition(" ")
            if verb == "qmp":
                self._answer(*self._qmp(rest))
            elif verb == "stat":
                self._answer(*self._block_stat(*rest.split()))
            elif verb == "count":
                self._answer(True, self._qemu.log_count(rest))
            elif verb == "wake":
                self._wake()
            elif verb == "again":
                self._await_ready()
                self._qemu.control.send(f"run {verdict.name}")
            elif verb == "within":
                deadline = min(deadline, time.monotonic() + int(rest) * self._slowness)
            elif verb == "leaving":
                self._leaving, self._on_the_way = True, rest
            elif verb == "part":
                good, name = rest.split(" ", 1)
                verdict.parts.append((name, good == "ok"))
            elif verb == "metric":
                key, value = rest.split()
                verdict.metrics[key] = int(value)
            elif verb == "end":
                _, verdict.outcome, *reason = rest.split(" ", 2)
                verdict.reason = " ".join(reason)
                return
            else:
                on_line(verb, rest)

    def _qmp(self, request):
        try:
            return self._qemu.qmp(json.loads(request))
        except ValueError as error:
            return False, f"not JSON: {error}"

    def _block_stat(self, node, counter):
        good, answer = self._qemu.qmp({"execute": "query-blockstats"})
        if not good:
            return good, answer
        for entry in answer:
            if entry.get("node-name") == node:
                return True, entry["stats"][counter]
        return False, f"no disk '{node}'"

    def _wake(self):
        """Waits until the machine sleeps, and wakes it."""
        deadline = time.monotonic() + SLEEP_SECONDS * self._slowness
        while self._qemu.qmp({"execute": "query-status"})[1].get("status") != "suspended":
            if time.monotonic() > deadline:
                raise GuestSilent
            time.sleep(0.1)
        self._qemu.qmp({"execute": "system_wakeup"})

    def _why_gone(self, offset):
        """What is wrong with the machine's end; nothing if it has rebooted because it was to, and
        the kernel or QEMU has said on the way what the test waits for.
        """
        console = self._qemu.console_since(offset)
        if not self._leaving or REBOOTED not in console:
            return f"the guest died: {self._qemu.why_ended()}"
        if self._on_the_way in console or self._qemu.log_count(self._on_the_way):
            return ""
        return f"the machine rebooted without '{self._on_the_way}'"

    def _answer(self, good, answer):
        self._qemu.control.send(f"{'return' if good else 'error'} {json.dumps(answer)}")

    def _wait_for_log(self, offset, text):
        deadline = time.monotonic() + LOG_SECONDS
        while text not in self._qemu.console_since(offset) and time.monotonic() < deadline:
            time.sleep(0.02)

    def end(self):
        """Ends the guest, whatever it is doing."""
        self._ended = True
        self._qemu.kill()


def run_alone(guest, name, on_line):
    """Boots the guest, runs guest/NAME.sh in it and ends it; returns whether that went well, and
    says why if it did not. SetupError if it does not boot."""
    try:
        guest.boot()
        verdict = guest.run(TestFile.read(GUEST / f"{name}.sh"), on_line)
    except BootFailed as error:
        raise SetupError(f"the guest did not boot: {error}") from error
    finally:
        guest.end()
    if verdict.outcome != "ok":
        say(tail(verdict.log))
        say(f"{name} failed: {verdict.reason}; full log: {guest.console}")
    return verdict.outcome == "ok"

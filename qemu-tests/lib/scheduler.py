# SPDX-License-Identifier: GPL-2.0
"""Deals tests out to guests: as few boots as possible, two guests at a time."""

import threading
import time
from collections import deque
from pathlib import Path

from .guest import CRASH, BootFailed, Guest
from .machine import PROFILES
from .verdict import Verdict

# A second guest of a machine that another one already works on pays only for this many tests.
WORTH_A_BOOT = 3
# With `again': so many tests may fail by chance in one run, and must pass so often afterwards.
CHANCES = 3
PROOFS = 2


def _not_booted(test, error):
    """The verdict of a test whose guest did not begin it."""
    return Verdict(test.name, "fail", f"the guest did not boot: {error}",
                   broken=True, crashed=str(error).endswith(CRASH))


class Work:
    """The tests that wait, by machine. Its callers hold the scheduler's lock."""

    def __init__(self, tests, last):
        self.last = last
        self._queues = {}
        for test in tests:
            self._queues.setdefault(test.profile, deque()).append(test)
        self._taken = set()
        self.stopped = False

    def stop(self):
        """Nothing is to be done any more."""
        self._queues.clear()
        self.stopped = True

    def take_profile(self):
        """The machine with most to do, or None; one that nobody works on yet counts double."""
        waiting = [name for name, queue in self._queues.items() if queue and (
            name not in self._taken or len(queue) >= WORTH_A_BOOT)]
        if not waiting:
            return None
        chosen = max(waiting, key=lambda name: (
            len(self._queues[name]) / (2 if name in self._taken else 1)))
        self._taken.add(chosen)
        return chosen

    def take_test(self, profile):
        """A test for this machine, or None."""
        queue = self._queues.get(profile)
        return queue.popleft() if queue else None


class Scheduler:
    """Runs tests, and those in `last` at the end of every guest.

    listener.announce(verdict, guest), listener.hold(verdict, guest) and listener.note(text) tell
    what happens; none is ever called concurrently. With `again', what may have failed by chance is
    held, and judged at the end by how it does with the host to itself.
    """

    def __init__(self, setup, tests, last, listener, again=False):
        self._setup = setup
        self._listener = listener
        self._lock = threading.Lock()
        self._work = Work(tests, last)
        self._boots = 0
        self._guests = set()
        self._errors = []
        self._again = again
        self._held = []
        self._alone = False

    def run(self, guests):
        """Runs everything on so many guests at a time; ends them all, whatever happens."""
        workers = [threading.Thread(target=self._serve) for _ in range(guests)]
        try:
            for worker in workers:
                worker.start()
            # joined in steps, so that Ctrl-C is seen at once
            while any(worker.is_alive() for worker in workers):
                time.sleep(0.05)
        finally:
            self.stop()
            for worker in workers:
                worker.join()
        if self._errors:
            raise self._errors[0]
        self._alone = True
        for test, verdict in self._held:
            self._listener.announce(self._once_more(test, verdict), None)

    def _once_more(self, test, first):
        """What a test comes to that failed in a way that may be chance: in a new machine each time,
        and with no other beside it.
        """
        if len(self._held) > CHANCES:
            return first
        for _ in range(PROOFS):
            guest = None
            try:
                guest = self._boot(test.profile)
                verdict = guest.run(test, note=self._note_of(guest))
            except BootFailed as error:
                verdict = _not_booted(test, error)
            finally:
                if guest:
                    self._end(guest)
            if verdict.outcome != "ok":
                verdict.reason += f" (and before: {first.reason})"
                return verdict
        verdict.before = first.reason
        return verdict

    def stop(self):
        """Ends all guests and drops the tests that they run, and those that wait."""
        with self._lock:
            self._work.stop()
            guests = list(self._guests)
        for guest in guests:
            guest.end()

    def _serve(self):
        try:
            while True:
                with self._lock:
                    profile = self._work.take_profile()
                if not profile:
                    return
                self._serve_profile(profile)
        except Exception as error:      # pylint: disable=broad-except
            self._errors.append(error)

    def _serve_profile(self, profile):
        guest = None
        try:
            while True:
                with self._lock:
                    test = self._work.take_test(profile)
                if not test:
                    self._finish(guest, profile)
                    return
                if guest and not guest.usable:
                    self._end(guest)
                    guest = None
                try:
                    guest = guest or self._boot(profile)
                    verdict = guest.run(test, note=self._note_of(guest))
                except BootFailed as error:
                    verdict = _not_booted(test, error)
                self._announce(verdict, guest, test)
        finally:
            if guest:
                self._end(guest)

    def _finish(self, guest, profile):
        """What a guest has to pass at its end, unless it has failed already."""
        for test in self._work.last:
            if guest and guest.usable:
                verdict = guest.run(test, note=self._note_of(guest))
                verdict.name = f"{test.name} in guest {guest.number} ({profile})"
                self._announce(verdict, guest)

    def _note_of(self, guest):
        """What a guest has to say of itself, for the listener."""
        def note(text):
            with self._lock:
                self._listener.note(f"guest {guest.number}: {text}")
        return note

    def _announce(self, verdict, guest, test=None):
        with self._lock:
            if self._work.stopped:
                return
            if test and self._again and verdict.may_be_chance:
                self._held.append((test, verdict))
                self._listener.hold(verdict, guest)
            else:
                self._listener.announce(verdict, guest)

    def _boot(self, profile):
        with self._lock:
            self._boots += 1
            number = self._boots
        started = time.monotonic()
        guest = Guest(self._setup, PROFILES[profile],
                      Path(self._setup.directory, f"{number:02}-{profile}"), number)
        with self._lock:
            self._guests.add(guest)
            stopped = self._work.stopped and not self._alone
        try:
            if stopped:
                raise BootFailed("not any more")
            guest.boot()
        except BootFailed:
            self._end(guest)
            raise
        with self._lock:
            self._listener.note(f"guest {number} ({profile}) booted in "
                                f"{time.monotonic() - started:.1f} s")
        return guest

    def _end(self, guest):
        guest.end()
        with self._lock:
            self._guests.discard(guest)

# SPDX-License-Identifier: GPL-2.0
"""One QEMU process, its monitor, and the serial line on which the guest talks to us."""

import json
import select
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from . import device, machine
from .kernel import Kernel

MEMORY_MIB = 768
# CPUs that are threads of their own: of more of them, most would wait for one that has no core.
MOST_AT_ONCE = 4
# What the monitor has to say of a machine that does not answer.
STATE_COMMANDS = ("info status", "info cpus", "info registers -a", "info lapic", "info pic",
                  "info chardev")


@dataclass
class Setup:
    """What all guests of a run have in common."""
    kernel: Kernel
    initramfs: Path
    append: str             # for the kernel's command line
    directory: Path         # for logs


class GuestGone(Exception):
    """QEMU has ended: the guest panicked, or powered itself off."""


class GuestSilent(Exception):
    """Nothing was said within the time allowed."""


class Line:
    """A socket that carries lines of text."""

    def __init__(self, sock):
        self._socket = sock
        self._buffer = b""

    def send(self, text):
        """Sends one line."""
        try:
            self._socket.sendall(text.encode() + b"\n")
        except OSError as error:
            raise GuestGone("QEMU has ended") from error

    def receive(self, deadline):
        """The next line; GuestSilent when there is none before the deadline."""
        while b"\n" not in self._buffer:
            left = deadline - time.monotonic()
            if left <= 0:
                raise GuestSilent
            self._buffer += self._wait(left)
        line, self._buffer = self._buffer.split(b"\n", 1)
        return line.decode(errors="replace").rstrip("\r")

    def _wait(self, seconds):
        try:
            if not select.select([self._socket], [], [], seconds)[0]:
                return b""
            data = self._socket.recv(65536)
        except (OSError, ValueError):
            # ValueError: another thread has ended the guest and closed the line
            data = b""
        if not data:
            raise GuestGone("QEMU has ended")
        return data

    def close(self):
        """Hangs up."""
        self._socket.close()


def _machine(setup, profile, directory):
    """The command line but for what the guest's serial lines and the monitor are connected to."""
    arch = setup.kernel.arch
    options, append = machine.arguments(profile, arch, directory, {
        "kernel": setup.kernel.boot_image(packed=True), "initramfs": setup.initramfs})
    one = profile.one_thread or profile.cpus > MOST_AT_ONCE
    return [
        # a killed runner must not leave a guest behind
        "setpriv", "--pdeathsig", "KILL", *device.program(profile.faults, arch),
        "-accel", f"tcg,thread={'single' if one else 'multi'}", *arch.machine,
        "-smp", str(profile.cpus), "-m", f"{MEMORY_MIB}M",
        "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
        "-kernel", str(setup.kernel.boot_image(profile.packed_kernel)),
        "-initrd", str(setup.initramfs),
        "-append", f"{append} {setup.append} {setup.kernel.boot_options()}", *options,
    ]


def _command(setup, profile, directory, descriptors):
    control, monitor = descriptors
    return _machine(setup, profile, directory) + [
        "-chardev", f"file,id=console,path={directory / 'console.log'}",
        "-serial", "chardev:console",
        "-chardev", f"socket,id=control,fd={control}", *setup.kernel.arch.control_options,
        "-chardev", f"socket,id=monitor,fd={monitor}", "-mon", "chardev=monitor,mode=control",
    ]


def interactive(setup, profile):
    """A machine whose console is this terminal, until it powers off or is ended (Ctrl-A X); returns
    QEMU's exit status."""
    return subprocess.run(_machine(setup, profile, setup.directory) + ["-serial", "mon:stdio"],
                          check=False).returncode


class Qemu:
    """A running machine."""

    def __init__(self, setup, profile, directory):
        self.directory = directory
        self.console = directory / "console.log"
        directory.mkdir(parents=True, exist_ok=True)
        control, control_theirs = socket.socketpair()
        monitor, monitor_theirs = socket.socketpair()
        theirs = [control_theirs.fileno(), monitor_theirs.fileno()]
        command = _command(setup, profile, directory, theirs)
        (directory / "command").write_text(" ".join(map(str, command)) + "\n", encoding="utf-8")
        with (directory / "qemu.log").open("wb") as log:
            self._process = subprocess.Popen(   # pylint: disable=consider-using-with
                command, pass_fds=theirs, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                # Ctrl-C reaches the runner alone, which then ends its guests itself
                start_new_session=True)
        control_theirs.close()
        monitor_theirs.close()
        self.control = Line(control)
        self._monitor = Line(monitor)
        self._greeted = False

    def qmp(self, request, seconds=20):
        """Executes a QMP command; returns (True, result) or (False, description)."""
        deadline = time.monotonic() + seconds
        if not self._greeted:
            self._monitor.receive(deadline)
            self._monitor.send('{"execute": "qmp_capabilities"}')
            self._answer(deadline)
            self._greeted = True
        self._monitor.send(json.dumps(request))
        answer = self._answer(deadline)
        if "error" in answer:
            return False, answer["error"]["desc"]
        return True, answer["return"]

    def _answer(self, deadline):
        while True:
            message = json.loads(self._monitor.receive(deadline))
            if "event" not in message:
                return message

    def write_state(self):
        """Where the CPUs are and which interrupts are pending, as a file; returns its path."""
        path = self.directory / "state.txt"
        with path.open("w", encoding="utf-8") as file:
            for command in STATE_COMMANDS:
                try:
                    answer = self.qmp({"execute": "human-monitor-command",
                                       "arguments": {"command-line": command}})[1]
                except (GuestSilent, GuestGone):
                    answer = "no answer"
                file.write(f"== {command}\n{answer}\n")
        return path

    def console_since(self, offset):
        """What the guest's kernel has said after this offset."""
        if not self.console.exists():
            return ""
        with self.console.open("rb") as log:
            log.seek(offset)
            return log.read().decode(errors="replace").replace("\r", "")

    def console_size(self):
        """The offset at which the console's next output will be."""
        return self.console.stat().st_size if self.console.exists() else 0

    def _log(self):
        return (self.directory / "qemu.log").read_text(encoding="utf-8", errors="replace")

    def log_count(self, text):
        """How many of QEMU's own lines have this text; events that a test traces are there."""
        return sum(text in line for line in self._log().splitlines())

    def ended_by(self):
        """The name of the signal that QEMU, which has hung up, was ended by; nothing if by none."""
        self.wait()
        status = self._process.poll() or 0
        return signal.Signals(-status).name if status < 0 else ""

    def why_ended(self):
        """QEMU's last words, or its death."""
        words = [line for line in self._log().splitlines() if "qemu-system" in line]
        if self.ended_by():
            words.append(": ".join([f"QEMU was ended by {self.ended_by()}", *words[-1:]]))
        return words[-1] if words else "the guest ended by itself"

    def keep_logs(self, name):
        """From the next machine of this directory."""
        for log in ("console.log", "qemu.log"):
            if (self.directory / log).exists():
                (self.directory / log).rename(self.directory / f"{name}-{log}")

    def wait(self, seconds=10):
        """For the end of a machine that has hung up already."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            pass                # kill() comes next

    def kill(self):
        """A wedged QEMU ignores anything less than this. Who serves the guest and who stops them
        all may both come here at once.
        """
        self._process.kill()
        self._process.wait()
        self.control.close()
        self._monitor.close()
        for image in self.directory.glob("*.img"):
            image.unlink(missing_ok=True)

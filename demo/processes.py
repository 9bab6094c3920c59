"""The processes that the demo starts, and that never outlive it."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from common.machine.errors import PlainError

_PR_SET_PDEATHSIG = 1  # prctl(2): the kernel sends this signal to the child when its parent dies
_prctl = ctypes.CDLL(None).prctl  # found before any fork: nothing is loaded between fork and exec
_STOP_TIMEOUT_S = 8.0
_READY_TIMEOUT_S = 60.0


class DemoFailed(PlainError):
    """The demo could not be set up or did not come to its end; the text says at what."""


def command(name: str) -> list[str]:
    """Return the words that start one of our own commands, or a tool that is installed beside this Python."""
    return [str(Path(sys.executable).parent / name)]


def wait_until(condition: Callable[[], bool], timeout_s: float) -> bool:
    """Ask again and again until the condition holds; False when it still does not after `timeout_s`."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def free_port() -> int:
    """Find a TCP port on loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Processes:
    """Starts children with their output in files, and ends them all, the last first, when the block is left."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._children: dict[str, subprocess.Popen[str]] = {}
        self._files: list[IO[str]] = []

    def start(self, name: str, words: Sequence[str], *, env: Mapping[str, str] | None = None) -> None:
        """Start a child in the background; its output goes to `<logs>/<name>.log`."""
        log = (self._logs / f"{name}.log").open("a", encoding="utf-8")
        self._files.append(log)
        self._spawn(name, words, log, env)

    def start_and_read_line(self, name: str, words: Sequence[str], *, env: Mapping[str, str] | None = None) -> str:
        """Start a child and wait for the first line that it prints, which says that it is ready.

        Raises:
            DemoFailed: it ended without a line.
        """
        log = (self._logs / f"{name}.log").open("a", encoding="utf-8")
        self._files.append(log)
        child = self._spawn(name, words, log, env, pipe=True)
        line = child.stdout.readline() if child.stdout else ""
        if not line:
            raise DemoFailed(f"{name} did not start; its log is {self._logs / name}.log")
        return line

    def start_and_hear_ready(self, name: str, words: Sequence[str]) -> None:
        """Start a service in the background, and wait until it says that it is ready, as systemd does (sd_notify(3)).

        Raises:
            DemoFailed: it said nothing.
        """
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
            ear.bind("")  # an abstract name of the kernel's choice: unix(7), "autobind"
            ear.settimeout(_READY_TIMEOUT_S)
            self.start(name, words, env={"NOTIFY_SOCKET": "@" + ear.getsockname()[1:].decode()})
            try:
                while ear.recv(4096) != b"READY=1":
                    pass
            except TimeoutError:
                raise DemoFailed(f"{name} did not start; its log is {self._logs / name}.log") from None

    def run(self, words: Sequence[str], *, given: str | None = None, timeout_s: float = 60) -> str:
        """Run a command to its end, with this on its standard input, and return what it printed.

        Raises:
            DemoFailed: it failed or took too long; the text holds its own words.
        """
        try:
            done = subprocess.run(  # noqa: S603
                words, input=given or "", capture_output=True, text=True, timeout=timeout_s, check=False
            )
        except subprocess.TimeoutExpired:
            raise DemoFailed(f"{' '.join(words[:3])} took more than {timeout_s:.0f} s") from None
        if done.returncode:
            raise DemoFailed(f"{' '.join(words[:3])}: {done.stderr.strip()[-500:]}")
        return done.stdout

    def pid(self, name: str) -> int:
        """Return the process id of a running child."""
        return self._children[name].pid

    def signal(self, name: str, number: signal.Signals) -> None:
        """Send a running child a signal, such as SIGSTOP to have it hang."""
        self._children[name].send_signal(number)

    def is_running(self, name: str) -> bool:
        """Whether a child of this name has been started, and neither stopped nor ended."""
        return name in self._children and self._children[name].poll() is None

    def ended(self) -> str | None:
        """Return the name of a child that has ended by itself, or None."""
        return next((name for name, child in list(self._children.items()) if child.poll() is not None), None)

    def stop(self, name: str) -> None:
        """End one child: politely, then by force."""
        child = self._children.pop(name)
        child.terminate()
        child.send_signal(signal.SIGCONT)  # one that hangs hears nothing else
        try:
            child.wait(_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        if child.stdout:
            child.stdout.close()

    def kill(self, name: str) -> None:
        """End one child at once, as the out-of-memory killer does."""
        child = self._children.pop(name)
        child.kill()
        child.wait()
        if child.stdout:
            child.stdout.close()

    def __enter__(self) -> Self:
        """Enter the block whose end ends all children."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End all children, the last started first."""
        for name in reversed(list(self._children)):
            with contextlib.suppress(OSError):
                self.stop(name)
        for file in self._files:
            file.close()

    def _spawn(
        self, name: str, words: Sequence[str], log: IO[str], env: Mapping[str, str] | None, *, pipe: bool = False
    ) -> subprocess.Popen[str]:
        child = subprocess.Popen(  # noqa: S603
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if pipe else log,
            stderr=log,
            text=True,
            env={**os.environ, **(env or {})},
            start_new_session=True,  # Ctrl+C reaches the demo alone, which then ends them in order
            preexec_fn=_die_with_parent,  # noqa: PLW1509 (it calls into the kernel and does nothing else)
        )
        self._children[name] = child
        return child


def _die_with_parent() -> None:
    # SIGKILL: it ends a child that hangs too, and nothing that was accepted is lost by it.
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

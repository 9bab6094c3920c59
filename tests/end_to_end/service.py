"""`kiosk run` as systemd runs it: a process of its own, offscreen, that says by sd_notify(3) how it is."""

import os
import resource
import signal
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.end_to_end.conftest import BIN, KioskByCommand

READY_WITHIN_S = 60.0
WATCHDOG_US = 900_000  # a beat each 0.3 s
NO_ROOM_BYTES = 1


class Service:
    """One start of `kiosk run`. `has_room`: whether it finds a disk that takes anything."""

    def __init__(self, kiosk: KioskByCommand, *, has_room: bool = True) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="kiosk-"))
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(self._folder / "notify"))
        self._socket.settimeout(0.2)
        env = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
        told = {"NOTIFY_SOCKET": str(self._folder / "notify"), "WATCHDOG_USEC": str(WATCHDOG_US)}
        self._process = subprocess.Popen(
            [str(BIN / "kiosk"), "run", "--config", str(kiosk.settings)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=env | told | {"SDL_VIDEODRIVER": "offscreen"},
            preexec_fn=None if has_room else _fill_up,  # noqa: PLW1509 (one call into the kernel, nothing else)
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def wait_ready(self) -> None:
        """Wait until it says that its first frame has been drawn."""
        self._wait_told("READY=1")

    def wait_beats(self, number: int) -> None:
        """Wait until it has proved so often that its screen's loop turns."""
        for _ in range(number):
            self._wait_told("WATCHDOG=1")

    def wait_line(self, word: str) -> str:
        """Wait until it logs a line that holds this word."""
        deadline = time.monotonic() + READY_WITHIN_S
        while not (found := [line for line in self.lines if word in line]):
            assert time.monotonic() < deadline, f"{word!r} never came; last: {self.lines[-5:]}"
            assert self._process.poll() is None, f"it ended: {self.lines[-5:]}"
            time.sleep(0.05)
        return found[0]

    def take_room(self) -> None:
        """Fill the disk: from now on no file of this process grows."""
        hard = resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (NO_ROOM_BYTES, hard))

    def make_room(self) -> None:
        """Have the disk take what is written again."""
        hard = resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (hard, hard))

    def kill(self) -> None:
        """End it as the out-of-memory killer does."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> tuple[int, float]:
        """Ask it to end; give its exit status and how many seconds that took."""
        began = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(40), time.monotonic() - began

    def _wait_told(self, word: str) -> None:
        deadline = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < deadline:
            try:
                if word in self._socket.recv(4096).decode():
                    return
            except TimeoutError:
                assert self._process.poll() is None, f"it ended: {self.lines[-5:]}"
        raise AssertionError(f"{word} was not said; last: {self.lines[-5:]}")

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self.kill()
        self._reader.join(5)
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._socket.close()
        (self._folder / "notify").unlink()
        self._folder.rmdir()


def _fill_up() -> None:
    """Let no file grow: what a full disk is to this process alone."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (NO_ROOM_BYTES, resource.RLIM_INFINITY))

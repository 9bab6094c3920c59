"""A simulator behind a pseudo-terminal: the unchanged driver opens it with pyserial as if it were a port.

The simulator is a plain object, bytes in and bytes out; the port adds what a cable can do: speed, silence, noise,
unplugging. `port` is a symbolic link that outlives an unplugging, as /dev/serial/by-id does.
"""

import contextlib
import os
import select
import shutil
import tempfile
import threading
import time
import tty
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self


class Simulator(Protocol):
    """A device as its driver sees it. Called from one thread at a time."""

    def receive(self, data: bytes) -> bytes:
        """Take bytes from the driver and return the answer to them, perhaps empty."""

    def tick(self, now: float) -> bytes:
        """Return what the device says unasked at `now` (monotonic seconds), perhaps empty."""


class PtyPort:
    """Runs a simulator behind a pseudo-terminal, in a thread of its own, until `close`.

    `path` is where the port is to be found, by default in a temporary folder. `baudrate` paces what the driver sends as
    that wire would, 10 bits a byte; None does not pace. Fault switches are plain attributes, read at the next byte:
    `silent` keeps every answer back, `garbled` flips bits of it, `stalled` takes nothing from the driver, as a printer
    that has withdrawn CTS or sent XOFF.
    """

    _STEP_S = 0.005
    _PACED_CHUNK = 64

    def __init__(self, simulator: Simulator, baudrate: int | None = None, *, path: Path | None = None) -> None:
        self.simulator = simulator
        self.baudrate = baudrate
        self.silent = False
        self.garbled = False
        self.stalled = False
        self.received = 0
        self._temporary: Path | None = None
        if path is None:
            self._temporary = Path(tempfile.mkdtemp(prefix="kiosk-port-"))
            path = self._temporary / "port"
        self.port = str(path)
        self._lock = threading.RLock()
        self._master = -1
        self._slave = -1
        self._closing = threading.Event()
        self.replug()
        self._thread = threading.Thread(target=self._serve, name="simulated port", daemon=True)
        self._thread.start()

    def send(self, data: bytes) -> None:
        """Have the device say `data` now, as a scanner does."""
        with self._lock:
            self._answer(data)

    def unplug(self) -> None:
        """Pull the cable: the driver's reads and writes fail, and the port's path is gone."""
        with self._lock:
            Path(self.port).unlink(missing_ok=True)
            for descriptor in (self._master, self._slave):
                if descriptor >= 0:
                    os.close(descriptor)
            self._master = self._slave = -1

    def replug(self) -> None:
        """Plug the cable in again: the same path leads to a new port. The simulator keeps its state."""
        with self._lock:
            if self._master >= 0:
                return
            self._master, self._slave = os.openpty()
            # One slave descriptor stays open and raw: else the master reads EIO after the driver's first close, and
            # bytes that come early are echoed back.
            tty.setraw(self._slave)
            os.set_blocking(self._master, False)
            Path(self.port).symlink_to(os.ttyname(self._slave))

    def close(self) -> None:
        """Stop the thread and remove the port."""
        self._closing.set()
        self._thread.join(timeout=5)
        self.unplug()
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _serve(self) -> None:
        carried_at = 0.0  # when the wire has carried what was taken from the driver
        while not self._closing.is_set():
            data, began = b"", time.monotonic()
            with self._lock:
                if self._master >= 0:
                    if not self.stalled:
                        data = self._take()
                    if data:
                        self.received += len(data)
                        self._answer(self.simulator.receive(data))
                    self._answer(self.simulator.tick(time.monotonic()))
            if data and self.baudrate:
                # A turn that took too long is made good by the next ones: a wire has no scheduler.
                carried_at = (carried_at or began) + len(data) * 10 / self.baudrate
                time.sleep(max(0.0, carried_at - time.monotonic()))
            elif not data:
                carried_at = 0.0
                self._wait()

    def _take(self) -> bytes:
        try:
            return os.read(self._master, self._PACED_CHUNK if self.baudrate else 4096)
        except OSError:
            # BlockingIOError: nothing there; EIO: the driver has closed its end.
            return b""

    def _wait(self) -> None:
        """Sleep until bytes come or the next tick is due."""
        master = self._master
        if master < 0 or self.stalled:
            self._closing.wait(self._STEP_S)
            return
        with contextlib.suppress(OSError, ValueError):  # unplugged meanwhile
            select.select([master], [], [], self._STEP_S)

    def _answer(self, data: bytes) -> None:
        if not data or self.silent or self._master < 0:
            return
        if self.garbled:
            data = bytes(byte ^ (0x5A + 7 * place & 0xFF) for place, byte in enumerate(data))
        with contextlib.suppress(OSError):  # full or just closed: a wire loses bytes too
            os.write(self._master, data)

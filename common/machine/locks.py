"""Locks between processes: flock(2) on a file, which the kernel lets go when its holder dies, however it dies."""

import fcntl
import os
import time
from pathlib import Path
from typing import Self

from common.machine.errors import StoreUnavailable

_POLL_S = 0.02


class FileLock:
    """One lock file, held open. Each object locks for itself, also against others in the same process."""

    def __init__(self, path: Path) -> None:
        """Open the lock file, making it where it is missing. Raises StoreUnavailable when the disk refuses."""
        self.path = path
        try:
            self._fd: int | None = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreUnavailable(f"{path} cannot be opened: {error.strerror}") from error

    def acquire(self, *, exclusive: bool, timeout_s: float) -> None:
        """Take the lock, or change its kind. Raises StoreUnavailable when others still hold it after the timeout."""
        if self._fd is None:
            raise StoreUnavailable(f"{self.path.name} is closed")
        # A conversion is not atomic (flock(2)); letting go first makes that plain. Who relies on what it saw under
        # the former lock has to look again.
        fcntl.flock(self._fd, fcntl.LOCK_UN)
        kind = fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH
        deadline = time.monotonic() + timeout_s
        while True:
            try:
                fcntl.flock(self._fd, kind | fcntl.LOCK_NB)
            except BlockingIOError as error:
                if time.monotonic() >= deadline:
                    raise StoreUnavailable(f"another process holds {self.path.name}") from error
                time.sleep(_POLL_S)
            else:
                return

    def read_note(self) -> str:
        """Read the short text that the lock file carries (at most 200 bytes)."""
        if self._fd is None:
            return ""
        return os.pread(self._fd, 200, 0).decode("ascii", "replace").strip()

    def write_note(self, note: str) -> None:
        """Put a short text into the lock file, durably. Raises StoreUnavailable when the disk refuses."""
        if self._fd is None:
            raise StoreUnavailable(f"{self.path.name} is closed")
        data = note.encode("ascii") + b"\n"
        try:
            os.pwrite(self._fd, data, 0)
            os.ftruncate(self._fd, len(data))
            os.fsync(self._fd)
        except OSError as error:
            raise StoreUnavailable(f"{self.path} cannot be written: {error.strerror}") from error

    def close(self) -> None:
        """Let go. Closing twice does no harm."""
        fd, self._fd = self._fd, None
        if fd is not None:
            os.close(fd)


class PrinterLock:
    """Held by the one process that drives the printer (`printer.lock`): nobody else touches open print jobs."""

    def __init__(self, data_dir: Path, timeout_s: float = 0.0) -> None:
        """Take the lock. Raises StoreUnavailable when another process has the printer."""
        self._lock = FileLock(data_dir / "printer.lock")
        try:
            self._lock.acquire(exclusive=True, timeout_s=timeout_s)
        except StoreUnavailable:
            self._lock.close()
            raise
        self.data_dir = data_dir

    def close(self) -> None:
        """Let the printer go."""
        self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

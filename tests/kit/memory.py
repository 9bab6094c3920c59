"""A folder in memory for what tests write: hundreds of databases that wait for a disk at every commit."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM_BYTES = 4 << 30
DISK = Path("/var/tmp")


def folder_in_memory() -> str | None:
    """None where there is none with enough room, as in many containers, or where nothing may be started from it."""
    if not os.access(MEMORY, os.W_OK) or os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
        return None
    return str(MEMORY) if shutil.disk_usage(MEMORY).free >= ROOM_BYTES else None


def work_in_memory() -> None:
    """Have temporary files made there from now on, where that can be; also by the processes that are started."""
    if (folder := folder_in_memory()) is not None:
        os.environ["TMPDIR"] = tempfile.tempdir = folder


@contextmanager
def on_disk(name: str) -> Iterator[Path]:
    """A folder for whole machines, which are too large for memory; its path is short, as sockets below it need."""
    with tempfile.TemporaryDirectory(prefix=f"{name}-", dir=DISK, ignore_cleanup_errors=True) as folder:
        yield Path(folder)

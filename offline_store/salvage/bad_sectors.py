"""Copying a file off a disk that no longer gives all of it: a sector that can't be read is a damage like any other.

Without this a kiosk would wait for such a sector for ever, with everything around it still there.
"""

import errno
import os
from pathlib import Path

_STEP = 1 << 20
_SECTOR = 4096  # bytes that a disk gives or refuses together, at least (Advanced Format)


def copy_what_reads(source: Path, target: Path) -> None:
    """Copy a file; what the disk does not give is zeroes in the copy.

    Raises OSError for everything but that: no room for the copy, no right to read.
    """
    with source.open("rb") as damaged, target.open("wb") as copy:
        size = os.fstat(damaged.fileno()).st_size
        for start in range(0, size, _STEP):
            length = min(_STEP, size - start)
            block = _block(damaged.fileno(), length, start)
            if block is None:
                sectors = range(start, start + length, _SECTOR)
                block = b"".join(_block(damaged.fileno(), _SECTOR, at) or bytes(_SECTOR) for at in sectors)[:length]
            copy.write(block)


def _block(descriptor: int, length: int, start: int) -> bytes | None:
    try:
        return os.pread(descriptor, length, start)
    except OSError as error:
        if error.errno != errno.EIO:
            raise
        return None

"""Small files of central's, which only its owner may read: whole after a power cut, or as they were."""

import os
from pathlib import Path


def write_private(path: Path, data: bytes) -> None:
    """Put data under a name, on the disk when this returns: content, then name, then folder. Raises OSError."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")  # two commands may write at once
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

"""A file that holds a secret: its owner's alone, or it is not used."""

import stat
from pathlib import Path


def fault_of(path: Path) -> str | None:
    """Return why a secret is not read from a file, with what to do; None where nothing is in the way."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return f"{path} can't be read: {error.strerror}; put the secret there, mode 0600"
    return f"others may read {path}: chmod 0600 {path}" if stat.S_IMODE(mode) & 0o077 else None

"""USB sticks are mounted while a technician is at the screen: systemd is told so, and does it (`kiosk-sticks.path`)."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

_TECHNICIAN = "technician"


@contextlib.contextmanager
def sticks_taken(runtime_dir: Path | None) -> Iterator[None]:
    """Have sticks mounted by `kiosk-sticks.path` as long as this lasts: nobody else's is even read.

    Args:
        runtime_dir: where systemd looks for what is asked of it; None without systemd.

    Raises:
        OSError: it can't be written.
    """
    if runtime_dir is None:
        yield
        return
    (runtime_dir / _TECHNICIAN).touch()
    try:
        yield
    finally:
        leave_sticks(runtime_dir)


def leave_sticks(runtime_dir: Path) -> None:
    """Let go of sticks, also of those that a kiosk which fell had taken."""
    (runtime_dir / _TECHNICIAN).unlink(missing_ok=True)

"""Whether the data folder is safe and has room: modes of files, free space and inodes, a disk that takes writes."""

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from common.machine.doctor.finding import Finding, ok, problem, warning
from kiosk.health import LOW_DISK_BYTES
from kiosk.records.all_records import damaged_records

LEAST_BYTES = 200_000_000
_LEAST_INODES = 2_000
# An update leaves two releases by itself, and the way back needs both.
_TODO = "journalctl --vacuum-size=100M; remove what is not the kiosk's"


def check_disk(data_dir: Path) -> Iterator[Finding]:
    """Look at the folder of store, keys and logs."""
    if not data_dir.is_dir():
        yield problem("data folder", f"{data_dir} is missing", "make it, owned by the kiosk's user, mode 0750")
        return
    if not os.access(data_dir, os.R_OK | os.X_OK):
        yield problem("data folder", f"{data_dir} may not be read", f"chown kiosk: {data_dir} && chmod 750 {data_dir}")
        return
    yield check_modes(data_dir)
    yield check_records(data_dir)
    yield check_writing(data_dir)
    yield check_room(data_dir)


def check_modes(data_dir: Path) -> Finding:
    """See that nobody but the kiosk's user reads the keys."""
    secrets = [*sorted((data_dir / "keys").glob("*.key")), *sorted(data_dir.glob("enrolment*.json"))]
    open_files = [path for path in secrets if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077]
    if open_files:
        names = ", ".join(path.name for path in open_files)
        return problem("keys", f"others may read {names}", f"chmod 600 {' '.join(map(str, open_files))}")
    if stat.S_IMODE(data_dir.stat().st_mode) & stat.S_IWOTH:
        return problem("data folder", "anybody may write into it", f"chmod o-w {data_dir}")
    return ok("keys", "only the kiosk's user reads them")


def check_records(data_dir: Path) -> Finding:
    """See that both copies hold of what is kept twice."""
    if damaged := damaged_records(data_dir):
        return warning(
            "records",
            f"a copy is missing or damaged of {', '.join(damaged)}",
            "restart the kiosk, which makes it again from the other; then check the disk (smartctl -a)",
        )
    return ok("records", "both copies hold")


def check_writing(data_dir: Path) -> Finding:
    """See that the disk takes a write and a sync now."""
    try:
        with tempfile.TemporaryFile(dir=data_dir) as probe:  # without a name: nothing is left by a power cut
            probe.write(b"\0" * 4096)
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        return problem("data folder", f"can't be written ({error.strerror})", f"owner, mount and disk of {data_dir}")
    return ok("data folder", f"{data_dir} takes writes")


def check_room(data_dir: Path) -> Finding:
    """See that there is room for years of tickets and for a migration's second copy."""
    disk = os.statvfs(data_dir)
    free = disk.f_bavail * disk.f_frsize
    text = f"{free / 1e9:.1f} GB free"
    if free < LEAST_BYTES or (disk.f_files and disk.f_favail < _LEAST_INODES):
        return problem("free disk", text, _TODO)
    if free < LOW_DISK_BYTES:
        return warning("free disk", text, _TODO)
    return ok("free disk", text)

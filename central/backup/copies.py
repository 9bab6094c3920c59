"""Copies in a folder: one folder each, with the database, the keys and settings, a manifest, and its signature."""

import hashlib
import io
import shutil
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from central.backup import dump
from central.backup.errors import BackupError
from central.backup.key import BackupKey
from central.backup.sealing import seal
from central.base import clock
from central.base.config import CentralConfig
from central.base.database.migration import REVISION
from common.machine.durable_file import sync

DATABASE, FILES, MANIFEST, SIGNATURE = "database.sealed", "files.sealed", "manifest.json", "manifest.sig"
_NAME: Final = "central-%Y%m%dT%H%M%SZ"
_ALL_OF: Final = timedelta(hours=24)
_DAYS, _WEEKS, _MONTHS = 14, 8, 12
"""The rule: all of the newest 24 hours, the last of each of 14 days, 8 weeks and 12 months that have a copy."""


class Manifest(Struct, frozen=True):
    """What a copy holds. `rows`: how many kiosks and items there were at least; `files`: SHA-256 by name."""

    made_at: str
    dialect: str
    revision: str
    rows: dict[str, int]
    files: dict[str, str]
    left_out: list[str] = []


def make(
    config: CentralConfig, to: Path, settings: Path, key: BackupKey, rows: dict[str, int]
) -> tuple[Path, Manifest]:
    """Make a copy in a folder of its own below `to`; whole under its name, or not there.

    Raises:
        BackupError: a tool fails, or a copy of this second is there. OSError where the folder can't be written.
    """
    now = clock.now()
    to.mkdir(parents=True, exist_ok=True, mode=0o700)
    for begun in to.glob(".central-*.new"):  # a power cut left it
        shutil.rmtree(begun)
    made, fresh = to / now.strftime(_NAME), to / f".{now.strftime(_NAME)}.new"
    if made.exists():
        raise BackupError(f"{made} was made in this very second: try again")
    fresh.mkdir(mode=0o700)
    try:
        with dump.dumped(config) as source, (fresh / DATABASE).open("wb") as target:
            seal(source, target, key.sealing)
        packed, left_out = _packed(config.keys_dir, settings)
        with (fresh / FILES).open("wb") as target:
            seal(io.BytesIO(packed), target, key.sealing)
        files = {name: digest(fresh / name) for name in (DATABASE, FILES)}
        dialect = "postgresql" if config.is_postgres else "sqlite"
        manifest = Manifest(clock.as_text(now), dialect, REVISION, rows, files, left_out)
        content = msgspec.json.encode(manifest)
        (fresh / MANIFEST).write_bytes(content)
        (fresh / SIGNATURE).write_bytes(key.signature(content))
        for path in (*fresh.iterdir(), fresh):
            sync(path)
        fresh.replace(made)
        sync(to)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return made, manifest


def read(copy: Path, key: BackupKey) -> Manifest:
    """Return a copy's manifest once its signature, its name and the files' digests fit it. Raises BackupError.

    The newest is found by its name, which nobody has signed: an older one under another day's name is none of that day.
    """
    try:
        content, signature = (copy / MANIFEST).read_bytes(), (copy / SIGNATURE).read_bytes()
        key.check(content, signature)
        manifest = msgspec.json.decode(content, type=Manifest)
        _check_name(copy, manifest)
        wrong = [name for name, told in manifest.files.items() if digest(copy / name) != told]
    except OSError as error:
        raise BackupError(f"the copy {copy} can't be read: {error.strerror} ({error.filename})") from error
    if wrong or {DATABASE, FILES} - manifest.files.keys():
        raise BackupError(f"the copy {copy} is damaged: {', '.join(wrong) or 'a file is missing'}")
    return manifest


def _check_name(copy: Path, manifest: Manifest) -> None:
    name, made_at = copy.resolve().name, clock.read(manifest.made_at)
    right = None if made_at is None else made_at.strftime(_NAME)
    if _moment_of(name) is not None and name != right:
        raise BackupError(f"the copy {copy} was made at {manifest.made_at[:30]} and renamed: its own name is {right}")


def _moment_of(name: str) -> datetime | None:
    try:
        return datetime.strptime(name, _NAME).replace(tzinfo=UTC)
    except ValueError:
        return None


def find(folder: Path, at: datetime | None = None) -> Path:
    """Return a copy itself, or the newest of those in a folder, made by `at` at the latest. Raises BackupError.

    Without `at` one of a time to come is taken only where there is no other: a clock that was ahead has named it.
    """
    if (folder / MANIFEST).exists():
        return folder
    copies, by = _listed(folder), at or clock.now()
    found = [one for one in copies if one[0] <= by] or (copies if at is None else [])
    if not found:
        raise BackupError(f"there is no copy in {folder}" + (f" made by {at:%Y-%m-%d %H:%M} UTC" if at else ""))
    return max(found)[1]


def prune(folder: Path) -> list[str]:
    """Delete the copies that the rule doesn't keep; return their names.

    Those of a time to come stay, and count for nothing: the clock was ahead then, or is behind now, and by their names
    the one of tonight would be the oldest.
    """
    copies = [one for one in _listed(folder) if one[0] <= clock.now()]
    kept = kept_by_rule([made_at for made_at, _ in copies])
    gone = [path for made_at, path in copies if made_at not in kept]
    for path in gone:
        shutil.rmtree(path)
    return [path.name for path in gone]


def kept_by_rule(moments: list[datetime]) -> set[datetime]:
    """Return those that stay: all of the newest 24 hours, the last of each of the newest days, weeks and months.

    So one made before an update at noon does not take the place of the night's, to which somebody may want to go back.
    """
    kept = {moment for moment in moments if moment > max(moments) - _ALL_OF}
    for form, most in (("%Y-%m-%d", _DAYS), ("%G-%V", _WEEKS), ("%Y-%m", _MONTHS)):
        last: dict[str, datetime] = {}
        for moment in sorted(moments):
            last[moment.strftime(form)] = moment
        kept |= set(sorted(last.values())[-most:])
    return kept


def digest(path: Path) -> str:
    """Return a file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def size(copy: Path) -> int:
    """Return how many bytes a copy has."""
    return sum(path.stat().st_size for path in copy.iterdir())


def _listed(folder: Path) -> list[tuple[datetime, Path]]:
    paths = folder.glob("central-*") if folder.is_dir() else ()
    return [(moment, path) for path in paths if (moment := _moment_of(path.name)) is not None]


def _packed(keys_dir: Path, settings: Path) -> tuple[bytes, list[str]]:
    """Return keys and settings as a tar, and which files this user may not read."""
    packed, left_out = io.BytesIO(), list[str]()
    with tarfile.open(fileobj=packed, mode="w", dereference=True) as tar:
        for name, folder in (("keys", keys_dir), ("settings", settings)):
            for path in sorted(folder.rglob("*")):
                if not path.is_file():
                    continue
                try:
                    tar.add(path, f"{name}/{path.relative_to(folder)}", filter=_plain)
                except PermissionError:
                    left_out.append(str(path))
    return packed.getvalue(), left_out


def _plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry

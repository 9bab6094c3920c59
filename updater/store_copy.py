"""The kiosk's store, copied aside and put back. Started as the kiosk's user: root does nothing in the kiosk's folder.

`python3 -I store_copy.py accepted|save|restore|rehearse|tidy DATA`; all that it makes lies in DATA/update.
"""

import os
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

_LEFT_OUT = shutil.ignore_patterns("update", "logs", "store.db*", "*.lock", "*.sock")


def accepted(data: Path) -> str:
    """Return how far the store has come: epoch, seq and hash of what it accepted last; `none` where there is none."""
    path = data / "store.db"
    if not path.exists():
        return "none"
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=10)) as store:
        row = store.execute("SELECT epoch, head_seq, head_hash FROM store").fetchone()
    return " ".join(map(str, row or ("none",)))


def save(data: Path) -> None:
    """Keep a copy of the store, whole and on the disk. One of this very head is kept as it is."""
    if not (data / "store.db").exists():
        return
    folder = data / "update"
    folder.mkdir(mode=0o700, exist_ok=True)
    new = folder / "saved.new"
    _copy_store(data / "store.db", new)
    new.replace(folder / "saved.db")
    _sync(folder)


def restore(data: Path) -> None:
    """Put the saved copy in the store's place, in one step; the copy stays."""
    saved = data / "update/saved.db"
    if not saved.exists():
        return
    new = data / "store.db.restored"
    shutil.copyfile(saved, new)
    new.chmod(0o600)
    _sync(new)
    with closing(sqlite3.connect(data / "store.db", timeout=10)) as store:
        store.execute(
            "PRAGMA wal_checkpoint(TRUNCATE)"
        )  # closed last, it takes its log away: none is left for the copy
    if (data / "store.db-wal").exists() and (data / "store.db-wal").stat().st_size:
        raise SystemExit("the store's log can't be emptied: something still holds the store")
    new.replace(data / "store.db")
    _sync(data)


def rehearse(data: Path) -> str:
    """Copy all that a doctor looks at into a folder of its own, so that what it does there touches no store."""
    folder = data / "update/rehearsal"
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    shutil.copytree(data, folder, symlinks=True, ignore=_LEFT_OUT)
    folder.chmod(0o700)
    if (data / "store.db").exists():
        _copy_store(data / "store.db", folder / "store.db")
    return str(folder)


def tidy(data: Path) -> None:
    """Remove what an update that was cut off left behind."""
    shutil.rmtree(data / "update/rehearsal", ignore_errors=True)
    for name in ("update/saved.new", "store.db.restored"):
        (data / name).unlink(missing_ok=True)


def _copy_store(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(source, timeout=10)) as store, closing(sqlite3.connect(target)) as copy:
        store.backup(copy)
    target.chmod(0o600)
    _sync(target)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


if __name__ == "__main__":
    what, where = sys.argv[1:]
    os.umask(0o077)
    said = {"accepted": accepted, "save": save, "restore": restore, "rehearse": rehearse, "tidy": tidy}[what](
        Path(where)
    )
    if said:
        print(said)

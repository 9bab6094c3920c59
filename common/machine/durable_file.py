"""Files that survive a power cut whole: the one way in which a small file is replaced, and the sync under it.

ext4 and its kind keep a rename's order with the data only after a sync of the file, and the rename itself only after a
sync of its folder (rename(2), fsync(2)). Hence content, then name, then folder.
"""

import contextlib
import fcntl
import os
from pathlib import Path

PRIVATE = 0o600


def replace_file(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Put content under a name, on the disk when this returns. A cut at any instant leaves the old file or this one.

    Writers take turns, in whatever process they are, and what a dead one left unfinished is thrown away.

    Args:
        path: the file; its folder is there already.
        content: all of it.
        mode: its permissions, less the umask; PRIVATE for what only its owner may read.

    Raises:
        OSError: the disk refuses. The old file stands, unless only the folder's sync failed: then it is this one.
    """
    fresh = path.with_name(f"{path.name}.new")
    with os.fdopen(_open_alone(fresh, mode), "wb") as file:  # whose lock goes when it is closed, in its place by then
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            fresh.replace(path)
        except BaseException as error:
            with contextlib.suppress(OSError):
                fresh.unlink(missing_ok=True)
            _name(error, path)
            raise
    sync(path.parent)


def _open_alone(path: Path, mode: int) -> int:
    """Open a new file that no other writer has, waiting for those that are at it."""
    while True:
        is_new = True
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        except FileExistsError:
            is_new = False
            try:
                descriptor = os.open(path, os.O_WRONLY | os.O_NOFOLLOW)
            except FileNotFoundError:
                continue  # its writer has put it into place
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if _is_at(path, os.fstat(descriptor)):
                if is_new:
                    return descriptor
                path.unlink()  # left by a writer that died: its lock went with it
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _is_at(path: Path, held: os.stat_result) -> bool:
    try:
        found = path.stat(follow_symlinks=False)
    except FileNotFoundError:
        return False
    return (found.st_dev, found.st_ino) == (held.st_dev, held.st_ino)


def sync(path: Path) -> None:
    """Bring a file's content, or a folder's names, to the disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        _name(error, path)
        raise
    finally:
        os.close(descriptor)


def _name(error: BaseException, path: Path) -> None:
    """Say which file it is about: a write or a sync that is refused knows no name."""
    if isinstance(error, OSError) and error.filename is None:
        error.filename = str(path)

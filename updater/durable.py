"""Words and links that outlive a power cut: whole under their name, or as they were."""

import os
from pathlib import Path


def write(path: Path, text: str) -> None:
    """Replace a file's text in one step."""
    new = path.with_name(path.name + ".new")
    with new.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    sync_folder(path.parent)


def read(path: Path) -> str | None:
    """Return a file's text; None where there is none."""
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None


def remove(path: Path) -> None:
    """Remove a file, if it is there."""
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def point(link: Path, target: Path) -> None:
    """Let a link point elsewhere, in one step."""
    new = link.with_name(link.name + ".new")
    new.unlink(missing_ok=True)
    new.symlink_to(target)
    new.replace(link)
    sync_folder(link.parent)


def sync_folder(folder: Path) -> None:
    """Have the folder itself on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

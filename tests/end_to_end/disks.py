"""Disks of their own for a kiosk, that can really be full, read-only or broken: file systems mounted for a test."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
_CHUNK = 4096


def _run(*words: str) -> None:
    program = shutil.which(words[0], path=PATH)
    if program is None:
        pytest.skip(f"there is no {words[0]} here")
    done = subprocess.run([program, *words[1:]], capture_output=True, text=True, check=False, timeout=30)
    if done.returncode and words[0] != "e2fsck":  # which says with its status that it has mended something
        raise OSError(done.stderr.strip() or f"{words[0]} failed")


def _mount(folder: Path, *words: str) -> None:
    try:
        _run("mount", *words, str(folder))
    except OSError as error:
        pytest.skip(f"nothing can be mounted here: {error}")


class SmallDisk:
    """A file system in memory of a few megabytes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self) -> None:
        """Write until nothing more fits."""
        with (self.folder / "ballast").open("ab", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(bytes(_CHUNK))
            except OSError:
                return

    def make_room(self) -> None:
        """Take that away again."""
        (self.folder / "ballast").unlink()

    def make_read_only(self) -> None:
        """Allow no more writes; only as long as nobody has a file open for writing."""
        _run("mount", "-o", "remount,ro", str(self.folder))

    def make_writable(self) -> None:
        """Allow them again."""
        _run("mount", "-o", "remount,rw", str(self.folder))


class WornDisk:
    """An ext4 file system on an image, mounted as Debian mounts its own: read-only from its first error on."""

    def __init__(self, folder: Path, image: Path) -> None:
        self.folder, self._image = folder, image
        _run("mkfs.ext4", "-q", str(image))
        self.mount()

    def mount(self) -> None:
        """Mount it as at boot."""
        _mount(self.folder, "-o", "loop,errors=remount-ro", str(self._image))

    def fail(self) -> None:
        """Have the kernel meet an error on it: from now on it refuses every write. What was there before is on it."""
        os.sync()
        mounts = (line.split() for line in Path("/proc/mounts").read_text().splitlines())
        device = next(words[0] for words in mounts if words[1] == str(self.folder))
        try:
            Path(f"/sys/fs/ext4/{Path(device).name}/trigger_fs_error").write_text("worn out")
        except OSError as error:
            pytest.skip(f"no error can be caused here: {error}")

    def repair(self) -> None:
        """Check and mount it again, as a reboot does. Nobody may use it.

        It is a copy that is mounted: where another mount namespace holds the first mount still, as a container that
        was started meanwhile does, the kernel would go on with the file system that refuses every write.
        """
        _run("umount", str(self.folder))
        self._image = Path(shutil.copyfile(self._image, self._image.with_suffix(".copy")))
        _run("e2fsck", "-fy", str(self._image))
        self.mount()
        (self.folder / "writable").touch()  # or the test would look for the fault in the kiosk
        (self.folder / "writable").unlink()


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """Mount a disk in memory until the block is left; skips the test where that is not allowed."""
    folder.mkdir()
    _mount(folder, "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs")
    try:
        yield SmallDisk(folder)
    finally:
        _run("umount", "-l", str(folder))


@contextmanager
def worn_disk(folder: Path) -> Iterator[WornDisk]:
    """Mount a disk that can break until the block is left; skips the test where that is not allowed."""
    folder.mkdir()
    image = folder.with_suffix(".img")
    with image.open("wb") as file:
        file.truncate(64 << 20)
    disk = WornDisk(folder, image)
    try:
        yield disk
    finally:
        _run("umount", "-l", str(folder))

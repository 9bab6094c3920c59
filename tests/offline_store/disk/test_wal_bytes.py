"""A log written byte by byte, in either order, with pages of any size: which damage has lost commits, and which not."""

import errno
import struct
from pathlib import Path

import pytest

from offline_store.disk.wal_check import has_lost_commits

SALT = b"saltsalt"


def sums(data: bytes, before: tuple[int, int], order: str) -> tuple[int, int]:
    """The format's own words (section 4.2), on 32-bit words of the magic's order."""
    one, two = before
    words = struct.unpack(f"{'<' if order == 'little' else '>'}{len(data) // 4}I", data)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        one = (one + even + two) % 2**32
        two = (two + odd + one) % 2**32
    return one, two


def log(size: int, order: str, *commits: int, salts: tuple[bytes, ...] = ()) -> bytes:
    """A log of one frame for each of `commits`: the size of the file after a commit, or 0 within a transaction."""
    magic = 0x377F0682 if order == "little" else 0x377F0683
    head = struct.pack(">IIII", magic, 3007000, size, 7) + SALT
    now = sums(head, (0, 0), order)
    made = head + struct.pack(">II", *now)
    for place, commit in enumerate(commits):
        start, page = struct.pack(">II", place + 2, commit), bytes([place + 1]) * size
        now = sums(page, sums(start, now, order), order)
        made += start + (salts[place] if salts else SALT) + struct.pack(">II", *now) + page
    return made


def lost(tmp_path: Path, data: bytes) -> bool:
    path = tmp_path / "x-wal"
    path.write_bytes(data)
    return has_lost_commits(path)


def damaged(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@pytest.mark.parametrize("order", ["little", "big"])
@pytest.mark.parametrize("size", [512, 1024, 4096, 65536])
def test_commits_behind_a_bad_frame_are_lost(tmp_path: Path, size: int, order: str) -> None:
    data, step = log(size, order, 0, 2, 0, 3, 4), 24 + size
    assert not lost(tmp_path, data)
    for frame, is_lost in enumerate([True, True, True, True, False]):
        at = 32 + frame * step
        for place in (at, at + 4, at + 16, at + 20, at + 24, at + step - 1):
            assert lost(tmp_path, damaged(data, place)) is is_lost, (frame, place - at)


@pytest.mark.parametrize("place", [0, 3, 4, 8, 11, 12, 16, 23, 24, 31])
def test_a_header_that_does_not_read_leaves_no_frame_that_counts(tmp_path: Path, place: int) -> None:
    assert lost(tmp_path, damaged(log(4096, "little", 2), place))


@pytest.mark.parametrize(("length", "is_lost"), [(0, False), (31, False), (32, False), (33, True)])
def test_frames_are_not_there_without_a_header(tmp_path: Path, length: int, is_lost: bool) -> None:
    assert lost(tmp_path, bytes(length)) is is_lost


@pytest.mark.parametrize("size", [256, 513, 131072])
def test_a_size_that_no_page_has_is_damage(tmp_path: Path, size: int) -> None:
    good = log(512, "little", 2)
    head = good[:8] + struct.pack(">I", size) + good[12:24]
    assert lost(tmp_path, head + struct.pack(">II", *sums(head, (0, 0), "little")) + good[32:])


def test_a_torn_transaction_and_one_of_an_earlier_round_are_no_loss(tmp_path: Path) -> None:
    data, step = log(512, "little", 2, 0, 3), 24 + 512
    assert not lost(tmp_path, damaged(data, 32 + step)), "the last one alone"
    assert not lost(tmp_path, damaged(data, 32 + step)[:-1])
    old = log(512, "little", 2, 3, 4, salts=(SALT, SALT, b"earlier!"))
    assert not lost(tmp_path, damaged(old, 32 + step)), "behind it lies only what is no part of it"


def test_a_sector_that_does_not_read_has_lost_what_was_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x-wal").touch()

    def refuse(_path: Path) -> bytes:
        raise OSError(number, "x")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    number = errno.EIO
    assert has_lost_commits(tmp_path / "x-wal")
    number = errno.EACCES
    with pytest.raises(OSError, match="x"):
        has_lost_commits(tmp_path / "x-wal")

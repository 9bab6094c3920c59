"""Rows out of a damaged SQLite file without its schema: every table leaf page of file and WAL, decoded alone.

Where SQL cannot go (first page, root or inner pages lost) the leaves still hold the rows. Stale copies come along: who
uses the rows has to check and merge them. Format: https://sqlite.org/fileformat2.html, sections 1.5, 1.6, 2 and 4.
"""

import contextlib
import mmap
import struct
from collections.abc import Iterator
from pathlib import Path

from offline_store.disk.wal_check import MAGIC

Value = int | float | str | bytes | None
Row = tuple[int, list[Value]]
"""rowid, and the columns in the order of the table; an INTEGER PRIMARY KEY reads as None, its value is the rowid."""

_LEAF = 0x0D
_FILE_HEADER = 100
_WAL_HEADER, _FRAME_HEADER = 32, 24
_DEFAULT_PAGE = 4096
_MAX_PAYLOAD = 1 << 20
_INTEGER_SIZES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


class _Unreadable(Exception):
    """These bytes are no record."""


def scan_rows(database: Path, wal: Path) -> Iterator[Row]:
    """Yield every record of every table leaf page that decodes; never raises for what the pages hold.

    Takes the memory of a page's place for each page of the WAL, whatever the size of the files. Raises OSError when the
    files themselves cannot be read.
    """
    with _mapped(database) as data, _mapped(wal) as log:
        pages = _Pages(data, log)
        for number in pages.numbers():
            yield from _leaf_rows(pages, number, pages.latest(number))
        for number, place in pages.in_wal:
            yield from _leaf_rows(pages, number, log[place : place + pages.size])


@contextlib.contextmanager
def _mapped(path: Path) -> Iterator["mmap.mmap | bytes"]:
    if not path.exists() or not path.stat().st_size:
        yield b""
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        yield mapped


class _Pages:
    """The pages of a database file and its WAL, by number."""

    def __init__(self, data: "mmap.mmap | bytes", log: "mmap.mmap | bytes") -> None:
        self.size = _page_size(data[:_FILE_HEADER])
        self._data, self._log = data, log
        self.in_wal = _wal_places(log, self.size)
        self._newest = dict(self.in_wal)

    def numbers(self) -> Iterator[int]:
        """Yield the number of every page that is there."""
        in_file = len(self._data) // self.size
        yield from range(1, in_file + 1)
        yield from (number for number in self._newest if not 1 <= number <= in_file)

    def latest(self, number: int) -> bytes:
        """Return the newest copy of a page, empty where there is none."""
        place = self._newest.get(number)
        if place is not None:
            return self._log[place : place + self.size]
        page = self._data[(number - 1) * self.size : number * self.size] if number > 0 else b""
        return page if len(page) == self.size else b""


def _page_size(data: bytes) -> int:
    size = int.from_bytes(data[16:18], "big")
    size = 65536 if size == 1 else size
    return size if size in {1 << shift for shift in range(9, 17)} else _DEFAULT_PAGE


def _wal_places(wal: "mmap.mmap | bytes", size: int) -> list[tuple[int, int]]:
    """Return each frame's page number and where its page begins, older ones first.

    Frames of an earlier round, left behind the end of this one, are told by their salt. Where the header does not say
    which is the newest, all are taken: SQLite begins each round at the front, so what stands there is the newest.
    """
    step = _FRAME_HEADER + size
    rounds: dict[bytes, list[tuple[int, int]]] = {}
    for start in range(_WAL_HEADER, len(wal) - step + 1, step):
        number = int.from_bytes(wal[start : start + 4], "big")
        rounds.setdefault(wal[start + 8 : start + 16], []).append((number, start + _FRAME_HEADER))
    salt = wal[16:24]
    if int.from_bytes(wal[:4], "big") in MAGIC and salt in rounds:
        return rounds[salt]
    return [frame for frames in reversed(rounds.values()) for frame in frames]


def _leaf_rows(pages: _Pages, number: int, page: bytes) -> Iterator[Row]:
    start = _FILE_HEADER if number == 1 else 0
    if len(page) != pages.size or page[start] != _LEAF:
        return
    count = int.from_bytes(page[start + 3 : start + 5], "big")
    pointers = page[start + 8 : start + 8 + 2 * count]
    for (offset,) in struct.iter_unpack(">H", pointers[: len(pointers) // 2 * 2]):
        try:
            yield _row(page, offset, pages)
        except (_Unreadable, IndexError, UnicodeDecodeError, struct.error):
            continue


def _row(page: bytes, offset: int, pages: _Pages) -> Row:
    length, offset = _varint(page, offset)
    rowid, offset = _varint(page, offset)
    if length > _MAX_PAYLOAD:
        raise _Unreadable
    usable = len(page)
    local = length
    if length > usable - 35:
        smallest = (usable - 12) * 32 // 255 - 23
        local = smallest + (length - smallest) % (usable - 4)
        local = local if local <= usable - 35 else smallest
    payload = page[offset : offset + local]
    following = int.from_bytes(page[offset + local : offset + local + 4], "big") if local < length else 0
    while len(payload) < length and (overflow := pages.latest(following)):
        payload += overflow[4 : 4 + length - len(payload)]
        following = int.from_bytes(overflow[:4], "big")
    if len(payload) < length:
        raise _Unreadable
    return rowid, _record(payload)


def _record(payload: bytes) -> list[Value]:
    header, at = _varint(payload, 0)
    position = header
    values: list[Value] = []
    while at < header:
        kind, at = _varint(payload, at)
        value, position = _value(payload, position, kind)
        values.append(value)
    if at != header or position != len(payload):
        raise _Unreadable
    return values


def _value(payload: bytes, at: int, kind: int) -> tuple[Value, int]:
    if kind in {0, 8, 9}:
        return {0: None, 8: 0, 9: 1}[kind], at
    if kind in {10, 11}:
        raise _Unreadable
    size = _INTEGER_SIZES.get(kind) or (8 if kind == 7 else (kind - 12) // 2)
    raw = payload[at : at + size]
    if len(raw) < size:
        raise _Unreadable
    if kind in _INTEGER_SIZES:
        return int.from_bytes(raw, "big", signed=True), at + size
    if kind == 7:
        return float(struct.unpack(">d", raw)[0]), at + size
    return (raw.decode() if kind % 2 else raw), at + size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for index in range(9):
        byte = data[at + index]
        if index == 8:
            return (value << 8) | byte, at + 9
        value = (value << 7) | (byte & 0x7F)
        if byte < 0x80:
            return value, at + index + 1
    raise _Unreadable

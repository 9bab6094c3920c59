"""Rows out of a damaged SQLite file without its schema: every table leaf page of file and WAL, decoded alone.

Where SQL cannot go (first page, root or inner pages lost) the leaves still hold the rows. Stale copies come along: who
uses the rows has to check and merge them. Format: https://sqlite.org/fileformat2.html, sections 1.5, 1.6, 2 and 4.
"""

import struct
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

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
    """Give every record of every table leaf page that decodes; never raises for what the pages hold.

    Raises OSError when the files themselves cannot be read.
    """
    data = database.read_bytes() if database.exists() else b""
    size = _page_size(data)
    newer = list(_wal_pages(wal.read_bytes() if wal.exists() else b"", size))
    latest = dict(newer)
    for number in range(1, len(data) // size + 1):
        latest.setdefault(number, data[(number - 1) * size : number * size])
    for number, page in [*latest.items(), *newer]:
        start = _FILE_HEADER if number == 1 else 0
        if page[start] == _LEAF:
            yield from _leaf_rows(page, start, latest)


def _page_size(data: bytes) -> int:
    size = int.from_bytes(data[16:18], "big")
    size = 65536 if size == 1 else size
    return size if size in {1 << shift for shift in range(9, 17)} else _DEFAULT_PAGE


def _wal_pages(wal: bytes, size: int) -> Iterator[tuple[int, bytes]]:
    step = _FRAME_HEADER + size
    starts = range(_WAL_HEADER, len(wal) - step + 1, step)
    salts = Counter(wal[start + 8 : start + 16] for start in starts)
    # Another salt than the header's: left over from before the last reset. Unless the header itself is lost.
    salt = wal[16:24] if wal[16:24] in salts else next((salt for salt, _ in salts.most_common(1)), b"")
    for start in starts:
        if wal[start + 8 : start + 16] == salt:
            yield int.from_bytes(wal[start : start + 4], "big"), wal[start + _FRAME_HEADER : start + step]


def _leaf_rows(page: bytes, start: int, pages: dict[int, bytes]) -> Iterator[Row]:
    count = int.from_bytes(page[start + 3 : start + 5], "big")
    pointers = page[start + 8 : start + 8 + 2 * count]
    for (offset,) in struct.iter_unpack(">H", pointers[: len(pointers) // 2 * 2]):
        try:
            yield _row(page, offset, pages)
        except (_Unreadable, IndexError, UnicodeDecodeError, struct.error):
            continue


def _row(page: bytes, offset: int, pages: dict[int, bytes]) -> Row:
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
    while len(payload) < length and following in pages:
        overflow = pages[following]
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

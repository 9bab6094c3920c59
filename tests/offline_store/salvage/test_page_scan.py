"""The scan of pages finds what SQL reads, whatever a row's length and values: one page's own, or over many pages."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from offline_store.salvage.page_scan import Row, scan_rows


def found(path: Path) -> list[Row]:
    return list(scan_rows(path, path.with_name(f"{path.name}-wal")))


def rows_of(path: Path, page_size: int, rows: Iterable[tuple[Any, ...]]) -> list[Row]:
    """Let SQLite write rows; give those that the scan finds beside the schema's own."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(f"PRAGMA page_size = {page_size}")
        database.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b)")
        database.executemany("INSERT INTO t VALUES (?, ?)", rows)
    schema, *others = found(path)
    assert schema == (1, ["table", "t", "t", 2, "CREATE TABLE t (a INTEGER PRIMARY KEY, b)"])
    return others


@pytest.mark.parametrize("length", [1, 4000, 4061, 4062, 9000, 40_000])
def test_a_row_of_any_length_is_found_whole(tmp_path: Path, length: int) -> None:
    path = tmp_path / "x.db"
    text = "".join(chr(97 + n % 26) for n in range(length))
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c INTEGER)")
        database.execute("INSERT INTO t VALUES (7, ?, 12345)", (text,))
    assert (7, [None, text, 12345]) in list(scan_rows(path, tmp_path / "x.db-wal"))


@pytest.mark.parametrize(("page_size", "lengths"), [(512, range(1, 1700)), (4096, range(3980, 4120))])
def test_rows_of_every_length_are_found_with_all_that_they_spill_to_other_pages(
    tmp_path: Path, page_size: int, lengths: range
) -> None:
    rows = [(length, bytes(n % 251 for n in range(length))) for length in lengths]
    assert sorted(rows_of(tmp_path / "x.db", page_size, rows)) == [(length, [None, data]) for length, data in rows]


VALUES = [
    None, 0, 1, 2, -1, 127, -128, 128, -129, 32_767, -32_768, 32_768, 2**23 - 1, -(2**23), 2**23, 2**31 - 1, -(2**31),
    2**31, 2**47 - 1, -(2**47), 2**47, 2**63 - 1, -(2**63), 0.5, -1e300, "", "a", "نسخة", "x" * 60,
    b"", b"\xff", b"y" * 130,
]  # fmt: skip


@pytest.mark.parametrize("page_size", [512, 1024, 2048, 4096, 8192, 16384, 32768, 65536])
def test_every_kind_of_value_is_read_on_pages_of_every_size(tmp_path: Path, page_size: int) -> None:
    rowids = [1, 127, 128, 16_383, 16_384, 2**21, 2**28, 2**35, 2**42, 2**49, 2**56 - 1, 2**56, 2**63 - 1]
    rows = list(enumerate(VALUES, 2)) + [(rowid, "row") for rowid in rowids if rowid not in range(2, 40)]
    assert rows_of(tmp_path / "x.db", page_size, rows) == [(rowid, [None, value]) for rowid, value in sorted(rows)]


SIZE = 512


def cell(rowid: int, payload: bytes, *, length: int | None = None) -> bytes:
    return bytes([len(payload) if length is None else length, rowid]) + payload


def number(value: int) -> bytes:
    """A record of one small number."""
    return bytes([2, 1, value])


def leaf(*cells: bytes, kind: int = 0x0D, first: bool = False, count: int | None = None) -> bytes:
    """A leaf page with these cells; the first page of a file has its header, with the size of pages, before all."""
    head = bytes(16) + SIZE.to_bytes(2, "big") + bytes(82) if first else b""
    body, pointers, end = b"", b"", SIZE
    for one in cells:
        end -= len(one)
        body, pointers = one + body, pointers + end.to_bytes(2, "big")
    told = (len(cells) if count is None else count).to_bytes(2, "big")
    page = head + bytes([kind, 0, 0]) + told + bytes(3) + pointers
    return page + bytes(SIZE - len(page) - len(body)) + body


def scan(folder: Path, *pages: bytes, wal: bytes = b"") -> list[Row]:
    path = folder / "x.db"
    path.write_bytes(b"".join(pages))
    (folder / "x.db-wal").write_bytes(wal)
    return found(path)


FIRST = leaf(first=True)


def test_what_stands_on_pages_that_are_no_leaves_is_left_alone(tmp_path: Path) -> None:
    rows = [cell(5, number(6)), cell(7, number(8))]
    assert scan(tmp_path, leaf(*rows, first=True), leaf(*rows)) == [(5, [6]), (7, [8])] * 2
    assert scan(tmp_path, FIRST, leaf(*rows, kind=0x05), leaf(*rows, kind=0x0A)) == []
    assert scan(tmp_path, FIRST, leaf(*rows)[:-1]) == [], "not a whole page"
    assert scan(tmp_path) == []


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(cell(1, bytes([2, 10])), id="a kind not known yet"),
        pytest.param(cell(1, bytes([2, 11])), id="another"),
        pytest.param(cell(1, bytes([2, 1, 5, 0])), id="longer than its values"),
        pytest.param(cell(1, bytes([2, 2, 5])), id="shorter than its values"),
        pytest.param(cell(1, bytes([2, 0x81, 0, 5])), id="a kind that ends behind the header"),
        pytest.param(cell(1, bytes([2, 15, 0xFF])), id="no text"),
        pytest.param(cell(1, number(5), length=130), id="a length that no page holds"),
        pytest.param(bytes([0xC0, 0x80, 0x01, 1]) + number(5), id="longer than any row"),
    ],
)
def test_what_is_no_record_costs_no_other(tmp_path: Path, bad: bytes) -> None:
    assert scan(tmp_path, FIRST, leaf(cell(3, number(4)), bad, cell(5, number(6)))) == [(3, [4]), (5, [6])]


def test_a_count_beyond_the_page_and_pointers_beyond_it_are_passed_over(tmp_path: Path) -> None:
    good = cell(3, number(4))
    assert (3, [4]) in scan(tmp_path, FIRST, leaf(good, count=9000))
    page = bytearray(leaf(good, good))
    page[10:12] = (600).to_bytes(2, "big")
    assert scan(tmp_path, FIRST, bytes(page)) == [(3, [4])]


@pytest.mark.parametrize("told", [0, 256, 511, 513, 1000])
def test_a_file_that_does_not_say_how_long_its_pages_are_has_the_usual_ones(tmp_path: Path, told: int) -> None:
    small = bytearray(leaf(cell(3, number(4)), first=True))
    small[16:18] = told.to_bytes(2, "big")
    page = bytearray(bytes(small) + bytes(4096 - SIZE))
    assert scan(tmp_path, bytes(page)) == [(3, [4])]
    assert scan(tmp_path, bytes(page)[:-1]) == []


MAGIC = (0x377F0682).to_bytes(4, "big")


def log(*frames: tuple[int, bytes, bytes], salt: bytes = b"newsalt.", magic: bytes = MAGIC) -> bytes:
    """A WAL: frames of page number, salt and page."""
    head = magic + bytes(12) + salt + bytes(8)
    return head + b"".join(n.to_bytes(4, "big") + bytes(4) + own + bytes(8) + page for n, own, page in frames)


NEW, OLD = b"newsalt.", b"oldsalt."


def page_of(value: int) -> bytes:
    return leaf(cell(1, number(value)))


def test_of_a_log_the_frames_of_its_round_are_read_after_the_newest_of_each_page(tmp_path: Path) -> None:
    frames = (2, NEW, page_of(21)), (4, NEW, page_of(41)), (2, NEW, page_of(22)), (3, OLD, page_of(31))
    rows = scan(tmp_path, FIRST, page_of(20), page_of(30), wal=log(*frames))
    assert [row[1] for row in rows] == [[22], [30], [41], [21], [41], [22]]


@pytest.mark.parametrize("wal", [{"salt": b"lost...."}, {"magic": b"lost"}])
def test_a_log_whose_header_is_lost_is_read_whole_and_what_stands_in_front_is_newest(
    tmp_path: Path, wal: dict[str, Any]
) -> None:
    frames = (2, NEW, page_of(22)), (2, OLD, page_of(20)), (2, OLD, page_of(21))
    rows = scan(tmp_path, FIRST, page_of(19), wal=log(*frames, **wal))
    assert [row[1] for row in rows] == [[22], [20], [21], [22]]


def test_a_frame_that_was_not_written_whole_is_none(tmp_path: Path) -> None:
    whole = log((2, NEW, page_of(21)), (2, NEW, page_of(22)))
    assert [row[1] for row in scan(tmp_path, FIRST, page_of(20), wal=whole[:-1])] == [[21], [21]]
    assert [row[1] for row in scan(tmp_path, FIRST, page_of(20), wal=whole[:31])] == [[20]]


def test_a_row_that_spills_is_read_over_the_newest_copies_of_its_pages(tmp_path: Path) -> None:
    # 600 bytes of a blob: 95 stay on a page of 512, the others are on pages 3 and 4.
    data = bytes(n % 251 for n in range(600))
    payload = bytes([3, 0x89, 0x3C]) + data
    local = 39 + (603 - 39) % 508
    spilt = payload[local:]
    own = bytes([0x84, 0x5B, 9]) + payload[:local] + (3).to_bytes(4, "big")
    wrong = bytes(SIZE)
    pages = FIRST, leaf(own), wrong, bytes(SIZE)
    last = b"\x00\x00\x00\x00" + spilt + bytes(SIZE - 4 - len(spilt))
    assert len(spilt) <= SIZE - 4
    assert scan(tmp_path, *pages, wal=log((3, NEW, last))) == [(9, [data])]
    assert scan(tmp_path, FIRST, leaf(own)) == [], "without its other page it is none"

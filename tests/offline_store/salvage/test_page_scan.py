"""The scan of pages finds what SQL reads, whatever a row's length: one page's own, or over a chain of pages."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from offline_store.salvage.page_scan import scan_rows


@pytest.mark.parametrize("length", [1, 4000, 4061, 4062, 9000, 40_000])
def test_a_row_of_any_length_is_found_whole(tmp_path: Path, length: int) -> None:
    path = tmp_path / "x.db"
    text = "".join(chr(97 + n % 26) for n in range(length))
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c INTEGER)")
        database.execute("INSERT INTO t VALUES (7, ?, 12345)", (text,))
    assert (7, [None, text, 12345]) in list(scan_rows(path, tmp_path / "x.db-wal"))

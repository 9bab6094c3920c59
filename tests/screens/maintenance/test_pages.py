"""What goes beside each other on a panel, and on which page, by sizes alone."""

import pytest

from kiosk.prompts.ui import Text
from screens.maintenance.pages import Piece, Row, pages_of, rows_of

WIDE, CELL = Piece(10, False), Piece(10, True)
HEAD = Piece(10, False, heading=Text("head"))


def _sizes(rows: list[Row]) -> list[int]:
    return [len(row) for row in rows]


@pytest.mark.parametrize(
    ("pieces", "columns", "sizes"),
    [
        ([], 2, []), ([CELL], 2, [1]), ([CELL] * 2, 2, [2]), ([CELL] * 3, 2, [2, 1]), ([CELL] * 3, 1, [1, 1, 1]),
        ([WIDE, CELL, CELL, WIDE, CELL], 3, [1, 2, 1, 1]), ([CELL, WIDE, WIDE, CELL], 2, [1, 1, 1, 1]),
        ([CELL] * 7, 3, [3, 3, 1]),
    ],
)  # fmt: skip
def test_pieces_share_rows_with_their_like(pieces: list[Piece], columns: int, sizes: list[int]) -> None:
    rows = rows_of(pieces, columns)
    assert _sizes(rows) == sizes
    assert [piece for row in rows for piece in row] == pieces


@pytest.mark.parametrize(
    ("count", "high", "pages"),
    [
        (0, 50, [0]), (4, 46, [4]),  # four of 10 with a gap of 2 each but the last
        (4, 45, [3, 1]),  # 45 + 2 - 8 = 39: three of 12
        (7, 44, [3, 3, 1]), (7, 43, [3, 3, 1]), (3, 5, [1, 1, 1]), (6, 30, [2, 2, 2]), (6, 29, [1] * 6),
    ],
)  # fmt: skip
def test_rows_go_on_the_next_page_where_this_one_is_full(count: int, high: float, pages: list[int]) -> None:
    rows = [[Piece(10, False)] for _ in range(count)]
    found = pages_of(rows, 2, high, 8)
    assert [len(page) for page in found] == pages
    assert [row for page in found for row in page] == rows


def test_the_highest_piece_of_a_row_counts_and_no_heading_is_the_last_of_a_page() -> None:
    high = [[Piece(4, True), Piece(20, True)], [Piece(10, False)]]
    assert [len(page) for page in pages_of(high, 2, 32, 0)] == [2]
    assert [len(page) for page in pages_of(high, 2, 31, 0)] == [1, 1]
    headed = [[WIDE], [HEAD], [WIDE]]
    assert [len(page) for page in pages_of(headed, 2, 34, 0)] == [3]
    assert [len(page) for page in pages_of(headed, 2, 33, 0)] == [1, 2]
    last = [[WIDE], [WIDE], [HEAD]]
    assert [len(page) for page in pages_of(last, 2, 22, 0)] == [2, 1]

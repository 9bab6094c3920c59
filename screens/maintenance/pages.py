"""What goes beside each other on a panel, and what goes on which of its pages. Pure: sizes in pixels, no widgets."""

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.maintenance.prompts import Button, Line
from kiosk.prompts.ui import Text


@dataclass(frozen=True)
class Piece:
    """One line or button as it lies on a page: how high it is, and whether it shares its row."""

    height: float
    shares_row: bool
    line: Line | None = None
    button: Button | None = None
    heading: Text | None = None


type Row = list[Piece]


def rows_of(pieces: Sequence[Piece], columns: int) -> list[Row]:
    """Put pieces that share rows beside each other."""
    rows: list[Row] = []
    for piece in pieces:
        last = rows[-1] if rows else []
        if piece.shares_row and last and last[0].shares_row and len(last) < columns:
            last.append(piece)
        else:
            rows.append([piece])
    return rows


def pages_of(rows: Sequence[Row], gap: float, high: float, turners: float) -> list[list[Row]]:
    """Put rows on pages.

    Args:
        rows: from top to bottom.
        gap: between two rows.
        high: what a page has for them.
        turners: what of that the buttons take that turn pages, where there is more than one.
    """
    heights = [max(piece.height for piece in row) + gap for row in rows]
    if sum(heights) <= high + gap:
        return [list(rows)]
    room = high + gap - turners
    pages: list[list[Row]] = [[]]
    taken = 0.0
    for at, (row, need) in enumerate(zip(rows, heights, strict=True)):
        with_next = need + (heights[at + 1] if row[0].heading is not None and at + 1 < len(rows) else 0)
        if pages[-1] and taken + with_next > room:
            pages.append([])
            taken = 0.0
        pages[-1].append(row)
        taken += need
    return pages

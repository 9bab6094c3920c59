"""Rows of the files that banks and utilities send, CSV: each line by itself, a broken one alone."""

import csv
import io
from collections.abc import Iterator, Sequence


def cells_of(text: str, head: Sequence[str], bad: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the number of each line and its cells; what has others than `head` is put among the `bad` ones.

    A quote that stays open ends with its line: no cell goes over several.

    Raises ValueError where it is no such table at all.
    """
    lines = enumerate(io.StringIO(text.removeprefix("\ufeff"), newline=None), 1)
    if tuple(_cells(next(lines, (1, ""))[1])) != tuple(head):
        raise ValueError(f"line 1: expected the head {','.join(head)}")
    for number, line in lines:
        cells = _cells(line)
        if cells and len(cells) != len(head):
            bad.append(f"line {number}: {len(cells)} cells, {len(head)} are right")
        elif cells:
            yield number, dict(zip(head, cells, strict=True))


def _cells(line: str) -> list[str]:
    try:
        return next(csv.reader((line.removesuffix("\n"),)), [])
    except csv.Error:  # a cell beyond what any has
        return [line]

"""Ways to cut a byte string into reads, for parsers that must not care."""

from collections.abc import Iterator
from itertools import pairwise

from hypothesis import strategies as st


def every_split(data: bytes) -> Iterator[list[bytes]]:
    """The whole, each pair of halves, and byte by byte."""
    yield [data]
    for at in range(1, len(data)):
        yield [data[:at], data[at:]]
    yield [data[at : at + 1] for at in range(len(data))]


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    """Cut at these places, taken modulo the length."""
    places = sorted({cut % (len(data) + 1) for cut in cuts} | {0, len(data)})
    return [data[a:b] for a, b in pairwise(places)]


CUTS = st.lists(st.integers(0, 5000), max_size=8)

"""Pictures as the fewest raster bytes, none of which is a real-time command.

White costs as much as black, so a line of letters is cut into bands of rows, each no wider than its own ink: the high
strokes and the dots below take few columns. That saves 15 % of an Arabic ticket.

A printer obeys `10 04 n` wherever it stands, in a picture too (Epson TM-U295 specification, p. 37): of random 58 mm
tickets 13 % held one. A picture is moved by some dots until it holds none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from devices.receipt_printer import commands
from devices.receipt_printer.typeset.typesetting import Picture

# What a band costs beside its dots: GS v 0 and GS L.
_BAND_COST = 12


@dataclass(frozen=True, slots=True)
class Band:
    """Some rows of a picture, cropped to their ink: `left` dots (single ones) from the picture's own left edge."""

    left: int
    picture: Picture


def centred(picture: Picture, most_rows: int) -> bytes:
    """Return a picture for a printer that centres: raster commands of at most `most_rows` rows of dots each."""
    out = bytearray()
    step = most_rows // 2 if picture.doubled else most_rows
    for top in range(0, picture.rows, step):
        rows = min(step, picture.rows - top)
        data = picture.data[top * picture.row_bytes : (top + rows) * picture.row_bytes]
        part = Picture(picture.width, rows, data, picture.doubled)
        spare = (part.row_bytes * 8 - part.width) // 2
        out += _safe(part, [spare, *(dots for dots in range(8) if dots != spare)])[1]
    return bytes(out)


def placed(picture: Picture, most_rows: int, left: int, margin: int, paper_width: int) -> tuple[bytes, int]:
    """Return a picture with its left edge `left` dots from the paper's, and the margin left set in the printer.

    `margin` is the one set before. `most_rows` as in `centred`.
    """
    out = bytearray()
    scale = 2 if picture.doubled else 1
    for band in bands(picture, most_rows // scale):
        at = left + band.left * scale
        # Moving the dots to the right within their bytes is made good by a smaller margin; the white dots that fill
        # the last byte stay inside the paper too, since not every printer drops what stands out.
        shifts = [
            dots
            for dots in range(min(8, at // scale + 1))
            if (at // scale - dots + (band.picture.width + dots + 7) // 8 * 8) * scale <= paper_width
        ] or [0]
        shift, command = _safe(band.picture, shifts)
        at -= shift * scale
        if at != margin:
            out += commands.margin(at)
            margin = at
        out += command
    return bytes(out), margin


@lru_cache(maxsize=512)
def bands(picture: Picture, most_rows: int) -> tuple[Band, ...]:
    """Cut a picture into the bands that cost the fewest bytes, each of at most `most_rows` rows."""
    edges = [_edges(picture, row) for row in range(picture.rows)]
    best: list[tuple[int, int]] = [(0, 0)]  # cost of the first n rows, and where their last band begins
    for end in range(1, picture.rows + 1):
        left, right = picture.width, 0
        cheapest = (1 << 60, 0)
        for begin in range(end - 1, max(-1, end - 1 - most_rows), -1):
            left, right = min(left, edges[begin][0]), max(right, edges[begin][1])
            row_bytes = max(1, (right - left + 7) // 8)
            cheapest = min(cheapest, (best[begin][0] + _BAND_COST + (end - begin) * row_bytes, begin))
        best.append(cheapest)
    found: list[Band] = []
    end = picture.rows
    while end:
        begin = best[end][1]
        found.append(_band(picture, begin, end, edges[begin:end]))
        end = begin
    return tuple(reversed(found))


def safe_graphic(picture: Picture) -> Picture:
    """Return a picture that can be stored without holding a real-time command; it may be wider by some white dots."""
    for _, each in _variants(picture, range(8)):
        if not _has_real_time(commands.define_graphic(b"AA", each.width, each.rows, each.data, lasting=True)):
            return each
    raise AssertionError("the last variant holds no real-time command")


def _safe(picture: Picture, shifts: Sequence[int]) -> tuple[int, bytes]:
    for shift, each in _variants(picture, shifts):
        command = commands.raster(each.row_bytes, each.rows, each.data, doubled=each.doubled)
        if not _has_real_time(command):
            return shift, command
    raise AssertionError("the last variant holds no real-time command")


def _has_real_time(data: bytes) -> bool:
    return any(sequence in data for sequence in commands.REAL_TIME)


def _variants(picture: Picture, shifts: Sequence[int]) -> Iterator[tuple[int, Picture]]:
    """Yield the picture moved by some dots, and at last with single dots added."""
    for shift in shifts:
        yield shift, _shifted(picture, shift)
    first = shifts[0]
    moved = _shifted(picture, first)
    patched = bytearray(moved.data)
    for place in range(len(patched) - 1):
        if bytes(patched[place : place + 2]) in commands.REAL_TIME:
            patched[place] |= 0x08  # one more dot beside a black one: 0x10 becomes 0x18
    for blank in range(2):  # a length in the header may look like one too: one more row makes it another
        extra = b"\0" * moved.row_bytes * blank
        yield first, Picture(moved.width, moved.rows + blank, bytes(patched) + extra, moved.doubled)


def _edges(picture: Picture, row: int) -> tuple[int, int]:
    """Return the columns where a row's ink begins and ends; (width, 0) for a blank row."""
    bits = picture.row_bytes * 8
    value = int.from_bytes(picture.data[row * picture.row_bytes : (row + 1) * picture.row_bytes], "big")
    if not value:
        return picture.width, 0
    return bits - value.bit_length(), bits - ((value & -value).bit_length() - 1)


def _band(picture: Picture, begin: int, end: int, edges: list[tuple[int, int]]) -> Band:
    left = min(edge[0] for edge in edges)
    right = max(edge[1] for edge in edges)
    if right <= left:
        return Band(0, Picture(8, end - begin, b"\0" * (end - begin), picture.doubled))
    part = picture.data[begin * picture.row_bytes : end * picture.row_bytes]
    return Band(left, _columns(Picture(picture.width, end - begin, part, picture.doubled), left, right - left))


def _columns(picture: Picture, left: int, width: int) -> Picture:
    """Return `width` columns of a picture from column `left`."""
    old, new = picture.row_bytes, (width + 7) // 8
    move = old * 8 - left - new * 8
    mask = (1 << new * 8) - 1
    data = bytearray()
    for row in range(picture.rows):
        value = int.from_bytes(picture.data[row * old : (row + 1) * old], "big")
        data += ((value >> move if move >= 0 else value << -move) & mask).to_bytes(new, "big")
    return Picture(width, picture.rows, bytes(data), picture.doubled)


def _shifted(picture: Picture, dots: int) -> Picture:
    """Return the picture with `dots` white columns before it, in whole bytes."""
    if dots == 0 and picture.width % 8 == 0:
        return picture
    width = (picture.width + dots + 7) // 8 * 8
    old, new = picture.row_bytes, width // 8
    move = (new - old) * 8 - dots
    data = bytearray()
    for row in range(picture.rows):
        value = int.from_bytes(picture.data[row * old : (row + 1) * old], "big")
        data += (value << move if move >= 0 else value >> -move).to_bytes(new, "big")
    return Picture(width, picture.rows, bytes(data), picture.doubled)

"""Pictures as bytes that hold no real-time command.

A printer obeys `10 04 n` wherever it stands, in a picture too (Epson TM-U295 specification, p. 37): of random 58 mm
tickets 13 % held one. A picture is moved by some dots until it holds none.
"""

from collections.abc import Iterator

from devices.receipt_printer import commands
from devices.receipt_printer.typesetting import Picture


def encoded(picture: Picture, most_rows: int) -> bytes:
    """Return a picture as raster commands of at most `most_rows` rows of dots each: small buffers overrun by more."""
    out = bytearray()
    step = most_rows // 2 if picture.doubled else most_rows
    for top in range(0, picture.rows, step):
        rows = min(step, picture.rows - top)
        data = picture.data[top * picture.row_bytes : (top + rows) * picture.row_bytes]
        out += _safe_raster(Picture(picture.width, rows, data, picture.doubled))
    return bytes(out)


def _safe_raster(picture: Picture) -> bytes:
    for each in _variants(picture):
        command = commands.raster(each.row_bytes, each.rows, each.data, doubled=each.doubled)
        if not _has_real_time(command):
            return command
    raise AssertionError("the last variant holds no real-time command")


def safe_graphic(picture: Picture) -> Picture:
    """Return a picture that can be stored without holding a real-time command."""
    for each in _variants(picture):
        if not _has_real_time(commands.define_graphic(b"AA", each.width, each.rows, each.data, lasting=True)):
            return each
    raise AssertionError("the last variant holds no real-time command")


def _has_real_time(data: bytes) -> bool:
    return any(sequence in data for sequence in commands.REAL_TIME)


def _variants(picture: Picture) -> Iterator[Picture]:
    """Yield a picture centred in whole bytes, then moved by some dots, then with single dots added."""
    spare = picture.row_bytes * 8 - picture.width
    centred = spare // 2
    for shift in sorted(range(8), key=lambda dots: abs(dots - centred)):
        yield _shifted(picture, shift)
    patched = bytearray(_shifted(picture, centred).data)
    for place in range(len(patched) - 1):
        if bytes(patched[place : place + 2]) in commands.REAL_TIME:
            patched[place] |= 0x08  # one more dot beside a black one: 0x10 becomes 0x18
    padded = _shifted(picture, centred)
    for blank in range(2):  # a length in the header may look like one too: one more row makes it another
        extra = b"\0" * padded.row_bytes * blank
        yield Picture(padded.width, padded.rows + blank, bytes(patched) + extra, padded.doubled)


def _shifted(picture: Picture, dots: int) -> Picture:
    """Return the picture with `dots` white columns before it, in whole bytes."""
    if dots == 0 and picture.width % 8 == 0:
        return picture
    width = (picture.width + dots + 7) // 8 * 8
    old = picture.row_bytes
    new = width // 8
    move = (new - old) * 8 - dots
    data = bytearray()
    for row in range(picture.rows):
        value = int.from_bytes(picture.data[row * old : (row + 1) * old], "big")
        data += (value << move if move >= 0 else value >> -move).to_bytes(new, "big")
    return Picture(width, picture.rows, bytes(data), picture.doubled)

"""ESC/POS, the bytes: what is sent, and how long each command is, so that driver and simulator share one table.

Source: Epson ESC/POS command reference; each function names its command. The QR commands equal those of python-escpos,
which a test compares.
"""

from collections.abc import Callable

INITIALIZE = b"\x1b@"
CENTRE = b"\x1ba\x01"
SMOOTH = b"\x1db\x01"
PAGE_437 = b"\x1c.\x1bt\x00"  # FS . and ESC t 0: no two-byte characters, and the middle dot is 0xFA
FULL_CUT = b"\x1dVA\x00"  # GS V 65 0: feed to the cutter, then cut
PARTIAL_CUT = b"\x1dVB\x00"
PAPER_STATUS = b"\x1dr\x01"
SERIAL_NUMBER = b"\x1dID"  # GS I 68
# After a jam was cleared the printer waits for one of these; both move the cutter home first (Epson, DLE ENQ).
RECOVER_AND_GO_ON = b"\x10\x05\x01"  # from the line at which it stopped
RECOVER_AND_FORGET = b"\x10\x05\x02"  # without what was still to be printed
# DLE DC4 fn 8 clears the buffers at any time, DLE ENQ 2 after an error; a printer that lacks one ignores it.
CANCEL_JOB = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08" + RECOVER_AND_FORGET
AUTOMATIC_STATUS_ON = b"\x1da\x0e"  # on/offline, errors, paper
NV_KEYS = b"\x1d(L\x04\x000@KC"  # fn 64
RAM_KEYS = b"\x1d(L\x04\x000PKC"  # fn 80
NV_ROOM = b"\x1d(L\x02\x0003"  # fn 51
RAM_ROOM = b"\x1d(L\x02\x0004"  # fn 52
ACKNOWLEDGE = b"\x06"

# What a printer takes for a command to be obeyed at once, wherever it stands (Epson TM-U295 specification, p. 37).
REAL_TIME = (b"\x10\x04", b"\x10\x05", b"\x10\x14")


def real_time_status(number: int) -> bytes:
    """DLE EOT n: 1 printer, 2 cause of offline, 3 cause of error, 4 roll."""
    return bytes((0x10, 0x04, number))


def motion_units(dpi: int) -> bytes:
    """GS P: make one unit of every feed and margin one dot; `dpi` is at most 255."""
    return bytes((0x1D, 0x50, dpi, dpi))


def area(width_dots: int) -> bytes:
    """GS L 0, GS W: the print area from the left edge of the head, so that centring is centring on the paper."""
    return b"\x1dL\x00\x00\x1dW" + width_dots.to_bytes(2, "little")


def margin(dots: int) -> bytes:
    """GS L: begin every line this far from the left edge of the head."""
    return b"\x1dL" + dots.to_bytes(2, "little")


def feed(dots: int) -> bytes:
    """ESC J, as often as needed; `dots` is not negative."""
    whole, rest = divmod(dots, 255)
    return b"\x1bJ\xff" * whole + (bytes((0x1B, 0x4A, rest)) if rest else b"")


def character_size(scale_x: int, scale_y: int) -> bytes:
    """GS !: native characters enlarged 1 to 8 times."""
    return bytes((0x1D, 0x21, (scale_x - 1) << 4 | scale_y - 1))


def emphasized(*, on: bool) -> bytes:
    """ESC E: strokes one dot wider."""
    return b"\x1bE" + bytes((on,))


def raster(width_bytes: int, rows: int, data: bytes, *, doubled: bool = False) -> bytes:
    """GS v 0: a picture of `rows` rows of `width_bytes` bytes, black is 1; `doubled` prints each dot as 2 x 2."""
    head = b"\x1dv0" + bytes((3 if doubled else 0,))
    return head + width_bytes.to_bytes(2, "little") + rows.to_bytes(2, "little") + data


def qr(data: str, module_dots: int) -> bytes:
    """GS ( k, cn 49: model 2, module size, error correction M, store, print."""
    content = data.encode("ascii")
    return b"".join(
        b"\x1d(k" + (len(body) + 1).to_bytes(2, "little") + b"1" + body
        for body in (b"A2\x00", b"C" + bytes((module_dots,)), b"E1", b"P0" + content, b"Q0")
    )


def process_id(identifier: bytes) -> bytes:
    """GS ( H fn 48: answer with these four characters (20..7E) when all that came before is printed."""
    return b"\x1d(H\x06\x0000" + identifier


def define_graphic(key: bytes, width: int, height: int, data: bytes, *, lasting: bool) -> bytes:
    """GS ( L or GS 8 L fn 67 (NV, `lasting`) or fn 83 (RAM): keep one raster picture under a key of two characters."""
    function = b"C" if lasting else b"S"
    body = (
        b"0"
        + function
        + b"0"
        + key
        + b"\x01"
        + width.to_bytes(2, "little")
        + height.to_bytes(2, "little")
        + b"1"
        + data
    )
    if len(body) <= 0xFFFF:
        return b"\x1d(L" + len(body).to_bytes(2, "little") + body
    return b"\x1d8L" + len(body).to_bytes(4, "little") + body


def print_graphic(key: bytes, *, lasting: bool) -> bytes:
    """GS ( L fn 69 (NV) or fn 85 (RAM): print the picture of a key."""
    return b"\x1d(L\x06\x000" + (b"E" if lasting else b"U") + key + b"\x01\x01"


def _no_data(_parameters: bytes) -> int:
    return 0


def _word(offset: int) -> Callable[[bytes], int]:
    return lambda parameters: int.from_bytes(parameters[offset : offset + 2], "little")


# Prefix -> (parameter bytes, length of the data after them). Everything that the driver sends is here, so that the
# simulator can follow the stream.
LENGTHS: dict[bytes, tuple[int, Callable[[bytes], int]]] = {
    b"\n": (0, _no_data),
    b"\x06": (0, _no_data),
    b"\x10\x04": (1, _no_data),
    b"\x10\x05": (1, _no_data),
    b"\x10\x14": (8, _no_data),
    b"\x1b@": (0, _no_data),
    b"\x1ba": (1, _no_data),
    b"\x1bE": (1, _no_data),
    b"\x1bJ": (1, _no_data),
    b"\x1bt": (1, _no_data),
    b"\x1c.": (0, _no_data),
    b"\x1db": (1, _no_data),
    b"\x1dr": (1, _no_data),
    b"\x1dI": (1, _no_data),
    b"\x1da": (1, _no_data),
    b"\x1dP": (2, _no_data),
    b"\x1dL": (2, _no_data),
    b"\x1dW": (2, _no_data),
    b"\x1d!": (1, _no_data),
    b"\x1dV": (2, _no_data),
    b"\x1dv0": (5, lambda parameters: _word(1)(parameters) * _word(3)(parameters)),
    b"\x1d(k": (2, _word(0)),
    b"\x1d(H": (2, _word(0)),
    b"\x1d(L": (2, _word(0)),
    b"\x1d8L": (4, lambda parameters: int.from_bytes(parameters, "little")),
}

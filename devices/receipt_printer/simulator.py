"""A receipt printer that can fail: what emupos lacks of stored graphics, process identifiers, faults and power cuts.

Bytes in, bytes out, paper as pictures. It follows the stream by the driver's own table of command lengths, so it cannot
catch a misread manual; the independent emupos judges the same bytes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from PIL import Image

from devices.receipt_printer import commands, typesetting
from devices.receipt_printer.faults import Faults
from devices.receipt_printer.paper import Weight
from devices.receipt_printer.profile import Profile


@dataclass(frozen=True, slots=True)
class Sheet:
    """One cut paper. `texts` are its native characters, `codes` its native QR contents, in order."""

    image: Image.Image
    texts: tuple[str, ...]
    codes: tuple[str, ...]


@dataclass(slots=True)
class _Roll:
    strips: list[tuple[int, Image.Image]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    top: int = 0


class PrinterSimulator:
    """Stands in for one printer of a profile. `process_id` and `serial` say what it can answer."""

    def __init__(self, profile: Profile, *, process_id: bool = True, serial: str = "SIM0001") -> None:
        self.profile = profile
        self.process_id = process_id
        self.serial = serial
        self.faults = Faults()
        self.sheets: list[Sheet] = []
        self.nv: dict[bytes, Image.Image] = {}
        self.ram: dict[bytes, Image.Image] = {}
        self.nv_writes = 0
        self.room = 256 * 1024
        self.received = 0
        self.unknown: list[bytes] = []
        self.powered = True
        self._automatic = 0
        self._pushed = b""
        self._start()

    def receive(self, data: bytes) -> bytes:
        """Take bytes; obey real-time commands at once, wherever they stand, and the others in order."""
        if not self.powered:
            return b""
        dies_at = self.faults.dies_at
        if dies_at is not None and self.received + len(data) >= dies_at:
            data = data[: max(0, dies_at - self.received)]
            answer = self._take(data)
            self.lose_power()
            return b"" if self.faults.silent else answer
        answer = self._take(data)
        return b"" if self.faults.silent else answer

    def tick(self, now: float) -> bytes:
        """Say automatic status when it has changed, and go on with what a fault held up."""
        del now
        if not self.powered or self.faults.silent:
            return b""
        return self._push() + self._work()

    def lose_power(self) -> None:
        """Cut the power: the buffer, the RAM graphics and the half-printed sheet are gone."""
        self.powered = False
        self._spill()
        self.ram.clear()
        self._start()

    def tear_off(self) -> None:
        """Take the paper of a printer that has no cutter."""
        self._cut()

    def gain_power(self) -> None:
        """Switch it on again."""
        self.powered = True
        self.faults.dies_at = None

    def _start(self) -> None:
        self._buffer = bytearray()
        self._last_two = b""
        self._automatic = 0
        self._roll = _Roll()
        self._initialize()

    def _initialize(self) -> None:
        self._size = (1, 1)
        self._width = self.profile.width_dots
        self._centred = False
        self._margin = 0
        self._qr = (3, b"")
        self._line = ""

    def _spill(self) -> None:
        """What a cut power leaves in the slot is a sheet too, though only a part of one."""
        if self._roll.strips:
            self._cut()

    def _take(self, data: bytes) -> bytes:
        self.received += len(data)
        answer = b""
        for byte in data:
            self._last_two = (self._last_two + bytes((byte,)))[-3:]
            if self._last_two[:2] == b"\x10\x04" and len(self._last_two) == 3 and 1 <= byte <= 4:
                answer += self.faults.real_time(byte)
            if self._last_two in (b"\x14\x08\x01", b"\x10\x05\x02"):
                self._buffer.clear()
                self._roll = _Roll()
                continue
            self._buffer.append(byte)
        return answer + self._work()

    def _push(self) -> bytes:
        now = self.faults.automatic()
        if not self._automatic or now == self._pushed:
            return b""
        self._pushed = now
        return now

    def _work(self) -> bytes:
        answer = b""
        while self._buffer and not self.faults.blocks:
            command = self._next()
            if command is None:
                break
            answer += self._obey(*command)
        return answer

    def _next(self) -> tuple[bytes, bytes, bytes] | None:
        """Take one whole command from the buffer: prefix, parameters, data."""
        stream = bytes(self._buffer[:8])
        if stream[0] >= 0x20:
            del self._buffer[0]
            return b"", stream[:1], b""
        for size in (3, 2, 1):
            found = commands.LENGTHS.get(stream[:size])
            if found:
                parameters, length = found
                if len(stream) < size + parameters:
                    return None
                given = stream[size : size + parameters]
                total = size + parameters + length(given)
                if len(self._buffer) < total:
                    return None
                data = bytes(self._buffer[size + parameters : total])
                del self._buffer[:total]
                return stream[:size], given, data
        if len(stream) < 3 and any(prefix.startswith(stream) for prefix in commands.LENGTHS):
            return None
        del self._buffer[0]
        if stream[0]:
            self.unknown.append(stream[:1])
        return b"", b"", b""

    def _obey(self, prefix: bytes, given: bytes, data: bytes) -> bytes:
        handler = self._HANDLERS.get(prefix)
        return handler(self, given, data) or b"" if handler else b""

    # --- printing -----------------------------------------------------------------------------------------------

    def _print_image(self, image: Image.Image) -> None:
        width = min(self._width, self.profile.width_dots - self._margin)
        left = self._margin + ((width - image.width) // 2 if self._centred else 0)
        if left < 0 or image.width > width:
            self.unknown.append(b"wider than the paper")
        self._roll.strips.append((self._roll.top, _placed(image, left, self.profile.width_dots)))
        self._advance(image.height)

    def _advance(self, rows: int) -> None:
        self._roll.top += rows
        limit = self.faults.out_after_rows
        if limit is not None and self._roll.top >= limit:
            self.faults.out_after_rows = None
            self.faults.paper_out = True

    def _character(self, given: bytes, _data: bytes) -> None:
        self._line += given.decode("cp437")

    def _feed(self, given: bytes, _data: bytes) -> None:
        used = self._print_line()
        self._advance(max(0, given[0] - used))

    def _print_line(self) -> int:
        if not self._line:
            return 0
        cell_x, cell_y = self.profile.font_a
        scale_x, scale_y = self._size
        cells = Image.new("1", (cell_x * len(self._line), cell_y), 1)
        for place, letter in enumerate(self._line):
            glyph = typesetting.line(letter, 20, Weight.REGULAR, "ltr", cell_x).picture
            down = min(cell_y - glyph.rows, 19 - glyph.rows) if glyph.rows < 19 else 0
            cells.paste(glyph.image(), (place * cell_x + (cell_x - glyph.width) // 2, max(0, down)))
        self._roll.texts.append(self._line)
        self._line = ""
        image = cells.resize((cells.width * scale_x, cell_y * scale_y), Image.Resampling.NEAREST)
        self._print_image(image)
        return image.height

    def _raster(self, given: bytes, data: bytes) -> None:
        width, rows = int.from_bytes(given[1:3], "little") * 8, int.from_bytes(given[3:5], "little")
        image = Image.frombytes("1", (width, rows), data, "raw", "1;I")
        if given[0] == 3:
            image = image.resize((width * 2, rows * 2), Image.Resampling.NEAREST)
        self._print_image(image)

    def _two_dimensional(self, _given: bytes, data: bytes) -> None:
        function, rest = data[1:2], data[2:]
        if not self.profile.native_qr:
            self.unknown.append(b"GS ( k")
        elif function == b"C":
            self._qr = (rest[0], self._qr[1])
        elif function == b"P":
            self._qr = (self._qr[0], rest[1:])
        elif function == b"Q":
            module, content = self._qr
            self._roll.codes.append(content.decode("ascii"))
            small = typesetting.qr_picture(content.decode("ascii"), 1).image()
            self._print_image(small.resize((small.width * module, small.height * module), Image.Resampling.NEAREST))

    def _cut(self, _given: bytes = b"", _data: bytes = b"") -> None:
        self._print_line()
        roll, self._roll = self._roll, _Roll()
        if roll.strips:
            height = max(top + strip.height for top, strip in roll.strips)
            canvas = Image.new("1", (self.profile.width_dots, height), 1)
            for top, strip in roll.strips:
                canvas.paste(strip, (0, top))
            self.sheets.append(Sheet(canvas, tuple(roll.texts), tuple(roll.codes)))

    # --- answers ------------------------------------------------------------------------------------------------

    def _paper_status(self, _given: bytes, _data: bytes) -> bytes:
        return bytes((0x03 if self.faults.near_end else 0x00,))

    def _process_id(self, _given: bytes, data: bytes) -> bytes:
        if not self.process_id:
            self.unknown.append(b"GS ( H")
            return b""
        return b"\x37\x22" + data[2:6] + b"\x00"

    def _information(self, given: bytes, _data: bytes) -> bytes:
        return b"\x5f" + self.serial.encode("ascii") + b"\x00" if given == b"D" and self.serial else b""

    def _automatic_status(self, given: bytes, _data: bytes) -> bytes:
        self._automatic = given[0]
        self._pushed = b""
        return self._push()

    def _graphics(self, _given: bytes, data: bytes) -> bytes:
        function, rest = data[1:2], data[2:]
        lasting = function in b"BCE@3"
        if not (self.profile.nv_graphics if lasting else self.profile.ram_graphics):
            self.unknown.append(b"GS ( L")
            return b""
        store = self.nv if lasting else self.ram
        if function in (b"@", b"P"):
            return b"\x37" + (b"\x72" if lasting else b"\x73") + b"\x40" + b"".join(sorted(store)) + b"\x00"
        if function in (b"3", b"4"):
            return b"\x37" + (b"1" if lasting else b"2") + str(self.room).encode("ascii") + b"\x00"
        if function in (b"C", b"S"):
            width, rows = int.from_bytes(rest[4:6], "little"), int.from_bytes(rest[6:8], "little")
            store[rest[1:3]] = Image.frombytes("1", (width, rows), rest[9:], "raw", "1;I")
            self.room -= len(rest)
            self.nv_writes += lasting
        elif function in (b"E", b"U") and rest[:2] in store:
            self._print_image(store[rest[:2]])
        elif function in (b"B", b"R"):
            store.pop(rest[:2], None)
        return b""

    def _area(self, given: bytes, _data: bytes) -> None:
        self._width = min(self.profile.width_dots, int.from_bytes(given, "little"))

    def _indent(self, given: bytes, _data: bytes) -> None:
        self._margin = int.from_bytes(given, "little")

    def _enlarge(self, given: bytes, _data: bytes) -> None:
        self._size = ((given[0] >> 4) + 1, (given[0] & 7) + 1)

    def _align(self, given: bytes, _data: bytes) -> None:
        self._centred = given[0] == 1

    def _reset(self, _given: bytes, _data: bytes) -> None:
        self._initialize()
        self._automatic = 0

    _HANDLERS: ClassVar[dict[bytes, Callable[["PrinterSimulator", bytes, bytes], bytes | None]]] = {
        b"": lambda self, given, data: self._character(given, data) if given else None,
        b"\x1b@": _reset,
        b"\x1ba": _align,
        b"\x1bJ": _feed,
        b"\x1dr": _paper_status,
        b"\x1dI": _information,
        b"\x1da": _automatic_status,
        b"\x1dW": _area,
        b"\x1dL": _indent,
        b"\x1d!": _enlarge,
        b"\x1dV": _cut,
        b"\x1dv0": _raster,
        b"\x1d(k": _two_dimensional,
        b"\x1d(H": _process_id,
        b"\x1d(L": _graphics,
        b"\x1d8L": _graphics,
    }


def _placed(image: Image.Image, left: int, width: int) -> Image.Image:
    """Return a strip of the head's whole width; what stands out is clipped, as the head does."""
    strip = Image.new("1", (width, image.height), 1)
    strip.paste(image, (left, 0))
    return strip

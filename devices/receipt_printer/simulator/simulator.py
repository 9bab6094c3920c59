"""A receipt printer that can fail: what emupos lacks of stored graphics, process identifiers, faults and power cuts.

Bytes in, bytes out, paper as pictures. It follows the stream by the driver's own table of command lengths, so it cannot
catch a misread manual; the independent emupos judges the same bytes.
"""

from collections.abc import Callable
from typing import ClassVar

from PIL import Image

from devices.receipt_printer import commands
from devices.receipt_printer.profile import Profile
from devices.receipt_printer.simulator.faults import Faults
from devices.receipt_printer.simulator.simulated_roll import Roll, Sheet


class PrinterSimulator:
    """Stands in for one printer of a profile. `process_id` and `serial` say what it can answer."""

    def __init__(self, profile: Profile, *, process_id: bool = True, serial: str = "SIM0001") -> None:
        self.profile = profile
        self.process_id = process_id
        self.serial = serial
        self.faults = Faults()
        self.nv: dict[bytes, Image.Image] = {}
        self.ram: dict[bytes, Image.Image] = {}
        self.nv_writes = 0
        self.room = 256 * 1024
        self.received = 0
        self.unknown: list[bytes] = []
        self._roll = Roll(profile, self._has_advanced, lambda: self.unknown.append(b"wider than the paper"))
        self.powered = True
        self._automatic = 0
        self._pushed = b""
        self._qr = (3, b"")
        self._start()

    @property
    def sheets(self) -> list[Sheet]:
        """The papers that were cut or torn off, in order."""
        return self._roll.sheets

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
        self._roll.tear()
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
        self._handshake: list[bytes] | None = None
        self._automatic = 0
        self._reset()

    def _take(self, data: bytes) -> bytes:
        self.received += len(data)
        answer = b""
        for byte in data:
            self._last_two = (self._last_two + bytes((byte,)))[-3:]
            if self._last_two[:2] == b"\x10\x04" and len(self._last_two) == 3 and 1 <= byte <= 4:
                answer += self.faults.real_time(byte)
            if self._last_two in (commands.RECOVER_AND_GO_ON, commands.RECOVER_AND_FORGET):
                self.faults.waits_for_recovery = False
            if self._last_two in (b"\x14\x08\x01", commands.RECOVER_AND_FORGET):
                self._buffer.clear()  # what is on the paper already stays there
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
            if self._handshake is not None:
                answer += self._respond(self._buffer.pop(0))
                continue
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

    def _character(self, given: bytes, _data: bytes) -> None:
        self._roll.write(given.decode("cp437"))

    def _feed(self, given: bytes, _data: bytes) -> None:
        self._roll.feed(given[0])

    def _has_advanced(self, rows: int) -> None:
        limit = self.faults.out_after_rows
        if limit is not None and rows >= limit:
            self.faults.out_after_rows = None
            self.faults.paper_out = True

    def _raster(self, given: bytes, data: bytes) -> None:
        width, rows = int.from_bytes(given[1:3], "little") * 8, int.from_bytes(given[3:5], "little")
        image = Image.frombytes("1", (width, rows), data, "raw", "1;I")
        if given[0] == 3:
            image = image.resize((width * 2, rows * 2), Image.Resampling.NEAREST)
        self._roll.picture(image)

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
            self._roll.qr(content.decode("ascii"), module)

    def _cut(self, _given: bytes = b"", _data: bytes = b"") -> None:
        self._roll.cut()

    # --- answers ------------------------------------------------------------------------------------------------

    def _paper_status(self, _given: bytes, _data: bytes) -> bytes:
        return bytes((0x03 if self.faults.near_end else 0x00,))

    def _process_id(self, _given: bytes, data: bytes) -> bytes:
        if not self.process_id:
            self.unknown.append(b"GS ( H")
            return b""
        return b"\x37\x22" + data[2:6] + b"\x00"

    def _information(self, given: bytes, _data: bytes) -> bytes:
        told = {b"C": self.profile.name.split(" ", 1)[-1], b"D": self.serial}.get(given)
        return b"\x5f" + told.encode("ascii") + b"\x00" if told else b""

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
            keys = sorted(store)
            blocks = [b"".join(keys[at : at + 40]) for at in range(0, len(keys), 40)] or [b""]
            head = b"\x37" + (b"\x72" if lasting else b"\x73")
            self._handshake = [head + b"\x41" + block + b"\0" for block in blocks[:-1]]
            self._handshake.append(head + b"\x40" + blocks[-1] + b"\0")
            return self._handshake.pop(0)
        if function in (b"3", b"4"):
            return b"\x37" + (b"1" if lasting else b"2") + str(self.room).encode("ascii") + b"\x00"
        if function in (b"C", b"S"):
            width, rows = int.from_bytes(rest[4:6], "little"), int.from_bytes(rest[6:8], "little")
            store[rest[1:3]] = Image.frombytes("1", (width, rows), rest[9:], "raw", "1;I")
            self.room -= len(rest)
            self.nv_writes += lasting
        elif function in (b"E", b"U") and rest[:2] in store:
            self._roll.picture(store[rest[:2]])
        elif function in (b"B", b"R"):
            store.pop(rest[:2], None)
        return b""

    def _respond(self, response: int) -> bytes:
        """Take a byte for the answer to a block of keys (Epson TM-T88III technical reference, p. 218)."""
        if response != commands.ACKNOWLEDGE[0]:
            self.unknown.append(b"no answer to a key list")
        if response == commands.ACKNOWLEDGE[0] and self._handshake:
            return self._handshake.pop(0)
        self._handshake = None
        return b""

    def _area(self, given: bytes, _data: bytes) -> None:
        self._roll.width = min(self.profile.width_dots, int.from_bytes(given, "little"))

    def _indent(self, given: bytes, _data: bytes) -> None:
        self._roll.margin = int.from_bytes(given, "little")

    def _enlarge(self, given: bytes, _data: bytes) -> None:
        self._roll.size = ((given[0] >> 4) + 1, (given[0] & 7) + 1)

    def _emphasize(self, given: bytes, _data: bytes) -> None:
        self._roll.is_emphasized = given[0] & 1 == 1

    def _smooth(self, given: bytes, _data: bytes) -> None:
        self._roll.is_smooth = given[0] & 1 == 1

    def _align(self, given: bytes, _data: bytes) -> None:
        self._roll.is_centred = given[0] == 1

    def _reset(self, _given: bytes = b"", _data: bytes = b"") -> None:
        self._roll.initialize()
        self._qr = (3, b"")
        self._automatic = 0

    _HANDLERS: ClassVar[dict[bytes, Callable[["PrinterSimulator", bytes, bytes], bytes | None]]] = {
        b"": lambda self, given, data: self._character(given, data) if given else None,
        b"\x1b@": _reset,
        b"\x1ba": _align,
        b"\x1bE": _emphasize,
        b"\x1db": _smooth,
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

"""Frames of the CRT-591 and the commands that the kiosk uses. Pure: no port, no clock.

`F2 ADDR LENH LENL` + text + `03 BCC`, the length that of the text, BCC the XOR of all bytes before it. Host text:
`43 CM PM data`. Answer: `50 CM PM ST0 ST1 ST2 data`, or `4E` (on some firmware `45`) `CM PM E1 E0 data`. Around frames:
ACK 06, NAK 15, EOT 04. No manual is public: the bytes agree between TheTrueTrooper's CRT591_Com.cs and public Node
hosts.
"""

import re
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from functools import reduce
from operator import xor

STX, ETX, EOT, ACK, NAK = 0xF2, 0x03, 0x04, 0x06, 0x15
HOST, POSITIVE, NEGATIVE = 0x43, 0x50, (0x4E, 0x45)
MAX_TEXT = 512  # bytes; the longest answer in use is a card's ATR or a sector

_INTEREST = re.compile(b"[%c%c%c%c]" % (STX, EOT, ACK, NAK))


class Command(IntEnum):
    """Command codes (CM)."""

    INITIALIZE = 0x30
    STATUS = 0x31
    MOVE = 0x32
    ENTRY = 0x33
    CONTACTLESS = 0x60


class Parameter(IntEnum):
    """Command parameters (PM), by the command that they belong to."""

    INITIALIZE_LEAVE_CARD = 0x33
    STATUS_READER = 0x30
    MOVE_TO_CONTACTLESS = 0x32
    MOVE_TO_CAPTURE_BIN = 0x33
    MOVE_TO_GATE = 0x39
    ENTRY_OPEN = 0x30
    ENTRY_CLOSED = 0x31
    CONTACTLESS_ACTIVATE = 0x30


class CardPosition(IntEnum):
    """Where the card is (ST0)."""

    NONE = 0x30
    GATE = 0x31  # between the lips: a citizen can take it
    INSIDE = 0x32


class Control(Enum):
    """Bytes between frames."""

    EOT = EOT
    ACK = ACK
    NAK = NAK


@dataclass(frozen=True, slots=True)
class Positive:
    """The command was carried out."""

    command: int
    parameter: int
    card: int  # a CardPosition, or an unknown byte
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Negative:
    """The command was not carried out; `code` is two characters of `FAULTS`."""

    command: int
    parameter: int
    code: str


@dataclass(frozen=True, slots=True)
class Request:
    """What the host asks: the simulator's side of a frame."""

    command: int
    parameter: int
    data: bytes = field(repr=False)


type Frame = Control | Positive | Negative | Request

FAULTS = {
    "00": "unknown command",
    "01": "wrong parameter",
    "02": "not possible now",
    "03": "not supported by this reader",
    "04": "wrong data",
    "10": "card jammed",
    "12": "sensor broken",
    "13": "card too long",
    "14": "card too short",
    "43": "card can't be moved",
    "45": "card moved by hand",
    "50": "counter overflow",
    "51": "motor broken",
    "61": "card does not answer",
    "65": "card locked",
    "66": "card refuses",
    "A0": "stacker empty",
    "A1": "capture bin full",
    "B0": "must be initialised",
}


class FrameDecoder:
    """Finds frames in reads of any size, and the next good one after any noise. `bad` counts broken frames."""

    def __init__(self, address: int = 0) -> None:
        self._address = address
        self._buffer = b""
        self.bad = 0

    def feed(self, data: bytes) -> list[Frame]:
        """Take what was read and return the frames that it completes, control bytes among them."""
        buffer = self._buffer + data
        frames: list[Frame] = []
        at = 0
        while at < len(buffer):
            found = _INTEREST.search(buffer, at)  # what is noise between frames is passed over
            if found is None:
                break
            at, byte = found.start(), found[0][0]
            if byte == STX:
                frame, end = self._parse(buffer, at)
                if end is None:
                    self._buffer = buffer[at:]
                    return frames
                if frame is not None:
                    frames.append(frame)
                at = end
            else:
                frames.append(Control(byte))
                at += 1
        self._buffer = b""
        return frames

    def reset(self) -> None:
        """Forget what has not ended."""
        self._buffer = b""

    def _parse(self, buffer: bytes, start: int) -> tuple[Frame | None, int | None]:
        """Parse the frame at `start`: it or None, and where to go on, or None when more must come."""
        if len(buffer) < start + 4:
            return None, None
        length = buffer[start + 2] << 8 | buffer[start + 3]
        end = start + 4 + length + 2
        if not 3 <= length <= MAX_TEXT:
            return None, start + 1
        if len(buffer) < end:
            return None, None
        if buffer[end - 2] != ETX or reduce(xor, buffer[start:end]):
            self.bad += 1
            return None, start + 1
        if buffer[start + 1] != self._address:
            return None, end
        return _text(buffer[start + 4 : end - 2]), end


def encode(command: Command, parameter: Parameter, data: bytes = b"", address: int = 0) -> bytes:
    """Return the host's frame for a command."""
    return frame_of(bytes([HOST, command, parameter]) + data, address)


def frame_of(text: bytes, address: int = 0) -> bytes:
    """Put a text into a frame."""
    body = bytes([STX, address]) + len(text).to_bytes(2) + text + bytes([ETX])
    return body + bytes([reduce(xor, body)])


def parse_uid(data: bytes) -> bytes | None:
    """Return the UID in an answer to CONTACTLESS_ACTIVATE: protocol (1), ATQA (2), length (1), UID; or None."""
    if len(data) < 4 or data[3] not in (4, 7, 10) or len(data) < 4 + data[3]:
        return None
    return data[4 : 4 + data[3]]


def _text(text: bytes) -> Frame | None:
    head, command, parameter, rest = text[0], text[1], text[2], text[3:]
    if head == POSITIVE and len(rest) >= 3:
        return Positive(command, parameter, rest[0], rest[3:])
    if head in NEGATIVE and len(rest) >= 2:
        return Negative(command, parameter, rest[:2].decode("ascii", "replace"))
    return Request(command, parameter, rest) if head == HOST else None

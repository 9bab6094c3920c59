"""Frames of the PN532 (NXP UM0701-02, 6.2.1) and the few commands that the kiosk uses. Pure: no port, no clock.

Normal frame `00 00 FF LEN LCS TFI data DCS 00`, LCS = -LEN, DCS = -(TFI + data), both modulo 256; extended frame with
`FF FF LENM LENL LCS` in place of `LEN LCS`. TFI is D4 to the chip and D5 from it. ACK is `00 00 FF 00 FF 00`, NAK
`00 00 FF FF 00 00`, and the syntax error frame `00 00 FF 01 FF 7F 81 00`.
"""

from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import Final

from devices.question import Question

WAKE_UP = b"\x55\x55" + bytes(14)  # UM0701-02 7.2.11: 55, then time to start the oscillator
ACK_FRAME = bytes.fromhex("0000ff00ff00")
NAK_FRAME = bytes.fromhex("0000ffff0000")
ERROR_FRAME = bytes.fromhex("0000ff01ff7f8100")

TO_CHIP, FROM_CHIP = 0xD4, 0xD5
MAX_DATA = 264  # bytes of TFI + data (UM0701-02 6.2.1.2)

_START = b"\x00\xff"


class Command(IntEnum):
    """Command codes (UM0701-02 section 7); an answer bears the code + 1."""

    GET_FIRMWARE_VERSION = 0x02
    SAM_CONFIGURATION = 0x14
    RF_CONFIGURATION = 0x32
    IN_LIST_PASSIVE_TARGET = 0x4A


class Control(Enum):
    """Frames without data."""

    ACK = "ack"
    NAK = "nak"
    ERROR = "error"  # the chip did not understand the command


type Frame = bytes | Control  # bytes: TFI and data of an information frame


@dataclass(frozen=True, slots=True)
class Target:
    """An ISO/IEC 14443 type A card: its UID (4, 7 or 10 bytes), SENS_RES and SEL_RES, and what they say it is."""

    uid: bytes = field(repr=False)
    sens_res: int
    sel_res: int

    @property
    def kind(self) -> str:
        """Return the card's type as far as SEL_RES tells (NXP AN10833)."""
        return _KINDS.get(self.sel_res, "ISO 14443-4" if self.sel_res & 0x20 else "ISO 14443-3")


_KINDS = {
    0x00: "MIFARE Ultralight or NTAG",
    0x08: "MIFARE Classic 1K",
    0x09: "MIFARE Mini",
    0x18: "MIFARE Classic 4K",
    0x20: "ISO 14443-4",
    0x28: "MIFARE Classic 1K in ISO 14443-4",
}


class FrameDecoder:
    """Finds frames in reads of any size, and the next good one after any noise."""

    def __init__(self) -> None:
        self._buffer = b""

    def feed(self, data: bytes) -> list[Frame]:
        """Take what was read and return the frames that it completes."""
        buffer = self._buffer + data
        frames: list[Frame] = []
        at = 0
        while True:
            start = buffer.find(_START, at)
            if start < 0:
                self._buffer = buffer[-1:] if buffer.endswith(b"\x00") else b""
                return frames
            frame, end = self._parse(buffer, start + 2)
            if end is None:
                self._buffer = buffer[start:]
                return frames
            if frame is not None:
                frames.append(frame)
            at = end

    def reset(self) -> None:
        """Forget what has not ended."""
        self._buffer = b""

    def _parse(self, buffer: bytes, at: int) -> tuple[Frame | None, int | None]:
        """Parse what follows a start code: the frame or None, and where to go on, or None when more must come."""
        if len(buffer) < at + 2:
            return None, None
        match buffer[at], buffer[at + 1]:
            case 0x00, 0xFF:
                return Control.ACK, at + 2
            case 0xFF, 0x00:
                return Control.NAK, at + 2
            case 0xFF, 0xFF:
                if len(buffer) < at + 5:
                    return None, None
                length, is_sound = buffer[at + 2] << 8 | buffer[at + 3], sum(buffer[at + 2 : at + 5]) & 0xFF == 0
                begin = at + 5
            case length, check:
                is_sound = (length + check) & 0xFF == 0
                begin = at + 2
        if not is_sound or not 0 < length <= MAX_DATA:
            return None, at  # FF may belong to another start code: go on right behind it
        end = begin + length
        if len(buffer) < end + 1:
            return None, None
        if sum(buffer[begin : end + 1]) & 0xFF:
            return None, at
        data = buffer[begin:end]
        return (Control.ERROR if data == b"\x7f" else data), end + 1


def encode(data: bytes) -> bytes:
    """Return the frame for TFI + data, extended where it must be.

    Raises:
        ValueError: no data, or more than the chip takes.
    """
    if not 0 < len(data) <= MAX_DATA:
        raise ValueError(f"a frame holds 1 to {MAX_DATA} bytes, not {len(data)}")
    if len(data) < 0x100:
        head = bytes([len(data), -len(data) & 0xFF])
    else:
        head = b"\xff\xff" + len(data).to_bytes(2)
        head += bytes([-sum(head[2:]) & 0xFF])
    return b"\x00\x00\xff" + head + data + bytes([-sum(data) & 0xFF, 0])


def parse_target(data: bytes) -> Target | None:
    """Return the first card in an answer to InListPassiveTarget at 106 kbit/s type A, or None when there is none.

    `data` is what follows D5 4B: NbTg, then Tg, SENS_RES (2), SEL_RES, NFCIDLength, NFCID (UM0701-02 7.3.5).

    Raises:
        ValueError: the answer is not of that form.
    """
    if not data:
        raise ValueError("an empty answer")
    if data[0] == 0:
        return None
    if len(data) < 6 or data[5] not in (4, 7, 10) or len(data) < 6 + data[5]:
        raise ValueError("a target that is cut off or has an impossible UID")
    return Target(uid=data[6 : 6 + data[5]], sens_res=data[2] << 8 | data[3], sel_res=data[4])


QUESTION: Final = Question(115200, WAKE_UP + encode(bytes([TO_CHIP, Command.GET_FIRMWARE_VERSION])), ACK_FRAME, 6)
"""The chip acknowledges it before it answers."""

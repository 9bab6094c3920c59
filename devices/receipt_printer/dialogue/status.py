"""What a printer says: each incoming byte told apart by its fixed bits, whatever was asked and in whatever order.

    0**1**10          answer to DLE EOT
    0**1**00          first of four bytes of an automatic status (ASB); the other three are 0**0****
    0**0****          answer to GS r, unless inside an ASB
    11, 13            XON, XOFF
    37 .. 00, 5F .. 00  a block: GS ( H, key lists, capacity; GS I

Source: Epson TM-T88III specification, appendices D, E, G; Citizen CT-S310 5.3.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from devices.protocols import DeviceState, PaperState, PrinterStatus

PROCESS_ID: Final = 0x22
CAPACITY: Final = frozenset(b"1234")
NV_KEYS: Final = 0x72
RAM_KEYS: Final = 0x73
MORE_BLOCKS: Final = 0x41
CUTTER: Final = "cutter"

# 40 keys of two characters a block (Epson, GS ( L fn 64); no answer that is asked for is longer.
_LONGEST_BLOCK = 96


@dataclass(frozen=True, slots=True)
class RealTime:
    """One byte that answers DLE EOT; which of the four it answers, the byte does not say."""

    value: int


@dataclass(frozen=True, slots=True)
class Automatic:
    """Four bytes of automatic status."""

    data: bytes


@dataclass(frozen=True, slots=True)
class PaperReply:
    """One byte that answers GS r, in order with what was printed."""

    value: int


@dataclass(frozen=True, slots=True)
class Block:
    """What lies between 37 and 00: an identifier and its data."""

    identifier: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Information:
    """What lies between 5F and 00: the answer to GS I."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Stray:
    """A byte that fits nothing: noise on the line."""

    value: int


type Event = RealTime | Automatic | PaperReply | Block | Information | Stray


class StatusReader:
    """Tells a stream of bytes apart; any bytes in any portions are allowed."""

    def __init__(self) -> None:
        self._block = bytearray()
        self._automatic = bytearray()

    def reset(self) -> None:
        """Forget what is half read; to be called when the line has been quiet."""
        self._block.clear()
        self._automatic.clear()

    def feed(self, data: bytes) -> list[Event]:
        """Return what these bytes complete."""
        events: list[Event] = []
        for byte in data:
            if byte in (0x11, 0x13):
                continue
            if self._block:
                self._in_block(byte, events)
            elif self._automatic:
                self._in_automatic(byte, events)
            else:
                self._first(byte, events)
        return events

    def _first(self, byte: int, events: list[Event]) -> None:
        if byte in (0x37, 0x5F):
            self._block.append(byte)
        elif byte & 0x93 == 0x12:
            events.append(RealTime(byte))
        elif byte & 0x93 == 0x10:
            self._automatic.append(byte)
        elif byte & 0x90 == 0x00:
            events.append(PaperReply(byte))
        else:
            events.append(Stray(byte))

    def _in_block(self, byte: int, events: list[Event]) -> None:
        if byte == 0x00:
            head, *rest = self._block
            if head == 0x5F:
                events.append(Information(bytes(rest)))
            elif rest:
                events.append(Block(rest[0], bytes(rest[1:])))
            else:
                events.append(Stray(head))
            self._block.clear()
        elif byte & 0x93 == 0x12 and byte < 0x20:
            events.append(RealTime(byte))  # sent at once, even between the bytes of a block
        elif byte < 0x20 or byte > 0x7E or len(self._block) >= _LONGEST_BLOCK:
            events.append(Stray(self._block[0]))
            self._block.clear()
            self._first(byte, events)
        else:
            self._block.append(byte)

    def _in_automatic(self, byte: int, events: list[Event]) -> None:
        if byte & 0x90 == 0x00:
            self._automatic.append(byte)
            if len(self._automatic) == 4:
                events.append(Automatic(bytes(self._automatic)))
                self._automatic.clear()
        elif byte & 0x93 == 0x12:
            events.append(RealTime(byte))
        else:
            events.append(Stray(self._automatic[0]))
            self._automatic.clear()
            self._first(byte, events)


def from_real_time(replies: Sequence[int]) -> PrinterStatus:
    """Return the state that the answers to DLE EOT 1, 2, 3, 4 describe."""
    printer, cause, error, roll = replies
    return _Bits(
        offline=bool(printer & 0x08),
        cover=bool(cause & 0x04),
        button=bool(cause & 0x08) or bool(printer & 0x40),
        cutter=bool(error & 0x08),
        mechanical=bool(error & 0x04),
        broken=bool(error & 0x20),
        hot=bool(error & 0x40),
        out=bool(roll & 0x60) or bool(cause & 0x20),
        low=bool(roll & 0x0C),
    ).state()


def from_automatic(data: bytes) -> PrinterStatus:
    """Return the state that four bytes of automatic status describe."""
    first, second, third, _ = data
    return _Bits(
        offline=bool(first & 0x08),
        cover=bool(first & 0x20),
        button=bool(first & 0x40),
        cutter=bool(second & 0x08),
        mechanical=bool(second & 0x04),
        broken=bool(second & 0x20),
        hot=bool(second & 0x40),
        out=bool(third & 0x0C),
        low=bool(third & 0x03),
    ).state()


SILENT = PrinterStatus(DeviceState.OFFLINE, PaperState.UNKNOWN, "no answer")
GONE = PrinterStatus(DeviceState.NO_DEVICE, PaperState.UNKNOWN, "port")


def reason(status: PrinterStatus) -> DeviceState | PaperState:
    """Return the one word for why this state does not print: the person's act first, then the paper, then the rest."""
    if status.device is DeviceState.USER_ERROR:
        return status.device
    if status.paper in (PaperState.OUT, PaperState.JAMMED):
        return status.paper
    return status.device


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bits:
    """What a printer's bits say, whichever answer they came in."""

    offline: bool
    cover: bool
    button: bool
    cutter: bool
    mechanical: bool
    broken: bool
    hot: bool
    out: bool
    low: bool

    def state(self) -> PrinterStatus:
        paper = PaperState.OUT if self.out else PaperState.LOW if self.low else PaperState.FULL
        if self.broken:
            return PrinterStatus(DeviceState.HARDWARE_ERROR, paper, "unrecoverable")
        if self.cutter or self.mechanical:
            what = CUTTER if self.cutter else "mechanical"
            return PrinterStatus(DeviceState.HARDWARE_ERROR, PaperState.JAMMED, what)
        if self.cover or self.button:
            # With the cover open the sensor sees no paper whatever is on the roll.
            return PrinterStatus(DeviceState.USER_ERROR, paper, "cover" if self.cover else "feed button")
        if self.hot:
            return PrinterStatus(DeviceState.BUSY, paper, "hot")
        if self.offline and not self.out:
            return PrinterStatus(DeviceState.OFFLINE, paper, "switched offline")
        return PrinterStatus(DeviceState.ONLINE, paper)

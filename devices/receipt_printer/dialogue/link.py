"""Questions and answers with one printer over one port: every byte is classified, every wait has an end."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from devices.protocols import PrinterStatus, Transport
from devices.receipt_printer import commands
from devices.receipt_printer.dialogue import status
from devices.receipt_printer.dialogue.fence import Fence
from devices.receipt_printer.dialogue.status import (
    Automatic,
    Block,
    Event,
    Information,
    PaperReply,
    RealTime,
    StatusReader,
    Stray,
)

_ANSWER_S: Final = 0.3
_SURPLUS_S: Final = 0.02
_CHUNK: Final = 1024
_ROUNDS: Final = 2
_BABBLE: Final = 4096


@dataclass(slots=True)
class Survey:
    """What a printer answered: None or nothing where it did not."""

    process_id: bytes | None = None
    serial: str = ""


class PrinterLink:
    """One open port. `fence`, when set, sees every event; `pushed` is the last automatic status, if any came."""

    def __init__(self, transport: Transport, clock: Callable[[], float]) -> None:
        self.transport = transport
        self.fence: Fence | None = None
        self.pushed: PrinterStatus | None = None
        self.strays = 0
        self.clock = clock
        self._reader = StatusReader()

    def pump(self, timeout_s: float) -> list[Event]:
        """Return what came, waiting up to `timeout_s` for the first byte."""
        events = self._reader.feed(self.transport.read(256, timeout_s))
        for event in events:
            if isinstance(event, Automatic):
                self.pushed = status.from_automatic(event.data)
            elif isinstance(event, Stray):
                self.strays += 1
            if self.fence:
                self.fence.see(event, self.clock())
        return events

    def drain(self) -> None:
        """Take what lies there unasked, so that it is not read as the next answer. A babbling line is left at 4 KB."""
        for _ in range(16):
            if not self.pump(0.0):
                break
        self._reader.reset()

    def rest(self, seconds: float) -> None:
        """Send nothing for so long, taking what comes."""
        until = self.clock() + seconds
        while (left := until - self.clock()) > 0:
            self.pump(min(left, 0.1))

    def write(self, data: bytes) -> None:
        """Send bytes in chunks, taking what comes meanwhile."""
        for start in range(0, len(data), _CHUNK):
            self.transport.write(data[start : start + _CHUNK])
            self.pump(0.0)

    def ask_status(self) -> PrinterStatus | None:
        """Ask DLE EOT 1 to 4; None when the printer is silent or what it says makes no sense.

        The answers do not say which question they answer, so they are asked one by one, and one answer too many, or
        noise among them, makes the round void.
        """
        for _ in range(_ROUNDS):
            self.drain()
            strays = self.strays
            replies: list[int] = []
            for number in (1, 2, 3, 4):
                self.transport.write(commands.real_time_status(number))
                replies += self._real_time(_ANSWER_S)
                if len(replies) != number:
                    break
            if len(replies) == 4 and not self._real_time(_SURPLUS_S) and self.strays == strays:
                return status.from_real_time(replies)
        return None

    def survey(self, questions: bytes, timeout_s: float) -> Survey | None:
        """Ask several things, and GS r 1 behind them: what is not answered by then is not known to this printer.

        None when GS r is not answered either: the printer is not executing commands.
        """
        self.drain()
        self.transport.write(questions + commands.PAPER_STATUS)
        found = Survey()
        until = self.clock() + timeout_s
        while (left := until - self.clock()) > 0:
            for event in self.pump(left):
                match event:
                    case PaperReply():
                        return found
                    case Block(status.PROCESS_ID, data):
                        found.process_id = data
                    case Information(data):
                        found.serial = data.decode("ascii", "replace")
        return None

    def ask_keys(self, *, lasting: bool, timeout_s: float) -> frozenset[bytes] | None:
        """Return the keys of the graphics in flash (`lasting`) or in RAM; None when the printer does not say.

        Nothing may be sent behind the question: the printer takes the next byte for the answer to its list, of which
        each block of at most 40 keys is to be acknowledged (Epson TM-T88III technical reference, pp. 217 and 218).
        """
        self.drain()
        self.transport.write(commands.NV_KEYS if lasting else commands.RAM_KEYS)
        keys: frozenset[bytes] = frozenset()
        while block := self._block(frozenset((status.NV_KEYS if lasting else status.RAM_KEYS,)), timeout_s):
            self.transport.write(commands.ACKNOWLEDGE)
            keys |= {block[at : at + 2] for at in range(1, len(block) - 1, 2)}
            if block[0] != status.MORE_BLOCKS:
                return keys
        return None

    def ask_room(self, *, lasting: bool, timeout_s: float) -> int | None:
        """Return how many bytes of graphics still fit, or None when the printer does not say."""
        self.drain()
        self.transport.write(commands.NV_ROOM if lasting else commands.RAM_ROOM)
        block = self._block(status.CAPACITY, timeout_s)
        return int(block) if block and block.isdigit() else None

    def _real_time(self, timeout_s: float) -> list[int]:
        """Return the answers to DLE EOT that come first: one, where just one was asked for.

        A printer that says this much of other things answers nothing: reading it all would cost the CPU.
        """
        until = self.clock() + timeout_s
        heard = 0
        while (left := until - self.clock()) > 0 and heard < _BABBLE:
            events = self.pump(left)
            heard += len(events)
            replies = [event.value for event in events if isinstance(event, RealTime)]
            if replies:
                return replies
        return []

    def _block(self, identifiers: frozenset[int], timeout_s: float) -> bytes | None:
        until = self.clock() + timeout_s
        while (left := until - self.clock()) > 0:
            for event in self.pump(left):
                if isinstance(event, Block) and event.identifier in identifiers:
                    return event.data
        return None

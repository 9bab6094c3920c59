"""The proof that a job was printed: a question behind its last byte, answered only when all before it is done.

GS ( H answers with an identifier of this job. Where a printer lacks it, GS r 1 is asked several times, how often is
drawn again for each job: a single byte of noise must not be read as proof, nor three bytes left of a broken automatic
status, nor the answers to an earlier job's question.
"""

import secrets
from typing import Final, Protocol

from devices.receipt_printer import commands
from devices.receipt_printer.dialogue import status
from devices.receipt_printer.dialogue.status import Block, Event, PaperReply, Stray

_FEWEST_QUESTIONS: Final = 4
_MOST_QUESTIONS: Final = 11
# After the last answer the line must stay quiet for so long, else there were answers that nobody asked for.
_QUIET_S: Final = 0.04


class Fence(Protocol):
    """Watches what the printer says after the job's last byte."""

    name: str
    request: bytes
    proves_paper: bool

    def see(self, event: Event, now: float) -> None:
        """Take one event; `now` in monotonic seconds."""

    def is_met(self, now: float) -> bool:
        """Return whether the printer has confirmed the job."""


class ProcessFence:
    """GS ( H fn 48: the reply is sent when printing is completed (Epson ESC/POS reference)."""

    name = "GS ( H"
    proves_paper = True

    def __init__(self) -> None:
        # 64 characters of 20..7E, so that an earlier job's late reply is not this one's.
        self.identifier = bytes(0x30 + secrets.randbelow(64) for _ in range(4))
        self.request = commands.process_id(self.identifier)
        self._met = False

    def see(self, event: Event, now: float) -> None:
        """Take one event."""
        del now
        if isinstance(event, Block) and event.identifier == status.PROCESS_ID and event.data == self.identifier:
            self._met = True

    def is_met(self, now: float) -> bool:
        """Return whether this job's own reply came."""
        del now
        return self._met


class PaperFence:
    """GS r 1 behind the cut: executed when the data before it has been processed (TM-U295 specification, p. 72)."""

    name = "GS r"
    proves_paper = False

    def __init__(self) -> None:
        self._questions = _FEWEST_QUESTIONS + secrets.randbelow(_MOST_QUESTIONS - _FEWEST_QUESTIONS + 1)
        self.request = commands.PAPER_STATUS * self._questions
        self._values: list[int] = []
        self._spoiled = False
        self._last = 0.0

    def see(self, event: Event, now: float) -> None:
        """Take one event; noise or unlike answers spoil the proof."""
        if isinstance(event, PaperReply):
            self._values.append(event.value)
            self._last = now
        elif isinstance(event, Stray):
            self._spoiled = True

    def is_met(self, now: float) -> bool:
        """Return whether just the answers that were asked for came, all alike, none of them `no paper`."""
        if self._spoiled or len(self._values) != self._questions or now - self._last < _QUIET_S:
            return False
        return len(set(self._values)) == 1 and self._values[0] in (0x00, 0x03)


class NoFence:
    """A printer that answers neither: no job of its is ever called printed."""

    name = "none"
    request = b""
    proves_paper = False

    def see(self, event: Event, now: float) -> None:
        """Ignore everything."""

    def is_met(self, now: float) -> bool:
        """Say no."""
        del now
        return False

"""What the driver has learned of the printer behind its port: how it confirms, and what it keeps.

All of it holds until the printer falls silent or its port is lost; then it is learned again.
"""

from collections.abc import Callable
from typing import Final

from devices.receipt_printer import commands
from devices.receipt_printer.dialogue.fence import Fence, NoFence, PaperFence, ProcessFence
from devices.receipt_printer.dialogue.graphics import ANSWER_S, StoredGraphics
from devices.receipt_printer.dialogue.link import PrinterLink
from devices.receipt_printer.profile import Profile
from devices.receipt_printer.typeset.composition import LARGEST_GRAPHIC, StoredKey

_PROBE: Final = b"idle"
_PROBE_S: Final = 1.0
# No command that the kiosk sends is longer: so many zeros end one that a crash left half sent.
_LONGEST_COMMAND: Final = LARGEST_GRAPHIC + 64
_FILL: Final = 1024


class Capabilities:
    """One printer as far as it has answered.

    Attributes:
        is_made: the printer has told what it can do.
        half_sent: a job or picture may have been cut short within a command, whose rest it still waits for.
        serial: its serial number, or empty.
        memories: where it says which graphics it keeps: in flash (True), in RAM (False), or both.
        stored: digest -> key of the graphics that it keeps, as of the last question.
    """

    def __init__(self, profile: Profile, graphics: StoredGraphics) -> None:
        self.is_made = False
        self.half_sent = False
        self.serial = ""
        self.memories: tuple[bool, ...] = ()
        self.stored: dict[str, StoredKey] = {}
        self.new_fence: Callable[[], Fence] = NoFence
        self._profile = profile
        self._graphics = graphics
        self._filled = 0

    def cut_short(self) -> None:
        """Note that a command may have been sent in part: the next introduction fills it up with zeros."""
        self.half_sent = True
        self._filled = 0

    def make(self, link: PrinterLink) -> bool:
        """Learn what this printer can do. False while it still swallows bytes as the rest of a half-sent picture.

        Raises:
            DeviceUnavailable: the port is gone.
        """
        self.is_made = self._introduce(link)
        return self.is_made

    def clear(self, link: PrinterLink) -> None:
        """Have the printer forget what was sent and not printed. Raises DeviceUnavailable."""
        if self._profile.can_cancel:
            link.write(commands.CANCEL_JOB)
        link.write(commands.INITIALIZE)

    def ask_stored(self, link: PrinterLink) -> dict[str, StoredKey]:
        """Ask for the lists of keys again: a printer that was off for a moment has forgotten what was in its RAM.

        Raises:
            DeviceUnavailable: the port is gone.
        """
        none: frozenset[bytes] = frozenset()
        keys = {lasting: link.ask_keys(lasting=lasting, timeout_s=ANSWER_S) or none for lasting in self.memories}
        self.stored = self._graphics.usable(self.serial, keys.get(True, none), keys.get(False, none))
        return self.stored

    def _introduce(self, link: PrinterLink) -> bool:
        profile = self._profile
        if self.half_sent:
            self.clear(link)
        process_id = commands.process_id(_PROBE) if profile.fence != "paper-status" else b""
        memories = tuple(lasting for lasting in (True, False) if profile.keeps(lasting=lasting))
        found = link.survey(process_id + commands.SERIAL_NUMBER * bool(memories), _PROBE_S)
        if found is None and self._filled < _LONGEST_COMMAND:
            link.write(bytes(_FILL))
            self._filled += _FILL
            return False
        self.half_sent = False
        self.stored = {}
        if found is None:
            self.new_fence = NoFence
            return True
        self.new_fence = ProcessFence if found.process_id == _PROBE else PaperFence
        self.serial = found.serial
        self.memories = tuple(
            lasting for lasting in memories if link.ask_keys(lasting=lasting, timeout_s=ANSWER_S) is not None
        )
        return True

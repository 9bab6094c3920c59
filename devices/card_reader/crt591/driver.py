"""A CRT-591: opens its gate for a card, draws it in, reads it, gives it back.

A citizen's card is theirs. What can't be read comes out at once, what a power cut has left inside comes out at start,
and `close` keeps nothing. A card is captured only on the order of a named technician.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from devices.card_reader.crt591.exchange import MEDIA, NAME, NO_ANSWER_FROM_CARD, Exchange
from devices.card_reader.crt591.frames import CardPosition, Command, Parameter, parse_uid
from devices.errors import DeviceError, DeviceFault
from devices.protocols import Card, CardReaderStatus, MediaState, Transport
from devices.settings import DeviceSettings
from devices.transport import LineSettings, SerialTransport

_MOTION_S = 10.0
_POLL_S = 0.2
_TYPES_A_AND_B = b"AB"


@dataclass(frozen=True, slots=True)
class TechnicianOrder:
    """Who takes the responsibility for keeping a citizen's card, for the audit. Raises ValueError: nobody does."""

    technician: str

    def __post_init__(self) -> None:
        if not self.technician.strip():
            raise ValueError("a card is captured only on the order of a named technician")


class Crt591Reader:
    """Takes a card in, reads it and gives it back. One thread at a time may use it.

    Raises on construction:
        DeviceUnavailable: the port is gone, or the reader does not answer.
        DeviceFault: the reader says that it cannot.
    """

    can_eject = True

    def __init__(
        self,
        transport: Transport,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._exchange = Exchange(transport, clock)
        self._clock = clock
        self._sleep = sleep
        self._is_gate_open: bool | None = None  # unknown: a power cut may have left it open
        self._start()

    def read(self, timeout_s: float) -> Card | None:
        """Return the card that is put in within `timeout_s`, or None. The card stays inside until `eject`.

        A card that can't be read is given back at once and counts as none; `status` says why. Without a card the gate
        stays open for the next call, lest it beat twice a second, until one of the other calls shuts it.

        Raises:
            DeviceUnavailable: the port is gone, or the reader does not answer.
            DeviceFault: the reader says that it cannot, for example jammed.
        """
        deadline = self._clock() + timeout_s
        try:
            self._set_gate(is_open=True)
            while True:
                if self._position() is CardPosition.INSIDE:
                    return self._read_inside()
                left = deadline - self._clock()
                if left <= 0:
                    return None
                self._sleep(min(_POLL_S, left))
        except DeviceError:
            self._close_gate_quietly()
            raise

    def discard(self) -> None:
        """Shut the gate, and give back a card that is inside; the answer shows that the reader is there.

        Raises:
            DeviceUnavailable: the port is gone, or the reader does not answer.
            DeviceFault: the reader says that it cannot.
        """
        self._set_gate(is_open=False)
        if self._position() is CardPosition.INSIDE:
            self.eject()

    def eject(self) -> None:
        """Give the card back, between the lips, where it can be taken.

        Raises:
            DeviceError: the card did not come out.
        """
        self._exchange.command(Command.MOVE, Parameter.MOVE_TO_GATE, timeout_s=_MOTION_S)
        if self._position() is CardPosition.INSIDE:
            raise DeviceFault(NAME, "45", "the card did not come out")

    def capture(self, order: TechnicianOrder) -> None:
        """Keep the card in the bin, on a technician's order.

        Raises:
            DeviceError: the card was not captured.
            TypeError: there is no order.
        """
        if not isinstance(order, TechnicianOrder):
            raise TypeError("a card is captured only on a TechnicianOrder")
        self._exchange.command(Command.MOVE, Parameter.MOVE_TO_CAPTURE_BIN, timeout_s=_MOTION_S)
        self._exchange.media = MediaState.RETRACTED

    def status(self) -> CardReaderStatus:
        """Return how the reader is, as far as known."""
        return self._exchange.status()

    def close(self) -> None:
        """Shut the gate, give a card that is inside back, where the reader still can, and release the port."""
        try:
            if self._is_gate_open is not False or self._exchange.media is MediaState.PRESENT:
                self.discard()
        except DeviceError:
            self._exchange.detail = "card left inside"  # it comes out at the next start
        finally:
            self._exchange.port.close()

    def _start(self) -> None:
        self._exchange.command(Command.INITIALIZE, Parameter.INITIALIZE_LEAVE_CARD, timeout_s=_MOTION_S)
        if self._position() is CardPosition.INSIDE:
            self.eject()
            self._exchange.detail = "card given back at start"
        self._set_gate(is_open=False)

    def _read_inside(self) -> Card | None:
        self._set_gate(is_open=False)
        try:
            self._exchange.command(Command.MOVE, Parameter.MOVE_TO_CONTACTLESS, timeout_s=_MOTION_S)
            answer = self._exchange.command(Command.CONTACTLESS, Parameter.CONTACTLESS_ACTIVATE, _TYPES_A_AND_B)
        except DeviceFault as fault:
            if fault.code not in NO_ANSWER_FROM_CARD:
                raise
            uid = None
        else:
            uid = parse_uid(answer.data)
        if uid is None:
            self.eject()
            self._exchange.detail = "unreadable card"
            return None
        self._exchange.detail = ""
        return Card("motor", uid, "•••" + uid.hex().upper()[-4:])

    def _position(self) -> CardPosition | None:
        answer = self._exchange.command(Command.STATUS, Parameter.STATUS_READER)
        return CardPosition(answer.card) if answer.card in MEDIA else None

    def _set_gate(self, *, is_open: bool) -> None:
        if self._is_gate_open is not is_open:
            self._exchange.command(Command.ENTRY, Parameter.ENTRY_OPEN if is_open else Parameter.ENTRY_CLOSED)
            self._is_gate_open = is_open

    def _close_gate_quietly(self) -> None:
        """Shut the gate after an error, without hiding it; how it stands is unknown where that fails too."""
        try:
            self._set_gate(is_open=False)
        except DeviceError:
            self._is_gate_open = None


def open_crt591(settings: DeviceSettings) -> Crt591Reader:
    """Open the reader that the settings name; a card that is inside comes out.

    Raises:
        DeviceUnavailable: the port cannot be opened, or the reader does not answer.
        DeviceFault: the reader says that it cannot.
    """
    transport = SerialTransport(settings.port, LineSettings(baudrate=settings.baudrate or 9600))
    try:
        return Crt591Reader(transport)
    except BaseException:
        transport.close()
        raise

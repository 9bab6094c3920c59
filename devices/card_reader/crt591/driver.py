"""A CRT-591: opens its gate for a card, draws it in, reads it, gives it back.

A citizen's card is theirs. What can't be read comes out at once, what a power cut has left inside comes out at start,
and `close` keeps nothing. A card is captured only on the order of a named technician.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from devices.card_reader.crt591.frames import (
    ACK,
    FAULTS,
    NAK,
    CardPosition,
    Command,
    Control,
    Frame,
    FrameDecoder,
    Negative,
    Parameter,
    Positive,
    encode,
    parse_uid,
)
from devices.errors import DeviceError, DeviceFault, DeviceTimeout, DeviceUnavailable
from devices.protocols import Card, CardReaderStatus, DeviceState, MediaState, Transport
from devices.settings import DeviceSettings
from devices.transport import LineSettings, SerialTransport

_NAME = "card reader"
_ACK_S = 0.3
_ANSWER_S = 1.0
_MOTION_S = 10.0
_ATTEMPTS = 3
_POLL_S = 0.2
_TYPES_A_AND_B = b"AB"
_MEDIA: dict[int, MediaState] = {
    CardPosition.NONE: MediaState.NOT_PRESENT,
    CardPosition.GATE: MediaState.ENTERING,
    CardPosition.INSIDE: MediaState.PRESENT,
}
_JAMMED = "10"
_NO_ANSWER_FROM_CARD = ("61", "62", "65", "66", "67", "68")


@dataclass(frozen=True, slots=True)
class TechnicianOrder:
    """Who takes the responsibility for keeping a citizen's card, for the audit.

    Raises:
        ValueError: nobody does.
    """

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
        self._transport = transport
        self._clock = clock
        self._sleep = sleep
        self._decoder = FrameDecoder()
        self._frames: list[Frame] = []
        self._device = DeviceState.STARTING
        self._media = MediaState.NOT_PRESENT
        self._detail = ""
        self._is_gate_open = False
        self._start()

    def read(self, timeout_s: float) -> Card | None:
        """Return the card that is put in within `timeout_s`, or None. The card stays inside until `eject`.

        A card that can't be read is given back at once and counts as none; `status` says why.

        Raises:
            DeviceUnavailable: the port is gone, or the reader does not answer.
            DeviceFault: the reader says that it cannot, for example jammed.
        """
        deadline = self._clock() + timeout_s
        self._set_gate(is_open=True)
        try:
            while True:
                if self._position() is CardPosition.INSIDE:
                    return self._read_inside()
                left = deadline - self._clock()
                if left <= 0:
                    return None
                self._sleep(min(_POLL_S, left))
        finally:
            self._close_gate_quietly()

    def discard(self) -> None:
        """Give back a card that is inside though nobody asked for one; the answer shows that the reader is there.

        Raises:
            DeviceUnavailable: the port is gone, or the reader does not answer.
            DeviceFault: the reader says that it cannot.
        """
        if self._position() is CardPosition.INSIDE:
            self.eject()

    def eject(self) -> None:
        """Give the card back, between the lips, where it can be taken.

        Raises:
            DeviceError: the card did not come out.
        """
        self._command(Command.MOVE, Parameter.MOVE_TO_GATE, timeout_s=_MOTION_S)
        if self._position() is CardPosition.INSIDE:
            raise DeviceFault(_NAME, "45", "the card did not come out")

    def capture(self, order: TechnicianOrder) -> None:
        """Keep the card in the bin, on a technician's order.

        Raises:
            DeviceError: the card was not captured.
            TypeError: there is no order.
        """
        if not isinstance(order, TechnicianOrder):
            raise TypeError("a card is captured only on a TechnicianOrder")
        self._command(Command.MOVE, Parameter.MOVE_TO_CAPTURE_BIN, timeout_s=_MOTION_S)
        self._media = MediaState.RETRACTED

    def status(self) -> CardReaderStatus:
        """Say how the reader is, as far as known."""
        return CardReaderStatus(self._device, self._media, self._detail)

    def close(self) -> None:
        """Give a card that is inside back, where the reader still can, and release the port."""
        try:
            if self._media is MediaState.PRESENT:
                self.eject()
        except DeviceError:
            self._detail = "card left inside"  # it comes out at the next start
        finally:
            self._transport.close()

    def _start(self) -> None:
        self._command(Command.INITIALIZE, Parameter.INITIALIZE_LEAVE_CARD, timeout_s=_MOTION_S)
        self._device = DeviceState.ONLINE
        if self._position() is CardPosition.INSIDE:
            self.eject()
            self._detail = "card given back at start"
        self._set_gate(is_open=False)

    def _read_inside(self) -> Card | None:
        self._set_gate(is_open=False)
        try:
            self._command(Command.MOVE, Parameter.MOVE_TO_CONTACTLESS, timeout_s=_MOTION_S)
            answer = self._command(Command.CONTACTLESS, Parameter.CONTACTLESS_ACTIVATE, _TYPES_A_AND_B)
        except DeviceFault as fault:
            if fault.code not in _NO_ANSWER_FROM_CARD:
                raise
            uid = None
        else:
            uid = parse_uid(answer.data)
        if uid is None:
            self.eject()
            self._detail = "unreadable card"
            return None
        self._detail = ""
        return Card("motor", uid, "•••" + uid.hex().upper()[-4:])

    def _position(self) -> CardPosition | None:
        answer = self._command(Command.STATUS, Parameter.STATUS_READER)
        return CardPosition(answer.card) if answer.card in _MEDIA else None

    def _set_gate(self, *, is_open: bool) -> None:
        if self._is_gate_open is not is_open or not is_open:
            self._command(Command.ENTRY, Parameter.ENTRY_OPEN if is_open else Parameter.ENTRY_CLOSED)
            self._is_gate_open = is_open

    def _close_gate_quietly(self) -> None:
        """Close the gate on every way out of a read, without hiding the error that led there."""
        if self._is_gate_open:
            try:
                self._set_gate(is_open=False)
            except DeviceError:
                self._is_gate_open = False

    def _command(
        self, command: Command, parameter: Parameter, data: bytes = b"", timeout_s: float = _ANSWER_S
    ) -> Positive:
        """Send a command and return its answer: request, ACK, answer, ACK. NAK asks for a broken answer again."""
        request = encode(command, parameter, data)
        for _ in range(_ATTEMPTS):
            self._drain()
            self._send(request)
            if self._next_frame(_ACK_S) is not Control.ACK:
                continue
            answer = self._await_answer(command, timeout_s)
            if answer is None:
                break  # it may be moving: the same command again would move twice
            self._send(bytes([ACK]))
            return self._judge(answer)
        self._device = DeviceState.OFFLINE
        raise DeviceTimeout(_NAME, "does not answer")

    def _await_answer(self, command: Command, timeout_s: float) -> Positive | Negative | None:
        for _ in range(_ATTEMPTS):
            bad = self._decoder.bad
            frame = self._next_frame(timeout_s, stop_at_bad=True)
            if isinstance(frame, Positive | Negative) and frame.command == command:
                return frame
            if frame is None and self._decoder.bad == bad:
                return None
            self._send(bytes([NAK]))
        return None

    def _judge(self, answer: Positive | Negative) -> Positive:
        if isinstance(answer, Positive):
            self._device = DeviceState.ONLINE
            self._media = _MEDIA.get(answer.card, self._media)
            return answer
        if answer.code == _JAMMED:
            self._media = MediaState.JAMMED
        if answer.code not in _NO_ANSWER_FROM_CARD:
            self._device = DeviceState.HARDWARE_ERROR
        self._detail = FAULTS.get(answer.code, f"fault {answer.code!r}")
        raise DeviceFault(_NAME, answer.code, self._detail)

    def _next_frame(self, timeout_s: float, *, stop_at_bad: bool = False) -> Frame | None:
        deadline = self._clock() + timeout_s
        bad = self._decoder.bad
        while not self._frames:
            left = deadline - self._clock()
            if left <= 0 or (stop_at_bad and self._decoder.bad != bad):
                return None
            self._frames += self._decoder.feed(self._read(left))
        return self._frames.pop(0)

    def _drain(self) -> None:
        for _ in range(4):
            if not self._read(0.0):
                break
        self._frames.clear()
        self._decoder.reset()

    def _read(self, timeout_s: float) -> bytes:
        try:
            return self._transport.read(1024, timeout_s)
        except DeviceUnavailable:
            self._device = DeviceState.NO_DEVICE
            raise

    def _send(self, data: bytes) -> None:
        try:
            self._transport.write(data)
        except DeviceUnavailable:
            self._device = DeviceState.NO_DEVICE
            raise


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

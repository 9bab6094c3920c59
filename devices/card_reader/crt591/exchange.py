"""One command and its answer on a CRT-591's line, and what the answers say of the reader and the card in it."""

import time
from collections.abc import Callable

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
)
from devices.errors import DeviceFault, DeviceTimeout
from devices.port import Port
from devices.protocols import CardReaderStatus, DeviceState, MediaState, Transport

NAME = "card reader"
NO_ANSWER_FROM_CARD = ("61", "62", "65", "66", "67", "68")
MEDIA: dict[int, MediaState] = {
    CardPosition.NONE: MediaState.NOT_PRESENT,
    CardPosition.GATE: MediaState.ENTERING,
    CardPosition.INSIDE: MediaState.PRESENT,
}
_ACK_S = 0.3
_ANSWER_S = 1.0
_ATTEMPTS = 3
_JAMMED = "10"


class Exchange:
    """Sends commands, each with its ACK and its deadline. `media` and `detail` may be corrected by the driver."""

    def __init__(self, transport: Transport, clock: Callable[[], float] = time.monotonic) -> None:
        self.port = Port(transport)
        self.media = MediaState.NOT_PRESENT
        self.detail = ""
        self._clock = clock
        self._decoder = FrameDecoder()
        self._frames: list[Frame] = []
        self._device = DeviceState.STARTING

    def status(self) -> CardReaderStatus:
        """Return how the reader is, as far as its last answers tell."""
        device = DeviceState.NO_DEVICE if self.port.is_lost else self._device
        return CardReaderStatus(device, self.media, self.detail)

    def command(
        self, command: Command, parameter: Parameter, data: bytes = b"", timeout_s: float = _ANSWER_S
    ) -> Positive:
        """Send a command and return its answer: request, ACK, answer, ACK. NAK asks for a broken answer again.

        Raises:
            DeviceTimeout: the reader does not answer.
            DeviceUnavailable: the port is gone.
            DeviceFault: the reader says that it cannot.
        """
        request = encode(command, parameter, data)
        for _ in range(_ATTEMPTS):
            self.port.drain()
            self._frames.clear()
            self._decoder.reset()
            self.port.write(request)
            if self._next_frame(_ACK_S) is not Control.ACK:
                continue
            answer = self._await_answer(command, timeout_s)
            if answer is None:
                break  # it may be moving: the same command again would move twice
            self.port.write(bytes([ACK]))
            return self._judge(answer)
        self._device = DeviceState.OFFLINE
        raise DeviceTimeout(NAME, "does not answer")

    def _await_answer(self, command: Command, timeout_s: float) -> Positive | Negative | None:
        for _ in range(_ATTEMPTS):
            bad = self._decoder.bad
            frame = self._next_frame(timeout_s, stop_at_bad=True)
            if isinstance(frame, Positive | Negative) and frame.command == command:
                return frame
            if frame is None and self._decoder.bad == bad:
                return None
            self.port.write(bytes([NAK]))
        return None

    def _judge(self, answer: Positive | Negative) -> Positive:
        if isinstance(answer, Positive):
            self._device = DeviceState.ONLINE
            self.media = MEDIA.get(answer.card, self.media)
            return answer
        if answer.code == _JAMMED:
            self.media = MediaState.JAMMED
        if answer.code not in NO_ANSWER_FROM_CARD:
            self._device = DeviceState.HARDWARE_ERROR
        self.detail = FAULTS.get(answer.code, f"fault {answer.code!r}")
        raise DeviceFault(NAME, answer.code, self.detail)

    def _next_frame(self, timeout_s: float, *, stop_at_bad: bool = False) -> Frame | None:
        deadline = self._clock() + timeout_s
        bad = self._decoder.bad
        while not self._frames:
            left = deadline - self._clock()
            if left <= 0 or (stop_at_bad and self._decoder.bad != bad):
                return None
            self._frames += self._decoder.feed(self.port.read(1024, left))
        return self._frames.pop(0)

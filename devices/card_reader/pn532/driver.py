"""A PN532 over its UART: wake it, ask for a card again and again, each exchange with its ACK and its deadline."""

import time
from collections.abc import Callable

from devices.card_reader.pn532.frames import (
    ACK_FRAME,
    FROM_CHIP,
    TO_CHIP,
    WAKE_UP,
    Command,
    Control,
    Frame,
    FrameDecoder,
    Target,
    encode,
    parse_target,
)
from devices.errors import DeviceTimeout, ProtocolError
from devices.port import Port
from devices.protocols import Card, CardReaderStatus, DeviceState, MediaState, Transport
from devices.settings import DeviceSettings
from devices.transport import LineSettings, SerialTransport

_NAME = "card reader"
_ACK_S = 0.1  # UM0701-02 6.2.2: the chip acknowledges within 15 ms
_ANSWER_S = 0.4  # three looks for a card take about 100 ms
_ATTEMPTS = 3
_POLL_S = 0.15  # between two questions, so that a waiting reader costs no CPU
_NORMAL_MODE = b"\x01\x14\x01"  # SAMConfiguration: normal, 1 s, IRQ
_TWO_TRIES = b"\x05\xff\x01\x02"  # RFConfiguration item 5: look for a card at most three times, then answer "none"


class Pn532Reader:
    """Reads ISO 14443-A cards held near. One thread at a time may use it.

    Raises on construction:
        DeviceUnavailable: the port is gone, or the chip does not answer.
    """

    can_eject = False

    def __init__(
        self,
        transport: Transport,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._port = Port(transport)
        self._clock = clock
        self._sleep = sleep
        self._decoder = FrameDecoder()
        self._frames: list[Frame] = []
        self._device = DeviceState.STARTING
        self._near: Target | None = None
        self._start()

    def read(self, timeout_s: float) -> Card | None:
        """Return the next card that comes near, or None when none came within `timeout_s`.

        Raises:
            DeviceTimeout: the chip does not answer.
            DeviceUnavailable: the port is gone.
            ProtocolError: it answers what makes no sense.
        """
        deadline = self._clock() + timeout_s
        while True:
            target = self._poll()
            if target is not None and target != self._near:
                self._near = target
                return Card("iso14443a", target.uid, "•••" + target.uid.hex().upper()[-4:])
            self._near = target
            left = deadline - self._clock()
            if left <= 0:
                return None
            self._sleep(min(_POLL_S, left))

    def discard(self) -> None:
        """Forget the card that was near, and ask the chip whether it is there.

        Raises:
            DeviceUnavailable: the port is gone, or the chip does not answer.
        """
        self._near = None
        self._exchange(Command.GET_FIRMWARE_VERSION, b"")

    def eject(self) -> None:
        """Do nothing: the card stays in the citizen's hand."""

    def status(self) -> CardReaderStatus:
        """Return how the reader is; `detail` is the type of the card that is near."""
        media = MediaState.PRESENT if self._near else MediaState.NOT_PRESENT
        device = DeviceState.NO_DEVICE if self._port.is_lost else self._device
        return CardReaderStatus(device, media, self._near.kind if self._near else "")

    def close(self) -> None:
        """Release the port."""
        self._near = None
        self._port.close()

    def _start(self) -> None:
        self._port.write(WAKE_UP)
        self._exchange(Command.SAM_CONFIGURATION, _NORMAL_MODE)
        self._exchange(Command.GET_FIRMWARE_VERSION, b"")
        self._exchange(Command.RF_CONFIGURATION, _TWO_TRIES)
        self._device = DeviceState.ONLINE

    def _poll(self) -> Target | None:
        answer = self._exchange(Command.IN_LIST_PASSIVE_TARGET, b"\x01\x00")
        try:
            return parse_target(answer)
        except ValueError as error:
            raise ProtocolError(_NAME, f"answers a poll with {error}") from error

    def _exchange(self, command: Command, data: bytes) -> bytes:
        """Send a command, wait for ACK and answer; return what follows the answer's code."""
        request = encode(bytes([TO_CHIP, command]) + data)
        for _ in range(_ATTEMPTS):
            self._drain()
            self._port.write(request)
            if not self._await_ack():
                continue
            answer = self._next_frame(_ANSWER_S)
            if answer is Control.ERROR:
                self._device = DeviceState.HARDWARE_ERROR
                raise ProtocolError(_NAME, f"does not know command {command:02X}")
            if isinstance(answer, bytes) and answer[:2] == bytes([FROM_CHIP, command + 1]):
                self._device = DeviceState.ONLINE
                return answer[2:]
            self._port.write(ACK_FRAME)  # an ACK from the host ends a command (6.2.1.3)
        self._device = DeviceState.OFFLINE
        raise DeviceTimeout(_NAME, "does not answer")

    def _await_ack(self) -> bool:
        return self._next_frame(_ACK_S) is Control.ACK

    def _next_frame(self, timeout_s: float) -> Frame | None:
        deadline = self._clock() + timeout_s
        while not self._frames:
            left = deadline - self._clock()
            if left <= 0:
                return None
            self._frames += self._decoder.feed(self._port.read(1024, left))
        return self._frames.pop(0)

    def _drain(self) -> None:
        """Drop what is left of an earlier exchange."""
        self._port.drain()
        self._frames.clear()
        self._decoder.reset()


def open_pn532(settings: DeviceSettings) -> Pn532Reader:
    """Open the reader that the settings name and wake its chip.

    Raises:
        DeviceUnavailable: the port cannot be opened, or the chip does not answer.
        ProtocolError: something else than a PN532 answers.
    """
    transport = SerialTransport(settings.port, LineSettings(baudrate=settings.baudrate or 115200))
    try:
        return Pn532Reader(transport)
    except BaseException:
        transport.close()
        raise

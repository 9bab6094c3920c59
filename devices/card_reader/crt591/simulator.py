"""A CRT-591 with faults, to stand behind a `PtyPort`. It keeps its card over an unplugging, as the real one does."""

import random

from devices.card_reader.crt591.frames import (
    ACK,
    NAK,
    CardPosition,
    Command,
    Control,
    FrameDecoder,
    Parameter,
    Request,
    frame_of,
)


class Crt591Simulator:
    """Answers as the reader does. Fault switches: `half_frame`, `wrong_checksum`, `babble`, `jammed`, `mute_card`."""

    def __init__(self, uid: bytes = bytes.fromhex("04a1b2c3"), position: CardPosition = CardPosition.NONE) -> None:
        self.uid = uid
        self.position = position
        self.is_gate_open = False
        self.captured = 0
        self.half_frame = False
        self.wrong_checksum = False
        self.babble = False
        self.jammed = False
        self.mute_card = False
        self._decoder = FrameDecoder()
        self._last_answer = b""
        self._noise = random.Random(591)  # noqa: S311 (noise, no secret)

    def insert(self) -> bool:
        """Put the card between the lips; an open gate draws it in. Return whether it went in."""
        if self.is_gate_open and self.position is not CardPosition.INSIDE:
            self.position = CardPosition.INSIDE
            return True
        return False

    def take(self) -> bool:
        """Take the card from the lips; return whether it was there."""
        was_there = self.position is CardPosition.GATE
        if was_there:
            self.position = CardPosition.NONE
        return was_there

    def receive(self, data: bytes) -> bytes:
        """Answer what the host sends: ACK and answer to a request, the last answer again to NAK."""
        answer = b""
        bad = self._decoder.bad
        for frame in self._decoder.feed(data):
            if isinstance(frame, Request):
                self._last_answer = frame_of(self._answer(frame))
                answer += bytes([ACK]) + self._spoil(self._last_answer)
            elif frame is Control.NAK:
                answer += self._spoil(self._last_answer)
        return answer + bytes([NAK]) * (self._decoder.bad - bad)

    def tick(self, now: float) -> bytes:
        """Say nothing unasked, unless it babbles."""
        del now
        return self._noise.randbytes(256) if self.babble else b""

    def _answer(self, request: Request) -> bytes:
        head = bytes([request.command, request.parameter])
        match request.command, request.parameter:
            case Command.MOVE, _ if self.jammed:
                return b"N" + head + b"10"
            case Command.MOVE, _ if self.position is CardPosition.NONE:
                return b"N" + head + b"02"
            case Command.MOVE, Parameter.MOVE_TO_GATE:
                self.position = CardPosition.GATE
            case Command.MOVE, Parameter.MOVE_TO_CAPTURE_BIN:
                self.position = CardPosition.NONE
                self.captured += 1
            case Command.MOVE, Parameter.MOVE_TO_CONTACTLESS:
                self.position = CardPosition.INSIDE
            case Command.ENTRY, parameter:
                self.is_gate_open = parameter == Parameter.ENTRY_OPEN
            case Command.CONTACTLESS, _ if self.mute_card:
                return b"N" + head + b"61"
            case Command.CONTACTLESS, _:
                return b"P" + head + self._state() + b"A\x00\x04" + bytes([len(self.uid)]) + self.uid + b"\x08"
            case ((Command.INITIALIZE | Command.STATUS), _):
                pass
            case _:
                return b"N" + head + b"00"
        return b"P" + head + self._state()

    def _state(self) -> bytes:
        return bytes([self.position]) + b"00"

    def _spoil(self, frame: bytes) -> bytes:
        if self.wrong_checksum:
            return frame[:-1] + bytes([frame[-1] ^ 0xFF])
        return frame[: len(frame) // 2] if self.half_frame else frame

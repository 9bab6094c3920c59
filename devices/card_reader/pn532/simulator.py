"""A PN532 with faults, to stand behind a `PtyPort`."""

import random

from devices.card_reader.pn532.frames import (
    ACK_FRAME,
    ERROR_FRAME,
    FROM_CHIP,
    TO_CHIP,
    Command,
    Control,
    FrameDecoder,
    Target,
    encode,
)

_FIRMWARE = bytes.fromhex("32010607")  # IC PN532, version 1.6, supports A, B and 18092


class Pn532Simulator:
    """Answers as the chip does. Fault switches: `half_frame`, `wrong_checksum`, `babble`, `silent_after_ack`."""

    def __init__(self) -> None:
        self.near: Target | None = None
        self.is_awake = False
        self.half_frame = False
        self.wrong_checksum = False
        self.babble = False
        self.silent_after_ack = False
        self.aborted = 0
        self._decoder = FrameDecoder()
        self._noise = random.Random(532)  # noqa: S311 (noise, no secret)

    def receive(self, data: bytes) -> bytes:
        """Answer what the host sends; asleep, only a wake-up is heard."""
        if b"\x55" in data:
            self.is_awake = True
        if not self.is_awake:
            return b""
        answer = b""
        for frame in self._decoder.feed(data):
            if frame is Control.ACK:
                self.aborted += 1
            elif isinstance(frame, bytes):
                answer += ACK_FRAME
                if not self.silent_after_ack:
                    answer += self._spoil(self._answer(frame))
        return answer

    def tick(self, now: float) -> bytes:
        """Say nothing unasked, unless it babbles."""
        del now
        return self._noise.randbytes(256) if self.babble else b""

    def _answer(self, frame: bytes) -> bytes:
        if frame[0] != TO_CHIP or len(frame) < 2:
            return ERROR_FRAME
        match frame[1]:
            case Command.GET_FIRMWARE_VERSION:
                body = _FIRMWARE
            case Command.SAM_CONFIGURATION | Command.RF_CONFIGURATION:
                body = b""
            case Command.IN_LIST_PASSIVE_TARGET:
                body = self._target()
            case _:
                return ERROR_FRAME
        return encode(bytes([FROM_CHIP, frame[1] + 1]) + body)

    def _target(self) -> bytes:
        card = self.near
        if card is None:
            return b"\x00"
        return b"\x01\x01" + card.sens_res.to_bytes(2) + bytes([card.sel_res, len(card.uid)]) + card.uid

    def _spoil(self, frame: bytes) -> bytes:
        if self.wrong_checksum:
            return frame[:-2] + bytes([frame[-2] ^ 0xFF]) + frame[-1:]
        return frame[: len(frame) // 2] if self.half_frame else frame

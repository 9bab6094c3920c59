"""What a device is found by when a kiosk is set up: a question that only its model answers so."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """What is sent at which speed, and what the answer, of so many bytes, holds; it must change nothing elsewhere.

    Every port is asked it, whatever is plugged in there.
    """

    baudrate: int
    sent: bytes
    answer: bytes
    length: int

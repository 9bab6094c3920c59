"""What may be asked of a modem, and the words in which it answers. Telephone numbers and texts are in no `repr`."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from devices.protocols import DeviceState

LONGEST_TEXT = 70
"""UTF-16 units that one message holds in UCS-2 (3GPP TS 23.040, 9.2.3.24)."""


class SimState(StrEnum):
    """How the SIM is (3GPP TS 27.007, +CPIN)."""

    UNKNOWN = "unknown"
    READY = "ready"
    MISSING = "missing"
    PIN = "pin"  # it asks for its PIN, and there is none that may be tried
    LOCKED = "locked"  # it asks for its PUK


class Fate(StrEnum):
    """What became of a message after the network took it."""

    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Handed:
    """The network took the message; `reference` (0 to 255) is what a later report of its fate bears."""

    reference: int


@dataclass(frozen=True, slots=True)
class NotHanded:
    """The network has not got the message, and it may be tried again. `reason` is a short technical word."""

    reason: str


@dataclass(frozen=True, slots=True)
class PerhapsHanded:
    """The message went to the modem, and no answer came: trying again may send it twice."""

    reason: str


type Sent = Handed | NotHanded | PerhapsHanded


@dataclass(frozen=True, slots=True)
class Report:
    """A network's word on a message that it had taken."""

    reference: int
    number: str = field(repr=False)
    fate: Fate


@dataclass(frozen=True, slots=True)
class Received:
    """A message that came in."""

    number: str = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ModemStatus:
    """A modem's last known state. `signal_dbm` is None where it is not known; `operator` is the network's name.

    `pin_tries_left`: how many wrong PINs a closed card takes yet; None where it is open or the modem does not say.
    """

    device: DeviceState
    sim: SimState = SimState.UNKNOWN
    is_registered: bool = False
    operator: str = ""
    signal_dbm: int | None = None
    detail: str = ""
    pin_tries_left: int | None = None


class Modem(Protocol):
    """A modem that sends and receives short messages. One thread owns it; every call ends by its deadline."""

    def send(self, number: str, text: str, life_s: float) -> Sent:
        """Hand one message to the network, which keeps it at most `life_s` for a telephone that is off.

        Raises:
            ValueError: the number is no telephone number, or the text is longer than `LONGEST_TEXT`.
        """

    def reports(self) -> list[Report]:
        """Return what the network has said since of messages that it took. Raises DeviceUnavailable."""

    def received(self) -> list[Received]:
        """Return messages that came in; those of the call before are deleted now. Raises DeviceUnavailable."""

    def credit(self) -> str:
        """Return what the operator says of the card's credit; empty where no code is set or it does not answer."""

    def status(self) -> ModemStatus:
        """Ask the modem how it is; silence and a lost port are states, so nothing is raised."""

    def close(self) -> None:
        """Release the port."""

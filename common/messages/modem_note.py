"""What a modem last said of itself: written by the process that holds its port, read by who asks meanwhile.

It needs neither a modem nor what drives one.
"""

from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

FILE: Final = "modem.json"
_WELL: Final = "Online"
"""A driver's word for a device that answers."""
CLOSED: Final = "pin"
"""A driver's word for a card that wants a PIN before it does anything."""
LOCKED: Final = "locked"
"""A driver's word for a card that wants its PUK."""
MOST_TRIES: Final = 3
"""So many wrong PINs in a row lock a card."""
REFUSED: Final = "sim-pin-refused"
"""A driver's word for a card that has said no to the PIN that was set up."""


class ModemSaid(Struct, frozen=True):
    """What a modem last said of itself, and when (RFC 3339); `signal_dbm` and `credit` are None where unknown.

    `pin_tries_left`: how many wrong PINs the closed card takes yet, where the modem says it.
    """

    at: str
    device: str
    sim: str
    operator: str
    is_registered: bool
    signal_dbm: int | None = None
    credit: str | None = None
    detail: str = ""
    pin_tries_left: int | None = None


def last_said(folder: Path) -> ModemSaid | None:
    """Return what the process that holds the port last wrote; None where there is nothing."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=ModemSaid)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def is_well(said: ModemSaid) -> bool:
    """Return whether a modem can send now, as far as it said."""
    return said.device == _WELL and said.is_registered

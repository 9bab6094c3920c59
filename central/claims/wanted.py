"""What is asked for: which claim, by whose door, and for whom, of whom only an HMAC is kept."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from central.base import clock
from central.keys.key_file import KEY_BYTES, KeyFile
from central.keys.keys import KeyRing
from common.protocol.queue.claim import ClaimKind

_INFO: Final = b"homs-central claims who 1"


@dataclass(frozen=True, slots=True)
class Door:
    """By whom a claim is asked for; `is_desk`: kiosk, desk and telephone, for people without the app.

    `is_act`: an operator's own act, who may give a seat at short notice.
    """

    name: str
    is_desk: bool = False
    is_act: bool = False

    @property
    def scope(self) -> str:
        """Return within which doors one name is one person: an app's account names nobody at a desk."""
        return "desk" if self.is_desk else self.name


DESK: Final = Door("desk", is_desk=True, is_act=True)


def of_machine(kind: Literal["kiosk", "hub"], machine: str) -> Door:
    """Return the door of a kiosk's screen, or of a hub's desk."""
    return Door(f"{kind}:{machine}", is_desk=True, is_act=kind == "hub")


def of_system(name: str) -> Door:
    """Return the door of another system, such as the app."""
    return Door(f"system:{name}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A claim to be made. `at` is None for one from afar; `who` is what names the person at that door, if anything."""

    centre: str
    service: str
    at: datetime | None
    kind: ClaimKind = "booked"
    who: str | None = None
    people: int = 1


def who_mark(ring: KeyRing, door: Door, centre: str, who: str | None) -> str | None:
    """Return what is kept of a person: it can't be turned back without this central's key file. Raises KeyFileError."""
    if who is None:
        return None
    # At desks four digits name a person: enough among those of one centre.
    scope = f"{door.scope} {centre}" if door.is_desk else door.scope
    return _mark(ring, f"{scope}\0{who}").hex()


def day_key(ring: KeyRing, centre: str, date: str) -> str:
    """Return the key under which a centre's hubs know the digits of a day, 32 hex digits. Raises KeyFileError."""
    return _mark(ring, f"day\0{centre}\0{date}")[:16].hex()


def _mark(ring: KeyRing, text: str) -> bytes:
    key = HKDF(SHA256(), KEY_BYTES, salt=None, info=_INFO).derive(KeyFile(ring.folder).secret())
    return hmac.digest(key, text.encode(), hashlib.sha256)


def read_time(text: str) -> datetime:
    """Return a moment as RFC 3339 has it, or without an offset in the centres' own time. Raises ValueError."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or not 2000 <= moment.year < 9000:
        raise ValueError(f"found {text[:40]!r}, expected a time such as 2026-12-01T10:30")
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=clock.CENTRE_TIME)


def time_text(moment: datetime) -> str:
    """Return a moment in the centres' own time, with its offset."""
    return moment.astimezone(clock.CENTRE_TIME).isoformat(timespec="seconds")

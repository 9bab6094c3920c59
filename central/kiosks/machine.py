"""A kiosk or hub in service, by the name that people know it by."""

from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

REPORTS_WITHIN: Final = timedelta(hours=2)  # a kiosk reports on change and hourly
SILENT_AFTER: Final = timedelta(minutes=10)  # a kiosk or hub asks for the feed at least each three minutes


class Machine(Struct, frozen=True, kw_only=True):
    """One machine, its centre, and when it was last heard; None where it never was.

    `number` and `led_at` are of `named`: a kiosk's digit, or which hub of its centre it is, and when that one led last.

    `report` is what it last said of itself, JSON, at `reported_at`; None where it never did.
    """

    id: str
    role: str
    centre: str
    digit: int
    number: int
    led_at: str | None = None
    name_ar: str | None = None
    name_en: str | None = None
    heard_at: str | None = None
    report: str | None = None
    reported_at: str | None = None
    enrolled_at: str = ""

    @property
    def name(self) -> str:
        """Name it as people of the centre do: "kiosk 2 of Al-Inshaat"."""
        return f"{self.role} {self.number} of {self.name_en or self.centre}"

    def leads(self, now: datetime) -> bool | None:
        """See `leads` of this module."""
        return leads(self.led_at, now)

    def is_silent(self, now: datetime) -> bool:
        """Return whether nothing was heard of it for ten minutes."""
        return is_silent(self.heard_at, now)


def is_mute(reported_at: str, now: datetime) -> bool:
    """Return whether a kiosk that last said at `reported_at` how it is says it no more, though it may be heard."""
    return now - datetime.fromisoformat(reported_at) > REPORTS_WITHIN


def is_silent(heard_at: str | None, now: datetime) -> bool:
    """Return whether a machine that was last heard at `heard_at`, None for never, is silent."""
    return heard_at is None or now - datetime.fromisoformat(heard_at) > SILENT_AFTER


def leads(led_at: str | None, now: datetime) -> bool | None:
    """Return whether a hub leads that said so at `led_at`, last of its centre; None where nobody knows."""
    if led_at is None:
        return False
    return True if now - datetime.fromisoformat(led_at) <= SILENT_AFTER else None

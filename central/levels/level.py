"""A level: what somebody should know now. Each kind has a rule of its own, a function of what stands."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection


class Level(Struct, frozen=True, kw_only=True):
    """What should be known now of `about`: an order, a claim, a watch or a system.

    `what` tells it from anything else that may be to be known of the same, and stays while it is so without a break.
    `since` is the earliest moment from which it may have been so, `ends` until when it is of use. `centre` is whose
    rules bind it, `said` the values of its text.
    """

    about: str
    what: str
    since: datetime
    ends: datetime
    centre: str | None = None
    said: Struct | None = None


class LevelKind(Protocol):
    """One kind of what is said."""

    @property
    def name(self) -> str:
        """The kind, as rows of `told` have it."""

    @property
    def subject(self) -> str:
        """What it is about."""

    @property
    def stuck(self) -> str:
        """The code of the finding where one can't be judged."""

    @property
    def newest_alone(self) -> bool:
        """Whether a later thing to know takes the place of what was told before, of which nothing is kept then."""

    async def changed(self, connection: AsyncConnection, now: datetime, waiting: Collection[str]) -> Collection[str]:
        """Return of whom the level may be another than what was said of it; of `waiting` something waits to be said."""

    async def levels(
        self, connection: AsyncConnection, now: datetime, about: Collection[str]
    ) -> Mapping[str, Level | None]:
        """Return what should be known of each now: None where nothing is, and nothing at all where nobody knows."""

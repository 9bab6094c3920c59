"""Kiosks that ask and that central does not know: enrolled after the copy that it was set back to, or removed.

Without their key nothing they say can be believed, not even which digit their numbers bear; but that they ask is named,
so that somebody enrols them again before their digit goes to another.
"""

import re
from dataclasses import dataclass, field
from typing import Final

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from central.base import clock
from central.base.tables import findings
from central.intake.receiving import chain

UNKNOWN: Final = "kiosk-unknown"
# Anybody may ask under any name: more are not named.
MOST_NAMED: Final = 100
_GIVEN_BY_CENTRAL: Final = re.compile(r"(kiosk|hub)-[0-9a-f]{8}")

log = structlog.get_logger()


@dataclass(slots=True)
class Strangers:
    """Names each stranger once in the findings."""

    _named: set[str] = field(default_factory=set)

    async def note(self, engine: AsyncEngine, kiosk: str) -> None:
        """Name a kiosk that asked; a name that central never gives is none."""
        if kiosk in self._named or len(self._named) >= MOST_NAMED or not _GIVEN_BY_CENTRAL.fullmatch(kiosk):
            return
        self._named.add(kiosk)
        named = select(func.count()).select_from(findings).where(findings.c.code == UNKNOWN)
        async with engine.begin() as connection:
            if int(await connection.scalar(named) or 0) < MOST_NAMED:
                await chain.note_kiosk(connection, kiosk, UNKNOWN, clock.as_text(clock.now()))
        log.warning(UNKNOWN, kiosk=kiosk)

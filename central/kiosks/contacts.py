"""When each kiosk and hub was last heard: whatever it asks or delivers is a sign of life.

A machine asks for the feed at least each three minutes. A poll must write nothing, so each process keeps what it heard
in memory and writes it down twice a minute, in one statement.
"""

import asyncio
import contextlib
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock
from central.base.database.rows import insert_into
from central.base.tables.enrolled import centres, kiosks
from central.base.tables.received import contacts, health
from central.kiosks.machine import Machine
from central.kiosks.named import led_at, number

WRITTEN_EVERY: Final = timedelta(seconds=30)
heard_at: Final[ColumnElement[str]] = case(
    (health.c.at.is_(None), contacts.c.at), (contacts.c.at > health.c.at, contacts.c.at), else_=health.c.at
).label("heard_at")

log = structlog.get_logger()


class Contacts:
    """What this process has heard since it last wrote it down."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Begin with nobody heard."""
        self._engine = engine
        self._heard: dict[str, str] = {}
        self._stopping = asyncio.Event()

    def note(self, kiosk: str) -> None:
        """Note that a kiosk or hub has just been heard."""
        self._heard[kiosk] = clock.as_text(clock.now())

    async def run(self) -> None:
        """Write down who was heard, twice a minute, until `stop`."""
        while not self._stopping.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), WRITTEN_EVERY.total_seconds())
            try:
                await self.write()
            except Exception as error:  # noqa: BLE001 - the task's edge: what was heard is written with the next
                log.error("contacts-not-written", error=type(error).__name__)  # noqa: TRY400

    def stop(self) -> None:
        """Write down what is left, and end."""
        self._stopping.set()

    async def write(self) -> None:
        """Write down who was heard; what can't be written now stays for the next time."""
        heard, self._heard = self._heard, {}
        try:
            if heard:
                async with self._engine.begin() as connection:
                    await _write(connection, heard)
        except BaseException:
            self._heard = heard | self._heard
            raise


async def in_service(connection: AsyncConnection) -> list[Machine]:
    """Return every kiosk and hub that is not revoked, with when it was last heard: its enrolment, where not since."""
    query = (
        select(kiosks.c.id, kiosks.c.role, kiosks.c.centre, kiosks.c.digit, number, led_at)
        .add_columns(centres.c.name_ar, centres.c.name_en)
        .add_columns(func.coalesce(heard_at, kiosks.c.enrolled_at).label("heard_at"))
        .add_columns(kiosks.c.enrolled_at, health.c.report, health.c.at.label("reported_at"))
        .join_from(kiosks, contacts, contacts.c.kiosk == kiosks.c.id, isouter=True)
        .join(health, health.c.kiosk == kiosks.c.id, isouter=True)
        .join(centres, centres.c.code == kiosks.c.centre, isouter=True)
        .where(kiosks.c.revoked_at.is_(None))
        .order_by(kiosks.c.centre, kiosks.c.digit, kiosks.c.id)
    )
    return [Machine(**row) for row in (await connection.execute(query)).mappings()]


async def _write(connection: AsyncConnection, heard: dict[str, str]) -> None:
    rows = [{"kiosk": kiosk, "at": at} for kiosk, at in sorted(heard.items())]  # in one order for all processes
    insert = insert_into(connection, contacts)
    later = insert.excluded.at > contacts.c.at
    newest = {"at": insert.excluded.at}
    await connection.execute(insert.on_conflict_do_update(index_elements=["kiosk"], set_=newest, where=later), rows)

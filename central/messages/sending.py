"""The task that sends what is due, each message by one channel: its number's, where it has one, else the app's.

Of several central processes each looks; a claim lets one hand a message at a time.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
import structlog
from sqlalchemy import ColumnElement, Row, true, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock
from central.base.database.transactions import reading
from central.base.recurring import RecurringTask
from central.base.tables.messages import STAFF, SYSTEM, told
from central.feed import epoch
from central.intake.receiving import apart
from central.keys.at_rest import NotOurText
from central.keys.keys import KeyRing
from central.levels import reconciling
from central.levels.level import LevelKind
from central.messages import app, contacts
from central.messages.kinds import KINDS
from central.messages.needs import OfNeed
from central.messages.outbox import is_first_to, why_not_yet
from central.messages.texts import Said, compose
from central.offices.integrations.webhooks import post_once
from central.publishing.messages import rules_of, tell_hubs
from common.messages import outbox
from common.messages.channels import Channels
from common.messages.kind import RULES
from common.messages.outbox import APP
from common.messages.port import Channel, ChannelUnavailable, Report, Sent
from common.messages.settings import NO_CHANNELS

LOOK_EVERY_S: Final = 2.0
LOOK_FOR_S: Final = 10.0
HUBS_EVERY_S: Final = 30.0
MOST: Final = 100
NOBODY_AGAIN: Final = timedelta(seconds=30)
_ON_THE_WAY_S: Final = 3600.0
"""Who has an appointment may have left for it so long before."""

log = structlog.get_logger()


class Route(msgspec.Struct, frozen=True):
    """By which channel a message goes: to a number, or to those who serve the app."""

    channel: str
    contact: contacts.Contact | None = None
    listeners: Any = ()


class Sender(RecurringTask):
    """Makes what time and others' words ask for, and hands it over."""

    every_s = LOOK_EVERY_S
    at_once = True
    failure = "messages-interrupted"

    def __init__(
        self,
        engine: AsyncEngine,
        ring: KeyRing,
        channels: Channels | None = None,
        *,
        post: app.Post = post_once,
        now: Callable[[], datetime] = clock.now,
        needs: OfNeed | None = None,
    ) -> None:
        """Send by the channels that are set up, and to the app by `post`; `needs`: what staff is told of."""
        super().__init__(engine)
        self._ring = ring
        self._channels = channels or Channels(NO_CHANNELS)
        self._post = post
        self._now = now
        self._needs = needs
        self._kinds: tuple[LevelKind, ...] = KINDS if needs is None else (*KINDS, needs)
        self._hubs_again = 0.0

    async def run(self) -> None:
        """Send until `stop`; ports are let go at the end."""
        try:
            await super().run()
        finally:
            await asyncio.to_thread(self._channels.close)

    async def act(self) -> None:
        """End what is over, make what has fallen due, and hand over what waits."""
        async with self._engine.begin() as connection:
            now = self._now()
            await connection.execute(outbox.close_open(told, now))
            await connection.execute(outbox.drop_old(told, now))
            if (restored := await epoch.restored_at(connection)) is not None:
                await connection.execute(outbox.close_before(told, restored))
        for kind in self._kinds:
            await apart.tried(self._engine, self._reconcile(kind, now), apart.MESSAGE, "", kind.name)
        ready = await asyncio.to_thread(self._channels.ready)
        async with reading(self._engine) as connection:
            due = (await connection.execute(outbox.due(told, self._now(), MOST, *self._may_go(ready)))).all()
        began = time.monotonic()
        for row in due:
            # A channel that is slow must not keep what dies first from being looked at again.
            if self._stopping.is_set() or time.monotonic() - began > LOOK_FOR_S:
                break
            if not await apart.tried(self._engine, self._send(row, ready), apart.MESSAGE, row.centre or "", row.id):
                await self._put_off(row)
        await self._hear(ready)
        await self._tell_hubs()

    async def _reconcile(self, kind: LevelKind, now: datetime) -> None:
        async with self._engine.begin() as connection:
            await reconciling.reconcile(connection, kind, now)

    async def _put_off(self, row: Row[Any]) -> None:
        """Come to a message later that could not be handed over: it must not stand before those that can."""
        now = self._now()
        async with self._engine.begin() as connection:
            await connection.execute(outbox.wait(told, row.id, now, now + outbox.LONGEST_PAUSE))

    def _may_go(self, ready: list[str]) -> Sequence[ColumnElement[bool]]:
        """Say what has a way out: of this process, what goes to a number has none while no channel is ready here."""
        lacks_way = not ready and bool(self._channels.names)
        needs_number = contacts.is_given(told) | (told.c.subject == STAFF)
        left_out = (SYSTEM,) if self._needs is not None else (SYSTEM, STAFF)
        return told.c.subject.not_in(left_out), ~needs_number if lacks_way else true()

    async def _tell_hubs(self) -> None:
        """Tell hubs that were enrolled, or have a new key, since staff was published."""
        if time.monotonic() < self._hubs_again:
            return
        self._hubs_again = time.monotonic() + HUBS_EVERY_S
        async with self._engine.begin() as connection:
            await tell_hubs(connection, self._ring.vault())

    async def _send(self, row: Row[Any], ready: list[str]) -> None:
        now, found = self._now(), await self._route(row, ready)
        if found is None:
            return
        async with self._engine.begin() as connection:
            if not await reconciling.is_so(connection, self._kinds, row, now):
                await reconciling.drop(connection, row, now)
                return
            if isinstance(found, datetime):
                await connection.execute(outbox.wait(told, row.id, now, found))
                return
            if found.contact is not None and found.contact != await self._contact(connection, row):
                return  # taken back meanwhile, or mended: it is looked at again
            if (await connection.execute(outbox.claim(told, row.id, row.kind, now))).rowcount == 0:
                return
            is_first = False
            if found.contact is None:
                await app.give_place(connection, row.id)
            else:
                is_first = row.subject != STAFF and await is_first_to(connection, found.contact.recipient)
                own = update(told).where(told.c.id == row.id)
                known: dict[str, Any] = {"channel": found.channel, "recipient": found.contact.recipient}
                await connection.execute(own.values(known | {"cost": self._cost(found)}))
        sent = await asyncio.to_thread(self._hand, row, found, is_first=is_first)
        async with self._engine.begin() as connection:
            if sent is None:
                await connection.execute(outbox.not_sent(told, row.id, self._now()))
                if found.contact is not None:
                    await connection.execute(update(told).where(told.c.id == row.id).values(cost=self._cost(found)))
                return
            known = {"channel": found.channel, "reference": sent.reference}
            await connection.execute(outbox.answered(told, row.id, row.kind, sent.outcome, self._now(), **known))

    async def _route(self, row: Row[Any], ready: list[str]) -> Route | datetime | None:
        """Return by which channel a message goes, or when to look again: at night, after many, with nobody to tell.

        None where no channel is ready here: another process may hold its port, and is left to it.
        """
        now = self._now()
        async with reading(self._engine) as connection:
            if not RULES[row.kind].at_night:
                opens = (await rules_of(connection, row.centre)).hours.next_open(now)
                # Who hears in the morning only that he need not come is on his way.
                is_too_late = (
                    row.kind == "claim-off" and opens is not None and outbox.left_s(row.dies_at, opens) < _ON_THE_WAY_S
                )
                if opens is not None and not is_too_late:
                    return opens
            try:
                contact = await self._contact(connection, row)
            except NotOurText:
                log.warning("number-unreadable", message=row.id)
                return now + outbox.LONGEST_PAUSE
            if contact is not None and self._channels.names:
                if not ready:
                    return None
                return await why_not_yet(connection, contact.recipient, now) or Route(ready[0], contact)
            if row.subject == STAFF:  # it is for nobody else
                return now + NOBODY_AGAIN
            listeners = await app.listeners(connection)
        return Route(APP, listeners=listeners) if listeners else now + NOBODY_AGAIN

    async def _contact(self, connection: AsyncConnection, row: Row[Any]) -> contacts.Contact | None:
        """Return the number of what a message is about. Raises NotOurText."""
        if row.subject == STAFF:
            return None if self._needs is None else await self._needs.contact(connection, row.about)
        return await contacts.find(connection, self._ring.vault(), row.subject, row.about)

    def _hand(self, row: Row[Any], route: Route, *, is_first: bool) -> Sent | None:
        """Hand one over; None where nothing was begun."""
        try:
            contact = route.contact
            if contact is None:
                return app.tell(row, route.listeners, self._ring.vault(), self._post)
            said = msgspec.json.decode(row.said, type=Said)
            text = compose(row.kind, said, contact.language, is_first=is_first)
            life_s = outbox.left_s(row.dies_at, self._now())
            if life_s <= 0:
                return None
            return self._channels.use(route.channel, lambda channel: channel.send(contact.phone, text, life_s))
        except ChannelUnavailable as error:
            log.warning("message-not-handed", message=row.id, channel=route.channel, why=str(error)[:60])
            return None

    def _cost(self, route: Route) -> Any:
        """Return what a message has cost, each time that it may have gone out; None where nobody has said."""
        price = self._channels.price(route.channel)
        return None if price is None else told.c.sends * price

    async def _hear(self, ready: list[str]) -> None:
        """Take later reports."""
        for name in ready:
            try:
                found = await asyncio.to_thread(self._channels.use, name, _reports_of)
            except ChannelUnavailable:
                continue
            async with self._engine.begin() as connection:
                for one in found:
                    await connection.execute(outbox.reported(told, name, one.reference, one.outcome, self._now()))


def _reports_of(channel: Channel) -> Sequence[Report]:
    channel.received()  # citizens' answers are asked for by nobody, and must not fill the channel
    return channel.reports()

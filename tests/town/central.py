"""Central of a town: the real application over SQLite; it may be lost at any commit, and started again."""

import asyncio
import contextlib
import errno
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.config import load_config
from central.keys.keys import KeyRing
from central.kiosks import enrolment
from central.publishing import clerk, publication
from central.server.api.app import app_of, open_parts
from central.server.preparation import prepare
from tests.town import apps
from tests.town.net import Net, on_machine

ADDRESS = "http://127.0.9.9:8000"
CENTRE = "homs-main"
CONTACTS_EVERY_S = 60.0
AGAIN_S = 30.0


class TownCentral:
    """Central with its database."""

    def __init__(self, net: Net, folder: Path) -> None:
        self.config = load_config(folder, None)
        self._net = net
        self.is_up = self.is_dying = False
        self._commits_left: int | None = None
        self._dies_after = False
        self._died = asyncio.Event()

    async def start(self) -> None:
        """Prepare the database and listen."""
        await prepare(self.config)
        self.ring = KeyRing(self.config.keys_dir)
        self.parts = open_parts(self.config)
        self.app = apps.app_of("central", self.parts, app_of)
        self.is_dying, self._commits_left = False, None
        event.listen(self.parts.engine.sync_engine, "commit", lambda _: self._at_commit())
        event.listen(self.parts.engine.sync_engine, "begin", lambda _: self._refuse_in_the_dark())
        self._net.listen(ADDRESS, "central", self._answer)
        self.is_up = True
        self._noting = asyncio.create_task(self._note_contacts())

    async def stop(self) -> None:
        """End at this moment: what was not committed never was."""
        if not self.is_up:
            return
        self.is_up = False
        self._noting.cancel()
        self._net.fall_silent(ADDRESS)
        apps.is_free("central", self.app)
        await self.parts.engine.dispose()

    async def on_it[T](self, what: Awaitable[T]) -> T:
        """Do something on this machine, to its end."""

        async def done() -> T:
            return await what

        return await asyncio.get_running_loop().create_task(done(), context=on_machine("central"))

    def dies_at_commit(self, number: int, *, after: bool) -> None:
        """Have it die at the commit of this number from now: just before it, or just after."""
        self._commits_left, self._dies_after = number, after
        self._died.clear()

    async def has_died(self, within_s: float) -> bool:
        """Wait for its death at that commit, at most so long; return whether it came."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._died.wait(), within_s)
        return self.is_dying

    def lives_on(self) -> None:
        """Take that back: so many commits never came."""
        self._commits_left = None

    def _at_commit(self) -> None:
        self._refuse_in_the_dark()
        if self._commits_left is None:
            return
        self._commits_left -= 1
        if self._commits_left < 0:
            self._commits_left, self.is_dying = None, True
            self._died.set()
            if not self._dies_after:
                self._refuse_in_the_dark()

    def _refuse_in_the_dark(self) -> None:
        if self.is_dying:
            raise OSError(errno.EIO, "there is no power")

    async def _answer(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Answer as the application does; one that is dying answers nobody."""

        async def sent(message: dict[str, Any]) -> None:
            if self.is_dying:
                await asyncio.Event().wait()
            await send(message)

        await self.app(scope, receive, sent)

    async def _note_contacts(self) -> None:
        while True:
            await asyncio.sleep(CONTACTS_EVERY_S)
            with contextlib.suppress(OSError, DBAPIError):  # it dies: its own edge would log it
                await self.parts.contacts.write()

    async def code(self, role: enrolment.Role = "kiosk") -> str:
        """Make an enrolment code."""
        return str(await self.do(lambda connection: enrolment.make_code(connection, CENTRE, role)))

    async def appoint(self, name: str, role: clerk.Role = "clerk") -> str:
        """Appoint a clerk; return the PIN."""
        return str(await self.do(lambda connection: clerk.appoint(connection, name, CENTRE, role)))

    async def publish(self, kind: str, content: object) -> None:
        """Put a message into the feed."""
        body = msgspec.json.encode(content)
        await self.do(lambda connection: publication.publish(connection, kind, body, self.ring))

    async def do(self, act: Callable[[AsyncConnection], Awaitable[Any]]) -> Any:
        """Do something in central's database, as a command there does; it is said again once central is there."""
        while True:
            try:
                async with self.parts.engine.begin() as connection:
                    return await act(connection)
            except OSError:
                if not self.is_dying:
                    raise
            await asyncio.sleep(AGAIN_S)

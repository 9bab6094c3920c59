"""Central of a town: the real application over SQLite, with those of its own loops that the town needs."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
from litestar.di import Provide
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.config import load_config
from central.keys.keys import KeyRing
from central.kiosks import enrolment
from central.publishing import clerk, publication
from central.server.api.app import create_app
from central.server.api.server import Central
from central.server.preparation import prepare
from tests.town.net import Net

ADDRESS = "http://127.0.9.9:8000"
CENTRE = "homs-main"
CONTACTS_EVERY_S = 60.0


class TownCentral:
    """Central with its database."""

    def __init__(self, net: Net, folder: Path) -> None:
        self.config = load_config(folder, None)
        self._net = net

    async def start(self) -> None:
        """Prepare the database and listen."""
        await prepare(self.config)
        self.ring = KeyRing(self.config.keys_dir)
        self.app = create_app(self.config)
        provider = self.app.dependencies["central"]
        assert isinstance(provider, Provide)
        self.parts: Central = provider.dependency()
        self._net.listen(ADDRESS, "central", self.app)  # type: ignore[arg-type]
        self._noting = asyncio.create_task(self._note_contacts())

    async def stop(self) -> None:
        """Close the database."""
        self._noting.cancel()
        self._net.fall_silent(ADDRESS)
        await self.parts.engine.dispose()

    async def _note_contacts(self) -> None:
        while True:
            await asyncio.sleep(CONTACTS_EVERY_S)
            await self.parts.contacts.write()

    async def code(self, role: enrolment.Role = "kiosk") -> str:
        """Make an enrolment code."""
        return str(await self._do(lambda connection: enrolment.make_code(connection, CENTRE, role)))

    async def appoint(self, name: str, role: clerk.Role = "clerk") -> str:
        """Appoint a clerk; return the PIN."""
        return str(await self._do(lambda connection: clerk.appoint(connection, name, CENTRE, role)))

    async def publish(self, kind: str, content: object) -> None:
        """Put a message into the feed."""
        body = msgspec.json.encode(content)
        await self._do(lambda connection: publication.publish(connection, kind, body, self.ring))

    async def _do(self, act: Callable[[AsyncConnection], Awaitable[Any]]) -> Any:
        async with self.parts.engine.begin() as connection:
            return await act(connection)

"""Whether a central serves this machine alone: only then may it stand in for the citizen's app."""

import ipaddress
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.config import CentralConfig
from central.base.database.rows import insert_new
from central.base.tables.keys import serving
from central.keys.private_file import write_private


async def note(connection: AsyncConnection, config: CentralConfig) -> None:
    """Write down that a central starts to serve, and whom: beside the database too, which may be lost."""
    write_private(_file(config), msgspec.json.encode({"loopback": config.is_loopback}))
    if not config.is_loopback:
        await _note_others(connection)


async def take_over(connection: AsyncConnection, config: CentralConfig) -> None:
    """Bring into a database that was restored what stands beside it; what is damaged counts as others served."""
    if has_served(config) and b'"loopback":true' not in _file(config).read_bytes():
        await _note_others(connection)


async def serves_others(connection: AsyncConnection) -> bool:
    """Whether any process of central's on this database ever served others than its own machine."""
    return await connection.scalar(select(serving.c.id)) is not None


def has_served(config: CentralConfig) -> bool:
    """Whether a central was ever started on this data folder."""
    return _file(config).exists()


async def _note_others(connection: AsyncConnection) -> None:
    if not await serves_others(connection):
        values = {"id": 1, "public_since": clock.as_text(clock.now())}
        await insert_new(connection, serving, [values])


def host_of(url: str) -> str:
    """The host that a URL names."""
    return urlsplit(url).hostname or ""


def is_loopback(host: str) -> bool:
    """Whether `host` can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _file(config: CentralConfig) -> Path:
    return config.data_dir / "serving.json"

"""Who may ask or tell: a name, what it may do, and a random token of which only the hash is kept."""

import base64
import hashlib
import re
import secrets
from typing import Any, Final, Literal, cast
from urllib.parse import urlsplit

from msgspec import Struct
from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.messages import SYSTEM, told
from central.base.tables.others import systems
from central.keys.at_rest import Vault
from central.keys.loopback import is_loopback

May = Literal["order-states", "visits", "claims"]
PREFIX: Final = "whsec_"
_SECRET_BYTES: Final = 24
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
listing = select(*(systems.c[name] for name in ("name", "may", "webhook", "given_at"))).order_by(systems.c.name)


class System(Struct, frozen=True):
    """One of them, as its token was believed."""

    name: str
    may: May


async def give(connection: AsyncConnection, name: str, may: May, webhook: str | None = None) -> str:
    """Give a system a token, a new one in place of any it has; returned this once.

    Args:
        connection: in a transaction.
        name: small letters, digits and hyphens.
        may: what it is for.
        webhook: https, or http on this machine: told when there is something new.

    Raises:
        ValueError: no such name, or no such address.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"NAME: found {name[:60]!r}, expected small letters, digits and hyphens, at most 40")
    if webhook is not None:
        _check(webhook)
    token = secrets.token_urlsafe(32)
    await withdraw(connection, name)
    values = {"name": name, "may": may, "webhook": webhook, "given_at": clock.as_text(clock.now())}
    await connection.execute(insert(systems).values(**values, token_sha256=hash_of(token)))
    return token


async def give_secret(connection: AsyncConnection, vault: Vault, name: str) -> str | None:
    """Give a system a secret that its webhooks are signed with, in place of any it has; returned this once.

    `whsec_` and base64 of 24 random bytes, as Standard Webhooks has it. None where there is no system of that name.
    """
    secret = PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()
    kept = update(systems).where(systems.c.name == name).values(webhook_secret=vault.seal(_place(name), secret))
    return secret if (await connection.execute(kept)).rowcount == 1 else None


def signing_key(vault: Vault, row: Row[Any]) -> bytes:
    """Return what a system's webhooks are signed with; of one without a secret, the text that is kept of its token.

    Raises NotOurText: the database is a copy, and its key file is not here.
    """
    if row.webhook_secret is None:
        return str(row.token_sha256).encode()
    return base64.b64decode(vault.open(_place(row.name), row.webhook_secret).removeprefix(PREFIX))


def _place(name: str) -> str:
    return f"systems/{name}/webhook_secret"


async def withdraw(connection: AsyncConnection, name: str) -> bool:
    """Take a system's token back, and what it was told; False where there is none of that name."""
    await connection.execute(delete(told).where(told.c.subject == SYSTEM, told.c.about == name))
    return (await connection.execute(delete(systems).where(systems.c.name == name))).rowcount == 1


async def find(connection: AsyncConnection, token: str) -> System | None:
    """Return whose token this is, None where it is nobody's (any more)."""
    query = select(systems.c.name, systems.c.may).where(systems.c.token_sha256 == hash_of(token))
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else System(row.name, cast("May", row.may))


def hash_of(token: str) -> str:
    """What is kept of a token: 64 hex digits."""
    return hashlib.sha256(token.encode()).hexdigest()


def _check(webhook: str) -> None:
    try:
        parts = urlsplit(webhook)
        is_usable = bool(parts.hostname) and parts.username is None and parts.port != 0
    except ValueError:
        is_usable = False
    if not is_usable or len(webhook) > 500 or not webhook.isascii() or not webhook.isprintable() or " " in webhook:
        raise ValueError(f"--webhook: found {webhook[:60]!r}, expected an address such as https://app.example/news")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        raise ValueError(f"--webhook: found {webhook[:60]!r}, expected https; http is for this machine alone")

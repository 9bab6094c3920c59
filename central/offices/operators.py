"""Operators: a name, a role, the centres they may see; a password made here and a code from their telephone."""

import asyncio
import json
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

import pyotp
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock
from central.base.database.transactions import reading
from central.base.tables.enrolled import centres
from central.base.tables.people import operator_failures, operator_sessions, operators
from central.publishing.technician import name_for
from common.machine.secret_hash import MOST_UNDER_WAY, hash_of_nobody, hash_secret, matches
from common.web.addresses import origin_of

Role = Literal["reader", "manager", "administrator", "accountant", "cashier"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
STEP_S: Final = 30
FREE_FAILURES: Final = {"name": 5, "address": 20}  # both from one address
FAILURES_WITHIN: Final = timedelta(minutes=15)
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is read for another
_PASSWORD_LENGTH: Final = 16
# A thread for each hash that may be under way: what waits for one keeps no other thread busy.
_hashing: Final = ThreadPoolExecutor(MOST_UNDER_WAY, thread_name_prefix="passwords")
_NOBODY: Final = hash_of_nobody()


class LoginRefused(Exception):
    """Name, password or code are wrong; nobody is told which."""


class LockedOut(LoginRefused):
    """Too many wrong attempts from this address, with this name or any: none is looked at for a while."""


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody who looks at central. `centres` is None for who may see all."""

    name: str
    role: Role
    centres: frozenset[str] | None = None

    def may_see(self, centre: str) -> bool:
        """Return whether what a centre does is this person's to see."""
        return self.centres is None or centre in self.centres

    @property
    def may_act(self) -> bool:
        """Return whether this person may change what machines, clerks and pages go by."""
        return self.role in ("manager", "administrator")

    @property
    def may_account(self) -> bool:
        """Return whether this person looks after the money of all centres, and proposes and makes refunds."""
        return self.role in ("accountant", "administrator") and self.centres is None

    @property
    def may_cash(self) -> bool:
        """Return whether this person may say that a bill was paid in cash."""
        return self.role in ("cashier", "administrator")


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an operator gets, once. `uri` is what a telephone's authenticator scans."""

    password: str
    uri: str


async def appoint(connection: AsyncConnection, name: str, role: Role, of_centres: list[str]) -> Credentials:
    """Make an operator, or give one new credentials, another role, other centres; open sessions of the name end.

    Args:
        connection: in a transaction.
        name: as it will stand in the log of acts.
        role: what the person may do.
        of_centres: codes; none: all centres.

    Raises:
        ValueError: no name, or no such centre.
    """
    name = name_for(name)
    known = set(await connection.scalars(select(centres.c.code)))
    if unknown := sorted(set(of_centres) - known):
        raise ValueError(f"--centre: there is no centre {unknown[0][:60]!r}; `central centres` lists them")
    password = "".join(secrets.choice(_ALPHABET) for _ in range(_PASSWORD_LENGTH))
    secret = pyotp.random_base32()
    await withdraw(connection, name)
    await connection.execute(
        insert(operators).values(
            name=name,
            role=role,
            centres=json.dumps(sorted(of_centres)) if of_centres else None,
            password_hash=hash_secret(password),
            totp_secret=secret,
            totp_used=0,
        )
    )
    return Credentials(password, pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="central"))


async def withdraw(connection: AsyncConnection, name: str) -> bool:
    """Take an operator away, with all sessions; say whether there was one."""
    await connection.execute(delete(operator_sessions).where(operator_sessions.c.operator == name))
    gone = await connection.execute(delete(operators).where(operators.c.name == name))
    return gone.rowcount > 0


async def find(connection: AsyncConnection, name: str) -> Operator | None:
    """Return an operator by name."""
    row = (await connection.execute(select(operators).where(operators.c.name == name))).one_or_none()
    if row is None:
        return None
    return Operator(row.name, row.role, None if row.centres is None else frozenset(json.loads(row.centres)))


async def count_attempt(connection: AsyncConnection, name: str, address: str) -> None:
    """Count an attempt as failed until it is known better. In a transaction of its own: no failure undoes it.

    Raises:
        LockedOut: there were too many with this name from this address, or from this address; then nothing is looked
            at. Elsewhere the name is not locked: anybody may type it.
    """
    now, network = clock.now(), origin_of(address)
    since = clock.as_text(now - FAILURES_WITHIN)
    await connection.execute(delete(operator_failures).where(operator_failures.c.at < since))
    from_there = operator_failures.c.address == network
    for most, wanted in (
        (FREE_FAILURES["name"], from_there & (operator_failures.c.name == name)),
        (FREE_FAILURES["address"], from_there),
    ):
        if (await connection.scalar(select(func.count()).select_from(operator_failures).where(wanted)) or 0) >= most:
            raise LockedOut
    await connection.execute(insert(operator_failures).values(at=clock.as_text(now), name=name, address=network))


async def judge(engine: AsyncEngine, name: str, address: str, password: str, code: str) -> Operator:
    """Return who this is; the attempt was counted before.

    Raises:
        LoginRefused: any of the three is wrong, or the code was used already.
    """
    mine = operators.c.name == name
    async with reading(engine) as connection:
        row = (await connection.execute(select(operators).where(mine))).one_or_none()
    # As long for a name that nobody has, and in a thread: kiosks are answered meanwhile.
    hashed = _NOBODY if row is None else row.password_hash
    is_right = await asyncio.get_running_loop().run_in_executor(_hashing, matches, hashed, password)
    if row is None or not is_right:
        raise LoginRefused
    step = _step_of(row.totp_secret, code, clock.now())
    if step is None:
        raise LoginRefused
    async with engine.begin() as connection:
        unused = operators.c.totp_used < step, operators.c.password_hash == row.password_hash
        if not (await connection.execute(update(operators).where(mine, *unused).values(totp_used=step))).rowcount:
            raise LoginRefused
        counted = operator_failures.c.name == name, operator_failures.c.address == origin_of(address)
        await connection.execute(delete(operator_failures).where(*counted))
        operator = await find(connection, name)
    assert operator is not None  # noqa: S101 - its row was changed in this transaction
    return operator


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    """Return which step of 30 s a code is for: this one, or its neighbours, as clocks differ."""
    totp = pyotp.TOTP(secret)
    current = int(now.timestamp()) // STEP_S
    return next((step for step in (current, current - 1, current + 1) if totp.at(step * STEP_S) == code), None)

"""What needs somebody, the most urgent first: silent machines, money to give back, what stops or will run out."""

import contextlib
import shutil
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.certificate import CERTIFICATE, ends_at
from central.base.config import CentralConfig
from central.base.tables.paid.books import biller_entries, payer_entries
from central.base.tables.paid.payments import payments
from central.base.tables.received import findings
from central.intake.receiving import apart, daily_bound, finding
from central.keys import centre_ca
from central.kiosks import enrolment
from central.kiosks.rollout import rollout
from central.offices.operators import Operator
from central.offices.retention import rules
from central.offices.retention.kinds import asked_about
from central.offices.upkeep import copies, examined, growth, machines
from central.offices.upkeep.todo import Todo, by_urgency
from central.payments import apart as money_apart
from central.payments.flow import reversals
from central.payments.flow.state import TAKEN

CERTIFICATE_DUE: Final = timedelta(days=30)
AUTHORITY_DUE: Final = timedelta(days=365)
LEAST_BYTES: Final = 20_000_000_000
_OF_MONEY: Final = ("money-stuck", "refunds", "money-differs", "money-unknown")


async def what_needs_somebody(
    connection: AsyncConnection, config: CentralConfig, certificate: Path = CERTIFICATE
) -> list[Todo]:
    """Return all that needs somebody, the most urgent first; what somebody is working on is left out."""
    found = [
        *await machines.ill(connection),
        *await stuck(connection),
        *await _named(connection, "revoked-machines", enrolment.REVOCATION_LACKED),
        *await _named(connection, "unknown-machines", enrolment.UNKNOWN),
        *await _named(connection, "machines-flood", daily_bound.FLOODS),
        *await _named(connection, "set-apart", *apart.CODES),
        *await _named(connection, "money-stuck", *money_apart.CODES),
        *_ending(config, certificate),
        *examined.faults(config, clock.now()),
        *await _refunds(connection),
        *await _differing_money(connection),
        *await _unknown_money(connection),
        *await _copies(connection),
        *await _retention(connection),
        *await _filling(connection, config),
    ]
    return by_urgency(found)


def seen_by(todos: list[Todo], operator: Operator) -> list[Todo]:
    """Return what is this person's to see: machines of their centres; of all centres central too, and money."""
    return [one for one in todos if _may_see(one, operator)]


def _may_see(todo: Todo, operator: Operator) -> bool:
    if todo.kind in _OF_MONEY:
        return operator.may_account
    return operator.centres is None if todo.machine is None else operator.may_see(todo.machine.centre)


async def stuck(connection: AsyncConnection) -> list[Todo]:
    """Name the newest roll-out if it does not go on by itself."""
    found = await rollout.hitch(connection)
    if found is None:
        return []
    detail = {"version": found.version, "why": found.why}
    return [Todo(kind=f"rollout-{found.kind}", since=found.since, detail=detail, about=found.about)]


async def _named(connection: AsyncConnection, kind: str, *codes: str) -> list[Todo]:
    """Name what findings of these codes are about, with the oldest, until somebody has seen to them."""
    query = select(func.count(), func.min(findings.c.at)).where(findings.c.code.in_(codes), finding.is_open)
    count, since = (await connection.execute(query)).one()
    return [Todo(kind=kind, since=since, count=count)] if count else []


def _ending(config: CentralConfig, certificate: Path) -> list[Todo]:
    now, found = clock.now(), []
    with contextlib.suppress(OSError, ValueError):  # not on this machine: `central doctor` says so
        end = ends_at(certificate)
        if end - now < CERTIFICATE_DUE:
            found.append(Todo(kind="certificate", detail={"end": f"{end:%Y-%m-%d}"}))
    with contextlib.suppress(OSError, centre_ca.AuthorityUnusable):
        if (config.keys_dir / centre_ca.FILE).exists():
            end = centre_ca.authority(config.keys_dir, now).certificate.not_valid_after_utc
            if end - now < AUTHORITY_DUE:
                found.append(Todo(kind="authority", detail={"end": f"{end:%Y-%m-%d}"}))
    return found


async def _refunds(connection: AsyncConnection) -> list[Todo]:
    came_at = func.min(func.coalesce(payments.c.paid_at, payments.c.at))
    query = select(func.count(), came_at).where(payments.c.state == "refund-due")
    count, since = (await connection.execute(query)).one()
    return [Todo(kind="refunds", since=since, count=count)] if count else []


async def _differing_money(connection: AsyncConnection) -> list[Todo]:
    """Name what is entered though its payer has given back of it unasked, or more than once: whenever that came."""
    own, lines = payer_entries.c, biller_entries.c
    entered = payments.c.state.in_(TAKEN)
    back = (
        select(payments.c.id, func.min(own.at).label("since"))
        .join(payer_entries, own.payment == payments.c.id)
        .where(entered)
    )
    back = back.where(own.kind == "refunded", own.booked_at.is_not(None)).group_by(payments.c.id)
    since = {row.id: row.since for row in await connection.execute(back)}
    often = select(lines.biller, lines.debt_mark).where(lines.kind == "marked").group_by(lines.biller, lines.debt_mark)
    for biller, mark in await connection.execute(often.having(func.count() > 1)):
        stand = reversals.standing(await reversals.of_debt(connection, biller, mark))
        same = payments.c.biller == biller, payments.c.debt_mark == mark
        if len(stand) > 1:
            ours = await connection.scalar(select(payments.c.id).where(*same, entered).limit(1))
            since |= {} if ours is None else {ours: min(stand[1].at, since.get(ours, stand[1].at))}
    return [Todo(kind="money-differs", since=min(since.values()), count=len(since))] if since else []


async def _unknown_money(connection: AsyncConnection) -> list[Todo]:
    """Name what stands at payers under numbers that no payment here knows, until their books say that it went back."""
    own = payer_entries.c
    signed = case((own.kind == "paid", own.amount), else_=-own.amount)
    left = (
        select(func.min(own.at).label("at"))
        .where(own.payment.is_(None), own.amount.is_not(None))
        .group_by(own.payer, own.bill_no, own.currency)
        .having(func.sum(signed) > 0)
        .subquery()
    )
    count, since = (await connection.execute(select(func.count(), func.min(left.c.at)))).one()
    return [Todo(kind="money-unknown", since=since, count=count)] if count else []


async def _copies(connection: AsyncConnection) -> list[Todo]:
    since, untried = await copies.overdue_since(connection), await copies.untried_since(connection)
    found = [] if since is None else [Todo(kind="backup-old", since=since)]
    return found + ([] if untried is None else [Todo(kind="backup-untried", since=untried)])


async def _retention(connection: AsyncConnection) -> list[Todo]:
    days, late = await rules.read(connection), await rules.late(connection)
    lacking = [name for name in asked_about() if name not in days]
    found = []
    if late:
        found.append(Todo(kind="retention-late", since=min(late.values()), said=_said(late)))
    if lacking:
        found.append(Todo(kind="retention", detail={"kinds": ", ".join(lacking)}, said=_said(lacking)))
    return found


def _said(names: Iterable[str]) -> list[tuple[str, str]]:
    return [("retained", name) for name in names]


async def _filling(connection: AsyncConnection, config: CentralConfig) -> list[Todo]:
    free = shutil.disk_usage(config.data_dir).free
    found = []
    if free < LEAST_BYTES:
        found.append(Todo(kind="disk", detail={"free": f"{free / 1e9:.1f}"}))
    days = await growth.days_left(connection, config, free)
    if days is not None and days < growth.WITHIN_DAYS:
        found.append(Todo(kind="growth", count=days))
    return found

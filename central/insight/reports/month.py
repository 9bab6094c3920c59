"""A centre's month: the sum of its days, each counted once until something of it changes."""

import calendar
from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock
from central.base.database.transactions import reading
from central.base.tables.told import feed
from central.insight import written
from central.insight.receipts import month as receipts_month
from central.insight.receipts.month import PaidOfMonth
from central.insight.reports import counted_days, interruptions, machines
from central.insight.reports.counted import Counted
from central.insight.reports.interruptions import Interruptions
from central.insight.reports.sheet import of_features
from central.insight.written import Written, span
from central.publishing import reasons
from common.city.groups import Words
from common.protocol.feed_message import OrderState


class Month(Counted):
    """One centre's month.

    Attributes:
        month: `YYYY-MM`.
        order_states: orders of the centre by the last state that was published in the month.
        restarts: how often the centre's kiosks and hubs began again, power cuts among it.
        of_features: what features count, by their names.
        interruptions: for how long services stood still, by service and reason.
        reasons: the names of reasons by code and language.
        messages: what became of messages to citizens, by kind; as long as these are kept.
        payments: what was paid for bills opened in the month, by payer, biller and money.
    """

    centre: str
    month: str
    order_states: dict[str, int] = msgspec.field(default_factory=dict)
    restarts: int = 0
    of_features: dict[str, Any] = msgspec.field(default_factory=dict)
    interruptions: Interruptions = msgspec.field(default_factory=dict)
    reasons: dict[str, Words] = msgspec.field(default_factory=dict)
    messages: dict[str, Written] = msgspec.field(default_factory=dict)
    payments: dict[str, PaidOfMonth] = msgspec.field(default_factory=dict)


async def count_month(engine: AsyncEngine, centre: str, month: str) -> Month:
    """Count a centre's month.

    Args:
        engine: central's database.
        centre: its code; one without any visit has a month of zeros.
        month: `YYYY-MM`.

    Raises:
        ValueError: no such month.
    """
    first, last = days_of(month)
    await counted_days.catch_up(engine)
    await counted_days.count_changed(engine, centre, first.isoformat(), last.isoformat())
    whole = Month(centre, month)
    async with reading(engine, streams=True) as connection:
        async for day in counted_days.read(connection, centre, first.isoformat(), last.isoformat()):
            whole.add(day)
        whole.restarts = await machines.restarts(connection, centre, first.isoformat(), last.isoformat())
        for one in of_features():
            whole.of_features[one.name] = await one.read(connection, centre, first.isoformat(), last.isoformat())
        whole.interruptions = await interruptions.read(connection, centre, *span(first, last))
        whole.reasons = await reasons.in_force(connection)
        await _count_states(whole, connection, first, last)
        whole.messages = written.by_kind(await written.by_day(connection, first, last, [centre]))
        whole.payments = await receipts_month.read(connection, centre, *span(first, last))
    return whole


def together(months: Sequence[Month]) -> Month:
    """Add the months of several centres up; each person and paper counts once, where it was."""
    whole = Month("", months[0].month if months else "")
    whole.interruptions = interruptions.together(month.interruptions for month in months)
    for one in of_features():
        whole.of_features[one.name] = one.together(month.of_features.get(one.name) for month in months)
    for month in months:
        whole.add(month)
        whole.restarts += month.restarts
        whole.reasons |= month.reasons
        for kind, of_kind in month.messages.items():
            whole.messages.setdefault(kind, Written()).add(of_kind)
        for key, paid in month.payments.items():
            own = PaidOfMonth(paid.payer, paid.biller, paid.currency, paid.pound, paid.payer_names, paid.biller_names)
            whole.payments.setdefault(key, own).add(paid)
        for name, n in month.order_states.items():
            whole.order_states[name] = whole.order_states.get(name, 0) + n
    return whole


def days_of(month: str) -> tuple[date, date]:
    """Return a month's first and last day. Raises ValueError: no such month."""
    try:
        first = clock.day_of(f"{month}-01")
    except ValueError as error:
        raise ValueError(f"--month: found {month[:20]!r}, expected a month such as 2026-11") from error
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])


async def _count_states(month: Month, connection: AsyncConnection, first: date, last: date) -> None:
    begin, end = span(first, last)
    # What one kiosk alone is told is a copy of what was published, perhaps in another month.
    may_be_its_own = ((feed.c.centre == month.centre) | feed.c.centre.is_(None)) & feed.c.kiosk.is_(None)
    said = feed.c.kind == "order-state", may_be_its_own, feed.c.at.between(clock.as_text(begin), clock.as_text(end))
    latest: dict[str, str] = {}
    async for row in await connection.stream(select(feed.c.key, feed.c.body).where(*said).order_by(feed.c.id)):
        state = msgspec.json.decode(row.body, type=OrderState)
        if state.centre == month.centre:
            latest[row.key] = state.state
    for name in sorted(latest.values()):
        month.order_states[name] = month.order_states.get(name, 0) + 1

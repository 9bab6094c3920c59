"""The kinds of data whose time the city says, and what goes of each. Features bring kinds of their own."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from sqlalchemy import exists
from sqlalchemy.ext.asyncio import AsyncEngine

from central.base.database.transactions import reading
from central.base.tables.received import health_history
from central.offices.retention import contents, messages, paid, personal, promised, written
from central.offices.retention.sweep import Sweep
from common.feature import brought

Sweeps = Callable[[AsyncEngine, str], AsyncIterator[Sweep]]


@dataclass(frozen=True, slots=True)
class Retained:
    """One kind of data.

    Attributes:
        name: as `central retention set` takes it.
        least_days: no rule may be shorter.
        sweeps: yields what came before a moment.
        words: what is counted of it, by the sweeps' names.
        unruled: how it is judged that the city has no rule for it.
        shipped_days: how long it is kept until the city says otherwise; None: for ever.
    """

    name: str
    least_days: int
    sweeps: Sweeps
    words: Mapping[str, str]
    unruled: Literal["well", "warning", "problem"] = "problem"
    shipped_days: int | None = None


def _plainly(listed: Callable[[str], list[Sweep]]) -> Sweeps:
    async def sweeps(_: AsyncEngine, before: str) -> AsyncIterator[Sweep]:
        for one in listed(before):
            yield one

    return sweeps


async def _of_feed(engine: AsyncEngine, before: str) -> AsyncIterator[Sweep]:
    async with reading(engine) as connection:
        sweep = await messages.sweep(connection, before)
    yield sweep


def _of_health(before: str) -> list[Sweep]:
    newer = health_history.alias()
    # The last one stays: the next report is compared with it.
    is_old = exists().where(newer.c.kiosk == health_history.c.kiosk, newer.c.at > health_history.c.at)
    key = health_history.c.kiosk, health_history.c.at
    return [Sweep("reports", key, (health_history.c.at < before) & is_old)]


# A slip of a digit must not empty the books: what kiosks sent is for a month at least. Books of money are kept as long
# as the law of most places asks.
_OF_CORE: Final = (
    Retained(
        "personal",
        1,
        _plainly(personal.sweeps),
        {"opened": "opened parts", "orders": "personal blocks of orders"},
    ),
    Retained(
        "items", 31, contents.sweeps, {"contents": "contents of items", "evidence": "evidences of batches"}, "warning"
    ),
    Retained("feed", 31, _of_feed, {"messages": "replaced messages"}, "well"),
    Retained("health", 1, _plainly(_of_health), {"reports": "earlier reports"}, "well"),
    Retained(
        "claims",
        60,
        _plainly(promised.sweeps),
        {
            "claims": "appointments and numbers from afar",
            "claim_seats": "of their seats",
            "seats": "seats of days",
            "seat_changes": "changes of seats by hand",
        },
    ),
    Retained(
        "messages",
        8,
        _plainly(written.sweeps),
        {"written": "messages to citizens", "numbers": "telephone numbers", "watches": "tickets watched"},
    ),
    Retained(
        "payments",
        366,
        _plainly(paid.sweeps),
        {
            "payments": "payments",
            "payment_events": "events of payments",
            "payment_marks": "marks of payments",
            "payment_refunds": "steps of refunds",
            "bills": "bills",
            "payer_entries": "lines of payers' books",
            "payer_words": "words of payers on these lines",
            "biller_entries": "lines of billers' books",
            "filed_debts": "debts of files",
            "marks": "marks that were written out",
        },
        shipped_days=3653,
    ),
)


@cache
def kinds() -> Mapping[str, Retained]:
    """Return all kinds by their names: the core's, then those of the features that are installed."""
    return {one.name: one for one in (*_OF_CORE, *brought("central", Retained))}


def asked_about() -> tuple[str, ...]:
    """Return the kinds for which somebody has to say how long: nothing is shipped, and for ever will not do."""
    return tuple(name for name, one in kinds().items() if one.unruled != "well" and one.shipped_days is None)

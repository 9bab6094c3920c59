"""The channel `app`: the app's makers hear by a webhook that somebody is to be told, and ask whom and what.

It bears no number; the app has its own way to its people. A message has its place in what they read from the moment at
which they are told of it.
"""

import http.client
from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec
import structlog
from msgspec import Struct
from sqlalchemy import Row, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.transactions import MESSAGES_LOCK, lock
from central.base.tables.messages import told
from central.base.tables.others import systems
from central.keys.at_rest import NotOurText, Vault
from central.levels.reconciling import is_so
from central.messages.kinds import KINDS
from central.messages.texts import Said, compose
from central.offices.integrations import place, webhooks
from central.offices.integrations.systems import May, signing_key
from common.messages.outbox import APP
from common.messages.port import ChannelUnavailable, Sent
from common.messages.posting import NotReached
from common.web.page_texts import LANGUAGES

APPS: Final[tuple[May, ...]] = ("order-states",)
"""What a system may that serves the people themselves."""
PAGE: Final = 200
_OVER: Final = ("dropped", "failed")

log = structlog.get_logger()

Post = Callable[[str, bytes, dict[str, str]], int]


class DueMessage(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A message for the app: what it is about, until when it is of use, and words that it may show."""

    id: str
    kind: str
    dies_at: str
    order: str | None = None
    claim: str | None = None
    watch: str | None = None
    texts: dict[str, str] | None = None


class MessagesPage(Struct, frozen=True):
    """Messages after a place that are of use still, and the next place; `more`: ask again at once."""

    messages: list[DueMessage]
    cursor: str
    more: bool


async def listeners(connection: AsyncConnection) -> Sequence[Row[Any]]:
    """Return the systems that serve people, with or without a webhook."""
    return (await connection.execute(select(systems).where(systems.c.may.in_(APPS)))).all()


async def give_place(connection: AsyncConnection, message: str) -> None:
    """Put a message at the end of what the app reads, once."""
    await lock(connection, MESSAGES_LOCK)  # anyone who sees a number has seen every smaller one
    newest = int(await connection.scalar(select(func.coalesce(func.max(told.c.number), 0))) or 0)
    own = told.c.id == message, told.c.number.is_(None)
    await connection.execute(update(told).where(*own).values(number=newest + 1, channel=APP))


def tell(row: Row[Any], hearers: Sequence[Row[Any]], vault: Vault, post: Post) -> Sent:
    """Tell the systems that have a webhook; without any, that it can be read is enough.

    A message has one id, by which who hears it twice knows it.

    Raises ChannelUnavailable where none was reached.
    """
    body = webhooks.body_of("message.due", row.made_at, msgspec.to_builtins(due_message(row)))
    outcomes = []
    for one in hearers:
        if one.webhook is None:
            continue
        try:
            headers = webhooks.signed(f"msg_{row.id}", body, signing_key(vault, one))
            status = post(one.webhook, body, headers)
            outcomes.append("handed" if 200 <= status < 300 else "unknown")
        except NotReached:
            outcomes.append("away")
        except NotOurText:  # its secret is sealed under a key file that is not here: of this system alone
            log.warning("webhook-secret-unreadable", system=one.name)
            outcomes.append("away")
        except (OSError, http.client.HTTPException):
            outcomes.append("unknown")
    if not outcomes or "handed" in outcomes:
        return Sent("handed")
    if "unknown" in outcomes:
        return Sent("unknown")
    raise ChannelUnavailable(APP)


async def read(connection: AsyncConnection, cursor: str) -> MessagesPage:
    """Return what the app was told of after a place; of what was read nobody needs to be told again."""
    after = await place.number_of(connection, cursor)
    query = select(told).where(told.c.number > after).order_by(told.c.number).limit(PAGE + 1)
    rows = (await connection.execute(query)).all()
    more, rows = len(rows) > PAGE, rows[:PAGE]
    now = clock.as_text(clock.now())
    # One that had its place may have gone to a number since, or have ended; or it says what is so no more.
    alive = [row for row in rows if row.dies_at > now and row.channel == APP and row.state not in _OVER]
    alive = [row for row in alive if await is_so(connection, KINDS, row, clock.now())]
    waiting = told.c.id.in_([row.id for row in alive if row.state == "waiting"]), told.c.state == "waiting"
    await connection.execute(update(told).where(*waiting).values(state="handed", until=None, handed_at=now))
    reached = await place.of_number(connection, rows[-1].number if rows else after)
    return MessagesPage([due_message(row, with_texts=True) for row in alive], reached, more)


def due_message(row: Row[Any], *, with_texts: bool = False) -> DueMessage:
    """Return a message as the app hears of it."""
    said = msgspec.json.decode(row.said, type=Said)
    words: dict[str, str] | None
    words = {language: compose(row.kind, said, language) for language in LANGUAGES} if with_texts else None
    about = {row.subject: row.about}
    return DueMessage(id=row.id, kind=row.kind, dies_at=row.dies_at, texts=words, **about)

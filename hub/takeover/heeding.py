"""What a hub hears of a later leader, or of the end of its own log, by a statement that a kiosk or page carries."""

from typing import Final

from sqlalchemy import select

from common.protocol.queue.hub_statement import HubStatement
from hub.engine.act import LEADING, Hub, Look
from hub.engine.presses.pressing import NotYet
from hub.log import tables
from hub.takeover.promotion import has_asked, lead_again, outranks, yield_to

PAGES_KEEP: Final = 100
"""How many answers a counter's page keeps (`answers.mjs`): a log that ends no further back is told all of it."""


def heed(hub: Hub, followed: HubStatement | None) -> None:
    """Act on a statement; one that says nothing new, or that no hub in service of this centre signed, says nothing.

    Raises:
        NotYet: another hub led later; or this hub's log was longer, and what was lost is asked for first.
        StoreUnavailable: the disk refuses.
    """
    if followed is None:
        return
    with hub.read() as look:
        is_outranked, is_longer, was_ahead = (
            _outranks(look, followed),
            _is_longer(look, followed),
            _was_ahead(look, followed),
        )
        term = look.term
        is_known = look.role != LEADING and followed.term <= look.seen_term
    said_by = look.centre.hubs.get(followed.hub)
    if not (is_outranked or is_longer or was_ahead) or said_by is None or said_by.revoked:
        return
    if not followed.is_signed_by(said_by.public_key):
        return
    if is_longer or was_ahead:
        lead_again(hub, term, followed.seq, is_own=is_longer)
        if not hub.asks_first:
            return  # it has asked, and goes on above what this one tells of
        raise NotYet("this hub lost the end of its log, and asks first what stood there", 1)
    if not is_known:
        yield_to(hub, followed.hub, followed.term)
    raise NotYet("another hub led after this one: start it, or a manager lets this one lead", 5)


def _outranks(look: Look, said: HubStatement) -> bool:
    if look.role != LEADING:
        return bool(said.term > look.term)
    return outranks(said.term, said.hub, look.term, look.hub_id)


def _is_longer(look: Look, said: HubStatement) -> bool:
    """Whether this hub itself has said, under the term that it leads under, that its log was longer."""
    return look.role == LEADING and (said.hub, said.term) == (look.hub_id, look.term) and said.seq > look.seq


def _was_ahead(look: Look, said: HubStatement) -> bool:
    """Whether this hub was let lead with a log that ends long before the former leader's, and has not asked since."""
    if look.role != LEADING or said.term >= look.term or said.seq <= PAGES_KEEP:
        return False
    events = tables.events.c
    held = select(events.seq).where(events.term <= said.term).order_by(events.seq.desc()).limit(1)
    end = int(look.connection.scalar(held) or 0)
    return said.seq > end + PAGES_KEEP and not has_asked(look.connection, end)

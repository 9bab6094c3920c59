"""What a visitor says at this kiosk of a visit that is over: once a ticket, and of no person."""

from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import Connection, select

from common.machine.stamp import Stamp
from features.feedback.wire import Face, FeedbackBody, Served
from offline_store.chain.chain import append, read_head
from offline_store.disk import tables
from offline_store.disk.database import Store

_KIND: Final = "feedback"


def accept_feedback(store: Store, ticket_id: str, served: Served, face: Face, stamp: Stamp) -> None:
    """Keep what is said of a ticket; the first answer stays, and a later one changes nothing. Raises StoreUnavailable.

    Args:
        store: the open store.
        ticket_id: the ticket's id.
        served: whether it was done, else why not.
        face: how the visit was.
        stamp: when it was said.
    """
    with store.write() as connection:
        if not _has_answer(connection, ticket_id):
            body = FeedbackBody(served, face, ticket=ticket_id)
            append(connection, read_head(connection), _KIND, body, stamp, _answer_id(ticket_id))


def is_answered(store: Store, ticket_id: str) -> bool:
    """Return whether somebody has said here how it was. Raises StoreUnavailable."""
    with store.read() as connection:
        return _has_answer(connection, ticket_id)


def _has_answer(connection: Connection, ticket_id: str) -> bool:
    items = tables.items.c
    return connection.scalar(select(items.row).where(items.id == _answer_id(ticket_id))) is not None


def _answer_id(ticket_id: str) -> str:
    """Return the id of a ticket's one answer: it follows from the ticket's, so that no second one can be."""
    return str(uuid5(UUID(ticket_id), _KIND))

"""An answer is an item of the chain, once a ticket."""

import uuid

from sqlalchemy import select

from common.protocol.envelope import decode_body
from features.feedback.kiosk.keeping import accept_feedback, is_answered
from features.feedback.wire import FeedbackBody
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.issuing.intake import TicketRequest, accept_ticket
from tests.kit.store import stamp


def give(store: Store) -> str:
    return accept_ticket(store, TicketRequest("clearance", "B"), intention=str(uuid.uuid4()), stamp=stamp()).id


async def test_the_first_answer_of_how_it_was_stays(store: Store) -> None:
    ticket, other = give(store), give(store)
    assert not is_answered(store, ticket)
    accept_feedback(store, ticket, "yes", 3, stamp())
    accept_feedback(store, ticket, "down", 1, stamp())
    assert (is_answered(store, ticket), is_answered(store, other)) == (True, False)
    items = tables.items.c
    with store.read() as connection:
        bodies = connection.scalars(select(items.body).where(items.kind == "feedback")).all()
    assert [decode_body("feedback", one) for one in bodies] == [FeedbackBody("yes", 3, ticket=ticket)]

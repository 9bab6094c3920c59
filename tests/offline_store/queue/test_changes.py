"""What a listener is told of tickets: each change once, the day from its beginning to who is new, custody untouched."""

import uuid
from hashlib import sha256

import pytest
from sqlalchemy import select, update

from common.protocol.queue.call import MAX_TICKETS, QueueCall
from common.protocol.queue.claim import TicketClaim
from offline_store.delivery.outbox import waiting_items
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.issuing.business_day import open_day_by_manager
from offline_store.issuing.intake import TicketRequest, accept_ticket
from offline_store.issuing.ticket import set_priority
from offline_store.printed.print_journal import close_job, open_job
from offline_store.queue.changes import HUB, Changes, changes_for, note_told
from offline_store.queue.hall import take_calls
from offline_store.queue.waiting import waiting_list
from tests.kit.store import later, stamp

HUB_ID = "hub-00000001"


def give(store: Store, count: int = 1, **more: float) -> list[str]:
    when = stamp(later(**more)) if more else stamp()
    return [
        accept_ticket(store, TicketRequest("clearance", "B"), intention=str(uuid.uuid4()), stamp=when).id
        for _ in range(count)
    ]


def tell(store: Store, hub: str = HUB_ID, term: int = 1) -> Changes:
    """Tell a hub all there is, as a call that was answered."""
    changes = changes_for(store, HUB, hub, term)
    note_told(store, HUB, hub, term, changes.through)
    return changes


def told_ids(changes: Changes) -> list[str]:
    return [ticket.id for ticket in changes.tickets]


def test_each_ticket_is_told_once_and_stays_to_be_delivered_to_central(store: Store) -> None:
    given = give(store, 3)
    assert told_ids(tell(store)) == given
    assert tell(store).tickets == []
    with store.read() as connection:
        waiting = [one.item.id for one in waiting_items(connection)]
    assert [one for one in waiting if one in given] == given, "the hub's word ends no custody"


def test_what_was_not_answered_is_told_again(store: Store) -> None:
    given = give(store, 2)
    assert told_ids(changes_for(store, HUB, HUB_ID, 1)) == given
    assert told_ids(changes_for(store, HUB, HUB_ID, 1)) == given


def test_a_paper_that_ended_and_a_voided_number_are_told_with_a_higher_revision(store: Store) -> None:
    (ticket_id,) = give(store)
    (first,) = tell(store).tickets
    job = open_job(store, item_id=ticket_id, paper="ticket", stamp=stamp())
    assert tell(store).tickets == [], "nothing is known of the paper yet"
    close_job(store, job, "unknown", stamp(), reason="power-cut")
    (printed,) = tell(store).tickets
    with store.write() as connection:
        connection.execute(update(tables.tickets).values(voided="taken-back"))
    (voided,) = tell(store).tickets
    assert [one.paper for one in (first, printed, voided)] == [None, "unknown", "unknown"]
    assert [one.voided for one in (first, printed, voided)] == [False, False, True]
    assert first.revision < printed.revision < voided.revision


def test_a_reprint_that_failed_leaves_the_newest_word_on_the_paper(store: Store) -> None:
    (ticket_id,) = give(store)
    for state in ("not_printed", "printed"):
        job = open_job(store, item_id=ticket_id, paper="ticket", stamp=stamp(), copy=state == "printed")
        close_job(store, job, state, stamp())
    (told,) = tell(store).tickets
    assert told.paper == "printed"


@pytest.mark.parametrize(("hub", "term"), [(HUB_ID, 2), ("hub-00000002", 1)])
def test_another_hub_or_a_new_term_hears_the_day_from_its_beginning(store: Store, hub: str, term: int) -> None:
    give(store, 2)
    tell(store)
    open_day_by_manager(store, "2026-11-26", stamp(), "Rima")
    today = give(store, 2, days=1)
    tell(store)
    assert told_ids(changes_for(store, HUB, hub, term)) == today


def test_a_new_term_hears_also_what_the_one_before_had_not_heard_of_an_earlier_day(store: Store) -> None:
    give(store, 2)
    tell(store)
    untold = give(store, 1)
    open_day_by_manager(store, "2026-11-26", stamp(), "Rima")
    today = give(store, 2, days=1)
    assert told_ids(changes_for(store, HUB, "hub-00000002", 2)) == untold + today


def test_a_hub_that_was_away_for_days_hears_all_of_them(store: Store) -> None:
    tell(store)
    given = give(store, 2)
    open_day_by_manager(store, "2026-11-26", stamp(), "Rima")
    given += give(store, 2, days=1)
    changes = tell(store)
    assert told_ids(changes) == given
    assert [ticket.business_day for ticket in changes.tickets] == ["2026-11-25"] * 2 + ["2026-11-26"] * 2


def test_a_long_backlog_is_told_in_parts_in_the_order_of_issue(store: Store) -> None:
    given = give(store, MAX_TICKETS + 30)
    first, second = tell(store), tell(store)
    assert (len(first.tickets), len(second.tickets)) == (MAX_TICKETS, 30)
    assert told_ids(first) + told_ids(second) == given


def test_what_is_told_holds_the_items_own_place_and_time(store: Store) -> None:
    give(store)
    (told,) = tell(store).tickets
    with store.read() as connection:
        item = connection.execute(select(tables.items).where(tables.items.c.id == told.id)).one()
    same = (told.epoch, told.seq, told.boot_id, told.boot_time_ns, told.wall_time, told.clock)
    assert same == (item.epoch, item.seq, item.boot_id, item.boot_time_ns, item.wall_time, item.clock)
    assert (told.number, told.service, told.business_day) == ("B2001", "clearance", "2026-11-25")


def test_the_list_of_who_waits_leaves_out_those_that_were_called_or_voided(store: Store) -> None:
    give(store, 4)
    take_calls(
        store, [QueueCall(7, "B2002", 3, "2026-11-25T09:10:00Z"), QueueCall(6, "B1002", 3, "2026-11-25T09:09:00Z")]
    )
    with store.write() as connection:
        connection.execute(update(tables.tickets).where(tables.tickets.c.number == "B2004").values(voided="taken-back"))
    assert [one.number for one in waiting_list(store)] == ["B2001", "B2003"]


def test_a_call_of_yesterday_takes_nobody_off_todays_list(store: Store) -> None:
    give(store)
    take_calls(store, [QueueCall(7, "B2001", 3, "2026-11-25T09:10:00Z")])
    open_day_by_manager(store, "2026-11-26", stamp(), "Rima")
    give(store, days=1)
    assert [one.number for one in waiting_list(store)] == ["B2001"]


def test_a_priority_said_after_the_number_is_told_as_a_later_revision(store: Store) -> None:
    (ticket,) = give(store)
    (first,) = tell(store).tickets
    set_priority(store, ticket, "elderly", stamp())
    set_priority(store, ticket, "elderly", stamp())
    (second,) = tell(store).tickets
    assert (second.id, second.number, second.priority) == (first.id, first.number, "elderly")
    assert second.revision > first.revision
    assert not tell(store).tickets


def test_a_ticket_is_told_with_its_claim_and_with_what_its_page_is_known_by(store: Store) -> None:
    claim = TicketClaim("carried", digits="07945635")
    plain, claimed = (
        accept_ticket(store, TicketRequest("clearance", "B", claim=one), intention=str(uuid.uuid4()), stamp=stamp())
        for one in (None, claim)
    )
    told = tell(store).tickets
    assert [one.claim for one in told] == [None, claim]
    tokens = [one.token for one in (plain, claimed)]
    assert [one.token_sha256 for one in told] == [sha256(str(token).encode()).hexdigest() for token in tokens]

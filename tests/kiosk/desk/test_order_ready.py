"""A document that is ready: here it gets a number, elsewhere its owner is told where, and central is asked."""

import pytest
from sqlalchemy import select

from common.machine.errors import StoreUnavailable
from kiosk.desk.outcome import Outcome
from offline_store.disk import tables
from offline_store.disk.database import Store
from tests.kiosk.desk.test_desk_order import ORDER, ORDER_HEX, order
from tests.kit.desk import App, Place, tell


def test_a_ready_document_gets_one_collection_number_a_day(place: Place) -> None:
    tell(place.store, ORDER_HEX, "ready", number="1234567890", centre="homs-main")
    code = place.app.code(order_id=ORDER)
    first = order(place, code)
    assert first.outcome is Outcome.READY
    assert first.ticket is not None
    assert (first.id, first.ticket.service, first.ticket.order_id) == (first.ticket.id, "civil-affairs", ORDER_HEX)
    assert order(place, code).id == first.id
    assert order(place, "1234567890").id == first.id
    assert place.items("ticket") == 1


@pytest.mark.parametrize("where", ["homs-hamra", "post"])
def test_a_document_that_is_ready_elsewhere_gets_no_number_here(place: Place, where: str) -> None:
    tell(place.store, ORDER_HEX, "ready", centre=where)
    answer = order(place, place.app.code(order_id=ORDER))
    assert (answer.outcome, answer.id, answer.destination) == (Outcome.READY, None, where)


@pytest.mark.parametrize("destination", ["homs-main", "post", "homs-hamra"])
def test_where_the_feed_names_no_centre_the_codes_own_counts(place: Place, destination: str) -> None:
    tell(place.store, ORDER_HEX, "ready")
    answer = order(place, place.app.code(order_id=ORDER, destination=destination))
    assert (answer.outcome, answer.destination) == (Outcome.READY, destination)
    assert (answer.ticket is None) == (destination == "homs-hamra"), "priority only where the document can be"


def test_the_feeds_centre_counts_before_the_codes_own(place: Place) -> None:
    tell(place.store, ORDER_HEX, "ready", centre="homs-main")
    answer = order(place, place.app.code(order_id=ORDER, destination="homs-hamra"))
    assert (answer.destination, answer.ticket is None) == ("homs-main", False)


def questions(place: Place) -> list[str]:
    with place.store.read() as connection:
        return list(connection.scalars(select(tables.order_questions.c.order_id)))


def test_of_a_genuine_order_of_another_centre_central_is_to_be_asked_once(place: Place) -> None:
    code = place.app.code(order_id=ORDER, destination="homs-hamra")
    for _ in range(2):
        answer = order(place, code)
        assert (answer.outcome, answer.destination) == (Outcome.OTHER_CENTRE, "homs-hamra")
    assert questions(place) == [ORDER_HEX]
    assert place.desk.news_of(answer) is None
    tell(place.store, ORDER_HEX, "in_progress")
    news = place.desk.news_of(answer)
    assert news is not None
    assert (news.outcome, news.destination, news.order_number) == (Outcome.IN_PROGRESS, "homs-hamra", "1234567890")
    assert (news.service, news.ticket, place.items("ticket")) == ("civil-affairs", None, 0)
    place.store.close()
    assert place.desk.news_of(answer) is None


def test_nothing_else_that_is_shown_or_typed_has_central_asked(place: Place) -> None:
    elsewhere = {"order_id": ORDER, "destination": "homs-hamra"}
    stranger, forger = App(kid=b"\xff\xff"), App(kid=place.app.kid)
    codes = [one.code(**elsewhere) for one in (stranger, forger)]  # type: ignore[arg-type]
    for text in (*codes, place.app.code(order_id=ORDER), "1234567890", "SY1:HALF"):
        order(place, text)
    assert questions(place) == []


def test_what_the_feed_tells_already_is_not_asked(place: Place) -> None:
    tell(place.store, ORDER_HEX, "ready", centre="homs-hamra")
    order(place, place.app.code(order_id=ORDER, destination="homs-hamra"))
    assert questions(place) == []


def test_where_the_question_finds_no_room_the_citizen_is_sent_there_all_the_same(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Store) -> None:
        raise StoreUnavailable("the disk is full")

    monkeypatch.setattr(Store, "write", full)
    answer = order(place, place.app.code(order_id=ORDER, destination="homs-hamra"))
    assert answer.outcome is Outcome.OTHER_CENTRE


def test_a_ready_document_is_handed_over_outside_the_hours_of_ordering(place: Place) -> None:
    place.overlay({"code": "civil-affairs", "hours": {"opens": "08:00", "closes": "09:00"}})
    tell(place.store, ORDER_HEX, "ready")
    assert order(place, place.app.code(order_id=ORDER)).ticket is not None

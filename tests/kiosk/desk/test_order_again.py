"""An order that is shown once more, by what stands of its number: also of one that another kiosk gave."""

from typing import Any

from common.protocol.queue.rows import shown_digest
from kiosk.desk.desk import OrderRecorded
from kiosk.desk.outcome import Outcome
from tests.kiosk.desk.test_desk_order import ORDER, ORDER_HEX, order
from tests.kit.desk import Place, tell
from tests.kit.hall_rows import hears, row


def test_whose_number_for_a_ready_document_has_passed_gets_another(place: Place) -> None:
    tell(place.store, ORDER_HEX, "ready", number="1234567890", centre="homs-main")
    first = place.desk.order("1234567890", intention="first")
    assert isinstance(first, OrderRecorded)
    assert first.ticket is not None
    hears(
        place.store,
        row(first.ticket.id, first.ticket.number, "ended", end="done-unconfirmed", shown=[shown_digest(ORDER_HEX)]),
    )
    numbers = []
    for scan in ("second", "third"):
        again = place.desk.order("1234567890", intention=scan)
        assert isinstance(again, OrderRecorded)
        assert again.ticket is not None
        numbers.append((again.ticket.number, again.ticket.is_repeated))
    (second, is_repeated), third = numbers
    assert second != first.ticket.number
    assert (is_repeated, third) == (False, (second, True)), "the new one counts, and is the only one"


def test_whose_number_for_the_cashier_has_passed_gets_another(place: Place) -> None:
    code = place.app.code(order_id=ORDER, paid=False)
    first = order(place, code)
    assert first.ticket is not None
    assert order(place, code).outcome is Outcome.REPEATED
    hears(place.store, row(first.ticket.id, first.ticket.number, "ended", end="missed"))
    again = order(place, code)
    assert again.ticket is not None
    assert again.ticket.number != first.ticket.number
    third = order(place, code)
    assert third.ticket is not None
    assert (third.outcome, third.ticket.number) == (Outcome.REPEATED, again.ticket.number)


def test_a_ready_document_whose_number_another_kiosk_gave_gets_none_here_while_it_waits(place: Place) -> None:
    tell(place.store, ORDER_HEX, "ready", number="1234567890", centre="homs-main")
    known: dict[str, Any] = {"kiosk": "homs-main-1", "shown": [shown_digest(ORDER_HEX)]}
    hears(place.store, row("x", "A1007", **known))
    answer = place.desk.order("1234567890", intention="here")
    assert isinstance(answer, OrderRecorded)
    assert answer.elsewhere is not None
    assert (answer.elsewhere.number, answer.ticket, place.items("ticket")) == ("A1007", None, 0)
    hears(place.store, row("x", "A1007", "ended", end="missed", **known), seq=2)
    answer = place.desk.order("1234567890", intention="here")
    assert isinstance(answer, OrderRecorded)
    assert (answer.elsewhere, answer.ticket is not None) == (None, True)

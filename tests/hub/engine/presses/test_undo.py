"""Undo takes a counter's last act back within five minutes, as an event of its own, and nothing that went on since."""

import msgspec

from hub.log.event import read_events
from tests.hub.hall import Hall


def kinds(hall: Hall) -> list[str]:
    with hall.hub.store.read() as connection:
        return [event.kind for event in read_events(connection)]


def test_a_wrong_done_is_taken_back(hall: Hall) -> None:
    hall.press(1, "open")
    given = hall.kiosks[0].give()
    hall.press(1, "next")
    hall.press(1, "came")
    version = hall.press(1, "done")["counter"]["version"]
    back = hall.press(1, "undo", ticket=given.id)
    assert (back["counter"]["state"], back["counter"]["ticket"]["id"]) == ("serving", given.id)
    assert back["counter"]["version"] == version + 1
    assert hall.ticket(given.id).end is None
    assert kinds(hall)[-2:] == ["done", "undone"]
    assert hall.press(1, "undo", ticket=given.id, expect=409)["type"] == "/problems/nothing-to-undo"


def test_undoing_next_brings_both_tickets_back_to_where_they_were(hall: Hall) -> None:
    hall.press(1, "open")
    first, second, third = (hall.kiosks[0].give() for _ in range(3))
    hall.press(1, "next")
    hall.press(1, "came")
    hall.press(1, "next")
    back = hall.press(1, "undo", ticket=second.id)
    assert (back["counter"]["state"], back["counter"]["ticket"]["id"]) == ("serving", first.id)
    waiting = hall.ticket(second.id)
    assert (waiting.state, waiting.call_seq, waiting.counter) == ("waiting", None, None)
    assert [hall.called(1) for _ in range(2)] == [second.number, third.number]


def test_a_call_that_was_undone_leaves_the_board(hall: Hall) -> None:
    hall.press(1, "open")
    given = hall.kiosks[0].give()
    hall.press(1, "next")
    assert [one.number for one in hall.kiosks[0].tell().calls] == [given.number]
    hall.press(1, "undo")
    assert hall.kiosks[0].tell().calls == []


def test_what_the_kiosk_said_since_stays(hall: Hall) -> None:
    hall.press(1, "open")
    kiosk = hall.kiosks[0]
    given = kiosk.give()
    hall.press(1, "next")
    kiosk.tell(msgspec.structs.replace(given, revision=1, paper="printed", priority="elderly"))
    hall.press(1, "undo")
    known = hall.ticket(given.id)
    assert (known.paper, known.revision, known.priority) == ("printed", 1, "elderly")


def test_a_call_that_is_undone_of_a_number_taken_back_meanwhile_leaves_nobody_waiting(hall: Hall) -> None:
    hall.press(1, "open")
    kiosk = hall.kiosks[0]
    given = kiosk.give()
    hall.press(1, "next")
    kiosk.tell(msgspec.structs.replace(given, revision=1, voided=True))
    hall.press(1, "undo")
    assert (hall.ticket(given.id).state, hall.ticket(given.id).end) == ("ended", "voided")
    assert hall.called(1) is None


def test_undo_ends_after_five_minutes(hall: Hall) -> None:
    hall.press(1, "open")
    given = hall.kiosks[0].give()
    hall.press(1, "next")
    hall.passes(301)
    assert hall.press(1, "undo", ticket=given.id, expect=409)["type"] == "/problems/too-late"


def test_a_ticket_that_went_on_elsewhere_is_not_taken_back(hall: Hall) -> None:
    hall.press(1, "open")
    hall.press(2, "open")
    given = hall.kiosks[0].give()
    hall.press(1, "next")
    hall.press(1, "transfer", to="A")
    assert hall.called(2) == given.number
    refused = hall.press(1, "undo", ticket=given.id, expect=409)
    assert refused["type"] == "/problems/went-on"
    assert hall.counter(2).ticket == given.id


def test_only_the_last_act_and_only_an_act_on_a_ticket(hall: Hall) -> None:
    hall.press(1, "open")
    given = hall.kiosks[0].give()
    refused = hall.press(1, "undo", ticket=given.id, expect=409)
    assert refused["type"] == "/problems/nothing-to-undo"
    hall.press(1, "next")
    other = hall.kiosks[0].give()
    assert hall.press(1, "undo", ticket=other.id, expect=409)["type"] == "/problems/another-ticket"

"""Which paper the desk asks for and as what; who is told to come before whom; and each refusal with its line."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from common.city.calendar import CentreHours
from common.city.catalogue import Hours
from common.machine.errors import NoBusinessDay, SealingImpossible, StoreUnavailable, TicketsClosed
from common.protocol.feed_message import CalendarDay
from common.protocol.queue.claim import TicketClaim
from kiosk.desk import desk as desk_module
from kiosk.desk.answers import Issued, OrderRecorded, PaperOutcome, Refusal, Refused
from kiosk.desk.desk import Desk, new_intention
from kiosk.desk.hours import Giving
from kiosk.desk.outcome import Outcome
from kiosk.prompts.ticket import Ahead, Outlook, Stopped
from kiosk.prompts.ui import Priority, Text, Trouble
from tests.kit.clock import HandClock
from tests.kit.desk import App, Place, open_store

TICKET = Issued("t-1", "C2001", "water-bill", "2026-11-25", None)
AGAIN = replace(TICKET, is_repeated=True)
FAILED = PaperOutcome("failed", Trouble.JAM)


class Papers:
    """Keeps what is asked of it: kind, what, copy, language."""

    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []

    def without_paper(self) -> list[tuple[Issued, Trouble]]:
        return [(TICKET, Trouble.JAM)]

    def __getattr__(self, name: str) -> Callable[..., PaperOutcome]:
        def asked(what: object, **more: object) -> PaperOutcome:
            self.asked.append((name, what, more))
            return FAILED

        return asked


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    clock = HandClock()
    with open_store(tmp_path / "data", clock) as store:
        yield Place(store, clock, App(), papers=Papers())


@pytest.mark.parametrize("copy", [True, False])
@pytest.mark.parametrize("ticket", [TICKET, AGAIN])
def test_a_ticket_given_before_is_a_copy_by_itself(place: Place, ticket: Issued, copy: bool) -> None:
    assert place.desk.print_ticket(ticket, copy=copy, language="en") == FAILED
    assert place.desk.print_void(ticket, language="ar") == FAILED
    is_copy = copy or ticket is AGAIN
    assert isinstance(place.papers, Papers)
    assert place.papers.asked == [
        ("print_ticket", ticket, {"copy": is_copy, "language": "en"}), ("print_void", ticket, {"language": "ar"}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("order", "copy", "asked"),
    [
        (OrderRecorded(Outcome.ACCEPTED), False, None),
        (OrderRecorded(Outcome.READY, ticket=TICKET), False, None),
        (OrderRecorded(Outcome.ACCEPTED, "o-1"), False, ("print_receipt", False)),
        (OrderRecorded(Outcome.ACCEPTED, "o-1"), True, ("print_receipt", True)),
        (OrderRecorded(Outcome.REPEATED, "o-1", is_copy=True), False, ("print_receipt", True)),
        (OrderRecorded(Outcome.ACCEPTED_UNPAID, "o-1", ticket=TICKET), False, ("print_receipt", False)),
        (OrderRecorded(Outcome.READY, "o-1"), False, ("print_receipt", False)),
        (OrderRecorded(Outcome.READY, "o-1", ticket=TICKET), False, ("print_ticket", False)),
        (OrderRecorded(Outcome.READY, "o-1", ticket=TICKET), True, ("print_ticket", True)),
        (OrderRecorded(Outcome.READY, "o-1", ticket=AGAIN), False, ("print_ticket", True)),
    ],
)
def test_an_order_has_one_paper_its_receipt_or_the_number_to_collect_it_by(
    place: Place, order: OrderRecorded, copy: bool, asked: tuple[str, bool] | None
) -> None:
    outcome = place.desk.print_receipt(order, copy=copy, language="en")
    assert isinstance(place.papers, Papers)
    if asked is None:
        assert (outcome, place.papers.asked) == (PaperOutcome("skipped"), [])
        return
    what = order if asked[0] == "print_receipt" else order.ticket
    assert (outcome, place.papers.asked) == (FAILED, [(asked[0], what, {"copy": asked[1], "language": "en"})])


def test_papers_of_a_first_print_are_no_copies_and_without_a_printer_all_are_skipped(place: Place) -> None:
    order = OrderRecorded(Outcome.ACCEPTED, "o-1")
    place.desk.print_ticket(TICKET)
    place.desk.print_receipt(order)
    assert isinstance(place.papers, Papers)
    assert [more for _, _, more in place.papers.asked] == [{"copy": False, "language": None}] * 2
    assert place.desk.without_paper() == [(TICKET, Trouble.JAM)]
    bare = Place(place.store, place.clock, place.app).desk
    assert bare.without_paper() == ()
    assert [bare.print_ticket(TICKET), bare.print_void(TICKET), bare.print_receipt(order)] == [
        PaperOutcome("skipped")
    ] * 3


class Counted:
    """A hub that says what it is told to, and keeps what it was asked."""

    def __init__(self, place: Place, says: Outlook | None = None) -> None:
        self.says = says
        self.asked: list[tuple[str, bool, str | None]] = []
        self.desk = Desk(
            place.store, place.clock, catalogue=lambda: place.catalogue, centre="homs-main",
            giving=Giving(lambda: CentreHours(place.hours(), place.days), self),
        )  # fmt: skip

    def __call__(self, service: str, *, preferred: bool, closes: str | None) -> Outlook | None:
        self.asked.append((service, preferred, closes))
        return self.says


STOPPED = Stopped(Text("service.stopped"))
AHEAD = Ahead(4, "12:00")


@pytest.mark.parametrize(
    ("more", "says", "is_preferred", "told"),
    [
        ({}, AHEAD, False, AHEAD),
        ({}, None, False, None),
        ({"priority": Priority.ELDERLY}, AHEAD, True, AHEAD),
        ({"order": "ab" * 16}, AHEAD, True, AHEAD),
        ({"claim": TicketClaim("carried", digits="07945635")}, AHEAD, False, None),
        ({"claim": TicketClaim("carried", digits="07945635")}, STOPPED, False, STOPPED),
        ({}, STOPPED, False, STOPPED),
    ],
)
def test_a_number_is_told_with_who_comes_before_it(
    place: Place, more: dict[str, Any], says: Outlook | None, is_preferred: bool, told: Outlook | None
) -> None:
    counted = Counted(place, says)
    given = counted.desk.issue("water-bill", intention="touch", **more)
    assert isinstance(given, Issued)
    assert given.ahead == told
    assert counted.asked == [("water-bill", is_preferred, None)]
    if "order" not in more:
        again = counted.desk.issue("water-bill", intention="touch", **more)
        assert isinstance(again, Issued)
        assert (again.number, again.is_repeated, again.ahead) == (given.number, True, None)


@pytest.mark.parametrize(
    ("centre", "service", "day", "closes"),
    [
        (None, None, None, None),
        (("08:00", "14:00"), None, None, "14:00"),
        (("08:00", "14:00"), ("08:00", "13:00"), None, "13:00"),
        (("08:00", "13:00"), ("08:00", "14:00"), None, "13:00"),
        (None, ("08:00", "13:30"), None, "13:30"),
        (("08:00", "14:00"), None, "12:30", "12:30"),
    ],
)
def test_a_wait_is_held_against_the_earlier_end_of_service_and_centre(
    place: Place, centre: Any, service: Any, day: str | None, closes: str | None
) -> None:
    place.hours = lambda: None if centre is None else Hours(*centre)
    if service is not None:
        place.overlay({"code": "water-bill", "hours": {"opens": service[0], "closes": service[1]}})
    if day is not None:
        place.days["2026-11-25"] = CalendarDay("2026-11-25", opens="08:00", closes=day)
    counted = Counted(place, AHEAD)
    assert isinstance(counted.desk.issue("water-bill", intention=new_intention()), Issued)
    assert counted.asked == [("water-bill", False, closes)]


def test_a_service_that_stands_still_gives_numbers_unless_it_says_that_it_gives_none(place: Place) -> None:
    counted = Counted(place, STOPPED)
    water = place.catalogue.get("water-bill")
    assert water is not None
    assert counted.desk.availability(water) is None
    place.overlay({"code": "water-bill", "numbers": "stop"})
    water = place.catalogue.get("water-bill")
    assert water is not None
    refused = Refused(Refusal.INTERRUPTED, "water-bill stands still, and gives no numbers meanwhile")
    assert counted.desk.availability(water) == refused == counted.desk.issue("water-bill", intention="touch")
    assert isinstance(counted.desk.issue("water-bill", intention="touch", order="ab" * 16), Issued)
    told = counted.desk.issue("water-bill", intention="touch", is_told=True)
    assert told == refused, "it is known to stand still"
    counted.says = replace(STOPPED, is_unsure=True)
    assert counted.desk.availability(water) is None, "it is offered: he is asked first"
    assert counted.desk.issue("water-bill", intention="touch") == refused, "nobody has told him"
    assert isinstance(counted.desk.issue("water-bill", intention="touch", is_told=True), Issued)
    counted.says = AHEAD
    assert counted.desk.availability(water) is None


def test_a_carried_place_is_in_no_quota_nor_is_a_booked_seat(place: Place) -> None:
    """It was promised on an earlier day; nor does it take a number from those who come today."""
    place.overlay({"code": "water-bill", "daily_quota": 1})
    early = TicketClaim("carried", digits="07945634")
    assert isinstance(place.desk.issue("water-bill", intention="early", claim=early), Issued)
    assert isinstance(place.desk.issue("water-bill", intention="first"), Issued)
    full = Refused(Refusal.QUOTA_FULL, "no number is left today for water-bill")
    assert place.desk.issue("water-bill", intention="plain") == full
    carried, booked = TicketClaim("carried", digits="07945635"), TicketClaim("booked", id="ab" * 16)
    assert isinstance(place.desk.issue("water-bill", intention="carried", claim=carried), Issued)
    assert isinstance(place.desk.issue("water-bill", intention="booked", claim=booked), Issued)
    assert isinstance(place.desk.issue("water-bill", intention="ready", order="ab" * 16), Issued)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (TicketsClosed("machine"), Refusal.TICKETS_CLOSED),
        (NoBusinessDay(), Refusal.NO_BUSINESS_DAY),
        (SealingImpossible("no key"), Refusal.NO_SEALING_KEY),
        (StoreUnavailable("z" * 300), Refusal.STORE),
    ],
)
def test_what_a_store_raises_is_a_refusal_and_one_line_for_each_act(
    place: Place, monkeypatch: pytest.MonkeyPatch, error: Exception, reason: Refusal
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error

    for name in ("accept_ticket", "void_ticket", "set_priority", "find_shown"):
        monkeypatch.setattr(desk_module, name, fails)
    monkeypatch.setattr("kiosk.desk.desk.audit.record", fails)
    monkeypatch.setattr("kiosk.desk.desk.order_facts.issued_today", fails)
    monkeypatch.setattr(place.desk._orders, "order", fails)
    monkeypatch.setattr(place.desk._orders, "order_with_card", fails)
    monkeypatch.setattr(place.desk._orders, "news_of", fails)
    monkeypatch.setattr(place.desk._claims, "show", fails)
    desk, claim = place.desk, TicketClaim("carried", digits="07945635")
    acts: dict[str, Callable[[], object]] = {
        "issue": lambda: desk.issue("water-bill", intention="touch"),
        "claim": lambda: desk.claim("code"),
        "ticket-shown": lambda: desk.ticket_shown(claim),
        "order": lambda: desk.order("1234567890", intention="scan"),
        "take-back": lambda: desk.take_back(TICKET),
        "priority": lambda: desk.say_priority(TICKET, Priority.ELDERLY),
        "help": desk.call_help,
    }
    refused = Refused(reason, str(error))
    with capture_logs() as logs:
        assert {name: act() for name, act in acts.items()} == dict.fromkeys(acts, refused)
        assert desk.order_with_card("civil-affairs", intention="touch", person={}) == refused
        assert desk.news_of(OrderRecorded(Outcome.OTHER_CENTRE)) is None
    line = {"event": "desk-refused", "reason": reason.value, "problem": str(error)[:200], "log_level": "error"}
    assert logs == [{**line, "act": act} for act in (*acts, "order")]


def test_a_number_tells_the_moment_by_the_centres_clock(place: Place) -> None:
    given = place.desk.issue("water-bill", intention="touch")
    assert isinstance(given, Issued)
    moment = datetime.fromisoformat("2026-11-25T12:00:00+03:00")
    known = Issued(given.id, "C2001", "water-bill", "2026-11-25", moment, token=given.token)
    assert given == known
    assert given.token

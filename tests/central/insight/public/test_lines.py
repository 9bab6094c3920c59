"""What a ticket's page says, line by line, in every state, and the whole page as it is read."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from central.base import clock
from central.insight.public.carried import Days
from central.insight.public.news import NOTHING_NEW, CentreNews
from central.insight.public.page import lines_of, page, parted
from central.insight.public.status import Carried, Stop, TicketStatus
from common.protocol.feed_message import CalendarDay

NOON = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)  # 12:00 in Homs
AS_OF = "As of 12:00"
DAYS = Days(date(2026, 11, 26), date(2026, 11, 30))
LINE = {"ar": "خط السجل", "en": "Registry line"}

COME_AGAIN = (
    "Come on Thursday 26 November, or on a day after it on which the service works, and show this number's paper to "
    "the kiosk: you get a new number and are among the first to be called."
)


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


def status(state: str = "waiting", **more: Any) -> TicketStatus:
    return TicketStatus(number="A1014", state=state, **({"as_of": clock.as_text(NOON)} | more))


@pytest.mark.parametrize(
    ("ticket", "said"),
    [
        (status(), ["Your number is waiting", AS_OF]),
        (status("called", counter=3), ["Your number is called: please go to counter 3", AS_OF]),
        (status("serving", counter=4), ["You are at counter 4", AS_OF]),
        (status("missed"), ["Your number was called and nobody came. Please ask at the information desk."]),
        (status("done"), ["This number is finished"]),
        (status("carried"), ["This number is finished"]),
        (
            status("carried", carried=Carried(DAYS, "12345678", is_claimed=False)),
            [
                "The day ended before your turn, and your turn is kept",
                COME_AGAIN,
                "This holds until Monday 30 November, once.",
            ],
        ),
        (
            status("carried", carried=Carried(DAYS, "12345678", is_claimed=True)),
            ["This number is finished", "A new number was taken with this paper."],
        ),
        (status(before=0), ["0 people before you", AS_OF]),
        (status(before=1, low_s=60), ["1 person before you", AS_OF]),
        (status(before=2, high_s=60), ["2 people before you", AS_OF]),
        (status(before=2, low_s=0, high_s=9000), ["2 people before you", AS_OF]),
        (
            status(before=4, low_s=659, high_s=1441, is_doubtful=True),
            ["4 people before you", "A wait of 10 to 25 minutes", "You may not be served today", AS_OF],
        ),
        (status(before=4, low_s=0, high_s=301), ["4 people before you", "A wait of 6 minutes at most", AS_OF]),
        (status(is_doubtful=True), ["Your number is waiting", AS_OF]),
    ],
)
def test_each_state_has_its_lines(ticket: TicketStatus, said: list[str]) -> None:
    assert lines_of(ticket, "en") == said


@pytest.mark.parametrize(
    ("stop", "said"),
    [
        (Stop(None, None), "is interrupted now"),
        (Stop(None, LINE), "is interrupted now: Registry line"),
        (Stop(None, {"ar": "خط"}), "is interrupted now"),
        (Stop("2026-11-25T06:40:00Z", None), "is interrupted since 09:40"),
        (Stop("2026-11-24T21:00:00Z", LINE), "is interrupted since 00:00: Registry line"),
        (Stop("2026-11-24T20:59:00Z", LINE), "is interrupted since 23:59 Tuesday 24 November: Registry line"),
    ],
)
def test_a_service_that_stands_still_is_said_before_all_else_and_nobody_is_counted(stop: Stop, said: str) -> None:
    assert lines_of(status(before=4, low_s=60, high_s=120, stopped=stop), "en") == [
        f"The service of your number {said}",
        "If it works again today, your number is called in its turn",
        AS_OF,
    ]


@pytest.mark.parametrize(
    ("ago_s", "said"),
    [
        (None, "Nothing has been heard from the centre about the queue yet"),
        (60, "As of 11:59"),
        (61, "Nothing heard from the centre since 11:58: the queue may have gone on"),
        (-60, "As of 12:01"),
    ],
)
def test_a_word_is_of_now_for_a_minute(ago_s: int | None, said: str) -> None:
    told = None if ago_s is None else clock.as_text(NOON - timedelta(seconds=ago_s))
    assert lines_of(status(as_of=told), "en")[-1] == said


@pytest.mark.parametrize(
    ("number", "said"), [("A1014", "A1·014"), ("B2", "B2"), ("10", "1·0"), ("1", "1"), ("", ""), ("A", "A")]
)
def test_a_number_is_parted_behind_its_kiosks_digit(number: str, said: str) -> None:
    assert parted(number) == said


def read(ticket: TicketStatus | None, news: CentreNews = NOTHING_NEW, *, is_watched: bool = False) -> list[str]:
    """Return what somebody reads on the page, from its first line to its last."""
    text = page(ticket, "en", news, is_watched=is_watched).decode().partition("<body")[2].partition(">")[2]
    return [one for line in re.sub(r"<[^>]+>", "\n", text).splitlines() if (one := line.strip())]


ALWAYS = ["No connection now. Trying again.", "العربية"]


def test_the_whole_page_of_somebody_who_waits() -> None:
    news = CentreNews(
        CalendarDay("2026-11-25", opens="08:00", closes="14:00"),
        CalendarDay("2026-11-26", closed=True, names={"ar": "عيد", "en": "Feast"}),
        [{"ar": "بطاقة", "en": "Bring the card"}, {"ar": "بطاقة"}],
    )
    assert read(status(before=4), news, is_watched=True)[:4] == [
        "Your number",
        "A1·014",
        "4 people before you",
        AS_OF,
    ]
    said = read(status(before=4), news)
    assert said[4:] == [
        "Open today 08:00 to 14:00", "Tomorrow closed: Feast", "Bring the card", "بطاقة",
        "The board in the hall is what counts", *ALWAYS,
    ]  # fmt: skip
    assert len(read(status(before=4), news, is_watched=True)) == len(said) + 2


@pytest.mark.parametrize(("is_claimed", "shown"), [(False, True), (True, False)])
def test_a_carried_ticket_shows_its_digits_while_nobody_has_come_with_it(is_claimed: bool, shown: bool) -> None:
    said = read(status("carried", carried=Carried(DAYS, "12345678", is_claimed)))
    assert ("1234 5678" in said) is shown
    assert "The board in the hall is what counts" not in said


def test_the_title_of_one_who_is_called_says_so_and_no_other_title_names_anybody() -> None:
    called = page(status("called", counter=3), "en").decode()
    assert "<title>A1·014 – Your number is called: please go to counter 3</title>" in called
    assert '<body data-state="called">' in called
    assert "<title>Queue ticket</title>" in page(status(), "en").decode()


def test_the_page_of_no_ticket_says_only_that_there_is_none() -> None:
    assert read(None) == [
        "There is no page for this number",
        "The address is wrong, or this number is of an earlier day.",
        *ALWAYS,
    ]
    assert '<body data-state="gone">' in page(None, "en").decode()
    assert '<html lang="ar" dir="rtl">' in page(None, "ar").decode()

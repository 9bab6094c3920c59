"""What centres' pages, their news and search engines are told, sentence by sentence."""

import json
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from central.base import clock
from central.insight.centres.linked import linked_data
from central.insight.centres.news import news
from central.insight.centres.now import centres_now
from central.insight.centres.page import Wording, centre_page
from central.insight.centres.reading import Centre
from central.insight.centres.usual import UNKNOWN, Right, Usual
from common.city.calendar import CentreHours
from common.city.catalogue import Hours
from common.protocol.feed_message import CalendarDay
from common.protocol.queue.service_now import GroupNow
from tests.central.insight.centres.town import (
    BIRTH,
    CARD,
    DESK,
    FEAST,
    NOON,
    PLAIN,
    SINCE,
    TAX,
    USUAL,
    known,
    main_centre,
    new_centre,
    told,
)


def words_of(*centres: Centre, language: Any = "en") -> tuple[Wording, Any]:
    """Return the wording of some centres, and the line of the first."""
    now = centres_now(known(*centres))
    return Wording(now, {one.code: one for one in centres}, language), now.centres[0]


def test_a_centre_says_how_it_stands() -> None:
    words, line = words_of(main_centre(), new_centre())
    assert words.as_of == "This is how things stood at 12:00."
    assert (words.name(line.names), words.name({"ar": "-"}), words.name({})) == ("Main", "-", "")
    assert (words.state(line), words.today(line)) == ("Open", "Open today from 08:00 to 14:00")
    assert words.next_days(line) == [
        "Closed on Thursday 26 November: Feast",
        "Open on Wednesday 2 December from 10:00 to 12:00: Feast",
    ]
    assert words.special_day(date(2026, 12, 3), line) == "Closed on Thursday 3 December: Feast"
    assert words.special_day(date(2026, 12, 4), line) == "Closed on Friday 4 December: "
    assert words.usually(line) == "Usually quietest: 09:00 to 09:30, 12:00 to 13:00"
    assert words_of(main_centre(), language="ar")[0].name(line.names) == "-Main"


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (None, "No news from the centre yet"),
        (1, "No news from the centre since 11:59"),
        (12 * 60, "No news from the centre since 00:00"),
        (12 * 60 + 1, "No news from the centre since 23:59 Tuesday 24 November"),
    ],
)
def test_a_silent_centre_says_since_when(minutes: int | None, said: str) -> None:
    heard = None if minutes is None else told(at=NOON - timedelta(minutes=minutes))
    words, line = words_of(main_centre(told=heard))
    assert words.state(line) == said


@pytest.mark.parametrize(
    ("usual", "day", "said"),
    [
        (Hours("12:00", "13:00"), None, "Open today from 12:00 to 13:00"),
        (Hours("12:01", "13:00"), None, "Open today from 12:01 to 13:00"),
        (Hours("10:00", "12:00"), None, "Open today from 10:00 to 12:00"),
        (None, None, ""),
        (None, {"opens": "10:00", "closes": "14:00"}, "Open today from 10:00 to 14:00 (Feast)"),
        (None, {"closed": True}, "Closed today: Feast"),
        (None, {"closed": True, "names": {}}, "Closed today"),
        (None, {"opens": "10:00", "closes": "14:00", "names": {}}, "Open today from 10:00 to 14:00"),
    ],
)
def test_the_hours_of_today_are_said_with_why_they_differ(
    usual: Hours | None, day: dict[str, Any] | None, said: str
) -> None:
    days = {} if day is None else {"2026-11-25": CalendarDay("2026-11-25", **({"names": FEAST} | day))}
    words, line = words_of(main_centre(hours=CentreHours(usual, days)))
    assert words.today(line) == said


@pytest.mark.parametrize(
    ("opens", "closes", "said"),
    [("12:00", "13:00", ""), ("08:00", "12:01", ""), ("12:01", "13:00", None), ("08:00", "12:00", None)],
)
def test_of_a_centre_that_closed_before_its_time_no_hours_are_said(opens: str, closes: str, said: str | None) -> None:
    words, line = words_of(main_centre(hours=CentreHours(Hours(opens, closes)), told=told(state="closed")))
    assert words.today(line) == (f"Open today from {opens} to {closes}" if said is None else said)


@pytest.mark.parametrize(
    ("usual", "said"),
    [
        (USUAL, "Usually quietest: 09:00 to 09:30, 12:00 to 13:00"),
        (Usual(40, (), USUAL.quietest, Right(32, 0.79)), ""),
        (Usual(40, (), USUAL.quietest, Right(0, None)), ""),
        (Usual(40, (), (), Right(32, 1.0)), ""),
        (UNKNOWN, ""),
    ],
)
def test_quiet_hours_are_said_where_they_held_on_four_of_five_days(usual: Usual, said: str) -> None:
    words, line = words_of(main_centre(usual=usual))
    assert words.usually(line) == said


def test_a_group_says_what_it_is_called_and_how_long_one_waits() -> None:
    word = told(
        A=GroupNow(waiting=2, low_s=0, high_s=300),
        B=GroupNow(waiting=3, low_s=600, high_s=1500),
        D=GroupNow(waiting=30),
        E=GroupNow(waiting=30, low_s=0, high_s=9000),
        F=GroupNow(waiting=30, low_s=60),
    )
    words, line = words_of(main_centre(told=word))
    assert [(words.group(line, one), words.waiting(one), words.wait(one)) for one in line.groups] == [
        ("Cards", "Fewer than three people are waiting", "A wait of less than five minutes"),
        ("B", "3 people are waiting", "A wait of 10 to 25 minutes"),
        ("Desk D", "30 people are waiting", ""),
        ("E", "30 people are waiting", ""),
        ("F", "30 people are waiting", ""),
    ]


def test_a_service_says_why_it_stands_still_until_when_and_where_else_it_works() -> None:
    words, line = words_of(main_centre(), new_centre())
    assert [(words.stopped(one), words.until(one), words.elsewhere(one)) for one in words.stops(line)] == [
        ("Interrupted since 09:40: Registry line", "Expected to work again at 13:30", "Works at: New"),
        ("Interrupted since 09:40 Tuesday 24 November", "", ""),  # it was expected by this minute
        ("Interrupted now", "", "Works at: New"),
    ]


def test_a_service_says_what_it_costs_and_when_it_is_open() -> None:
    words, _ = words_of(main_centre())
    assert [(words.fee(one), words.hours(one)) for one in (CARD, BIRTH, TAX, PLAIN, DESK)] == [
        ("Fee: 25 new Syrian pounds", "Sunday, Wednesday: from 09:00 to 12:00"),
        ("Free of charge", ""),
        ("Fee: 1.50 USD", ""),
        ("", ""),
        ("", ""),
    ]


def test_a_page_shows_its_centre_alone_and_there_is_none_of_another() -> None:
    centres = main_centre(), new_centre()
    now, by_code = centres_now(known(*centres)), {one.code: one for one in centres}
    page = (centre_page(now, by_code, "homs-main", "en") or b"").decode()
    assert "Works at: New" in page
    assert 'href="/centres?lang=en"' in page
    assert 'href="/centres"' in (centre_page(now, by_code, "homs-main", "ar") or b"").decode()
    assert centre_page(now, by_code, "homs-old", "en") is None


def test_search_engines_read_the_office_and_each_service_with_papers_price_and_hours() -> None:
    line = centres_now(known(main_centre())).centres[0]
    text = linked_data(line, main_centre(), "en")
    found = json.loads(text)
    provider = {"@type": "GovernmentService", "provider": {"@id": "#centre"}}
    price = {"@type": "PriceSpecification", "priceCurrency": "SYP", "name": "new Syrian pounds"}
    office = found["@graph"].pop(0)
    assert (office["@type"], office["@id"], office["name"]) == ("GovernmentOffice", "#centre", "Main")
    assert found == {
        "@context": "https://schema.org",
        "@graph": [
            provider | {
                "name": "Card", "description": "Papers to bring: Photo, Old <card>",
                "offers": {"@type": "Offer", "priceSpecification": price | {"price": "25"}},
                "hoursAvailable": {"@type": "OpeningHoursSpecification", "dayOfWeek": ["Sunday", "Wednesday"],
                                   "opens": "09:00", "closes": "12:00"},
            },
            provider | {"name": "Birth", "offers": {"@type": "Offer", "priceSpecification": price | {"price": "0"}}},
            provider | {"name": "Tax", "offers": {"@type": "Offer", "priceSpecification": {
                "@type": "PriceSpecification", "price": "1.50", "priceCurrency": "USD"}}},
            provider | {"name": "Plain"},
        ],
    }  # fmt: skip
    assert "<" not in text


OF = {"a": "http://www.w3.org/2005/Atom"}


def test_news_tell_what_stands_still_and_the_special_days_of_a_week_the_newest_first() -> None:
    centres = main_centre(), new_centre()
    read = ET.fromstring(news(centres_now(known(*centres)), {one.code: one for one in centres}, "en"))
    names = ("title", "updated", "summary")
    as_of = clock.as_text(NOON)
    assert [tuple(one.findtext(f"a:{name}", None, OF) for name in names) for one in read.findall("a:entry", OF)] == [
        ("Main – Tax", as_of, "Interrupted now. Works at: New"),
        # Published by a clock that is ahead:
        ("Main", as_of, "Open on Wednesday 2 December from 10:00 to 12:00: Feast"),
        ("Main – Card", SINCE,
         "Interrupted since 09:40: Registry line. Expected to work again at 13:30. Works at: New"),
        ("Main – Birth", "2026-11-24T06:40:00Z", "Interrupted since 09:40 Tuesday 24 November"),
        ("Main", "2026-11-20T08:00:00.000000Z", "Closed on Thursday 26 November: Feast"),
    ]  # fmt: skip
    assert (read.findtext("a:title", None, OF), read.findtext("a:updated", None, OF)) == (
        "Interruptions and closed days",
        as_of,
    )
    assert read.findtext("a:author/a:name", None, OF) == "Citizen service centres: what works now?"
    ids = [one.text for one in read.iterfind(".//a:id", OF)]
    assert len(set(ids)) == len(ids) == 6


def test_without_any_news_the_feed_is_of_its_moment() -> None:
    quiet = new_centre()
    read = ET.fromstring(news(centres_now(known(quiet)), {quiet.code: quiet}, "en"))
    assert (read.findtext("a:updated", None, OF), read.findall("a:entry", OF)) == (clock.as_text(NOON), [])


def test_a_special_day_of_today_is_news_too() -> None:
    days = {"2026-11-25": CalendarDay("2026-11-25", opens="10:00", closes="14:00", names=FEAST)}
    said = "2026-11-25T05:00:00.000000Z"
    here = new_centre(hours=CentreHours(None, days), days_published_at={"2026-11-25": said})
    (entry,) = ET.fromstring(news(centres_now(known(here)), {here.code: here}, "en")).findall("a:entry", OF)
    assert entry.findtext("a:updated", None, OF) == said

"""A ticket's public page: true, dated, silent about everything else, and gone with its day."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import msgspec
import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.enrolled import kiosks
from central.base.tables.received import findings, waiting_lists
from central.insight.public.page import lines_of
from central.insight.public.status import TicketStatus
from central.insight.public.texts import LANGUAGES, texts
from central.intake.receiving.delivery import ODD_LIST
from central.publishing import in_force
from central.server.api import ticket_page
from common.protocol.envelope import Item, QueueBody, TicketBody
from common.protocol.feed_message import CalendarDay
from common.protocol.queue.call import WaitingList, WaitingTicket
from common.protocol.queue.service_now import CentreNow, CentreState, ServiceNow
from tests.central.conftest import Stage
from tests.kit.sender import Sender

TOKEN = "0123456789abcdef" * 2
NOON = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
DAY = "2026-11-25"


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


async def given(stage: Stage) -> tuple[Sender, Sender, Item]:
    kiosk, hub = await stage.enrolled(), await stage.enrolled_hub()
    ticket = kiosk.item(TicketBody("A1014", "judicial-record", DAY, token=TOKEN), "ticket")
    await stage.deliver(kiosk, ticket)
    return kiosk, hub, ticket


async def look(stage: Stage, token: str = TOKEN, **headers: str) -> httpx2.Response:
    return await stage.client.get(f"/t/{token}?lang=en", headers=headers)


async def tell(stage: Stage, hub: Sender, kiosk: Sender, ticket: Item, *names: str) -> None:
    for name in names:
        body = QueueBody(name, kiosk.kiosk, ticket.id, "A1014", counter=3)
        await stage.deliver(hub, hub.item(body, "queue"))
    await stage.all_read()


def waiting(ticket: Item, at: datetime = NOON, **more: Any) -> WaitingList:
    return WaitingList(clock.as_text(at), DAY, 1, {"A": 5}, [WaitingTicket(ticket.id, **more)])


async def test_it_says_how_many_come_first_the_range_and_when_that_was_true(stage: Stage) -> None:
    _, hub, ticket = await given(stage)
    await stage.deliver(hub, waiting=waiting(ticket, before=4, low_s=600, high_s=1500))
    answer = await look(stage)
    assert answer.status_code == 200
    for said in ("A1·014", "4 people before you", "10 to 25 minutes", "As of 12:00"):
        assert said in answer.text


async def test_no_log_holds_the_address_that_is_its_owners_secret(
    stage: Stage, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk, _, _ = await given(stage)
    await look(stage)
    await stage.client.get(f"/T/{TOKEN}")
    monkeypatch.setattr(ticket_page, "status_of", None)  # a failure of ours is logged too
    assert (await look(stage)).status_code == 500
    said = capsys.readouterr().out
    assert TOKEN not in said
    assert "/t/{token}" in said
    assert kiosk.kiosk in said, "which kiosk asked is no secret"


async def test_it_says_nothing_of_the_service_and_may_be_neither_kept_nor_found(stage: Stage) -> None:
    _, hub, ticket = await given(stage)
    await stage.deliver(hub, waiting=waiting(ticket, before=4))
    answer = await look(stage)
    assert "judicial" not in answer.text
    assert "قضائي" not in (await stage.client.get(f"/t/{TOKEN}")).text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "noindex" in answer.headers["x-robots-tag"]
    assert "unsafe" not in answer.headers["content-security-policy"]


async def test_a_call_says_where_to_go_and_its_undoing_takes_that_back(stage: Stage) -> None:
    kiosk, hub, ticket = await given(stage)
    await tell(stage, hub, kiosk, ticket, "called")
    assert "please go to counter 3" in (await look(stage)).text
    await tell(stage, hub, kiosk, ticket, "undone")
    assert "counter" not in (await look(stage)).text
    await tell(stage, hub, kiosk, ticket, "called", "not-here")
    assert "counter" not in (await look(stage)).text
    await tell(stage, hub, kiosk, ticket, "called", "not-here", "missed")
    assert "nobody came" in (await look(stage)).text
    await tell(stage, hub, kiosk, ticket, "resumed", "called", "came", "done")
    assert "This number is finished" in (await look(stage)).text


@pytest.mark.parametrize("sent_away", ["transferred", "parked"])
async def test_who_was_sent_on_or_asked_to_wait_is_not_said_to_be_at_a_counter(stage: Stage, sent_away: str) -> None:
    kiosk, hub, ticket = await given(stage)
    await tell(stage, hub, kiosk, ticket, "called", "came")
    assert "You are at counter 3" in (await look(stage)).text
    await tell(stage, hub, kiosk, ticket, sent_away)
    assert "counter" not in (await look(stage)).text
    await tell(stage, hub, kiosk, ticket, "called")
    assert "please go to counter 3" in (await look(stage)).text


async def test_a_centre_that_went_silent_is_said_to_be_so(stage: Stage) -> None:
    _, hub, ticket = await given(stage)
    await stage.deliver(hub, waiting=waiting(ticket, NOON - timedelta(minutes=10), before=4))
    assert "Nothing heard from the centre since 11:50" in (await look(stage)).text


async def test_without_a_word_of_a_hub_it_promises_nothing(stage: Stage) -> None:
    await given(stage)
    said = (await look(stage)).text
    assert "Nothing has been heard" in said
    assert "before you" not in said


async def test_unknown_malformed_and_ended_ones_are_told_alike(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    await given(stage)
    unknown = await look(stage, "f" * 32)
    answers = [await look(stage, token) for token in ("x", "F" * 32, TOKEN.upper(), "%00" * 5, "0" * 400)]
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(days=1))
    answers.append(await look(stage))
    for answer in answers:
        assert (answer.status_code, answer.content) == (404, unknown.content)
    assert unknown.status_code == 404


async def test_an_unchanged_page_is_a_few_bytes_and_the_first_view_under_fifteen_kilobytes(stage: Stage) -> None:
    _, hub, ticket = await given(stage)
    await stage.deliver(hub, waiting=waiting(ticket, before=4))
    first = await look(stage)
    files = [await stage.client.get(f"/t/-/{name}") for name in ("brand.css", "emblem.png", "ticket.css", "ticket.mjs")]
    assert sum(len(one.content) for one in (first, *files)) < 15_000
    again = await look(stage, **{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    await stage.deliver(hub, waiting=waiting(ticket, before=3))
    assert (await look(stage, **{"If-None-Match": first.headers["etag"]})).status_code == 200
    assert (await stage.client.get("/t/-/status.py")).status_code == 404


async def test_of_two_hubs_the_one_with_the_greater_term_is_believed(stage: Stage) -> None:
    _, hub, ticket = await given(stage)
    other = await stage.enrolled_hub()
    await stage.deliver(hub, waiting=waiting(ticket, before=9))
    await stage.deliver(other, waiting=WaitingList(clock.as_text(NOON), DAY, 2, {}, [WaitingTicket(ticket.id, 1)]))
    assert "1 person before you" in (await look(stage)).text


@pytest.mark.parametrize("at", ["lost", "2026-13-01T00:00:00Z", "2026-11-25T12:00:00", "2026-11-25"])
async def test_a_hub_that_does_not_say_when_is_not_believed_and_its_word_of_before_costs_no_page(
    stage: Stage, at: str
) -> None:
    _, hub, ticket = await given(stage)
    body = hub.batch([], waiting=waiting(ticket, before=4)).replace(clock.as_text(NOON).encode(), at.encode())
    assert at.encode() in body
    assert (await stage.post(hub, body)).status_code == 200
    assert not await stage.all(select(waiting_lists))
    assert [row.code for row in await stage.all(select(findings).where(findings.c.kiosk == hub.kiosk))] == [ODD_LIST]
    kept = msgspec.json.encode(waiting(ticket, before=4)).decode().replace(clock.as_text(NOON), at)
    async with stage.engine.begin() as connection:
        await connection.execute(insert(waiting_lists).values(hub=hub.kiosk, list=kept, at=clock.as_text(NOON)))
    answer = await look(stage)
    assert (answer.status_code, "Nothing has been heard" in answer.text) == (200, True)


async def test_a_day_that_no_calendar_has_costs_no_page(stage: Stage) -> None:
    _, hub, ticket = await given(stage)
    told = msgspec.structs.replace(waiting(ticket, before=4), at="2026-02-30T12:00:00Z")
    await stage.deliver(hub, waiting=told)
    answer = await look(stage)
    assert (answer.status_code, "Nothing has been heard" in answer.text) == (200, True)


def test_arabic_counts_people_as_it_should() -> None:
    for before, said in (
        (0, "لا أحد قبلك"),
        (1, "شخص واحد قبلك"),
        (2, "شخصان قبلك"),
        (3, "3 أشخاص قبلك"),
        (11, "11 شخصاً قبلك"),
        (100, "100 شخص قبلك"),
    ):
        assert lines_of(TicketStatus(number="A1014", state="waiting", before=before), "ar")[0] == said


def test_both_catalogues_hold_the_same_texts() -> None:
    arabic, english = (texts(language) for language in LANGUAGES)
    assert list(arabic) == list(english)


FEAST = {"ar": "عيد", "en": "Feast"}


async def test_it_says_the_days_hours_only_where_they_were_published(stage: Stage) -> None:
    await given(stage)
    assert "Open today" not in (await look(stage)).text
    await stage.publish("settings", {"kiosk.opens": "08:00", "kiosk.closes": "14:30"})
    assert "Open today 08:00 to 14:30" in (await look(stage)).text
    day = {"date": DAY, "opens": "09:00", "closes": "12:00", "names": FEAST}
    await stage.publish("calendar", {"centre": "homs-main", "days": [day]})
    assert "Open today 09:00 to 12:00" in (await look(stage)).text
    await stage.publish("calendar", {"centre": "homs-main", "days": [{"date": DAY, "closed": True, "names": FEAST}]})
    assert "closed today: Feast" in (await look(stage)).text


async def test_a_holiday_tomorrow_is_said_to_the_centres_own_alone(stage: Stage) -> None:
    await given(stage)
    tomorrow = {"date": "2026-11-26", "closed": True, "names": FEAST}
    await stage.enrolled("homs-new")
    await stage.publish("calendar", {"centre": "homs-new", "days": [tomorrow]})
    assert "Tomorrow" not in (await look(stage)).text
    await stage.publish("calendar", {"days": [tomorrow]})
    assert "Tomorrow closed: Feast" in (await look(stage)).text
    await stage.publish("calendar", {"centre": "homs-main", "days": [tomorrow | {"closed": False} | HOURS]})
    assert "Open tomorrow 10:00 to 13:00: Feast" in (await look(stage)).text


async def test_it_speaks_of_the_centre_of_its_number_also_where_the_kiosk_stands_elsewhere_since(stage: Stage) -> None:
    kiosk, *_ = await given(stage)
    await stage.publish("settings", {"kiosk.opens": "08:00", "kiosk.closes": "14:30"})
    tomorrow = {"date": "2026-11-26", "closed": True}
    for centre, name in (("homs-main", "Feast"), ("homs-new", "Repairs")):
        await stage.enrolled(centre)
        days = [tomorrow | {"names": {"ar": name, "en": name}}]
        await stage.publish("calendar", {"centre": centre, "days": days})
    await stage.try_enrol(kiosk, await stage.code("homs-new"))
    page = (await look(stage)).text
    assert "Tomorrow closed: Feast" in page
    assert "Repairs" not in page
    assert "Open today 08:00 to 14:30" in page


@pytest.mark.parametrize("end", ["carried", None])
async def test_it_names_no_hours_of_a_day_that_was_closed_before_its_time(stage: Stage, end: str | None) -> None:
    kiosk, hub, ticket = await given(stage)
    await stage.publish("settings", {"kiosk.opens": "08:00", "kiosk.closes": "14:30"})
    if end is not None:
        days = "2026-11-26", "2026-11-30"
        ended = QueueBody(end, kiosk.kiosk, ticket.id, "A1014", first_day=days[0], last_day=days[1])
        await stage.deliver(hub, hub.item(ended, "queue"))
        await stage.all_read()
    states: tuple[tuple[CentreState, bool], ...] = ("open", True), ("closed", False), ("open", True)
    for state, is_said in states:
        now = CentreNow(state=state, services=[], groups={})
        await stage.deliver(hub, waiting=msgspec.structs.replace(waiting(ticket, before=4), now=now))
        assert ("Open today" in (await look(stage)).text) is is_said


HOURS = {"opens": "10:00", "closes": "13:00"}


async def test_notices_of_the_page_stand_there_while_they_hold(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    await given(stage)
    here = {"id": "card", "from": DAY, "until": f"{DAY}T13:00", "texts": {"ar": "بطاقة", "en": "Bring <b>"}}
    await stage.publish("notices", {"notices": [here | {"where": ["page"]}, here | {"id": "lift", "where": ["board"]}]})
    assert (await look(stage)).text.count("Bring &lt;b&gt;") == 1
    assert "بطاقة" in (await stage.client.get(f"/t/{TOKEN}")).text
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(hours=1))
    assert "Bring" not in (await look(stage)).text


async def test_what_is_published_is_read_again_only_once_there_is_more(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk, _, _ = await given(stage)
    read, readings = in_force.special_days, []

    async def noted(connection: AsyncConnection, centre: str | None) -> dict[str, CalendarDay]:
        readings.append(centre)
        return await read(connection, centre)

    monkeypatch.setattr(in_force, "special_days", noted)
    tomorrow = {"date": "2026-11-26", "closed": True, "names": FEAST}
    notice = {"id": "card", "from": DAY, "until": DAY, "texts": {"ar": "بطاقة", "en": "Bring it"}, "where": ["page"]}
    for n, (kind, content, said) in enumerate((
        ("settings", {"kiosk.opens": "08:00", "kiosk.closes": "14:30"}, "Open today 08:00 to 14:30"),
        ("calendar", {"days": [tomorrow]}, "Tomorrow closed: Feast"),
        ("notices", {"notices": [notice]}, "Bring it"),
    ), 1):  # fmt: skip
        await stage.publish(kind, content)
        for _ in range(3):
            assert said in (await look(stage)).text
        assert len(readings) == n
    async with stage.engine.begin() as connection:
        await connection.execute(update(kiosks).where(kiosks.c.id == kiosk.kiosk).values(centre="homs-new"))
    await look(stage)
    assert readings == ["homs-main"] * 3 + ["homs-new"]


async def test_it_says_that_the_service_stands_still_and_counts_nobody(stage: Stage) -> None:
    _, hub, ticket = await given(stage)
    stopped = ServiceNow(
        service="judicial-record", state="interrupted", reason="registry-line", since="2026-11-25T06:40:00Z"
    )
    told = WaitingList(
        clock.as_text(NOON), DAY, 1, {"A": 5}, [WaitingTicket(ticket.id, before=4)],
        now=CentreNow(state="open", services=[stopped], groups={}),
    )  # fmt: skip
    await stage.deliver(hub, waiting=told)
    page = (await look(stage)).text
    assert "The service of your number is interrupted since 09:40: Civil registry line" in page
    assert "people before you" not in page
    assert "judicial" not in page.lower()


async def test_it_says_as_of_its_time_that_the_turn_may_not_come_today(stage: Stage) -> None:
    _, hub, ticket = await given(stage)
    await stage.deliver(hub, waiting=waiting(ticket, before=60, low_s=6000, high_s=9000, today="doubtful"))
    page = (await look(stage)).text
    assert "You may not be served today" in page
    assert "60 people before you" in page

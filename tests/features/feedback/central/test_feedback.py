"""Whether it was done: asked once after the end, counted without a name, told of twenty answers at least, then gone."""

import base64
import itertools
from datetime import timedelta
from typing import Any

import httpx2
import msgspec
import pytest
from sqlalchemy import select

from central.base.tables.received import GONE, inbox
from central.insight.reports import counted_days
from central.insight.reports.month import count_month
from central.insight.reports.sheets import report_of
from central.intake.receiving import evidence
from central.offices import operations
from central.offices.retention.keeping import keep
from common.protocol.envelope import QueueBody, TicketBody, decode_body
from features.feedback.central.tables import feedback, feedback_counts
from features.feedback.wire import FeedbackBody
from tests.central.conftest import URL, Stage
from tests.central.insight.public.ended_visit import DAY, ENDED, TOKEN, Hand, given, look

OWN = {"origin": URL}
GLAD = {"served": "yes", "face": 3}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def say(stage: Stage, said: Any = GLAD, token: str = TOKEN, **headers: str) -> httpx2.Response:
    return await stage.client.post(f"/t/{token}", json=said, headers=OWN | headers)


async def counted(stage: Stage) -> list[tuple[str, str, str, int, int]]:
    rows = await stage.all(select(feedback_counts))
    return [(row.centre, row.service, row.served, row.face, row.n) for row in rows]


async def test_who_was_served_is_asked_once_and_thanked(stage: Stage, hand: Hand) -> None:
    await given(stage, "called", "came", "done")
    asked = (await look(stage)).text
    assert "Was it done, what you came for?" in asked
    assert 'method="post"' in asked
    assert (await say(stage)).status_code == 204
    again = await say(stage, {"served": "down", "face": 1})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/answered")
    assert await counted(stage) == [("homs-main", "judicial-record", "yes", 3, 1)]
    page = (await look(stage)).text
    assert "Thank you" in page
    assert "Was it done" not in page


@pytest.mark.parametrize("ends", [(), ("called",), ("called", "came"), ("called", "missed"), ("carried",), ("voided",)])
async def test_a_visit_that_is_not_over_or_never_was_is_not_asked_about(
    stage: Stage, hand: Hand, ends: tuple[str, ...]
) -> None:
    await given(stage, *ends)
    assert "Was it done" not in (await look(stage)).text
    refused = await say(stage)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-over")
    assert await counted(stage) == []


async def test_the_page_lives_on_for_two_days_after_the_end_and_no_longer(stage: Stage, hand: Hand) -> None:
    await given(stage, "called", "came", "done")
    hand.now = ENDED + timedelta(hours=47, minutes=59)
    assert (await look(stage)).status_code == 200
    hand.now = ENDED + timedelta(hours=48)
    assert (await look(stage)).status_code == (await say(stage)).status_code == 404


async def test_nothing_is_answered_by_looking(stage: Stage, hand: Hand) -> None:
    await given(stage, "done")
    await stage.client.get(f"/t/{TOKEN}?served=yes&face=3&stop=true")
    assert "Was it done" in (await look(stage)).text
    assert await counted(stage) == []


@pytest.mark.parametrize("headers", [{}, {"origin": "https://evil.example"}, {"origin": "null"}])
async def test_only_the_pages_own_origin_may_answer(stage: Stage, hand: Hand, headers: dict[str, str]) -> None:
    await given(stage, "done")
    assert (await stage.client.post(f"/t/{TOKEN}", json=GLAD, headers=headers)).status_code == 403
    assert await counted(stage) == []


async def test_a_form_without_a_script_is_sent_back_to_the_page(stage: Stage, hand: Hand) -> None:
    await given(stage, "done")
    for served in ("down", "yes"):
        sent = await stage.client.post(f"/t/{TOKEN}?lang=en", content=f"served={served}&face=1", headers=OWN | FORM)
        assert (sent.status_code, sent.headers["location"]) == (303, f"/t/{TOKEN}?lang=en")
    assert await counted(stage) == [("homs-main", "judicial-record", "down", 1, 1)]
    assert (await look(stage)).headers["referrer-policy"] == "same-origin", "without a browser names no origin"


async def test_a_form_that_comes_too_late_or_too_early_is_sent_back_to_the_page_too(stage: Stage, hand: Hand) -> None:
    await given(stage, "called")
    for later in (timedelta(0), timedelta(days=3)):  # it is not over; its page is
        hand.now = ENDED + later
        sent = await stage.client.post(f"/t/{TOKEN}?lang=en", content="served=yes&face=3", headers=OWN | FORM)
        assert (sent.status_code, sent.headers.get("location")) == (303, f"/t/{TOKEN}?lang=en")
    assert await counted(stage) == []


async def test_who_does_not_want_to_be_asked_is_not_and_counts_nowhere(stage: Stage, hand: Hand) -> None:
    await given(stage, "done")
    sent = await stage.client.post(f"/t/{TOKEN}", content="stop=true", headers=OWN | FORM)
    assert sent.status_code == 303
    assert "Was it done" not in (await look(stage)).text
    assert (await say(stage)).status_code == 409
    assert await counted(stage) == []


@pytest.mark.parametrize(
    "said",
    [
        {}, {"served": "yes"}, {"face": 2}, {"served": "maybe", "face": 2}, {"served": "yes", "face": 4},
        {"served": "yes", "face": 0}, {"served": "yes", "face": "3"}, {"served": "yes", "face": 3, "stop": True},
        {"stop": False}, {"served": "yes", "face": 3, "clerk": "Rana"}, [], "yes", 7, None,
    ],
)  # fmt: skip
async def test_half_an_answer_is_none(stage: Stage, hand: Hand, said: Any) -> None:
    await given(stage, "done")
    assert (await say(stage, said)).status_code == 400
    assert await counted(stage) == []


async def test_what_cannot_be_read_is_refused_and_what_is_too_long_not_read(stage: Stage, hand: Hand) -> None:
    await given(stage, "done")
    for body, headers in ((b"\xff", {}), (b"served=yes&face", FORM), (b"%ff=\xff", FORM), (b"", FORM)):
        assert (await stage.client.post(f"/t/{TOKEN}", content=body, headers=OWN | headers)).status_code == 400
    assert (await stage.client.post(f"/t/{TOKEN}", content=b" " * 2000, headers=OWN)).status_code == 413
    for token in ("f" * 32, "x", TOKEN.upper()):
        assert (await say(stage, token=token)).status_code == 404


async def test_at_a_kiosk_the_paper_names_the_visit_and_central_keeps_the_first_answer(
    stage: Stage, hand: Hand
) -> None:
    kiosk, _, ticket = await given(stage, "done")
    other, elsewhere = await stage.enrolled(), await stage.enrolled("homs-new")
    answers = [
        (elsewhere, FeedbackBody("other", 1, ticket=ticket.id)),  # no centre speaks of another's visits
        (other, FeedbackBody("papers", 2, ticket=ticket.id)),
        (kiosk, FeedbackBody("yes", 3, token=TOKEN)),
    ]
    for sender, body in answers:
        assert await stage.results(sender, sender.item(body, "feedback")) == [("applied", None)]
        await stage.all_read()
    assert await counted(stage) == [("homs-main", "judicial-record", "papers", 2, 1)]
    assert (await say(stage)).status_code == 409


async def test_an_answer_counts_where_the_ticket_was_given_though_its_kiosk_moved(stage: Stage, hand: Hand) -> None:
    kiosk, _, ticket = await given(stage, "done")
    other = await stage.enrolled()
    hand.now += timedelta(days=1)
    await stage.try_enrol(kiosk, await stage.code("homs-new"))
    await stage.deliver(other, other.item(FeedbackBody("yes", 3, ticket=ticket.id), "feedback"))
    await stage.all_read()
    assert await counted(stage) == [("homs-main", "judicial-record", "yes", 3, 1)]


async def test_an_answer_that_comes_before_its_ticket_counts_once_that_is_there(stage: Stage, hand: Hand) -> None:
    kiosk, other = await stage.enrolled(), await stage.enrolled()
    ticket = kiosk.item(TicketBody("A1014", "judicial-record", DAY), "ticket")
    await stage.deliver(other, other.item(FeedbackBody("yes", 3, ticket=ticket.id), "feedback"))
    await stage.all_read()
    assert await counted(stage) == []
    await stage.deliver(kiosk, ticket)
    for _ in range(2):
        await stage.all_read()
    assert await counted(stage) == [("homs-main", "judicial-record", "yes", 3, 1)]


@pytest.mark.parametrize("body", [b'{"served":"yes","face":3}', b'{"served":"yes","face":9,"ticket":"x"}'])
async def test_an_answer_of_no_visit_is_quarantined(stage: Stage, hand: Hand, body: bytes) -> None:
    kiosk = await stage.enrolled()
    item = kiosk.item(FeedbackBody("yes", 3, token=TOKEN), "feedback")
    item = kiosk.rehashed(item, body=base64.b64encode(body).decode())
    assert [result for result, _ in await stage.results(kiosk, item)] == ["quarantined"]


async def test_after_two_days_the_counts_alone_are_left_and_nobody_answers_twice(stage: Stage, hand: Hand) -> None:
    kiosk, _, ticket = await given(stage, "done")
    await stage.deliver(kiosk, kiosk.item(FeedbackBody("down", 1, ticket=ticket.id), "feedback"))
    await stage.all_read()
    hand.now = ENDED + timedelta(hours=47)
    assert await gone(stage) == {"answers": 0, "answered": 0}
    assert (await say(stage)).status_code == 409
    hand.now = ENDED + timedelta(days=4)
    await stage.all_read()
    assert await gone(stage) == {"answers": 1, "answered": 1}
    assert await stage.all(select(feedback)) == []
    assert [row.body for row in await stage.all(select(inbox).where(inbox.c.kind == "feedback"))] == [GONE]
    verified = await evidence.verify(stage.engine)
    assert (verified.gone, verified.wrong) == (1, [])
    await counted_days.rebuild(stage.engine)
    assert await counted(stage) == [("homs-main", "judicial-record", "down", 1, 1)]


async def gone(stage: Stage) -> dict[str, int]:
    return dict((await keep(stage.engine, "feedback", 2, really=True, operator=operations.CONSOLE)).counts)


async def test_a_report_has_the_share_that_answered_and_none_of_fewer_than_twenty(stage: Stage, hand: Hand) -> None:
    kiosk, hub = await stage.enrolled(), await stage.enrolled_hub()
    for service, visits, answers in (("judicial-record", 40, 20), ("clearance", 30, 19)):
        of_service = [kiosk.item(TicketBody(f"A1{n:03}", service, DAY), "ticket") for n in range(visits)]
        await stage.deliver(kiosk, *of_service)
        done = [hub.item(QueueBody("done", kiosk.kiosk, one.id, clerk="Rana"), "queue") for one in of_service]
        await stage.deliver(hub, *done)
        said = itertools.cycle([("yes", 3), ("yes", 3), ("yes", 2), ("down", 1)])
        for one, (served, face) in zip(of_service[:answers], said, strict=False):
            body = msgspec.convert({"served": served, "face": face, "ticket": one.id}, FeedbackBody)
            await stage.deliver(kiosk, kiosk.item(body, "feedback"))
    month = await count_month(stage.engine, "homs-main", "2026-11")
    names = {"judicial-record": {"ar": "السجل العدلي", "en": "Judicial record"}}
    sheet = next(one for one in report_of(month, names, "en", hand.now).sheets if one.key == "feedback")
    assert sheet.rows == (
        ("All services", 39, 55.7, 76.9, 0.0, 23.1, 0.0, 0.0, 51.3, 23.1),
        ("Judicial record", 20, 50.0, 75.0, 0.0, 25.0, 0.0, 0.0, 50.0, 25.0),
    )
    assert "Rana" not in str(sheet)


def test_each_body_says_whether_anything_of_it_is_personal() -> None:
    raw = base64.b64encode(msgspec.json.encode(FeedbackBody("yes", 3, token=TOKEN))).decode()
    assert decode_body("feedback", raw).sealed is None

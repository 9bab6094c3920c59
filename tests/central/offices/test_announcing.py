"""Days and notices published by a browser: one at a time, beside those that stand, within the operator's centres."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from central.base import clock
from central.base.tables.told import feed
from tests.central.conftest import Stage
from tests.central.offices.test_operators import FORM, appointed, log_in
from tests.central.offices.test_people import acts

NOON = datetime(2026, 11, 25, 9, tzinfo=UTC)
MINE, OTHERS = "homs-main", "homs-new"
FEAST = {"date": "2026-12-25", "name_ar": "عيد الميلاد", "name_en": "Christmas"}
CARD = {
    "begins": "2026-11-25", "until": "2026-11-30", "text_ar": "أحضر بطاقتك", "text_en": "Bring your card", "kiosk": "1",
    "paper": "1",
}  # fmt: skip


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


async def send(stage: Stage, what: str, **form: str) -> tuple[int, str]:
    answer = await stage.client.post(f"/offices/announcing/{what}", data=form, headers=FORM)
    return answer.status_code, answer.text


async def newest(stage: Stage, kind: str) -> tuple[str | None, Any]:
    rows = await stage.all(select(feed).where(feed.c.kind == kind).order_by(feed.c.id))
    return rows[-1].centre, json.loads(rows[-1].body)


async def test_a_day_stands_beside_the_years_others_and_is_taken_back_alone(stage: Stage) -> None:
    await log_in(stage, await appointed(stage))
    assert (await send(stage, "days", **FEAST))[0] == 200
    status, text = await send(stage, "days", **FEAST | {"date": "2026-12-26", "opens": "10:00", "closes": "12:00"})
    assert (status, "الجمعة 25 كانون الأول 2026" in text, "عيد الميلاد" in text) == (200, True, True)
    assert [day["date"] for day in (await newest(stage, "calendar"))[1]["days"]] == ["2026-12-25", "2026-12-26"]
    await send(stage, "days", **FEAST | {"date": "2026-12-26"})
    assert [day.get("closed") for day in (await newest(stage, "calendar"))[1]["days"]] == [True, True]
    assert (await send(stage, "days/back", name="2026-12-25"))[0] == 200
    assert [day["date"] for day in (await newest(stage, "calendar"))[1]["days"]] == ["2026-12-26"]
    await send(stage, "days/back", name="2026-12-26")
    assert (await newest(stage, "calendar"))[1] == {"centre": None, "year": 2026, "days": []}
    assert [act for _, act, _ in await acts(stage)] == ["day-published"] * 3 + ["day-taken-back"] * 2


@pytest.mark.parametrize("hours", [{"opens": "10:00"}, {"closes": "12:00"}])
async def test_a_day_with_half_of_its_hours_is_neither_closed_nor_short(stage: Stage, hours: dict[str, str]) -> None:
    await log_in(stage, await appointed(stage))
    status, _ = await send(stage, "days", **FEAST | hours)
    assert status == 422
    assert not await stage.all(select(feed).where(feed.c.kind == "calendar"))


async def test_a_day_is_on_the_page_until_it_is_over(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    await log_in(stage, await appointed(stage))
    await send(stage, "days", **FEAST | {"date": "2026-11-25"})
    for days, is_shown in ((0, True), (1, False)):
        monkeypatch.setattr(clock, "now", lambda days=days: NOON + timedelta(days=days))
        await log_in(stage, await appointed(stage, name=f"Rana {days}"))
        page = (await stage.client.get("/offices/announcing")).text
        assert ("عيد الميلاد" in page) is is_shown, days


async def test_notices_stand_together_until_they_are_over_or_taken_back(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await log_in(stage, await appointed(stage))
    status, text = await send(stage, "notices", centre=MINE, **CARD)
    assert (status, "أحضر بطاقتك" in text) == (200, True)
    centre, body = await newest(stage, "notices")
    [first] = body["notices"]
    assert (centre, first["where"], first["until"]) == (MINE, ["kiosk", "paper"], "2026-12-01T00:00:00+03:00")
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(minutes=1))
    await send(stage, "notices", centre=MINE, **CARD | {"until": "2026-11-25"})
    names = [one["id"] for one in (await newest(stage, "notices"))[1]["notices"]]
    assert [name[:22] for name in names] == ["notice-20261125-090100", "notice-20261125-090000"]
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(days=1))
    await log_in(stage, await appointed(stage, name="Huda"))
    await send(stage, "notices", centre=MINE, **CARD)
    names = [one["id"] for one in (await newest(stage, "notices"))[1]["notices"]]
    assert [name[:22] for name in names] == ["notice-20261126-090000", "notice-20261125-090000"], "what is over goes"
    await send(stage, "notices/back", centre=MINE, name=names[0])
    assert [one["id"] for one in (await newest(stage, "notices"))[1]["notices"]] == names[1:]
    assert [act for _, act, _ in await acts(stage)][-1] == "notice-taken-back"


async def test_of_two_notices_in_one_second_both_stand(stage: Stage) -> None:
    await log_in(stage, await appointed(stage))
    for text in ("أحضر بطاقتك", "المصعد معطّل"):
        await send(stage, "notices", centre=MINE, **CARD | {"text_ar": text})
    [second, first] = (await newest(stage, "notices"))[1]["notices"]
    assert (first["texts"]["ar"], second["texts"]["ar"]) == ("أحضر بطاقتك", "المصعد معطّل")
    await send(stage, "notices/back", centre=MINE, name=second["id"])
    assert (await newest(stage, "notices"))[1]["notices"] == [first]


@pytest.mark.parametrize(
    ("what", "form"),
    [
        ("days", FEAST | {"name_en": ""}),
        ("days", FEAST | {"opens": "10:00"}),
        ("days", FEAST | {"date": ""}),
        ("days/back", {"name": "soon"}),
        ("notices", CARD | {"text_ar": " "}),
        ("notices", CARD | {"text_ar": "ا" * 121}),
        ("notices", CARD | {"kiosk": "", "paper": ""}),
        ("notices", CARD | {"until": "2026-11-24"}),
    ],
)
async def test_what_no_machine_could_show_is_refused_and_named(stage: Stage, what: str, form: dict[str, str]) -> None:
    await log_in(stage, await appointed(stage))
    status, text = await send(stage, what, **form)
    assert (status, 'role="alert"' in text) == (422, True)
    assert await stage.all(select(feed).where(feed.c.kind.in_(("calendar", "notices")))) == []


async def test_an_operator_publishes_within_his_centres_alone(stage: Stage) -> None:
    await log_in(stage, await appointed(stage, of=(OTHERS,)))
    for what, form in (("days", FEAST), ("notices", CARD), ("days/back", {"name": "2026-12-25"})):
        assert (await send(stage, what, **form))[0] == 403, "all centres"
        assert (await send(stage, what, centre=MINE, **form))[0] == 403
    assert (await send(stage, "days", centre=OTHERS, **FEAST))[0] == 200
    elsewhere = await stage.client.post(
        "/offices/announcing/days", data=FEAST, headers={"origin": "https://evil.example"}
    )
    assert elsewhere.status_code == 403


async def test_a_day_that_is_over_is_refused_as_the_page_would_not_show_it(stage: Stage) -> None:
    await log_in(stage, await appointed(stage))
    for date in ("2025-12-25", "2026-11-24"):
        status, text = await send(stage, "days", **FEAST | {"date": date})
        assert (status, 'role="alert"' in text, date in text) == (422, True, True)
    assert await stage.all(select(feed).where(feed.c.kind == "calendar")) == []
    assert (await send(stage, "days", **FEAST | {"date": "2026-11-25"}))[0] == 200


DIGITS = {"date": "٢٠٢٦/١٢/٥", "opens": "٩:٣٠", "closes": "12.00"}


async def test_days_and_times_are_taken_in_either_script_and_are_published_as_ever(stage: Stage) -> None:
    await log_in(stage, await appointed(stage))
    assert (await send(stage, "days", **FEAST | DIGITS))[0] == 200
    [day] = (await newest(stage, "calendar"))[1]["days"]
    assert (day["date"], day["opens"], day["closes"]) == ("2026-12-05", "09:30", "12:00")
    assert (await send(stage, "notices", **CARD | {"begins": "2026/11/25", "until": "٢٠٢٦/١١/٣٠"}))[0] == 200
    assert (await newest(stage, "notices"))[1]["notices"][0]["until"] == "2026-12-01T00:00:00+03:00"


@pytest.mark.parametrize(
    ("what", "form", "field", "says"),
    [
        ("days", FEAST | {"date": "25/12"}, "25/12", "اكتب سنة/شهر/يوم"),
        ("days", FEAST | {"date": "2026/02/30"}, "2026/02/30", "اكتب سنة/شهر/يوم"),
        ("days", FEAST | {"opens": "9"}, "9", "اكتب ساعة:دقيقة"),
        ("notices", CARD | {"until": "غداً"}, "غداً", "اكتب سنة/شهر/يوم"),
    ],
)
async def test_what_cannot_be_read_is_said_in_words_and_nothing_that_was_typed_is_lost(
    stage: Stage, what: str, form: dict[str, str], field: str, says: str
) -> None:
    await log_in(stage, await appointed(stage))
    status, text = await send(stage, what, **form)
    kept = [form["name_ar"], form["name_en"]] if what == "days" else [form["text_ar"], form["text_en"]]
    assert (status, says in text) == (422, True)
    assert [f'value="{one}"' in text for one in (field, *kept)] == [True] * 3
    assert 'lang="en" dir="ltr"><li>' not in text, "not in central's English"

"""Hours and services published by a browser: the same checks as the command, within the operator's centres."""

import io
import json
import re
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from central.base.tables.told import feed
from central.offices.drawing import assets
from central.publishing.spreadsheet import write_form
from central.publishing.start_screen import tiles_of
from common.city.catalogue import load_catalogue
from tests.central.conftest import Stage
from tests.central.offices.test_operators import FORM, appointed, log_in
from tests.central.offices.test_people import acts

MINE, OTHERS = "homs-main", "homs-new"
ENTRY = {"code": "water-bill", "names": {"ar": "فاتورة المياه", "en": "Water bill"}, "main": True}


async def tell_hours(stage: Stage, opens: str, closes: str, centre: str = "") -> tuple[int, str]:
    form = {"centre": centre, "opens": opens, "closes": closes}
    answer = await stage.client.post("/offices/publish/hours", data=form, headers=FORM)
    return answer.status_code, answer.text


async def upload(stage: Stage, content: bytes, centre: str = "", name: str = "filled.xlsx") -> tuple[int, str]:
    answer = await stage.client.post(
        "/offices/publish/catalogue", data={"centre": centre}, files={"file": (name, content)}, headers=FORM
    )
    return answer.status_code, answer.text


async def published(stage: Stage, kind: str) -> list[tuple[str | None, Any]]:
    rows = await stage.all(select(feed).where(feed.c.kind == kind).order_by(feed.c.id))
    return [(row.centre, json.loads(row.body)) for row in rows]


async def test_hours_are_told_to_all_or_one_centre_and_taken_back(stage: Stage) -> None:
    await log_in(stage, await appointed(stage))
    assert (await tell_hours(stage, "08:00", "14:00"))[0] == 200
    status, text = await tell_hours(stage, "09:00", "12:00", MINE)
    assert (status, "09:00" in text) == (200, True)
    assert "08:00" in (await stage.client.get(f"/offices/publish?centre={OTHERS}")).text
    await tell_hours(stage, "", "", MINE)
    assert await published(stage, "settings") == [
        (None, {"kiosk.opens": "08:00", "kiosk.closes": "14:00"}),
        (MINE, {"kiosk.opens": "09:00", "kiosk.closes": "12:00"}),
        (MINE, {"kiosk.opens": None, "kiosk.closes": None}),
    ]
    assert [act for _, act, _ in await acts(stage)] == ["hours-published"] * 3


@pytest.mark.parametrize(
    ("opens", "closes"), [("8 o'clock", "14:00"), ("14:00", "08:00"), ("08:00", ""), ("25:00", "26:00")]
)
async def test_hours_that_are_none_are_refused(stage: Stage, opens: str, closes: str) -> None:
    await log_in(stage, await appointed(stage))
    status, text = await tell_hours(stage, opens, closes)
    assert (status, 'role="alert"' in text) == (422, True)
    assert await published(stage, "settings") == []


@pytest.mark.proof
async def test_the_form_is_downloaded_filled_and_published(stage: Stage) -> None:
    await log_in(stage, await appointed(stage))
    assert (await upload(stage, write_form([ENTRY])))[0] == 200
    assert await published(stage, "catalogue") == [(None, {"services": [ENTRY]})]
    form = await stage.client.get("/offices/publish/form?centre=")
    assert form.headers["content-disposition"] == 'attachment; filename="catalogue-all.xlsx"'
    sheet = load_workbook(io.BytesIO(form.content)).worksheets[0]
    assert [cell.value for cell in sheet["A"]] == ["code", "water-bill"]
    assert "فاتورة المياه" in (await stage.client.get("/offices/publish")).text
    assert (await acts(stage))[-1] == ("Rana", "catalogue-published", {"centre": "*", "services": "1"})


@pytest.mark.proof
async def test_a_form_with_faults_names_their_cells_and_changes_nothing(stage: Stage) -> None:
    await log_in(stage, await appointed(stage))
    status, text = await upload(stage, b"code,fee\nwater-bill,<b>ten\n", name="filled.csv")
    assert status == 422
    assert "B2 (fee)" in text
    assert "<b>ten" not in text
    for content, name in ((b"", ""), (b"\x00\xff", "x.csv"), (b"PK\x03\x04", "x.xlsx")):
        assert (await upload(stage, content, name=name or "x"))[0] == 422
    assert await published(stage, "catalogue") == []


async def test_what_an_operator_may_publish_ends_at_his_centres(stage: Stage) -> None:
    filled = write_form([ENTRY])
    assert (await tell_hours(stage, "08:00", "14:00"))[0] == 303
    await log_in(stage, await appointed(stage, "Reem", "reader"))
    for centre in ("", MINE):
        assert (await tell_hours(stage, "08:00", "14:00", centre))[0] == 403
        assert (await upload(stage, filled, centre))[0] == 403
    await log_in(stage, await appointed(stage, "Omar", "manager", of=(OTHERS,)))
    assert (await tell_hours(stage, "08:00", "14:00"))[0] == 403, "not for all"
    assert (await tell_hours(stage, "08:00", "14:00", MINE))[0] == 403
    assert (await stage.client.get(f"/offices/publish/form?centre={MINE}")).status_code == 403
    assert (await stage.client.get(f"/offices/publish?centre={MINE}")).status_code == 200, "shows his own instead"
    assert (await upload(stage, filled, OTHERS))[0] == 200
    assert await published(stage, "catalogue") == [(OTHERS, {"services": [ENTRY]})]
    await log_in(stage, await appointed(stage))
    form = {"centre": "", "opens": "08:00", "closes": "14:00"}
    refused = await stage.client.post("/offices/publish/hours", data=form, headers={"origin": "https://evil.example"})
    assert refused.status_code == 403
    assert await published(stage, "settings") == []


async def test_a_form_without_a_file_is_told_so_in_the_pages_words(stage: Stage) -> None:
    await log_in(stage, await appointed(stage))
    status, text = await upload(stage, b"", name="")
    assert (status, "اختر الجدول المملوء أولاً." in text) == (422, True)


async def test_a_file_that_is_too_large_is_not_read(stage: Stage) -> None:
    await log_in(stage, await appointed(stage))
    assert (await upload(stage, b"a" * 2_100_000))[0] == 413


@pytest.mark.parametrize(
    "entries",
    [
        [],
        [ENTRY],
        [{"code": "lease-copy", "main": True}, {"code": "state-employees", "main": False}, ENTRY],
        [{"code": one, "offered": False} for one in ("civil-affairs", "clearance", "water-bill")],
        [{"code": "new", "group": "A", "prefix": "A", "names": {"ar": "جديد", "en": "New"}, "main": True}],
        [{"code": "unfinished", "main": True}],
    ],
)
def test_the_preview_offers_what_the_kiosk_offers(entries: list[dict[str, Any]]) -> None:
    for named in ([], ["plan-copy", "nothing", "water-bill"], ["nothing"]):
        offered = load_catalogue(entries).main(named)
        assert [(one.code, one.names, one.letter) for one in tiles_of(entries, named)] == [
            (one.code, one.names, one.prefix) for one in offered
        ]


@pytest.mark.proof
async def test_a_form_is_looked_at_before_anything_is_published(stage: Stage) -> None:
    await log_in(stage, await appointed(stage))
    fresh = {"code": "new", "group": "A", "prefix": "A", "names": {"ar": "خدمة جديدة", "en": "New"}, "main": True}
    gone = [{"code": tile.code, "offered": False} for tile in tiles_of([])]
    files = {"file": ("filled.xlsx", write_form([fresh, *gone]))}
    looked = await stage.client.post("/offices/publish/catalogue", data={"look": "1"}, files=files, headers=FORM)
    assert (looked.status_code, "خدمة جديدة" in looked.text) == (200, True)
    assert "لم يُنشر شيء بعد" in looked.text
    assert await published(stage, "catalogue") == []
    assert await acts(stage) == []
    assert "خدمة جديدة" not in (await stage.client.get("/offices/publish")).text
    faulty = {"file": ("filled.csv", b"code,fee\nwater-bill,<b>ten\n")}
    refused = await stage.client.post("/offices/publish/catalogue", data={"look": "1"}, files=faulty, headers=FORM)
    assert (refused.status_code, "B2 (fee)" in refused.text) == (422, True)


def test_the_tiles_of_the_preview_have_the_colours_of_the_kiosks() -> None:
    style = assets()["offices.css"].content.decode()
    found = dict(re.findall(r"\.tile\.of-(.) \{ border-inline-start-color: (#\w+); \}", style))
    assert found == {letter: load_catalogue().marks[letter].colour for letter in "ABCD"}


async def test_a_form_takes_away_nothing_for_which_it_has_no_cell(stage: Stage) -> None:
    """Documents, what happens at the quota's end, and that there is no fee were published as JSON, and stay."""
    documents = [{"code": "plan", "names": {"ar": "مخطط", "en": "Plan"}}]
    names = {"ar": "فاتورة المياه", "en": "Water bill", "tr": "Su faturası"}
    full = ENTRY | {"names": names, "documents": documents, "numbers": "stop", "daily_quota": 9, "fee": None}
    await stage.publish("catalogue", {"services": [full]})
    await log_in(stage, await appointed(stage))
    for centre in ("", MINE):
        form = (await stage.client.get(f"/offices/publish/form?centre={centre}")).content
        assert (await upload(stage, form, centre))[0] == 200
        assert (await published(stage, "catalogue"))[-1][1]["services"] == [full]
    paid = ENTRY | {"fee": {"amount_minor": 15000, "currency": "SYP", "pound": "new"}}
    await upload(stage, write_form([paid]))
    [told] = (await published(stage, "catalogue"))[-1][1]["services"]
    assert (told["fee"], told["documents"]) == (paid["fee"], documents)
    assert "daily_quota" not in told, "an emptied cell takes a value away"

"""Appointments by telephone at central: booked once, ended by digits, a day changed; within one's centres."""

import html
import re
from typing import Any

import pytest
from sqlalchemy import select

from central.base.tables.claimed import claims, seat_changes
from central.kiosks import centres
from tests.central.claims.conftest import CENTRE, SERVICE, Office, office  # noqa: F401 - a fixture is had by its name
from tests.central.offices.test_operators import FORM, appointed, log_in
from tests.central.offices.test_people import acts

DAY = "2026-12-01"
OF = {"centre": CENTRE, "day": DAY}
CALL = OF | {"service": SERVICE, "at": f"{DAY}T10:30:00+03:00", "who": "4321", "people": "2", "key": "a" * 32}
NONE = OF | {"group": "A", "half_hour": "10:30", "seats": "0"}


async def send(office: Office, what: str, form: dict[str, str]) -> tuple[int, str]:  # noqa: F811
    answer = await office.stage.client.post(f"/offices/appointments{what}", data=form, headers=FORM)
    return answer.status_code, answer.text


async def shown(office: Office, **query: str) -> str:  # noqa: F811
    return str((await office.stage.client.get("/offices/appointments", params=OF | query)).text)


async def log_of_acts(office: Office) -> str:  # noqa: F811
    answer = await office.stage.client.get("/offices/operations")
    return html.unescape(str(answer.text))


def alert(text: str) -> str:
    found = re.search(r'role="alert">([^<]+)<', text)
    return "" if found is None else found[1]


async def test_who_telephones_is_booked_once_however_often_the_form_comes(office: Office) -> None:  # noqa: F811
    await office.publish()
    await log_in(office.stage, await appointed(office.stage, of=(CENTRE,)))
    assert f'value="{CALL["at"]}"' in await shown(office, service=SERVICE)
    answers = [await send(office, "", CALL) for _ in range(2)]
    [row] = await office.stage.all(select(claims))
    assert (row.people, row.made_by, row.state) == (2, "offices:Rana", "booked")
    for status, text in answers:
        assert (status, f"{row.digits[:4]} {row.digits[4:]}" in text) == (200, True)
    status, text = await send(office, "", CALL | {"key": "b" * 32})
    assert (status, alert(text)) == (422, "لهذا الشخص موعد قائم لهذه الخدمة. يُستعمل أو يُلغى أولاً.")
    typed = row.digits.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert (await send(office, "/ends", OF | {"digits": f"{typed[:4]} {typed[4:]}"}))[0] == 200
    assert await office.state(row.id) == "cancelled"
    assert alert((await send(office, "/ends", OF | {"digits": "00000000"}))[1]) == "لا موعد في هذا المركز بهذه الأرقام."
    assert [act for _, act, _ in await acts(office.stage)] == ["claim-made", "claim-cancelled"]


async def test_days_are_said_as_the_caller_is_told_them(office: Office) -> None:  # noqa: F811
    await office.publish()
    await log_in(office.stage, await appointed(office.stage, of=(CENTRE,)))
    offered, (_, booked) = await shown(office, service=SERVICE), await send(office, "", CALL)
    said = "الثلاثاء 1 كانون الأول، الساعة 10:30"
    assert f">{said}</option>" in offered
    assert f"<p>{said}</p>" in booked
    assert "12/01 10:30" not in offered + booked


async def test_a_day_is_changed_by_half_hour_and_what_is_promised_stays(office: Office) -> None:  # noqa: F811
    await office.publish()
    await log_in(office.stage, await appointed(office.stage, role="administrator"))
    await send(office, "", CALL)
    status, text = await send(office, "/capacity", NONE)
    assert (status, "المواعيد المحجوزة باقية" in text) == (200, True)
    assert "Rana" in text
    [made] = await office.stage.all(select(seat_changes))
    assert (made.made_by, made.half_hour, made.seats) == ("Rana", "10:30", 0)
    assert [row.state for row in await office.stage.all(select(claims))] == ["booked"]
    late = CALL | {"at": f"{DAY}T10:45:00+03:00", "who": "1111", "key": "b" * 32, "people": "1"}
    assert alert((await send(office, "", late))[1]) == "حُجز هذا الوقت قبل لحظات. اختر وقتاً آخر."
    assert (await send(office, "/capacity", OF | {"group": "A", "seats": "6"}))[0] == 200, "the whole day"
    for change in await office.stage.all(select(seat_changes)):
        assert (await send(office, "/capacity/back", OF | {"change": str(change.id)}))[0] == 200
    assert {row.undone_by for row in await office.stage.all(select(seat_changes))} == {"Rana"}
    done = [(act, told["at"], told["before"], told["after"]) for _, act, told in (await acts(office.stage))[1:]]
    assert done == [
        ("capacity-changed", "10:30", "4", "0"),
        ("capacity-changed", "*", "12", "24"),
        ("capacity-taken-back", "10:30", "6", "6"),
        ("capacity-taken-back", "*", "24", "16"),
    ]
    assert "المجموعة A، يوم الثلاثاء 1 كانون الأول كله: كان عدد المواعيد 12 وأصبح 24." in await log_of_acts(office)


@pytest.mark.parametrize(
    ("what", "form"),
    [
        ("", CALL | {"people": "5"}),
        ("", CALL | {"people": ""}),
        ("", CALL | {"at": "soon"}),
        ("", CALL | {"key": ""}),
        ("/capacity", NONE | {"day": "soon"}),
        ("/capacity/back", OF | {"change": "x"}),
    ],
)
async def test_what_no_form_of_the_page_sends_changes_nothing(
    office: Office,  # noqa: F811
    what: str,
    form: dict[str, str],
) -> None:
    await office.publish()
    await log_in(office.stage, await appointed(office.stage))
    status, text = await send(office, what, form)
    assert (status, alert(text)) == (422, "لم يتغير شيء: تحقق مما كُتب.")
    assert await office.stage.all(select(claims.c.id)) == []
    assert await office.stage.all(select(seat_changes.c.id)) == []


@pytest.mark.parametrize(
    ("what", "form", "says"),
    [
        ("", CALL | {"who": "12345", "people": "2"}, "لم يُحجز شيء. اكتب آخر أربعة أرقام من الرقم الوطني."),
        ("", CALL | {"who": "12a4", "people": "2"}, "لم يُحجز شيء. اكتب آخر أربعة أرقام من الرقم الوطني."),
        ("/capacity", NONE | {"seats": "100"}, "لم يتغير شيء. اكتب عدد المواعيد: من 0 إلى 99."),
        ("/capacity", NONE | {"seats": "-1"}, "لم يتغير شيء. اكتب عدد المواعيد: من 0 إلى 99."),
        ("/capacity", NONE | {"seats": ""}, "لم يتغير شيء. اكتب عدد المواعيد: من 0 إلى 99."),
    ],
)
async def test_what_a_field_wants_is_said_and_what_was_typed_stands_there_still(
    office: Office,  # noqa: F811
    what: str,
    form: dict[str, str],
    says: str,
) -> None:
    await office.publish()
    await log_in(office.stage, await appointed(office.stage))
    status, text = await send(office, what, form)
    assert (status, alert(text)) == (422, says)
    assert await office.stage.all(select(claims.c.id)) == []
    assert await office.stage.all(select(seat_changes.c.id)) == []
    if what == "":
        assert f'<input name="who" value="{form["who"]}"' in text
        assert "<option selected>2</option>" in text
        assert f'<option value="{form["at"]}" selected>' in text


async def test_a_reader_looks_and_nobody_acts_outside_their_centres(office: Office) -> None:  # noqa: F811
    await office.publish()
    async with office.stage.engine.begin() as connection:
        await centres.add(connection, centres.read_table("code,name_ar,name_en,kiosks\nother,آخر,Other,1\n"))
    forms: list[tuple[str, dict[str, Any]]] = [
        ("", CALL),
        ("/ends", OF | {"digits": "00000000"}),
        ("/capacity", NONE),
        ("/capacity/back", OF | {"change": "1"}),
    ]
    for name, more in (("Reader", {"role": "reader"}), ("Other", {"of": ("other",)}), ("Cash", {"role": "cashier"})):
        await log_in(office.stage, await appointed(office.stage, name, **more))
        for what, form in forms:
            assert (await send(office, what, form))[0] == 403, (name, what)
        seen = await shown(office)
        assert ("10:30" in seen, "appointments/capacity" in seen) == (name != "Other", False)
    assert await office.stage.all(select(seat_changes.c.id)) == []


async def test_a_centre_without_a_plan_says_so(office: Office) -> None:  # noqa: F811
    await log_in(office.stage, await appointed(office.stage))
    assert "لا مواعيد في هذا المركز" in await shown(office)
    assert alert((await send(office, "/capacity", NONE))[1]) == "لا مواعيد في هذا المركز لهذه الخدمة."

"""People and codes as forms: the same acts as the commands, within the operator's centres, each with a name."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from central.base.tables.enrolled import clerks, enrolment_codes, kiosks
from central.base.tables.messages import message_rules
from central.base.tables.people import operations
from central.base.tables.told import feed
from central.publishing.messages import rules_of, staff_by_centre
from common.protocol.staff import StaffRecord
from tests.central.conftest import Stage
from tests.central.offices.test_operators import FORM, appointed, log_in

MINE, OTHERS = "homs-main", "homs-new"
NEW_CLERK = {"kind": "clerk", "name": "Huda", "centre": MINE, "role": "clerk"}
NEW_TECHNICIAN = {"kind": "technician", "name": "Samer", "centre": MINE, "role": "manager"}
STAFF_RECORD = {"number": "+963933000222", "name": "Nour", "kinds": ["staff-alarm"]}
_SECRET = re.compile(r'class="secret"><bdi dir="ltr">([0-9A-Z]+)</bdi>')


async def sent(
    stage: Stage, path: str, form: Mapping[str, str | list[str]], origin: str | None = None
) -> tuple[int, str]:
    answer = await stage.client.post(f"/offices/{path}", data=form, headers={"origin": origin or FORM["origin"]})
    return answer.status_code, answer.text


async def acts(stage: Stage) -> list[tuple[str, str, dict[str, str]]]:
    rows = await stage.all(select(operations).order_by(operations.c.id))
    return [(row.operator, row.act, json.loads(row.detail)) for row in rows if row.act != "logged-in"]


async def test_a_technicians_pin_is_shown_once_and_reaches_the_kiosks(stage: Stage) -> None:
    await log_in(stage, await appointed(stage, of=(MINE,)))
    status, text = await sent(stage, "people/appoint", NEW_TECHNICIAN)
    shown = _SECRET.search(text)
    assert status == 200
    assert shown
    assert len(shown[1]) == 10, "a manager's"
    (row,) = await stage.all(select(feed).where(feed.c.kind == "technician"))
    told = json.loads(row.body)
    assert (told["name"], told["centre"], told["role"]) == ("Samer", MINE, "manager")
    assert PasswordHasher().verify(told["pin_hash"], shown[1])
    page = (await stage.client.get("/offices/people")).text
    assert "Samer" in page
    assert shown[1] not in page + json.dumps(await acts(stage))
    assert (await sent(stage, "people/withdraw", NEW_TECHNICIAN))[0] == 200
    assert "Samer" not in (await stage.client.get("/offices/people")).text
    who = {"name": "Samer", "centre": MINE}
    assert await acts(stage) == [
        ("Rana", "technician-appointed", who | {"role": "manager"}),
        ("Rana", "technician-withdrawn", who),
    ]


async def test_a_clerk_and_a_code_come_and_go(stage: Stage) -> None:
    await log_in(stage, await appointed(stage))
    shown = _SECRET.search((await sent(stage, "people/appoint", NEW_CLERK))[1])
    assert shown
    assert len(shown[1]) == 8
    assert [(one.name, one.centre, one.role) for one in await stage.all(select(clerks))] == [("Huda", MINE, "clerk")]
    assert (await sent(stage, "people/withdraw", NEW_CLERK))[0] == 200
    assert await stage.all(select(clerks)) == []
    code = _SECRET.search((await sent(stage, "people/code", {"centre": OTHERS, "role": "kiosk"}))[1])
    assert code
    (row,) = await stage.all(select(enrolment_codes))
    assert (row.centre, row.role) == (OTHERS, "kiosk")
    assert (await sent(stage, "people/code", {"code": row.code_sha256}))[0] == 200
    assert await stage.all(select(enrolment_codes)) == []
    who = {"name": "Huda", "centre": MINE}
    assert await acts(stage) == [
        ("Rana", "clerk-appointed", who | {"role": "clerk"}),
        ("Rana", "clerk-withdrawn", who),
        ("Rana", "code-made", {"centre": OTHERS, "role": "kiosk"}),
        ("Rana", "code-withdrawn", {"centre": OTHERS}),
    ]


async def test_a_machine_is_revoked_only_where_the_box_says_that_it_is_meant(stage: Stage) -> None:
    kiosk = (await stage.enrolled()).kiosk
    await log_in(stage, await appointed(stage))
    for form, revoked in (({"sure": ""}, False), ({"sure": "1"}, True)):
        assert (await sent(stage, f"kiosks/{kiosk}/revoke", form))[0] == 303
        (row,) = await stage.all(select(kiosks))
        assert (row.revoked_at is not None) is revoked
    assert await acts(stage) == [("Rana", "machine-revoked", {"kiosk": kiosk, "centre": MINE})]


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("people/appoint", NEW_CLERK),
        ("people/appoint", NEW_TECHNICIAN),
        ("people/withdraw", NEW_CLERK),
        ("people/code", {"centre": MINE, "role": "kiosk"}),
    ],
)
async def test_a_reader_another_centres_manager_and_another_page_change_nothing(
    stage: Stage, path: str, form: dict[str, str]
) -> None:
    assert (await sent(stage, path, form))[0] == 303, "nobody is logged in"
    await log_in(stage, await appointed(stage, "Reem", "reader"))
    assert (await sent(stage, path, form))[0] == 403
    assert '<button class="main">' not in (await stage.client.get("/offices/people")).text
    await log_in(stage, await appointed(stage, "Omar", "manager", of=(OTHERS,)))
    assert (await sent(stage, path, form))[0] == 403
    await log_in(stage, await appointed(stage))
    assert (await sent(stage, path, form, origin="https://evil.example"))[0] == 403
    assert await acts(stage) == []
    assert await stage.all(select(feed).where(feed.c.kind.in_(("technician", "clerks")))) == []


async def test_what_another_centre_has_is_not_shown_and_its_code_not_taken_back(stage: Stage) -> None:
    await log_in(stage, await appointed(stage))
    await sent(stage, "people/appoint", NEW_TECHNICIAN)
    await sent(stage, "people/code", {"centre": MINE, "role": "kiosk"})
    (row,) = await stage.all(select(enrolment_codes))
    await log_in(stage, await appointed(stage, "Omar", "manager", of=(OTHERS,)))
    page = (await stage.client.get("/offices/people")).text
    assert "Samer" not in page
    assert row.code_sha256 not in page
    assert (await sent(stage, "people/code", {"code": row.code_sha256}))[0] == 403
    kiosk = (await stage.enrolled()).kiosk
    assert (await sent(stage, f"kiosks/{kiosk}/revoke", {"sure": "1"}))[0] == 404
    await log_in(stage, await appointed(stage, "Reem", "reader"))
    assert (await sent(stage, f"kiosks/{kiosk}/revoke", {"sure": "1"}))[0] == 403, "seen by a reader, but no more"
    assert [one.revoked_at for one in await stage.all(select(kiosks))] == [None]
    assert row in await stage.all(select(enrolment_codes))


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"name": "x" * 101},
        {"kind": "god"},
        {"role": "technician"},
        {"centre": "nowhere"},
        {"name": "\x00"},
    ],
)
async def test_what_cannot_be_is_refused_in_words_and_nothing_happens(stage: Stage, wrong: dict[str, str]) -> None:
    await log_in(stage, await appointed(stage))
    status, text = await sent(stage, "people/appoint", NEW_CLERK | wrong)
    assert (status, 'role="alert"' in text) == (422, True)
    assert await acts(stage) == []


async def test_a_name_is_shown_as_text_never_as_markup(stage: Stage) -> None:
    await log_in(stage, await appointed(stage))
    _, text = await sent(stage, "people/appoint", NEW_CLERK | {"name": "<b>Huda"})
    assert "<b>Huda" not in text
    assert "&lt;b&gt;Huda" in text


STAFF = {"name": "Samer", "number": "+963 944 000 111", "centre": MINE, "language": "ar"}


async def test_staff_is_named_and_taken_back_and_their_hub_hears_of_both(stage: Stage) -> None:
    hub = await stage.enrolled_hub()
    await stage.deliver(hub, health={"version": "1.1.0"})
    await log_in(stage, await appointed(stage, of=(MINE,)))
    status, text = await sent(stage, "people/staff", STAFF | {"kinds": "paper-out"})
    assert status == 200
    assert "Samer" in text
    assert "…111" in text
    assert "944" not in text.replace("+963944000111", "", 1), "the form's example alone"
    assert {one.kind for one in (await stage.feed(hub)).messages} >= {"staff"}
    rules = await stage.all(select(message_rules))
    assert [row.centre for row in rules] == [MINE]
    assert "944000111" not in str(rules)
    (found,) = (await staff_of(stage))[MINE]
    assert (found.number, found.kinds) == ("+963944000111", ["paper-out"])
    mark = re.search(r'name="mark" value="([0-9a-f]+)"', text)
    assert mark
    assert (await sent(stage, "people/staff", {"mark": mark[1], "centre": MINE}))[0] == 200
    assert (await staff_of(stage))[MINE] == []
    who = {"name": "Samer", "centre": MINE}
    assert await acts(stage) == [("Rana", "staff-told", who), ("Rana", "staff-untold", who)]


@pytest.mark.parametrize("number", ["+٩٦٣ ٩٤٤ ٠٠٠ ١١١", "+963944٠٠٠111222"])
async def test_no_digit_of_either_script_is_lost_from_a_number(stage: Stage, number: str) -> None:
    await log_in(stage, await appointed(stage))
    assert (await sent(stage, "people/staff", STAFF | {"number": number}))[0] == 200
    expected = "+963944000111222" if "222" in number else "+963944000111"
    assert [one.number for one in (await staff_of(stage))[MINE]] == [expected]


async def test_the_same_number_is_told_once_as_it_was_said_last(stage: Stage) -> None:
    await log_in(stage, await appointed(stage))
    for kinds in (["paper-out"], ["kiosk-silent", "no-internet"]):
        await sent(stage, "people/staff", STAFF | {"kinds": kinds})
    assert [one.kinds for one in (await staff_of(stage))[MINE]] == [["kiosk-silent", "no-internet"]]


async def test_a_centres_other_rules_stay_as_they_were(stage: Stage) -> None:
    rules = {"centre": MINE, "kinds": ["order-ready"], "hours": {"from": "09:00", "to": "20:00"}}
    await stage.publish("messages", rules)
    await log_in(stage, await appointed(stage))
    await sent(stage, "people/staff", STAFF)
    async with stage.engine.begin() as connection:
        kept = await rules_of(connection, MINE)
    assert (kept.kinds, kept.hours.begins) == (("order-ready",), "09:00")


async def test_a_centre_goes_by_the_rules_of_all_also_once_its_staff_is_named(
    stage: Stage,
) -> None:
    rules = {"centre": None, "kinds": ["order-ready", "near"], "hours": {"from": "09:00", "to": "20:00"}}
    await stage.publish("messages", rules)
    await log_in(stage, await appointed(stage))
    await sent(stage, "people/staff", STAFF)
    await stage.publish("messages", rules | {"kinds": ["order-ready"]})
    await sent(stage, "people/staff", STAFF | {"number": "+963944000333"})
    async with stage.engine.begin() as connection:
        kept = await rules_of(connection, MINE)
    assert (kept.kinds, kept.hours.begins) == (("order-ready",), "09:00")
    assert len((await staff_of(stage))[MINE]) == 2


@pytest.mark.parametrize("wrong", [{"number": "0944000111"}, {"name": " "}, {"kinds": "nothing"}, {"language": "fr"}])
async def test_what_cannot_be_told_is_refused_and_nothing_kept(stage: Stage, wrong: dict[str, str]) -> None:
    await log_in(stage, await appointed(stage))
    assert (await sent(stage, "people/staff", STAFF | wrong))[0] == 422
    assert await staff_of(stage) == {}


@pytest.mark.parametrize("of", [{"of": (OTHERS,)}, {"role": "reader"}])
async def test_staff_of_others_is_not_theirs_to_name_or_see(stage: Stage, of: dict[str, Any]) -> None:
    await stage.publish("messages", {"centre": MINE, "kinds": [], "staff": [STAFF_RECORD]})
    await log_in(stage, await appointed(stage, **of))
    assert (await sent(stage, "people/staff", STAFF))[0] == 403
    page = (await stage.client.get("/offices/people")).text
    assert ("Nour" in page) == ("role" in of)


async def staff_of(stage: Stage) -> dict[str, list[StaffRecord]]:
    async with stage.engine.begin() as connection:
        return await staff_by_centre(connection, stage.ring.vault())

"""A manager's questions of a day's seats: decided by central, for hubs alone, each of their own centre, once an id."""

from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from central.base.tables.claimed import seat_changes
from central.base.tables.enrolled import clerks
from central.kiosks import centres
from central.publishing import clerk
from hub.api.managing.capacity import DayOfSeats
from tests.central.claims.conftest import CENTRE, QUEUE, Office, office  # noqa: F401 - a fixture is had by its name
from tests.central.inquiries.test_inquiries import ask, dies, question
from tests.central.offices.test_appointments import log_of_acts
from tests.central.offices.test_operators import appointed, log_in
from tests.central.offices.test_people import acts
from tests.kit.sender import Sender

DAY = {"day": "2026-12-01", "group": QUEUE}
NONE = DAY | {"at": None, "seats": 0, "by": "Samer"}


async def asked(office: Office, sender: Sender, kind: str, body: dict[str, Any]) -> Any:  # noqa: F811
    return (await ask(office.stage, sender, question(kind, body))).json()


def planned(said: Any) -> list[int]:
    return [one["planned"] for one in said["answer"]["half_hours"]]


async def test_a_manager_sees_a_day_changes_it_and_takes_it_back(office: Office) -> None:  # noqa: F811
    await office.publish()
    hub = await office.stage.enrolled_hub()
    before = await asked(office, hub, "day-seats", DAY)
    assert before["answer"]["half_hours"][0] == {
        "group": QUEUE, "at": "10:00", "planned": 4, "booked": 0, "arrived": 0, "missed": 0,
    }  # fmt: skip
    said = await asked(office, hub, "capacity", NONE | {"at": "10:30"})
    assert planned(said) == [4, 0, 4, 4]
    assert msgspec.convert(said["answer"], DayOfSeats).change == said["answer"]["change"], "as the hub reads it"
    [change] = said["answer"]["changes"]
    assert (change["id"], change["by"]) == (said["answer"]["change"], f"hub:{hub.kiosk}/Samer")
    said = await asked(office, hub, "capacity", DAY | {"back": change["id"], "by": "Rana"})
    assert (planned(said), said["answer"]["changes"]) == ([4, 4, 4, 4], [])


async def test_what_a_manager_changes_at_the_hub_stands_in_the_offices_log_as_a_sentence(
    office: Office,  # noqa: F811
) -> None:
    await office.publish()
    hub = await office.stage.enrolled_hub()
    async with office.stage.engine.begin() as connection:
        await clerk.appoint(connection, "Samer", CENTRE, "manager")
    [(samer,)] = await office.stage.all(select(clerks.c.id))  # as the hub knows him
    change = question("capacity", NONE | {"at": "10:30", "by": samer})
    made, repeated = [(await ask(office.stage, hub, change)).json()["answer"]["change"] for _ in range(2)]
    assert repeated == made
    await asked(office, hub, "capacity", NONE | {"at": "10:30", "by": samer})  # the same said again changes nothing
    back = question("capacity", DAY | {"back": made, "by": "Rana"})
    await ask(office.stage, hub, back)
    await ask(office.stage, hub, back | {"undo": True, "body": {}})
    by = f"hub:{hub.kiosk}"
    of = {"centre": CENTRE, "day": DAY["day"], "group": QUEUE, "at": "10:30"}
    assert await acts(office.stage) == [
        (f"{by}/Samer", "capacity-changed", of | {"before": "4", "after": "0"}),
        (f"{by}/Rana", "capacity-taken-back", of | {"before": "0", "after": "4"}),
        (by, "capacity-holds-again", of | {"before": "4", "after": "0"}),
    ]
    await log_in(office.stage, await appointed(office.stage, role="administrator"))
    told = await log_of_acts(office)
    for sentence in (
        "مدير حمص من خادم المركز (Samer)",
        "خادم حمص: لم يرَ أحد الجواب",
        "حمص: المجموعة A، يوم الثلاثاء 1 كانون الأول، نصف الساعة 10:30: كان عدد المواعيد 4 وأصبح 0.",
    ):
        assert sentence in told


async def test_one_id_changes_once_however_often_it_comes(office: Office) -> None:  # noqa: F811
    await office.publish()
    hub = await office.stage.enrolled_hub()
    first, second = question("capacity", NONE), question("capacity", NONE | {"seats": 3})
    answers = [(await ask(office.stage, hub, one)).json() for one in (first, second, first)]
    assert answers[2] == answers[0]
    assert planned(await asked(office, hub, "day-seats", DAY)) == [3, 3, 3, 3], "the repetition comes over nothing"
    assert len(await office.stage.all(select(seat_changes))) == 2


async def test_what_was_never_shown_is_undone(office: Office) -> None:  # noqa: F811
    await office.publish()
    hub = await office.stage.enrolled_hub()
    one = question("capacity", NONE)
    made = (await ask(office.stage, hub, one)).json()["answer"]["change"]
    assert (await ask(office.stage, hub, one | {"undo": True, "body": {}})).json()["state"] == "withdrawn"
    assert planned(await asked(office, hub, "day-seats", DAY)) == [4, 4, 4, 4]
    kept = (await asked(office, hub, "capacity", NONE))["answer"]["change"]
    assert kept != made
    back = question("capacity", DAY | {"back": kept, "by": "Samer"})
    assert planned((await ask(office.stage, hub, back)).json()) == [4, 4, 4, 4]
    await ask(office.stage, hub, back | {"undo": True, "body": {}})
    assert planned(await asked(office, hub, "day-seats", DAY)) == [0, 0, 0, 0]
    again = question("capacity", NONE)  # the same said again has done nothing that could be undone
    assert (await ask(office.stage, hub, again)).json()["answer"]["change"] is None
    await ask(office.stage, hub, again | {"undo": True, "body": {}})
    assert planned(await asked(office, hub, "day-seats", DAY)) == [0, 0, 0, 0]


async def test_a_kiosk_and_the_hub_of_another_centre_change_nothing(office: Office) -> None:  # noqa: F811
    await office.publish()
    async with office.stage.engine.begin() as connection:
        await centres.add(connection, centres.read_table("code,name_ar,name_en,kiosks\nother,آخر,Other,1\n"))
    kiosk, hub = await office.stage.enrolled(), await office.stage.enrolled_hub()
    stranger = await office.stage.enrolled_hub("other")
    made = (await asked(office, hub, "capacity", NONE | {"seats": 1}))["answer"]["change"]
    for kind, body in (("day-seats", DAY), ("capacity", NONE), ("capacity", DAY | {"back": made, "by": "x"})):
        assert (await asked(office, kiosk, kind, body))["answer"] == {"reason": "hubs-only"}
    assert (await asked(office, stranger, "capacity", NONE))["answer"] == {"reason": "not-offered"}
    back = await asked(office, stranger, "capacity", DAY | {"back": made, "by": "x"})
    assert back["answer"] == {"reason": "unknown-change"}
    assert (await asked(office, stranger, "day-seats", DAY))["answer"]["half_hours"] == []
    assert planned(await asked(office, hub, "day-seats", DAY)) == [1, 1, 1, 1]


@pytest.mark.parametrize(
    "wrong",
    [{"seats": 100}, {"seats": -1}, {"at": "10:15"}, {"at": "24:00"}, {"day": "soon"}, {"group": "a"}, {"by": ""},
     {"who": "1"}, {"back": -1}, {"by": "R\x00na"}],
)  # fmt: skip
async def test_what_cannot_be_read_is_refused(office: Office, wrong: dict[str, Any]) -> None:  # noqa: F811
    await office.publish()
    hub = await office.stage.enrolled_hub()
    assert (await asked(office, hub, "capacity", NONE | wrong))["answer"] == {"reason": "unreadable"}


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
async def test_the_ends_of_the_calendar_are_days_without_seats(office: Office, day: str) -> None:  # noqa: F811
    await office.publish()
    hub = await office.stage.enrolled_hub()
    assert (await asked(office, hub, "day-seats", DAY | {"day": day}))["state"] in ("answered", "refused")
    assert (await asked(office, hub, "capacity", NONE | {"day": day}))["state"] == "refused"
    assert (await asked(office, hub, "capacity", DAY | {"day": day, "back": 1, "by": "x"}))["state"] == "refused"


async def test_a_kind_of_a_newer_hub_is_refused_by_its_name_however_long_it_lives(office: Office) -> None:  # noqa: F811
    hub = await office.stage.enrolled_hub()
    said = (await ask(office.stage, hub, question("newer", {}, dies_at=dies(600)))).json()
    assert (said["state"], said["answer"]) == ("refused", {"reason": "unknown-kind"})
    late = (await ask(office.stage, hub, question("newer", {}, dies_at=dies(-60)))).json()
    assert late["state"] == "withdrawn"

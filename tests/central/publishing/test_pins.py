"""PINs of clerks and technicians: what hubs and kiosks hear of them, and where a name or centre is refused."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.enrolled import clerks
from central.base.tables.told import feed
from central.publishing import clerk, technician
from central.publishing.technician import Appointed, check_name, name_for
from common.machine.secret_hash import matches
from common.protocol.feed_message import Clerks, Technician

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


async def told(connection: AsyncConnection, kind: str) -> list[Any]:
    """Rows of the feed of a kind, in the order in which they were told."""
    return list(await connection.execute(select(feed).where(feed.c.kind == kind).order_by(feed.c.id)))


async def test_each_change_tells_the_hub_all_clerks_of_its_centre(
    connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("central.publishing.clerk.secrets.choice", lambda free: free[1 if len(free) == 100 else 0])
    first = await clerk.appoint(connection, " Rima ", "homs-main", "clerk")
    manager = await clerk.appoint(connection, "Nabil", "homs-main", "manager")
    await clerk.appoint(connection, "Rima", "homs-new", "clerk")
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=1))
    again = await clerk.appoint(connection, "Rima", "homs-main", "manager")
    assert [(pin[:2], len(pin)) for pin in (first, manager, again)] == [("01", 8), ("00", 10), ("01", 10)]
    said = [(row.centre, row.kiosk, row.key, msgspec.json.decode(row.body, type=Clerks))
            for row in await told(connection, "clerks")]  # fmt: skip
    assert [(centre, kiosk, key, body.centre) for centre, kiosk, key, body in said] == [
        (centre, None, centre, centre) for centre in ("homs-main", "homs-main", "homs-new", "homs-main")
    ]
    named = [[(one.name, one.role, one.sign) for one in body.clerks] for *_, body in said]
    of_nabil = ("Nabil", "manager", "00")
    assert named == [
        [("Rima", "clerk", "01")],
        [of_nabil, ("Rima", "clerk", "01")],
        [("Rima", "clerk", "01")],
        [of_nabil, ("Rima", "manager", "01")],
    ]
    nabil, rima = said[-1][3].clerks
    assert (matches(nabil.pin_hash, manager), matches(rima.pin_hash, again)) == (True, True)
    assert not matches(rima.pin_hash, first)
    assert rima.id == said[0][3].clerks[0].id != nabil.id
    rows = list(await connection.execute(select(clerks.c.name, clerks.c.pin_at).where(clerks.c.centre == "homs-main")))
    later = clock.as_text(NOW + timedelta(hours=1))
    assert {row.name: row.pin_at for row in rows} == {"Nabil": clock.as_text(NOW), "Rima": later}
    assert [tuple(row) for row in await connection.execute(clerk.listing)] == [
        ("Nabil", "homs-main", "manager"), ("Rima", "homs-main", "manager"), ("Rima", "homs-new", "clerk")
    ]  # fmt: skip


async def test_a_clerk_who_is_withdrawn_is_named_no_more_in_that_centre_alone(connection: AsyncConnection) -> None:
    for centre, role in (("homs-main", "manager"), ("homs-new", "clerk")):
        await clerk.appoint(connection, "Rima", centre, "manager" if role == "manager" else "clerk")
    assert await clerk.role_of(connection, " Rima", "homs-main") == "manager"
    await clerk.withdraw(connection, " Rima ", "homs-main")
    assert msgspec.json.decode((await told(connection, "clerks"))[-1].body, type=Clerks) == Clerks("homs-main", [])
    assert await clerk.role_of(connection, "Rima", "homs-main") is None
    assert await clerk.role_of(connection, "Rima", "homs-new") == "clerk"
    with pytest.raises(ValueError, match=r"^NAME: homs-main has no clerk 'Rima'; `central clerks` lists them$"):
        await clerk.withdraw(connection, "Rima", "homs-main")
    with pytest.raises(ValueError, match=f"has no clerk '{'R' * 60}';"):
        await clerk.withdraw(connection, "R" * 61, "homs-main")
    with pytest.raises(ValueError, match="there is no centre 'homs-mian'"):
        await clerk.appoint(connection, "Rima", "homs-mian", "clerk")
    assert len(await told(connection, "clerks")) == 3


async def test_a_technician_has_one_pin_and_one_id_of_each_centre(
    connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("central.publishing.technician.secrets.randbelow", lambda below: below - 1 if below else 0)
    assert await technician.appoint(connection, " Rana ", ["homs-main", "homs-new"], "technician") == "9" * 8
    assert await technician.appoint(connection, "Abu", ["homs-new"], "manager") == "9" * 10
    monkeypatch.setattr("central.publishing.technician.secrets.randbelow", lambda below: 7)
    assert await technician.appoint(connection, "Rana", ["homs-main"], "technician") == "00000007"
    rows = await told(connection, "technician")
    said = [msgspec.json.decode(row.body, type=Technician) for row in rows]
    assert [(one.name, one.centre, one.role) for one in said] == [
        ("Rana", "homs-main", "technician"), ("Rana", "homs-new", "technician"), ("Abu", "homs-new", "manager"),
        ("Rana", "homs-main", "technician"),
    ]  # fmt: skip
    assert [(row.centre, row.kiosk, row.key) for row in rows] == [(one.centre, None, one.id) for one in said]
    assert (said[0].id == said[3].id, len({one.id for one in said})) == (True, 3)
    assert [matches(one.pin_hash, pin) for one, pin in zip(said, ["9" * 8, "9" * 8, "9" * 10, "00000007"], strict=True)]
    assert await technician.appointed(connection) == [
        Appointed("Abu", "homs-new", "manager", rows[2].at),
        Appointed("Rana", "homs-main", "technician", rows[3].at),
        Appointed("Rana", "homs-new", "technician", rows[1].at),
    ]


async def test_a_technicians_pin_is_taken_back_where_it_was_good(connection: AsyncConnection) -> None:
    await technician.appoint(connection, "Rana", ["homs-new", "homs-main"], "manager")
    await technician.appoint(connection, "Samer", ["homs-main"], "technician")
    before = {row.key: msgspec.json.decode(row.body, type=Technician) for row in await told(connection, "technician")}
    assert await technician.withdraw(connection, " Rana", []) == ["homs-main", "homs-new"]
    gone = [msgspec.json.decode(row.body, type=Technician) for row in (await told(connection, "technician"))[-2:]]
    assert gone == [
        Technician(one.id, "Rana", centre, "manager", "")
        for centre in ("homs-main", "homs-new")
        for one in before.values()
        if (one.name, one.centre) == ("Rana", centre)
    ]
    assert [one.name for one in await technician.appointed(connection)] == ["Samer"]
    for name, centres in (("Rana", []), ("Samer", ["homs-new"])):
        with pytest.raises(ValueError, match=f"^NAME: '{name}' has no PIN there; `central technicians` lists who has"):
            await technician.withdraw(connection, name, centres)
    assert await technician.withdraw(connection, "Samer", ["homs-main"]) == ["homs-main"]
    newest = (await told(connection, "technician"))[-1]
    assert msgspec.json.decode(newest.body, type=Technician).role == "technician"
    with pytest.raises(ValueError, match="there is no centre 'homs-mian'"):
        await technician.appoint(connection, "Samer", ["homs-main", "homs-mian"], "technician")
    assert await technician.appointed(connection) == []


def test_a_name_is_up_to_a_hundred_printable_characters() -> None:
    assert [check_name(name) for name in ("x", f" {'x' * 100} ", "أم سامر")] == ["x", "x" * 100, "أم سامر"]
    for name, found in (("", ""), ("  ", ""), ("x" * 101, "x" * 60), ("a\tb", "a\\tb")):
        with pytest.raises(ValueError, match="NAME: found") as refused:
            check_name(name)
        assert str(refused.value) == f"NAME: found '{found}', expected 1 to 100 printable characters"


def test_people_are_called_by_words_of_arabic_or_latin_letters() -> None:
    for name in ("أم سامر", "Rana Khalil", "Rana خليل", "O'Brien-Ali 2", "Zoë", "12"):
        assert name_for(f" {name} ") == name


@pytest.mark.parametrize("name", ["console", "Console", "system:app", "hub:x", "hub:h1/Rana", "Rana/Sami", "central"])
def test_nobody_is_called_as_the_log_of_acts_calls_what_no_person_did(name: str) -> None:
    with pytest.raises(ValueError, match="expected a person's name"):
        name_for(name)


@pytest.mark.parametrize("name", ["R\u0430na", "\u0421\u0430\u0440\u0430", "Samer \u039a", "Ran\uff41\u0430", "Raنا"])
def test_nobody_s_letters_look_like_another_s(name: str) -> None:
    with pytest.raises(ValueError, match="in Arabic or in Latin letters alone"):
        name_for(name)

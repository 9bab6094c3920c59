"""What an operator may, how long a session and a lock last, which codes are taken: each rule at its edges."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select

from central.base import clock
from central.base.tables.people import operator_failures, operator_sessions
from central.offices import operators, people, sessions
from central.offices.operators import LockedOut, LoginRefused, Operator, Role
from central.offices.people import NotAllowed
from tests.central.conftest import Stage
from tests.central.offices.test_operators import appointed

BEGAN = datetime(2026, 11, 30, 8, 0, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
RANA = Operator("Rana", "manager")

Set = Callable[[datetime], None]


@pytest.fixture
def set_clock(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Set:
    del stage  # begun by the machine's own clock
    at = [BEGAN]
    monkeypatch.setattr(clock, "now", lambda: at[0])
    return lambda moment: at.__setitem__(0, moment)


@pytest.mark.parametrize(
    ("role", "acts", "accounts", "cashes"),
    [
        ("reader", False, False, False),
        ("manager", True, False, False),
        ("administrator", True, True, True),
        ("accountant", False, True, False),
        ("cashier", False, False, True),
    ],
)
def test_what_each_role_may(role: Role, acts: bool, accounts: bool, cashes: bool) -> None:
    of_all, of_one = Operator("Rana", role), Operator("Rana", role, frozenset({"homs-main"}))
    assert (of_all.may_act, of_all.may_account, of_all.may_cash) == (acts, accounts, cashes)
    assert (of_one.may_act, of_one.may_account, of_one.may_cash) == (acts, False, cashes), "money is of all centres"
    assert [of_all.may_see(one) for one in ("homs-main", "homs-new")] == [True, True]
    assert [of_one.may_see(one) for one in ("homs-main", "homs-new")] == [True, False]
    for who, centre, may in ((of_all, "homs-new", acts), (of_one, "homs-main", acts), (of_one, "homs-new", False)):
        if may:
            people.check(who, centre)
        else:
            with pytest.raises(NotAllowed):
                people.check(who, centre)


@pytest.mark.parametrize("of", [(), ("homs-new", "homs-main")])
async def test_who_was_appointed_is_found_as_appointed_and_nobody_else(stage: Stage, of: tuple[str, ...]) -> None:
    person = await appointed(stage, "Rana", "accountant", of)
    assert len(person.password) == 16
    assert not set(person.password) & set("ilo01"), "nothing that is read for another"
    async with stage.engine.begin() as connection:
        found = await operators.find(connection, "Rana")
        assert found == Operator("Rana", "accountant", frozenset(of) if of else None)
        assert await operators.find(connection, "Samer") is None
        assert not await operators.withdraw(connection, "Samer")
        assert await operators.find(connection, "Rana") == found


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
@pytest.mark.parametrize("within", [0, 29])
async def test_a_code_is_taken_of_this_half_minute_and_its_two_neighbours(
    stage: Stage, set_clock: Set, steps: int, taken: bool, within: int
) -> None:
    person = await appointed(stage)
    set_clock(BEGAN + within * SECOND)
    code = pyotp.TOTP(person.secret).at(BEGAN + steps * 30 * SECOND)
    if taken:
        assert await operators.judge(stage.engine, "Rana", "192.0.2.1", person.password, code) == RANA
    else:
        with pytest.raises(LoginRefused):
            await operators.judge(stage.engine, "Rana", "192.0.2.1", person.password, code)


@pytest.mark.parametrize(("first", "then", "taken"), [(0, 1, True), (0, 0, False), (0, -1, False), (1, 0, False)])
async def test_after_a_code_only_a_later_one_is_taken(
    stage: Stage, set_clock: Set, first: int, then: int, taken: bool
) -> None:
    del set_clock
    person = await appointed(stage)
    codes = [pyotp.TOTP(person.secret).at(BEGAN + steps * 30 * SECOND) for steps in (first, then)]
    await operators.judge(stage.engine, "Rana", "192.0.2.1", person.password, codes[0])
    if taken:
        await operators.judge(stage.engine, "Rana", "192.0.2.1", person.password, codes[1])
    else:
        with pytest.raises(LoginRefused):
            await operators.judge(stage.engine, "Rana", "192.0.2.1", person.password, codes[1])


async def count(stage: Stage, name: str, address: str) -> None:
    async with stage.engine.begin() as connection:
        await operators.count_attempt(connection, name, address)


@pytest.mark.parametrize(
    ("names", "free"), [(("Rana",), 5), (tuple(f"Nobody {number}" for number in range(21)), 20)], ids=["name", "any"]
)
async def test_a_lock_comes_after_so_many_attempts_and_goes_after_a_quarter_of_an_hour(
    stage: Stage, set_clock: Set, names: tuple[str, ...], free: int
) -> None:
    for number in range(free):
        await count(stage, names[number % len(names)], "192.0.2.1")
    for age in (0 * SECOND, 15 * 60 * SECOND):
        set_clock(BEGAN + age)
        with pytest.raises(LockedOut):
            await count(stage, names[-1], "192.0.2.1")
        assert len(await stage.all(select(operator_failures))) == free, "an attempt in a lock makes it no longer"
    await count(stage, names[-1], "192.0.2.2")
    set_clock(BEGAN + 15 * 60 * SECOND + SECOND)
    await count(stage, names[-1], "192.0.2.1")
    assert [row.address for row in await stage.all(select(operator_failures))] == ["192.0.2.2", "192.0.2.1"]


async def test_who_got_in_takes_back_the_failures_of_the_name_at_that_address_alone(
    stage: Stage, set_clock: Set
) -> None:
    del set_clock
    person = await appointed(stage)
    for name, address in (("Rana", "192.0.2.1"), ("Rana", "192.0.2.2"), ("Samer", "192.0.2.1")):
        await count(stage, name, address)
    for wrong in ({"password": "x"}, {"code": "000000"}):
        said = {"password": person.password, "code": pyotp.TOTP(person.secret).at(BEGAN)} | wrong
        with pytest.raises(LoginRefused):
            await operators.judge(stage.engine, "Rana", "192.0.2.1", **said)
    assert len(await stage.all(select(operator_failures))) == 3
    code = pyotp.TOTP(person.secret).at(BEGAN)
    await operators.judge(stage.engine, "Rana", "192.0.2.1", person.password, code)
    left = [(row.name, row.address) for row in await stage.all(select(operator_failures))]
    assert sorted(left) == [("Rana", "192.0.2.2"), ("Samer", "192.0.2.1")]


@pytest.mark.parametrize(
    ("used_after", "lasts"),
    [
        ([45 * 60], True),
        ([45 * 60 + 1], False),
        ([45 * 60 * step for step in range(1, 17)], True),  # to 12 hours exactly
        ([*(45 * 60 * step for step in range(1, 17)), 12 * 3600 + 1], False),
    ],
)
async def test_a_session_lasts_to_its_edges_and_is_gone_for_good_after_them(
    stage: Stage, set_clock: Set, used_after: list[int], lasts: bool
) -> None:
    await appointed(stage)
    async with stage.engine.begin() as connection:
        token = await sessions.begin(connection, RANA)
        for seconds in used_after[:-1]:
            set_clock(BEGAN + seconds * SECOND)
            assert await sessions.find(connection, token) == RANA
        set_clock(BEGAN + used_after[-1] * SECOND)
        assert await sessions.find(connection, token) == (RANA if lasts else None)
    assert len(await stage.all(select(operator_sessions))) == lasts


async def test_a_session_that_ends_or_is_used_touches_no_other(stage: Stage, set_clock: Set) -> None:
    await appointed(stage)
    async with stage.engine.begin() as connection:
        one, other = [await sessions.begin(connection, RANA) for _ in range(2)]
        assert one != other
        set_clock(BEGAN + 30 * 60 * SECOND)
        assert await sessions.find(connection, one) == RANA
        set_clock(BEGAN + 50 * 60 * SECOND)
        assert await sessions.find(connection, other) is None, "it was idle while the other was used"
        assert await sessions.find(connection, one) == RANA
        third = await sessions.begin(connection, RANA)
        await sessions.end(connection, one)
        assert [await sessions.find(connection, token) for token in (one, third)] == [None, RANA]
    (row,) = await stage.all(select(operator_sessions))
    assert third not in row, "only its hash is kept"
    changed = replace(RANA, role="reader", centres=frozenset({"homs-main"}))
    async with stage.engine.begin() as connection:
        await operators.appoint(connection, "Samer", "reader", ["homs-main"])
        token = await sessions.begin(connection, replace(changed, name="Samer"))
        assert await sessions.find(connection, token) == replace(changed, name="Samer")
        assert await sessions.find(connection, third) == RANA, "another's new credentials end no session of mine"

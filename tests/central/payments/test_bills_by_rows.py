"""A bill that was asked for: what its biller's answer makes of it, what is kept and told, when nobody asks; by rows."""

from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from central.base.tables.asked import inquiries
from central.base.tables.paid.payments import bill_inquiries, bill_misses, bills
from central.inquiries import asking
from central.payments import bills as asked_bills
from central.payments import keeping
from central.payments.bills import masked, place_of_fields
from central.payments.flow import marking, tries
from central.payments.flow.state import place_of_bill
from central.payments.keeping import BooksKeeper, Worker
from central.payments.marks import debt_mark, subscriber_mark
from central.payments.ports.biller import Debt, Owed
from central.payments.ports.errors import NotReached, Refused
from tests.central.payments.flow.conftest import Port, Till, moment, till

__all__ = ["till"]
ID = "5b0e21a4-56dd-4e51-8f66-3e3b0a3f6c11"
DEBT = Debt("D-1", 12_500, "SYP", "new", "2026-12-31", "2026-10")


class Biller(Port):
    """A biller that is asked for bills."""

    async def inquire(self, fields: Any) -> Any:
        return self._said(fields)


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    found: list[float] = []

    async def sleep(seconds: float) -> None:
        found.append(seconds)

    monkeypatch.setattr(asked_bills, "asyncio", SimpleNamespace(sleep=sleep))
    return found


async def asked(till: Till, says: Any, **changed: Any) -> Any:
    """Ask a biller; return what who waits is told."""
    biller: Any = Biller(says)
    till.desk.billers["water"] = biller
    sealed = till.ring.vault().seal(place_of_fields("k1", ID), '{"subscriber":"7"}')
    row = {"kiosk": "k1", "inquiry": ID, "biller": "water", "fields": sealed, "at": moment()} | changed
    await till.put(bill_inquiries, **row)
    await till.put(inquiries, kiosk="k1", id=ID, kind="bill", state="pending", revision=0, at=moment())
    async with till.engine.connect() as connection:
        found = (await connection.execute(select(bill_inquiries))).one()
    await asked_bills.ask(till.engine, till.ring, till.desk, found)
    async with till.engine.connect() as connection:
        answer = await asking.find(connection, "k1", ID)
        assert answer is not None
        said = asking.answer_of(till.ring, answer)
    return said.state, said.answer, biller.asked


async def test_what_is_owed_is_kept_sealed_and_told_with_a_masked_name(till: Till, slept: list[float]) -> None:
    debts = [msgspec.structs.replace(DEBT, debt=f"D-{n}", amount=n) for n in range(1, 7)]
    state, answer, said = await asked(till, Owed("7", debts, "Rana Khalil"))
    assert (state, said, slept) == ("answered", [{"subscriber": "7"}], [])
    rows = sorted(await till.all(bills), key=lambda row: row.amount)
    told = [
        {"bill": row.id, "biller": "water", "amount": n, "currency": "SYP", "pound": "new", "due": "2026-12-31",
         "period": "2026-10"}
        for n, row in enumerate(rows, 1)
    ]  # fmt: skip
    assert answer == told[0] | {"others": told[1:], "name_masked": "R*** K***"}
    assert len(rows) == 5, "four others at most"
    vault, row = till.ring.vault(), rows[0]
    assert msgspec.json.decode(vault.open(place_of_bill(row.id), row.sealed), type=Debt) == debts[0]
    assert row._asdict() | {"sealed": "", "id": ""} == {
        "id": "", "sealed": "", "biller": "water", "kiosk": "k1", "debt_mark": debt_mark(vault, "water", "D-1"),
        "subscriber_mark": subscriber_mark(vault, "water", "7"), "amount": 1, "currency": "SYP", "pound": "new",
        "due": "2026-12-31", "period": "2026-10", "at": moment(),
    }  # fmt: skip
    assert await till.all(bill_inquiries) == []


OLD = msgspec.structs.replace(DEBT, pound="old")


@pytest.mark.parametrize(
    ("says", "reason", "misses"),
    [
        (None, "unknown-or-nothing-due", 1), (Owed("7", []), "unknown-or-nothing-due", 1),
        (Owed("7", [OLD]), "not-set-up", 0), (NotReached("x"), "biller-silent", 0),
        (Refused("unreadable"), "unreadable", 0), (Refused("closed"), "biller-silent", 0),
    ],
)  # fmt: skip
async def test_a_no_is_a_word_and_a_number_that_nobody_has_is_counted(
    till: Till, slept: list[float], says: Any, reason: str, misses: int
) -> None:
    assert (await asked(till, says))[:2] == ("refused", {"reason": reason})
    assert [tuple(row) for row in await till.all(bill_misses)] == ([("water", "2026-11-25", 1)] if misses else [])
    assert (len(slept), await till.all(bill_inquiries)) == (misses, [])


async def test_debts_of_the_other_pound_are_left_out_and_without_a_name_none_is_told(
    till: Till, slept: list[float]
) -> None:
    state, answer, _ = await asked(till, Owed("7", [OLD, DEBT]))
    assert (state, answer["amount"], answer.get("others", []), "name_masked" in answer, slept) == (
        "answered", 12_500, [], False, [],
    )  # fmt: skip


@pytest.mark.parametrize(("ago_s", "waits_s"), [(0, 0.0), (0.5, 1.5), (2, 0.0), (2.5, 1.5), (3.9, 0.1)])
async def test_an_unknown_number_is_answered_at_whole_multiples_of_two_seconds(
    till: Till, slept: list[float], ago_s: float, waits_s: float
) -> None:
    await asked(till, None, at=moment(seconds=-ago_s))
    assert slept == [pytest.approx(waits_s, abs=1e-6)]


async def test_misses_of_a_day_are_counted_up(till: Till) -> None:
    await till.put(bill_misses, biller="water", day="2026-11-25", count=4)
    await till.put(bill_misses, biller="water", day="2026-11-24", count=9)
    async with till.engine.begin() as connection:
        await asked_bills._miss(connection, "water")
        found = [await asked_bills.misses_today(connection, name) for name in ("water", "power")]
    assert found == [5, 0]


@pytest.mark.parametrize(
    ("changed", "is_asked", "stays"),
    [
        ({"claimed_until": moment()}, False, True), ({"claimed_until": moment(seconds=-1)}, True, False),
        ({"at": moment(minutes=-10)}, False, False), ({"biller": "gone"}, False, False),
    ],
)  # fmt: skip
async def test_a_question_that_another_works_on_or_that_is_too_old_is_not_asked(
    till: Till, slept: list[float], changed: dict[str, Any], is_asked: bool, stays: bool
) -> None:
    _, _, said = await asked(till, Owed("7", [DEBT]), **changed)
    assert (bool(said), bool(await till.all(bill_inquiries))) == (is_asked, stays)


@pytest.mark.parametrize(
    ("name", "expected"), [("Rana Khalil", "R*** K***"), (" رنا ", "ر***"), ("", ""), ("a " * 30, ("a*** " * 16)[:80])]
)
def test_of_a_name_the_first_letters_are_left(name: str, expected: str) -> None:
    assert masked(name) == expected


async def test_bills_that_nobody_began_to_pay_and_counts_go_after_two_days(till: Till) -> None:
    known = {"biller": "water", "kiosk": "k1", "sealed": "s", "debt_mark": "d", "subscriber_mark": "s", "amount": 1}
    for name, at in (("old", moment(days=-2, seconds=-1)), ("tried", moment(days=-9)), ("new", moment(days=-2))):
        await till.put(bills, **known, id=name, currency="SYP", pound="new", at=at)
    await till.put(bill="tried")
    for day in ("2026-11-22", "2026-11-23", "2026-11-25"):
        await till.put(bill_misses, biller="water", day=day, count=1)
    async with till.engine.begin() as connection:
        await asked_bills.forget(connection)
    assert sorted(row.id for row in await till.all(bills)) == ["new", "tried"]
    assert sorted(row.day for row in await till.all(bill_misses)) == ["2026-11-23", "2026-11-25"]


@pytest.mark.parametrize(
    ("changed", "stepped"),
    [
        ({}, True), ({"due_at": moment(seconds=1)}, False), ({"due_at": None}, False),
        ({"claimed_until": moment()}, False), ({"claimed_until": moment(seconds=-1)}, True),
        ({"state": "marked"}, False), ({"state": "paid"}, True), ({"state": "inquired"}, True),
        ({"state": "unknown"}, True), ({"state": "refund-due"}, False),
    ],
)  # fmt: skip
async def test_a_payment_that_is_due_is_worked_on_by_one(
    till: Till, monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any], stepped: bool
) -> None:
    did: list[tuple[str, str]] = []

    def step(name: str) -> Any:
        async def stepping(_: Any, __: Any, ___: Any, row: Any) -> None:
            did.append((name, row.claimed_until))

        return stepping

    monkeypatch.setattr(marking, "step", step("marking"))
    monkeypatch.setattr(tries, "step", step("tries"))
    await till.put(**({"claimed_until": None} | changed))
    worker = Worker(till.engine, till.ring, till.desk)
    await worker.act()
    await worker.finish()
    name = "marking" if changed.get("state") == "paid" else "tries"
    assert did == ([(name, moment(minutes=1))] if stepped else [])


async def test_no_more_than_thirty_two_are_worked_on_at_a_time(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []
    worker = Worker(till.engine, till.ring, till.desk)

    def begin(name: str, _: Any) -> None:
        begun.append(name)

    monkeypatch.setattr(worker, "_begin", begin)
    for n in range(40):
        await till.put(id=f"p{n:02}", bill_no=f"B{n}", claimed_until=None, due_at=moment(seconds=n - 50))
    await worker.act()
    assert begun == [f"p{n:02}" for n in range(32)]


@pytest.mark.parametrize(
    ("state", "public_url", "late_days", "is_soon"),
    [
        ("unknown", "https://c", 0, True), ("opened", "https://c", 0, False), ("opened", None, 0, True),
        ("unknown", None, 2, False), ("marked", None, 0, False),
    ],
)  # fmt: skip
async def test_books_are_read_soon_where_a_payer_does_not_tell(
    till: Till, state: str, public_url: str | None, late_days: int, is_soon: bool
) -> None:
    till.payer.late_days, till.desk.public_url = late_days, public_url
    await till.put(state=state)
    pause = await BooksKeeper(till.engine, till.ring, till.desk)._pause()
    assert pause == (keeping.BOOKS_SOON if is_soon else keeping.BOOKS_EVERY)

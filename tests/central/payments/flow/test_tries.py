"""A try, step by step: what each answer of a payer makes of it, when it is looked at again, and what is noted."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from central.base.tables.paid.books import payer_entries, payment_ports
from central.payments.flow import tries
from central.payments.ports.errors import AnswerLost, NotReached, Refused
from central.payments.ports.payer import PAID_BEFORE, Opened, Standing, Wanted
from tests.central.payments.flow.conftest import NOW, Till, moment


async def step(till: Till) -> None:
    await tries.step(till.engine, till.ring, till.desk, await till.row())


INQUIRED = {"state": "inquired"}
COLUMNS = ("state", "reason", "tries", "due_at", "claimed_until")


def stands(state: str, due_at: str | None, tries: int = 0, reason: str | None = None) -> dict[str, Any]:
    return {"state": state, "reason": reason, "tries": tries, "due_at": due_at, "claimed_until": None}


async def test_a_sum_is_opened_at_its_payer_and_asked_about_when_its_life_is_over(till: Till) -> None:
    await till.put(**INQUIRED, reason="answer-lost")
    till.payer.says, till.desk.public_url = Opened("code"), "https://central.example"
    till.desk.addresses["wallet"] = "f" * 32
    await step(till)
    assert till.payer.asked == [
        Wanted("B1", 12_500, "SYP", NOW + timedelta(minutes=10),
               f"https://central.example/v1/payments/wallet/{'f' * 32}", "https://central.example")
    ]  # fmt: skip
    assert await till.stands(*COLUMNS) == stands("opened", moment(seconds=605))
    row = await till.row()
    assert till.ring.vault().open("payments/p1/show", row.show) == "code"
    assert (len(row.page_sha256), row.proof is not None) == (64, True)
    assert await till.events() == [("opened", "payer", {})]


async def test_without_an_address_of_its_own_a_payer_is_told_none(till: Till) -> None:
    await till.put(**INQUIRED)
    till.payer.says, till.payer.late_days = Opened("code"), 2
    await step(till)
    assert (till.payer.asked[0].hears_at, till.payer.asked[0].returns_to) == (None, "https://localhost/")
    assert (await till.row()).due_at == "2026-11-29T20:59:59.000000Z", "the second bank day's end: Sunday's"


@pytest.mark.parametrize(
    ("answer", "age_s", "reason", "expected"),
    [
        (NotReached("x"), 19.9, None, stands("inquired", moment(seconds=1), 1)),
        (NotReached("x"), 20, None, stands("expired", None)),
        (NotReached("x"), 19.9, "answer-lost", stands("inquired", moment(seconds=1), 1, "answer-lost")),
        (NotReached("x"), 20, "answer-lost", stands("unknown", moment(seconds=605))),
        (AnswerLost("x"), 0, None, stands("inquired", moment(seconds=1), 1, "answer-lost")),
        (AnswerLost("x"), 20, None, stands("unknown", moment(seconds=605))),
        (Refused("currency"), 0, None, stands("expired", None)),
        (Refused("currency"), 60, "answer-lost", stands("expired", None)),
    ],
)
async def test_a_payer_that_gives_no_code_is_asked_for_twenty_seconds_and_a_lost_answer_is_never_forgotten(
    till: Till, answer: Exception, age_s: float, reason: str | None, expected: dict[str, Any]
) -> None:
    await till.put(**INQUIRED, at=moment(seconds=-age_s), reason=reason)
    till.payer.says = answer
    await step(till)
    assert await till.stands(*COLUMNS) == expected
    why = {"why": "currency" if isinstance(answer, Refused) else "not-reached"}
    noted = {
        "inquired": [("asked", "central", {"why": "x"})],
        "expired": [("expired", "payer", why)],
        "unknown": [("unknown", "central", {})],
    }
    assert await till.events() == noted[expected["state"]]


@pytest.mark.parametrize(
    ("changed", "is_asked", "why"),
    [
        ({"withdrawn_at": moment()}, False, "withdrawn"),
        ({"pound": "old"}, False, "another-pound"),
        ({"withdrawn_at": moment(), "pound": "old"}, False, "withdrawn"),
        ({"withdrawn_at": moment(), "tries": 1}, True, None),
        ({"pound": "old", "tries": 1}, True, None),
    ],
)
async def test_what_nobody_waits_for_is_not_begun_and_what_was_begun_is_followed(
    till: Till, changed: dict[str, Any], is_asked: bool, why: str | None
) -> None:
    await till.put(**(INQUIRED | changed))
    till.payer.says = Opened("code")
    await step(till)
    assert bool(till.payer.asked) is is_asked
    assert await till.events() == ([("opened", "payer", {})] if is_asked else [("expired", "payer", {"why": why})])


@pytest.mark.parametrize(
    ("age_s", "expected"),
    [(19.9, stands("expired", None, reason="not-ours")), (20, stands("unknown", moment()))],
)
async def test_a_number_that_is_paid_already_is_nobody_s_here_unless_its_code_may_have_been_shown(
    till: Till, age_s: float, expected: dict[str, Any]
) -> None:
    await till.put(**INQUIRED, at=moment(seconds=-age_s))
    till.payer.says = Refused(PAID_BEFORE)
    await step(till)
    assert await till.stands(*COLUMNS) == expected
    assert await till.events() == [(expected["state"], "payer", {"why": "paid-before"})]
    await till.take()
    assert (await till.row()).state == ("paid" if expected["state"] == "unknown" else "expired")


async def test_money_that_is_heard_of_before_the_code_is_nobody_s_here_either(till: Till) -> None:
    await till.put(**INQUIRED, at=moment(seconds=-19.9))
    row = await till.row()
    await till.take()
    assert await till.stands(*COLUMNS) == stands("expired", None, reason="not-ours")
    till.payer.says = Opened("code")
    await tries.step(till.engine, till.ring, till.desk, row)
    await till.take()
    assert await till.stands(*COLUMNS) == stands("expired", None, 1, "not-ours")


async def test_money_that_came_before_the_code_is_asked_for_again_stays(till: Till) -> None:
    """Central was put back to a moment before it showed the code."""
    await till.put(**INQUIRED, at=moment(seconds=-20))
    row = await till.row()
    await till.take()
    till.payer.says = Opened("code")
    await tries.step(till.engine, till.ring, till.desk, row)
    assert (await till.row()).state == "paid"


async def test_a_payer_that_was_taken_out_of_the_settings_is_waited_for(till: Till) -> None:
    await till.put(payer="gone", tries=3)
    await step(till)
    assert await till.stands(*COLUMNS) == stands("opened", moment(minutes=30), 3)


SECOND = {"seconds": 10}


@pytest.mark.parametrize(
    ("before", "answer", "expected", "noted"),
    [
        ({}, Standing("expired"), stands("expired", None), ("expired", "payer", {"why": "expired"})),
        ({}, Standing("none"), stands("expired", None), ("expired", "payer", {"why": "none"})),
        ({}, Standing("open"), stands("opened", moment(seconds=10), 1), None),
        ({}, Standing("paid"), stands("opened", moment(seconds=10), 1), None),
        ({"tries": 2}, Standing("open"), stands("opened", moment(seconds=40), 3), None),
        ({"tries": 7}, Standing("open"), stands("opened", moment(seconds=1280), 8), None),
        ({"tries": 8}, Standing("open"), stands("opened", moment(minutes=30), 9), None),
        ({"tries": 500}, Standing("open"), stands("opened", moment(minutes=30), 501), None),
        ({}, AnswerLost("x"), stands("unknown", moment(seconds=10), 1), ("unknown", "central", {"why": "AnswerLost"})),
        ({"tries": 3}, NotReached("x"), stands("unknown", moment(seconds=80), 4),
         ("unknown", "central", {"why": "NotReached"})),
        ({"state": "unknown", "tries": 1}, AnswerLost("x"), stands("unknown", moment(seconds=20), 2), None),
        ({"state": "unknown"}, Standing("expired"), stands("expired", None), ("expired", "payer", {"why": "expired"})),
    ],
)  # fmt: skip
async def test_what_became_of_a_number_is_asked_ever_more_seldom(
    till: Till, before: dict[str, Any], answer: Any, expected: dict[str, Any], noted: Any
) -> None:
    await till.put(**({"show": "sealed"} | before))
    till.payer.says = answer
    await step(till)
    assert till.payer.asked == ["B1"]
    assert await till.stands(*COLUMNS) == expected
    assert await till.events() == ([] if noted is None else [noted])


async def test_a_number_that_is_paid_is_taken_as_what_was_asked(till: Till) -> None:
    await till.put()
    till.payer.says = Standing("paid", "R7", 1)
    await step(till)
    names = ("state", "payer_receipt", "paid_amount", "paid_at", "due_at")
    assert await till.stands(*names) == dict(zip(names, ("paid", "R7", 12_500, moment(), moment()), strict=True))
    (entry,) = await till.all(payer_entries)
    assert (entry.receipt, entry.amount, entry.booked_at, entry.at) == ("R7", None, None, moment())


async def test_an_answer_about_what_has_ended_meanwhile_changes_nothing(till: Till) -> None:
    await till.put()
    row = await till.row()
    await till.take()
    till.payer.says = Standing("expired")
    await tries.step(till.engine, till.ring, till.desk, row)
    assert (await till.row()).state == "paid"


@pytest.mark.parametrize(
    ("before", "read_to", "expected"),
    [
        ({}, "2026-11-29", stands("expired", None)),
        ({}, "2026-11-28", stands("unknown", moment(seconds=10), 1)),
        ({}, None, stands("unknown", moment(seconds=10), 1)),
        ({"state": "unknown"}, None, stands("unknown", moment(seconds=10), 1)),
        ({"withdrawn_at": moment()}, None, stands("expired", None)),
    ],
)
async def test_a_code_that_a_bank_s_file_tells_of_ends_when_the_file_reaches_its_last_day(
    till: Till, before: dict[str, Any], read_to: str | None, expected: dict[str, Any]
) -> None:
    await till.put(**({"show": "sealed"} | before))
    others = ({"side": "biller", "name": "wallet"}, {"side": "payer", "name": "another"})
    for other in others:
        await till.put(payment_ports, cursor="2027-01-01", **other)
    await till.put(payment_ports, side="payer", name="wallet", cursor=read_to)
    till.payer.says, till.payer.late_days = Standing("open"), 2
    await step(till)
    assert await till.stands(*COLUMNS) == expected
    if expected["state"] == "expired":
        assert await till.events() == [("expired", "payer", {"why": "not-in-its-files"})]


@pytest.mark.parametrize(
    ("state", "receipt", "after"),
    [
        ("opened", None, "expired"), ("unknown", None, "expired"), ("inquired", None, "inquired"),
        ("marked", None, "marked"), ("opened", "R1", "opened"),
    ],
)  # fmt: skip
async def test_a_payer_s_word_that_it_was_not_paid_ends_what_is_open(
    till: Till, state: str, receipt: str | None, after: str
) -> None:
    await till.put(state=state, payer_receipt=receipt, reason="x")
    row = await till.row()
    async with till.engine.begin() as connection:
        await tries.expire(connection, till.ring, row, "payer")
    assert (await till.row()).state == after
    assert await till.events() == ([("expired", "payer", {})] if after == "expired" else [])


def test_a_number_bears_the_centres_day_and_sixty_bits_that_nobody_mistakes() -> None:
    late = datetime(2026, 11, 25, 21, 0, tzinfo=UTC)  # midnight in Damascus
    numbers = {tries.new_number(late) for _ in range(200)}
    assert len(numbers) == 200
    assert all(re.fullmatch(r"261126(-[0-9A-HJKMNP-TV-Z]{4}){3}", one) for one in numbers)
    assert len({sign for one in numbers for sign in one[7:]}) == 33

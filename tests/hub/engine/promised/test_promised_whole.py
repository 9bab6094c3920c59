"""What a ticket with a good claim bears, field by field: its time, when that is on the hub's line, and its credit."""

from typing import Any

import pytest
from msgspec.structs import replace

from hub.engine.promised.judging import borne
from tests.hub.engine.promised.promises import Promises, code_of, shown
from tests.hub.hall import Hall

MIN = 60
US = 1_000_000


@pytest.fixture
def promises(hall: Hall) -> Promises:
    hall.passes(83 * MIN)  # 13:23 in Damascus
    return Promises(hall)


@pytest.mark.parametrize(
    ("in_min", "time", "due_in_s", "credit_min"),
    [(20, "13:43", 20 * MIN, 45), (0, "13:23", 0, 45), (-10, "13:13", 0, 45), (-30, "12:53", 0, 25),
     (-60, "12:23", 0, 0)],
)  # fmt: skip
def test_an_appointment_has_its_time_and_is_due_then_or_at_once(
    hall: Hall, promises: Promises, in_min: int, time: str, due_in_s: int, credit_min: int
) -> None:
    claim = promises.claim(in_min * MIN, credit_min=45)
    with hall.hub.read() as look:
        line_us = look.line_us
    given = hall.kiosks[0].give(claim=shown(claim))
    kept = hall.ticket(given.id)
    assert kept == replace(
        kept, claim="good", claimed=claim.id, claim_at=time, due_line=line_us + due_in_s * US,
        credit_us=credit_min * MIN * US, shown=None, arrived_line=line_us,
    )  # fmt: skip


@pytest.mark.parametrize(("ago_s", "credit_s"), [(0, 0), (1, 1), (599, 599), (600, 600), (601, 600)])
def test_who_joined_from_afar_has_no_time_and_the_seconds_since(
    hall: Hall, promises: Promises, ago_s: int, credit_s: int
) -> None:
    kept = hall.ticket(hall.kiosks[0].give(claim=shown(promises.afar(ago_s))).id)
    assert (kept.claim, kept.claim_at, kept.due_line, kept.credit_us) == (
        "good", None, kept.arrived_line, credit_s * US,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("trust", "passed_s", "word"),
    [("synced", 3599, "good"), ("synced", 3600, "unknown"), ("restored", 3600, "unknown"), ("unknown", 3600, "good"),
     ("unknown", 10, "good")],
)  # fmt: skip
def test_a_claim_ends_by_a_clock_that_is_known(
    hall: Hall, promises: Promises, trust: Any, passed_s: int, word: str
) -> None:
    claim = promises.claim(expires=int(hall.clock.wall.timestamp()) + 3600)
    hall.passes(passed_s)
    hall.clock.trust = trust
    assert hall.ticket(hall.kiosks[0].give(claim=shown(claim)).id).claim == word


@pytest.mark.parametrize(("late_s", "left_s"), [(None, 45 * MIN), (0, 45 * MIN), (20 * MIN, 35 * MIN), (3600, 0)])
def test_without_a_true_clock_the_kiosk_says_how_late_it_is(
    hall: Hall, promises: Promises, late_s: int | None, left_s: int
) -> None:
    hall.clock.trust = "unknown"
    kept = hall.ticket(hall.kiosks[0].give(claim=shown(promises.claim(-900, credit_min=45), late_s=late_s)).id)
    assert (kept.claim, kept.credit_us) == ("good", left_s * US)


def test_of_the_day_s_claims_the_one_that_was_named_is_meant(hall: Hall, promises: Promises) -> None:
    first, named = promises.claim(credit_min=11), promises.claim(credit_min=22)
    promises.expect(first, named)
    for kiosk, code in ((0, None), (1, code_of(named, kid="00000000"))):
        kept = hall.ticket(hall.kiosks[kiosk].give(claim=shown(named, code=code)).id)
        assert (kept.claimed, kept.claim) == ((named.id, "good") if kiosk == 0 else (None, "used"))
    typed = hall.ticket(hall.kiosks[2].give(claim=shown(first, code=None, id=None, digits=first.digits)).id)
    assert (typed.claimed, typed.credit_us) == (first.id, 11 * MIN * US)


def test_central_s_own_word_that_somebody_bears_a_claim_counts_once(hall: Hall) -> None:
    one, other = (hall.ticket(hall.kiosks[n].give().id) for n in (0, 1))
    with hall.act() as act:
        bearing = borne(act, one, "c" * 32)
        assert bearing == replace(one, claim="good", claimed="c" * 32)
        act.record_told("revised", bearing)
        assert borne(act, one, "c" * 32) == bearing, "he himself is no other"
        assert borne(act, other, "c" * 32) == replace(other, claim="used")
        act.record("voided", ticket=bearing)
        assert borne(act, other, "c" * 32) == replace(other, claim="good", claimed="c" * 32)

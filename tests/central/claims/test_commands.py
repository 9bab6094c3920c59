"""`central seats`, `central claim`, `central claims` as an operator runs them, and plans that are judged first."""

import json
import random
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from central.claims.planned import past, proposing
from central.claims.planned.past import PastDay, PastService
from central.claims.planned.plan import PlanLine, Rules
from central.claims.wanted import read_time
from common.protocol.codes.signed_code import issuer_of
from tests.central.claims.conftest import OPEN, line
from tests.central.commands.test_cli import run

PEAK = [6, 14, 20, 22, 20, 18, 15, 12, 9, 5, 4, 6]
HOURS = [f"{8 + n // 2:02}:{n % 2 * 30:02}" for n in range(12)]


def past_days(weeks: int = 8) -> dict[date, PastDay]:
    found = {}
    for ago in range(weeks * 7, 0, -1):
        day = date(2026, 11, 30) - timedelta(days=ago)
        waits = {one: [600] * came for one, came in zip(HOURS, PEAK, strict=True)}
        services = {"civil-affairs": PastService(100), "plan-copy": PastService(51), "unknown": PastService(9)}
        if day.isoweekday() not in (5, 6):
            found[day] = PastDay(waits, {}, {one: [1] for one in HOURS}, services=services)
    return found


def test_a_plan_lies_in_the_valleys() -> None:
    lines = proposing.lay(past_days(), {"civil-affairs": "A", "plan-copy": "B"}, Rules())
    assert {one.weekday for one in lines} == {1, 2, 3, 4, 7}
    monday = [one for one in lines if one.weekday == 1]
    seats = {group: sum(len(one.times()) * one.seats for one in monday if one.group == group) for group in "AB"}
    assert seats == {"A": 20, "B": 10}  # a fifth of the visitors of each
    by_time = {at: one.seats for one in monday if one.group == "A" for at in one.times()}
    assert min(by_time) >= "08:30"
    assert max(by_time) < "13:30"
    late, peak = (
        sum(n for at, n in by_time.items() if low <= at < high)
        for low, high in (("12:00", "13:30"), ("09:00", "10:30"))
    )
    assert late > 4 * peak


def test_of_five_days_nothing_is_proposed() -> None:
    assert proposing.lay(dict(list(past_days().items())[:5]), {"civil-affairs": "A"}, Rules()) == []
    assert past.by_weekday({}) == {}


def test_seats_are_shared_out_whole() -> None:
    rng = random.Random(1)
    for _ in range(200):
        weights = [rng.random() for _ in range(rng.randrange(1, 30))]
        shared = proposing.shared_out(17, weights)
        assert sum(shared) == 17
        assert all(abs(got - 17 * weight / sum(weights)) < 1 for got, weight in zip(shared, weights, strict=True))


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"rules": {"desk_share": 0.6, "same_day_share": 0.5}}, "more than all seats"),
        ({"rules": {"credit_min": [60, 15]}}, "the least first"),
        ({"rules": {"late_full_min": 61}}, "late_full_min is more than"),
        ({"rules": {"share": 0.4}}, "share is more than most"),
        ({"plan": [line(end="10:10")]}, "no room for 15 minutes"),
        ({"plan": [line(), line(start="11:00")]}, "stands twice"),
        ({"plan": [line(weekday=8)]}, "weekday"),
        ({"plan": [line(more=1)]}, "no field more"),
        ({"centre": "nowhere"}, "nowhere"),
    ],
)
def test_a_plan_with_a_fault_holds_nowhere(tmp_path: Path, changes: dict[str, Any], fault: str) -> None:
    _centre(tmp_path)
    content = {"centre": "homs-main", "rules": OPEN, "plan": [line()]} | changes
    done = run(tmp_path / "central", "publish", "seats", "-", text=json.dumps(content))
    assert done.returncode == 1
    assert fault in done.stderr


def test_a_claim_is_made_listed_and_cancelled(tmp_path: Path) -> None:
    data = tmp_path / "central"
    _centre(tmp_path)
    day = datetime.now().astimezone() + timedelta(days=2)
    plan = {
        "centre": "homs-main",
        "rules": OPEN,
        "plan": [line(one, start="00:00", end="23:30") for one in range(1, 8)],
    }
    done = run(data, "publish", "seats", "-", text=json.dumps(plan))
    assert done.returncode == 0, done.stderr
    at = f"{day:%Y-%m-%d}T10:30"
    done = run(data, "claim", "--centre", "homs-main", "--service", "civil-affairs", "--at", at)
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert set(made) == {"claim", "code", "digits", "at"}
    assert (read_time(made["at"]), issuer_of(made["code"])) == (read_time(at), "claims")
    (seat,) = [
        one for one in _lines(data, "seats", "--centre", "homs-main", "--day", at[:10]) if one["at"] == made["at"]
    ]
    assert seat == {
        "group": "A", "at": made["at"], "minutes": 15, "capacity": 2, "booked": 1, "arrived": 0, "missed": 0,
        "returns_at": None,
    }  # fmt: skip
    (listed,) = _lines(data, "claims", "--centre", "homs-main", "--day", at[:10])
    assert (listed["claim"], listed["state"], listed["off"]) == (made["claim"], "booked", None)
    assert _lines(data, "claims", "--day", "2020-01-01") == []
    (gone,) = _lines(data, "claim", "cancel", made["claim"])
    assert gone == {"claim": made["claim"], "state": "cancelled"}
    assert run(data, "claim", "cancel", "0" * 32).returncode == 1
    full = run(data, "claim", "--centre", "homs-main", "--service", "civil-affairs", "--at", f"{day:%Y-%m-%d}T10:31")
    assert (full.returncode, "slot-full" in full.stderr) == (1, True)
    assert run(data, "claim", "--centre", "homs-main").returncode == 2
    assert run(data, "seats", "propose", "--centre", "homs-main").returncode == 1  # nothing is known of its past


def test_the_claim_key_is_rotated_and_retired_by_the_feed(tmp_path: Path) -> None:
    data = tmp_path / "central"
    _centre(tmp_path)
    assert run(data, "publish", "seats", "-", text=json.dumps({"centre": "homs-main", "plan": []})).returncode == 0
    (kid,) = [path.stem for path in (data / "keys").glob("*.claims")]
    refused = run(data, "publish", "central-keys", "-", text=json.dumps({"retire": [kid]}))
    assert (refused.returncode, "signs claims now" in refused.stderr) == (1, True)
    assert run(data, "publish", "central-keys", "-", text='{"rotate": ["claims"]}').returncode == 0
    assert run(data, "publish", "central-keys", "-", text=json.dumps({"retire": [kid]})).returncode == 0
    assert len(list((data / "keys").glob("*.claims"))) == 2


def test_a_proposal_is_what_publishing_takes() -> None:
    lines = proposing.lay(past_days(), {"civil-affairs": "A"}, Rules())
    assert msgspec.convert(msgspec.to_builtins(lines), list[PlanLine]) == lines


def _centre(tmp_path: Path) -> None:
    table = tmp_path / "centres.csv"
    table.write_text("code,name_ar,name_en,kiosks\nhoms-main,حمص,Homs,1\n", encoding="utf-8")
    assert run(tmp_path / "central", "centres", "add", str(table)).returncode == 0


def _lines(data: Path, *arguments: str) -> list[dict[str, Any]]:
    done = run(data, *arguments)
    assert done.returncode == 0, done.stderr
    return [json.loads(one) for one in done.stdout.splitlines()]

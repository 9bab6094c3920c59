"""How far a visit has come by its events: each step and its undoing, in the order of chains; by values alone."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from central.insight.visits.ended import closes_at, day_over_at
from central.insight.visits.visit import in_order, progress_of
from common.protocol.envelope import QueueBody
from common.protocol.queue.progress import Progress, progress_by

TICKET = "5b0e21a4-56dd-4e51-8f66-3e3b0a3f6c11"


def event(name: str, **said: Any) -> QueueBody:
    return QueueBody(name, "k1", TICKET, **said)


def after(*events: tuple[str, dict[str, Any]] | str) -> Progress:
    """Follow a ticket through events at 1, 2, 3, …"""
    named = [(one, {}) if isinstance(one, str) else one for one in events]
    return progress_by((str(at), event(name, **said)) for at, (name, said) in enumerate(named, 1))


CALLED = Progress(called_at="1", counter=3, expected_s=(60, 120), today="yes", is_called=True)
CALL: tuple[str, dict[str, Any]] = ("called", {"counter": 3, "expected_s": (60, 120), "today": "yes"})
KEPT: dict[str, Any] = {"called_at": "1", "counter": 3, "expected_s": (60, 120), "today": "yes"}


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((), Progress()),
        ((CALL,), CALLED),
        ((CALL, "came"), Progress(**KEPT, came_at="2", is_called=True)),
        ((CALL, "called-again"), CALLED),
        ((CALL, "not-here"), Progress(**KEPT)),
        ((CALL, "parked"), Progress(**KEPT)),
        ((CALL, "came", "transferred"), Progress(**KEPT, came_at="2")),
        ((CALL, "missed"), Progress(**KEPT, ended_at="2", end="missed", is_called=True)),
        ((CALL, "missed", "resumed"), Progress(**KEPT)),
        ((CALL, "came", ("done", {"documents": {"a": 2}})),
         Progress(**KEPT, came_at="2", ended_at="3", end="done", documents={"a": 2}, is_called=True)),
        ((CALL, "came", ("done", {"documents": {"a": 2}}), "called"),
         Progress(**(KEPT | {"called_at": "4"}), documents={"a": 2}, is_called=True)),
        ((CALL, ("called", {"counter": 4, "expected_s": (1, 2), "today": "doubtful"})),
         Progress(called_at="2", counter=4, expected_s=(1, 2), today="doubtful", is_called=True)),
        ((("carried", {"first_day": "d1", "last_day": "d3"}),),
         Progress(ended_at="1", end="carried", days=("d1", "d3"))),
        ((("carried", {"first_day": "d1"}),), Progress(ended_at="1", end="carried")),
        ((("carried", {"last_day": "d1"}),), Progress(ended_at="1", end="carried")),
        (("undone",), Progress()),
        ((CALL, "undone"), Progress()),
        ((CALL, "came", "undone"), CALLED),
        ((CALL, "came", "undone", "undone"), Progress()),
        ((CALL, "undone", "undone", CALL), Progress(**(KEPT | {"called_at": "4"}), is_called=True)),
        (("service-interrupted",), Progress()),
    ],
)  # fmt: skip
def test_each_event_moves_a_visit_on_and_its_undoing_takes_that_back(events: Any, expected: Progress) -> None:
    assert after(*events) == expected


@pytest.mark.parametrize(
    "end", ["done", "done-unconfirmed", "missed", "left", "expired", "carried", "voided", "by-hand"]
)
def test_every_end_ends_it(end: str) -> None:
    assert after(end) == Progress(ended_at="1", end=end)


def row(hub: str, epoch: str, seq: int, at: str, name: str | None = "called") -> Any:
    body = None if name is None else msgspec.json.encode(event(name)).decode()
    return SimpleNamespace(hub=hub, epoch=epoch, seq=seq, author=None, life=None, log_seq=None, at=at, body=body)


def test_events_are_in_the_order_of_their_chain_and_several_hubs_by_time() -> None:
    rows = [
        row("h2", "e", 1, "4"), row("h1", "e", 3, "1"), row("h1", "e", 1, "2"), row("h1", "e", 2, "5"),
        row("h1", "f", 1, "3"), row("h1", "e", 9, "9", None),
    ]  # fmt: skip
    assert [(one.hub, one.epoch, one.seq) for one in in_order(rows)] == [
        ("h1", "e", 1), ("h1", "f", 1), ("h2", "e", 1), ("h1", "e", 2), ("h1", "e", 3),
    ]  # fmt: skip
    last = row("h1", "e", 4, "6", "missed")
    assert progress_of([last, *rows]) == Progress(called_at="1", ended_at="6", end="missed", is_called=True)


OVER = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)  # 04:00 of the next day in Homs


@pytest.mark.parametrize(
    ("ended_at", "day", "hour"),
    [
        (None, 28, 1), ("2026-11-25T09:00:00Z", 27, 9), ("2026-11-20T09:00:00Z", 27, 1),
        ("2099-01-01T00:00:00Z", 28, 1), ("yesterday", 28, 1),
    ],
)  # fmt: skip
def test_a_visit_is_asked_about_for_two_days_after_its_end_within_its_day(
    ended_at: str | None, day: int, hour: int
) -> None:
    assert day_over_at("2026-11-25") == OVER
    assert closes_at("2026-11-25", ended_at) == datetime(2026, 11, day, hour, tzinfo=UTC)

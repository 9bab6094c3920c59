"""How long wrong PINs lock whom: from which on, how it doubles, and what a right one or a dead process takes back."""

from typing import Any

import pytest
from sqlalchemy import Connection, select

from hub.log import tables
from hub.sessions.locks import Scope, count_failure, forgive_unjudged, judged, locked_for_s, of_known_pc, of_stranger
from tests.hub.hall import Hall

S = 1_000_000
ONE = (Scope("one", 5),)


@pytest.fixture
def connection(hall: Hall) -> Any:
    with hall.hub.store.write() as opened:
        yield opened


def wrong(connection: Connection, times: int, line_us: int = 0, counted: tuple[Scope, ...] = ONE) -> list[int]:
    """Type so many wrong PINs; give for how long no PIN is heard after each."""
    found = []
    for _ in range(times):
        count_failure(connection, counted, line_us)
        judged(connection, counted, is_right=False)
        found.append(locked_for_s(connection, counted, line_us))
    return found


def row(connection: Connection, name: str = "one") -> tuple[int, int, int, int] | None:
    columns = tables.locks.c
    query = select(columns.failures, columns.last_line, columns.until_line, columns.under_way)
    found = connection.execute(query.where(columns.scope == name)).one_or_none()
    return None if found is None else tuple(found)


def test_who_is_counted_by_what() -> None:
    assert of_known_pc("12", "pc-7") == (Scope("pc:pc-7:clerk:12", 5), Scope("pc:pc-7", 15))
    assert of_stranger("12", "10.0.0.0") == (
        Scope("clerk:12", 5),
        Scope("address:10.0.0.0", 15),
        Scope("strangers", 60),
    )


def test_a_lock_begins_with_the_fifth_and_doubles_up_to_an_hour(connection: Connection) -> None:
    assert wrong(connection, 12) == [0, 0, 0, 0, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert row(connection) == (12, 0, 3600 * S, 0)
    assert wrong(connection, 20)[-1] == 3600


def test_what_is_left_of_a_lock_is_counted_in_whole_seconds(connection: Connection) -> None:
    wrong(connection, 5, 7)
    left = [locked_for_s(connection, ONE, 7 + at) for at in (0, 1, S, 59 * S, 60 * S - 1, 60 * S, 61 * S)]
    assert left == [60, 60, 59, 1, 1, 0, 0]
    assert locked_for_s(connection, (), 7) == locked_for_s(connection, (Scope("other", 5),), 7) == 0
    assert locked_for_s(connection, (Scope("other", 5), *ONE), 7) == 60, "any of them"


@pytest.mark.parametrize(("after_s", "failures"), [(3599.999999, 6), (3600, 1)])
def test_failures_are_forgotten_after_an_hour_without_one(
    connection: Connection, after_s: float, failures: int
) -> None:
    wrong(connection, 5)
    wrong(connection, 1, round(after_s * S))
    found = row(connection)
    assert found is not None
    assert found[0] == failures


def test_a_right_pin_takes_back_all_but_one_of_the_strangers(connection: Connection) -> None:
    counted = of_stranger("12", "10.0.0.0")
    wrong(connection, 4, 3, counted)
    count_failure(connection, counted, 5)
    assert [row(connection, scope.name) for scope in counted] == [(5, 5, 60 * S + 5, 1), (5, 5, 0, 1), (5, 5, 0, 1)]
    judged(connection, counted, is_right=True)
    assert [row(connection, scope.name) for scope in counted] == [None, None, (4, 5, 0, 0)]
    judged(connection, counted, is_right=True)
    judged(connection, (*ONE, *counted), is_right=False)
    assert row(connection, "strangers") == (3, 5, 0, 0)
    assert row(connection) is None
    for _ in range(4):
        judged(connection, counted, is_right=True)
    assert row(connection, "strangers") == (0, 5, 0, 0)


def test_attempts_that_were_never_judged_are_taken_back_and_no_others(connection: Connection) -> None:
    wrong(connection, 3)
    for _ in range(3):
        count_failure(connection, ONE, 9)
    wrong(connection, 6, 9, (Scope("other", 5),))
    before = row(connection, "other")
    assert row(connection) == (6, 9, 120 * S + 9, 3)
    forgive_unjudged(connection)
    assert row(connection) == (3, 9, 0, 0)
    assert row(connection, "other") == before

"""How long wrong PINs lock whom: from which on, how it doubles, and what a right one or a dead process takes back."""

from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from sqlalchemy import Connection, select

import hub.pages
from hub.log import tables
from hub.sessions.locks import (
    NEW_PCS,
    Scope,
    WrongPins,
    count_failure,
    forgive_unjudged,
    judged,
    locked_for_s,
    may_make_known,
    of_known_pc,
    of_stranger,
    wrong_pins,
)
from tests.hub.hall import Hall

S = 1_000_000
LOCALE = Path(hub.pages.__file__).parent / "locale"
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
    assert of_known_pc("12", "pc-7") == (
        Scope("pc:pc-7:clerk:12", 5),
        Scope("pc:pc-7", 15),
        Scope("known:clerk:12", 10, 60, shared=True),
    )
    assert of_stranger("12", "10.0.0.0") == (
        Scope("clerk:12", 5),
        Scope("address:10.0.0.0", 15),
        Scope("strangers", 60, shared=True),
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


def test_a_clerks_wrong_pins_on_all_pcs_make_each_further_guess_slow(connection: Connection) -> None:
    for pc in range(5):
        wrong(connection, 2, counted=of_known_pc("12", f"pc-{pc}"))
    assert locked_for_s(connection, of_known_pc("12", "pc-1"), 0) == 60, "a PC that has guessed waits for all of them"
    assert locked_for_s(connection, of_known_pc("12", "pc-9"), 0) == 0, "one that has not is heard"
    assert locked_for_s(connection, of_known_pc("13", "pc-1"), 0) == 0, "other clerks' PINs are not in question"
    for at in range(20):
        wrong(connection, 1, at * 60 * S, of_known_pc("12", f"pc-{at + 20}"))
    assert locked_for_s(connection, of_known_pc("12", "pc-39"), 19 * 60 * S) == 60, "it grows no longer"


def test_a_right_pin_on_one_pc_takes_back_no_more_than_one_of_the_wrong_ones_on_all(connection: Connection) -> None:
    for pc in range(6):
        wrong(connection, 2, counted=of_known_pc("12", f"pc-{pc}"))
    own = of_known_pc("12", "pc-1")
    count_failure(connection, own, 0)
    judged(connection, own, is_right=True)
    assert row(connection, "known:clerk:12") == (12, 0, 0, 0)


def test_by_one_clerks_pin_so_many_pcs_become_known_within_an_hour(connection: Connection) -> None:
    made = [may_make_known(connection, "12", at * S) for at in range(NEW_PCS + 2)]
    assert made == [True] * NEW_PCS + [False] * 2
    assert may_make_known(connection, "13", 0)
    assert not may_make_known(connection, "12", (3600 + NEW_PCS - 2) * S)
    assert may_make_known(connection, "12", (3600 + NEW_PCS - 1) * S)


def test_it_is_told_at_whose_pins_somebody_guesses(connection: Connection) -> None:
    wrong(connection, 4, counted=of_stranger("12", "10.0.0.1"))
    assert wrong_pins(connection, S) == []
    wrong(connection, 2, counted=of_known_pc("12", "pc-1"))
    wrong(connection, 4, counted=of_known_pc("13", "pc-1"))
    assert wrong_pins(connection, S) == [WrongPins("12", 6)]
    assert wrong_pins(connection, 3600 * S) == []


def test_guesses_without_an_hour_between_are_told_together_and_said_so(connection: Connection) -> None:
    for at in range(5):
        wrong(connection, 1, at * 50 * 60 * S, of_known_pc("12", f"pc-{at}"))
    assert wrong_pins(connection, 4 * 50 * 60 * S) == [WrongPins("12", 5)], "one of them alone is of the last hour"
    for language, word in (("en", "within the last hour"), ("ar", "آخرها في الساعة الأخيرة")):
        with (LOCALE / f"{language}.po").open("rb") as file:
            texts = {one.id[0]: str(one.string) for one in read_po(file, locale=language) if one.pluralizable}
        for text in ("manager.guessed", "manager.guessed_of"):
            assert word in texts[text]


def test_guesses_that_go_round_all_clerks_are_told_in_one_sum(connection: Connection) -> None:
    for sign in range(20, 35):
        wrong(connection, 1, counted=of_stranger(f"{sign}", f"10.0.0.{sign}"))
    assert wrong_pins(connection, S) == [WrongPins(None, 15)]


def test_what_was_not_judged_yet_is_told_to_nobody(connection: Connection) -> None:
    for _ in range(6):
        count_failure(connection, of_stranger("12", "10.0.0.1"), 0)
    assert wrong_pins(connection, S) == []

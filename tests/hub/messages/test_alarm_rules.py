"""Alarms as rows: how they begin and end, whom they are due for and from when on, and who may take one."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select

from common.messages import outbox
from hub.log import tables
from hub.messages import alarms
from hub.messages.alarms import StandingAlarm
from hub.messages.conditions import Condition
from tests.hub.messages.conftest import Desk

PAPER, BATTERY = Condition("paper-out", "kiosk-1", 90.0), Condition("on-battery")
SILENT = Condition("kiosk-silent", "kiosk-1", 700.0)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _lowest_digits_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.messages.alarms.secrets.choice", min)


def settled(desk: Desk, *standing: Condition, young: tuple[Condition, ...] = ()) -> list[str]:
    """Settle what stands; give the names of those of which somebody is to be told."""
    with desk.hall.hub.store.write() as connection:
        by_name = [{one.name: one for one in some} for some in (standing, young)]
        return [row.name for row in alarms.settle(connection, by_name[0], desk.now, by_name[1])]


def stand(desk: Desk) -> list[StandingAlarm]:
    with desk.hall.hub.store.read() as connection:
        return alarms.standing_alarms(connection)


def ago(desk: Desk, seconds: float = 0) -> str:
    return outbox.as_text(desk.now - timedelta(seconds=seconds))


def test_alarms_begin_as_old_as_they_are_and_end_with_what_stood(desk: Desk) -> None:
    assert settled(desk, BATTERY, PAPER) == ["paper-out/kiosk-1", "on-battery/"], "the oldest first"
    assert stand(desk) == [
        StandingAlarm("11", "paper-out", "kiosk-1", ago(desk, 90), None),
        StandingAlarm("10", "on-battery", "", ago(desk), None),
    ]
    before = stand(desk)
    desk.hall.passes(50)
    assert settled(desk, PAPER, young=(BATTERY,)) == ["paper-out/kiosk-1", "on-battery/"]
    assert stand(desk) == before
    assert settled(desk, PAPER) == ["paper-out/kiosk-1"]
    assert settled(desk, PAPER, SILENT) == ["kiosk-silent/kiosk-1", "paper-out/kiosk-1"]
    assert [one.digits for one in stand(desk)] == ["10", "11"], "digits that are free are given again"


def test_what_is_young_begins_no_alarm_and_a_silent_kiosk_is_not_told_of_by_it(desk: Desk) -> None:
    assert settled(desk, young=(PAPER,)) == []
    assert stand(desk) == []
    assert settled(desk, SILENT) == ["kiosk-silent/kiosk-1"]
    assert settled(desk, young=(SILENT,)) == []
    assert len(stand(desk)) == 1, "it goes on"


def test_what_ails_the_connection_changes_under_one_alarm(desk: Desk) -> None:
    settled(desk, Condition("no-internet"))
    settled(desk, Condition("no-internet", "central"))
    assert [(one.digits, one.machine) for one in stand(desk)] == [("10", "central")]
    settled(desk, young=(Condition("no-internet", "untrusted"),))
    assert [(one.digits, one.machine) for one in stand(desk)] == [("10", "untrusted")]


def test_of_ninety_alarms_each_has_digits_of_its_own_and_no_more_begin(desk: Desk) -> None:
    many = [Condition("paper-out", f"kiosk-{number}") for number in range(95)]
    assert len(settled(desk, *many)) == 90
    assert sorted(one.digits for one in stand(desk)) == [str(number) for number in range(10, 100)]


def test_what_waits_of_an_alarm_that_is_over_or_taken_is_dropped(desk: Desk) -> None:
    settled(desk, PAPER, BATTERY)
    with desk.hall.hub.store.write() as connection:
        for name in (PAPER.name, BATTERY.name, f"{alarms.SAID}/x", "of-earlier/"):
            alarms.put(connection, name, "person", "text", desk.now)
        assert alarms.take(connection, "10", "clerk-1", desk.now)
        assert not alarms.take(connection, "99", "clerk-1", desk.now)
    assert stand(desk)[0].taken_by == "clerk-1"
    assert settled(desk, PAPER, BATTERY) == ["on-battery/"]
    assert {row.alarm: row.state for row in desk.rows()} == {
        "paper-out/kiosk-1": "dropped", "on-battery/": "waiting", "said/x": "waiting", "of-earlier/": "dropped",
    }  # fmt: skip
    with desk.hall.hub.store.read() as connection:
        assert alarms.message_counts(connection) == {"dropped": 2, "waiting": 2}


def handed(connection: Connection, desk: Desk, seconds_ago: float, **changed: Any) -> None:
    values = outbox.new("staff-alarm", desk.now) | {"alarm": PAPER.name, "person": "one", "text": "x"}
    values |= {"state": "handed", "handed_at": ago(desk, seconds_ago)} | changed
    connection.execute(insert(tables.messages).values(values))


@pytest.mark.parametrize(
    ("seconds_ago", "changed", "is_due"),
    [
        (900, {}, False),
        (901, {}, True),
        (0, {}, False),
        (-1, {}, True),
        (901, {"state": "waiting", "handed_at": None}, False),
        (5, {"state": "dropped"}, True),
        (5, {"state": "unknown"}, False),
        (5, {"person": "other"}, True),
        (5, {"alarm": "on-battery/"}, True),
    ],
)
def test_somebody_is_told_again_after_a_quarter_of_an_hour(
    desk: Desk, seconds_ago: float, changed: dict[str, Any], is_due: bool
) -> None:
    settled(desk, PAPER, BATTERY)
    with desk.hall.hub.store.write() as connection:
        handed(connection, desk, seconds_ago, **changed)
        assert alarms.is_due(connection, PAPER.name, "one", desk.now) is is_due


@pytest.mark.parametrize(("seconds_ago", "is_due"), [(900, False), (901, True), (-900, False), (-901, True)])
def test_what_the_hub_before_this_one_told_counts_for_all(desk: Desk, seconds_ago: float, is_due: bool) -> None:
    settled(desk, PAPER, BATTERY)
    with desk.hall.hub.store.write() as connection:
        own = tables.alarms.c.name == PAPER.name
        connection.execute(tables.alarms.update().where(own).values(told_at=ago(desk, seconds_ago)))
        assert alarms.is_due(connection, PAPER.name, "anybody", desk.now) is is_due
        assert alarms.is_due(connection, BATTERY.name, "anybody", desk.now)


@pytest.mark.parametrize(
    ("text", "person", "is_taken"),
    [("10", "one", True), (" 10\n", "one", True), ("10", "other", False), ("10", "by-another-hub", True)]
    + [(text, "one", False) for text in ("11", "1", "010", "10.", "x", "", "1 0", "+1", "²²")]
    + [("١٠", "one", True)],
)
def test_an_alarm_is_taken_by_its_digits_from_who_was_told_of_it(
    desk: Desk, text: str, person: str, is_taken: bool
) -> None:
    settled(desk, PAPER)
    with desk.hall.hub.store.write() as connection:
        connection.execute(tables.alarms.update().values(told_to='["by-another-hub"]'))
        handed(connection, desk, 5000)
        assert alarms.texts_let_go(connection) == 0
        assert alarms.hear_text(connection, text, person, desk.now) is is_taken
        assert alarms.texts_let_go(connection) == (0 if is_taken else 1)
        taken = connection.execute(select(tables.alarms.c.taken_at, tables.alarms.c.taken_by)).one()
        assert taken == ((ago(desk), person) if is_taken else (None, None))
        alarms.hear_text(connection, "?", person, desk.now)
        assert alarms.texts_let_go(connection) == (1 if is_taken else 2)


def test_who_took_an_alarm_is_answered_once_and_again_when_it_comes_again(desk: Desk) -> None:
    def answer(person: str = "one") -> list[str]:
        with desk.hall.hub.store.write() as connection:
            alarms.answer(connection, stand(desk)[0].digits, person, "x", desk.now)
        return [row.person for row in desk.rows() if row.alarm == f"said/taken/{BATTERY.name}"]

    settled(desk, BATTERY)
    assert (answer(), answer(), answer("two")) == (["one"], ["one"], ["one", "two"])
    settled(desk)
    desk.hall.passes(60)
    settled(desk, BATTERY)
    assert sorted(answer()) == ["one", "one", "two"]


def test_who_has_a_message_that_only_waits_was_not_told(desk: Desk) -> None:
    settled(desk, PAPER)
    with desk.hall.hub.store.write() as connection:
        handed(connection, desk, 5, state="waiting", handed_at=None)
        assert not alarms.hear_text(connection, "10", "one", desk.now)


def test_what_waits_follows_a_clock_that_was_set_back(desk: Desk) -> None:
    with desk.hall.hub.store.write() as connection:
        ahead = alarms.put(connection, PAPER.name, "one", "x", desk.now + MINUTE)
        alarms.put(connection, PAPER.name, "two", "x", desk.now - MINUTE)
        handed(connection, desk, 0, made_at=outbox.as_text(desk.now + MINUTE), person="three")
        alarms.follow_clock(connection, desk.now)
    made = {row.person: (row.made_at, row.dies_at) for row in desk.rows()}
    hour = timedelta(hours=1)
    assert {row.id for row in desk.rows() if row.person == "one"} == {ahead}
    assert made["one"] == (ago(desk), outbox.as_text(desk.now + hour))
    assert made["two"][0] == ago(desk, 60)
    assert made["three"][0] == ago(desk, -60)


def test_messages_are_forgotten_after_thirty_days(desk: Desk) -> None:
    with desk.hall.hub.store.write() as connection:
        alarms.put(connection, PAPER.name, "old", "x", desk.now - timedelta(days=30, seconds=1))
        alarms.put(connection, PAPER.name, "young", "x", desk.now - timedelta(days=30))
        alarms.forget_old(connection, desk.now)
    assert [row.person for row in desk.rows()] == ["young"]

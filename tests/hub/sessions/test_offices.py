"""Office PCs at a standby, which has never set a cookie: strangers who guessed beforehand lock out none of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from common.protocol.feed_message import Clerks
from hub.log import tables
from hub.sessions import offices
from hub.sessions.locks import count_failure, of_stranger
from hub.sessions.offices import is_office, note_office, offices_to_carry, take_offices
from hub.sessions.sessions import Asker, TooManyWrongPins, judge
from tests.hub.api.conftest import CLERK_PIN, MANAGER_PIN
from tests.hub.hall import CENTRE, Hall, said
from tests.hub.sessions.test_sessions import CLERK, MANAGER, OTHER
from tests.hub.standby import open_standby, pull

OFFICE, ELSEWHERE = "192.0.2.7", "192.0.2.99"
HOUR_US = 3600 * 1_000_000


@pytest.fixture
def standby(hall: Hall, tmp_path: Path) -> Iterator[Hall]:
    opened = open_standby(tmp_path / "hub-0002", hall.clock, {1: ["A"]})
    said(opened.hub, Clerks(CENTRE, [CLERK, OTHER, MANAGER]), 3)
    yield opened
    opened.hub.store.close()


def type_in(standby: Hall, pin: str, address: str) -> str:
    """Type a PIN in as a page of the standby does that has no cookie."""
    with standby.hub.read() as look:
        at_office = is_office(look.connection, address)
    return judge(standby.hub, pin, Asker(None, address, at_office)).id


def test_an_office_pc_logs_in_and_promotes_where_strangers_have_locked_strangers(hall: Hall, standby: Hall) -> None:
    with hall.hub.any_act() as act:
        note_office(act.connection, OFFICE, act.line_us)
    hall.press(1, "open")
    pull(standby, hall)
    with standby.hub.any_act() as act:
        for _ in range(61):
            for sign in ("12", "99"):
                count_failure(act.connection, of_stranger(sign, ELSEWHERE), act.line_us)
    with pytest.raises(TooManyWrongPins):
        type_in(standby, MANAGER_PIN, ELSEWHERE)
    assert type_in(standby, CLERK_PIN, OFFICE) == CLERK.id
    assert type_in(standby, MANAGER_PIN, OFFICE) == MANAGER.id


def test_an_office_pc_that_guesses_locks_itself_alone(hall: Hall) -> None:
    said(hall.hub, Clerks(CENTRE, [CLERK, OTHER, MANAGER]), 3)
    with hall.hub.any_act() as act:
        for address in (OFFICE, "192.0.2.8"):
            note_office(act.connection, address, act.line_us)
    for _ in range(5):
        with pytest.raises(Exception, match="nobody's"):
            type_in(hall, "12000000", OFFICE)
    with pytest.raises(TooManyWrongPins):
        type_in(hall, CLERK_PIN, OFFICE)
    assert type_in(hall, CLERK_PIN, "192.0.2.8") == CLERK.id


def test_known_offices_are_few_and_the_longest_unseen_goes_first(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offices, "MOST", 2)
    with hall.hub.store.write() as connection:
        for at, address in ((1, "10.0.0.1"), (2, "10.0.0.2"), (HOUR_US + 3, "10.0.0.1"), (HOUR_US + 4, "10.0.0.3")):
            note_office(connection, address, at)
        assert offices_to_carry(connection) == ["10.0.0.3", "10.0.0.1"]
        take_offices(connection, ["2001:db8::1", "10.0.0.3", "10.0.0.9"], HOUR_US + 5)
        assert offices_to_carry(connection) == ["2001:db8::/64", "10.0.0.3"]


def test_what_was_noted_within_the_hour_is_not_written_again(hall: Hall) -> None:
    with hall.hub.store.write() as connection:
        for at in (5, HOUR_US + 4, HOUR_US + 5):
            note_office(connection, OFFICE, at)
            found = connection.execute(tables.offices.select()).one()
            assert found.seen_line == (HOUR_US + 5 if at == HOUR_US + 5 else 5)

"""What is foretold of a day is what comes, more counters leave fewer unserved, and what was foretold is kept."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from hub.foresight.kept import keep_foretold, right
from hub.foresight.what_if import Foretold, foretell, known_of
from tests.hub.foresight.past_days import live_through
from tests.hub.hall import Hall, open_hall


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    hall = open_hall(tmp_path)
    hall.set_up({1: ["A", "B"], 2: ["A"], 3: ["A"]})
    hall.works()
    yield hall
    hall.hub.store.close()


def asked(hall: Hall, label: str, **counters: int) -> Foretold:
    with hall.hub.read() as look:
        known = known_of(look, date.fromisoformat(label))
    return foretell(known, {at.removeprefix("at").replace("_", ":"): count for at, count in counters.items()})


def test_nothing_is_foretold_before_five_days(hall: Hall) -> None:
    said = asked(hall, live_through(hall, 4))
    assert (said.made_of_days, said.expected, said.usual) == (4, None, None)


def test_a_day_is_foretold_as_days_were(hall: Hall) -> None:
    said = asked(hall, live_through(hall, 6))
    assert said.made_of_days == 6
    assert said.expected is not None
    assert said.margin is not None
    assert said.expected == 42
    assert 1 <= said.margin <= 5
    assert said.peak == ("08:00", "09:00")
    assert said.usual is not None
    assert said.usual == said.planned
    # All come in the first hour, then two counters take four minutes each: the last one waits two hours, none in vain.
    assert said.usual.unserved == 0
    assert said.usual.wait_mean_s is not None
    assert 60 * 60 <= said.usual.wait_mean_s <= 80 * 60
    assert [slot.counters for slot in said.usual.slots][:5] == [0, 0, 2, 2, 2]
    assert asked(hall, said.day) == said, "the same question has the same answer"


def test_fewer_counters_leave_people_unserved_and_more_shorten_waits(hall: Hall) -> None:
    label = live_through(hall, 6)
    usual = asked(hall, label)
    assert usual.usual is not None
    slots = [slot.at for slot in usual.usual.slots]
    fewer = asked(hall, label, **{f"at{at.replace(':', '_')}": 1 for at in slots})
    more = asked(hall, label, **{f"at{at.replace(':', '_')}": 99 for at in slots})
    assert fewer.planned is not None
    assert more.planned is not None
    assert fewer.usual == usual.usual, "beside it the usual day stays"
    assert fewer.planned.unserved > 0.1 > usual.usual.unserved
    assert {slot.counters for slot in more.planned.slots} == {3}, "no more than the centre has"
    assert more.planned.wait_mean_s is not None
    assert usual.usual.wait_mean_s is not None
    assert more.planned.wait_mean_s < 0.8 * usual.usual.wait_mean_s


def test_what_was_foretold_is_kept_once_and_held_against_what_came(hall: Hall) -> None:
    live_through(hall, 6)
    for _ in range(3):
        keep_foretold(hall.hub)
    with hall.hub.read() as look:
        kept = look.connection.exec_driver_sql("SELECT body FROM hub_events WHERE kind = 'foretold'").all()
        assert len(kept) == 1
        assert right(look) is None, "the day isn't over"
    for _ in range(49):  # one came already
        hall.kiosks[0].give("A", business_day=hall.clock.wall.date().isoformat())
    for _ in range(50):
        hall.press(1, "next") if hall.counter(1).state != "closed" else hall.press(1, "open")
        hall.passes(30)
    hall.passes(86_400)
    hall.kiosks[0].give("A", business_day=hall.clock.wall.date().isoformat())
    with hall.hub.read() as look:
        said = right(look)
    assert said is not None
    assert said.days == 1
    assert said.mean_error == pytest.approx(abs(42 - 50) / 50)
    assert said.within == 0

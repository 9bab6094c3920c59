"""Behind a salvage nobody knows what was accepted before: a code from then is central's to judge."""

from datetime import timedelta
from pathlib import Path

import pytest

from common.machine.stamp import Trust
from kiosk.desk.desk import OrderRecorded, new_intention
from kiosk.desk.outcome import Outcome
from offline_store.disk.database import DATABASE
from tests.kit.clock import NOON, HandClock
from tests.kit.desk import App, Place, open_store


def order(place: Place, code: str) -> OrderRecorded:
    answer = place.desk.order(code, intention=new_intention())
    assert isinstance(answer, OrderRecorded), answer
    return answer


def lose_everything(folder: Path) -> None:
    (folder / DATABASE).unlink()


def test_a_code_from_before_a_salvage_is_taken_unverified_and_a_later_one_as_ever(tmp_path: Path) -> None:
    clock, app = HandClock(), App()
    code = app.code()
    with open_store(tmp_path, clock) as store:
        app.make_known(store)
        assert order(Place(store, clock, app), code).outcome is Outcome.ACCEPTED
    lose_everything(tmp_path)
    with open_store(tmp_path, clock) as store:
        place = Place(store, clock, app)
        app.make_known(store)
        again = order(place, code)
        assert (again.outcome, again.order) == (Outcome.ACCEPTED_UNVERIFIED, None)
        assert order(place, code).is_copy
        clock.pass_time(hours=1)
        assert order(place, app.code(issued=clock.wall)).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("trust", ["synced", "unknown"])
def test_a_salvage_at_a_wrong_time_counts_from_the_first_time_that_was_right(tmp_path: Path, trust: Trust) -> None:
    clock, app = HandClock(), App()
    with open_store(tmp_path, clock) as store:
        app.make_known(store)
    lose_everything(tmp_path)
    clock.wall, clock.trust = (NOON.replace(year=1999), trust) if trust == "unknown" else (NOON, trust)
    with open_store(tmp_path, clock) as store:
        place = Place(store, clock, app)
        app.make_known(store)
        clock.wall, clock.trust = NOON + timedelta(minutes=5), "synced"
        assert order(place, app.code(issued=NOON - timedelta(days=2))).outcome is Outcome.ACCEPTED_UNVERIFIED


def test_what_a_salvage_kept_is_known_still(tmp_path: Path) -> None:
    clock, app = HandClock(), App()
    code = app.code()
    with open_store(tmp_path, clock) as store:
        app.make_known(store)
        first = order(Place(store, clock, app), code)
        store.condemn("test")
    with open_store(tmp_path, clock) as store:
        again = order(Place(store, clock, app), code)
        assert (again.outcome, again.id) == (Outcome.REPEATED, first.id)

"""What pages show alike is read once at a change, and again for whatever moves."""

from collections.abc import Callable

import pytest

from hub.api.live.alike import KEPT_US, alike
from hub.api.live.state import _Viewer
from hub.api.live.views import Common
from hub.takeover.promotion import yield_to
from tests.hub.api.conftest import Stage, named
from tests.hub.hall import Hall


def at(hall: Hall, changes: int = 1) -> Common:
    with hall.hub.read() as look:
        return alike(look, changes)


MOVES: dict[str, Callable[[Hall], object]] = {
    "a press": lambda hall: hall.press(1, "open"),
    "a number": lambda hall: hall.kiosks[0].give("A"),
    "a word of central's": lambda hall: named(hall, revoked=frozenset({3}), message_id=3),
    "another leader": lambda hall: yield_to(hall.hub, "hub-0002", 2),
    "a second": lambda hall: hall.passes(KEPT_US / 1_000_000),
}


def test_pages_that_are_drawn_at_one_change_read_it_once(hall: Hall) -> None:
    known = at(hall)
    assert at(hall) is known
    hall.passes(KEPT_US / 2_000_000)
    assert at(hall) is known
    assert at(hall, changes=2) is not known


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
def test_whatever_moves_is_read_again(hall: Hall, move: Callable[[Hall], object]) -> None:
    known = at(hall)
    move(hall)
    assert at(hall) is not known


async def test_a_press_is_seen_by_all_pages_before_anybody_notes_it(stage: Stage) -> None:
    token = (await stage.session(1))["Cookie"].partition("=")[2]
    board, counter = _Viewer(stage.serving, "board", None), _Viewer(stage.serving, "counter", token)
    assert board.see().counters == counter.see().counters == []
    stage.hall.press(2, "open")
    assert board.see().counters == counter.see().counters == [2]

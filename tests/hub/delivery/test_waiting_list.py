"""What a hub that leads tells central beside its items: who waits, and since when the hall's board is silent."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import update

from hub.delivery.forwarding import waiting_list_of
from hub.log import tables
from tests.hub.hall import open_hall


def test_the_word_of_the_board_is_how_long_ago_it_was_heard(tmp_path: Path) -> None:
    hall = open_hall(tmp_path / "hub")
    hall.set_up({1: ["A"]})
    hall.press(1, "open")
    hall.kiosks[0].give("A")
    said = waiting_list_of(hall.hub)()
    assert said is not None
    assert said.board_silent_s is None, "no board was ever heard"
    heard_at = hall.hub.clock.now().wall_time - timedelta(seconds=700)
    with hall.hub.store.write() as connection:
        connection.execute(update(tables.state).values(board_heard_at=heard_at.isoformat()))
    said = waiting_list_of(hall.hub)()
    assert said is not None
    assert said.board_silent_s in (700, 701)
    hall.hub.store.close()

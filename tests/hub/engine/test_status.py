"""How the hub itself stands."""

from hub.engine.status import follower_silent_s
from hub.takeover.replica import note_pull
from tests.hub.hall import Hall


def silent_s(hall: Hall) -> float | None:
    with hall.hub.read() as look:
        return follower_silent_s(look)


def test_a_standby_is_silent_since_it_last_pulled(hall: Hall) -> None:
    assert silent_s(hall) is None, "there never was one"
    hall.passes(100)
    with hall.act() as act:
        note_pull(act.connection, "hub-0002", act.line_us)
    assert silent_s(hall) == 0
    hall.passes(25)
    assert silent_s(hall) == 25

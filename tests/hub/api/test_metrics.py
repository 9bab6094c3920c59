"""What the machine that watches a hub is told in figures, all of them."""

from typing import Any

from sqlalchemy import insert

from hub.api.server.metrics import Metrics
from hub.log import tables
from tests.hub.hall import Hall

ALARM = {"kind": "on-battery", "machine": "", "since": "s"}


def figures(hall: Hall, streams: dict[str, int], silent_s: float | None) -> dict[str, float]:
    with hall.hub.read() as look:
        lines = Metrics().page(look, streams, silent_s).decode().splitlines()
    found = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return {name.removeprefix("hub_"): float(value) for name, value in found}


def test_each_figure_says_how_the_queue_stands(hall: Hall) -> None:
    kiosk = hall.kiosks[0]
    kiosk.give("A")
    hall.passes(60)
    kiosk.give("A")
    kiosk.give("C")
    hall.press(1, "open")
    hall.press(2, "open")
    hall.press(2, "pause")
    hall.passes(30)
    alarms: list[dict[str, Any]] = [{"name": "a", "digits": "41"}, {"name": "b", "digits": "42", "taken_by": "clerk-1"}]
    with hall.hub.store.write() as connection:
        for one in alarms:
            connection.execute(insert(tables.alarms).values(ALARM | one))
    expected = {
        'waiting{group="A"}': 2.0, 'waiting{group="C"}': 1.0, "oldest_wait_seconds": 90.0, "counters_open": 2.0,
        "term": 1.0, "leading": 1.0, "alarms_untaken": 1.0, "boards": 3.0, "follower_silent_seconds": 12.5,
        "ranges_told": 0.0, "ranges_held_ratio": 0.0, "ranges_badly_too_little_ratio": 0.0,
    }  # fmt: skip
    found = figures(hall, {"board": 3, "counter": 2}, 12.5)
    assert {name: value for name, value in found.items() if not name.startswith("press_seconds")} == expected
    with hall.hub.store.write() as connection:
        connection.execute(tables.state.update().values(role="following"))
    found = figures(hall, {}, None)
    assert (found["leading"], found["alarms_untaken"], found["boards"]) == (0, 0, 0)
    assert "follower_silent_seconds" not in found

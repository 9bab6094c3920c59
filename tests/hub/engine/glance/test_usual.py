"""The range of usual days behind today's curve."""

from pathlib import Path

from hub.engine.glance.usual import UsualSlot, usual_day
from tests.hub.hall import Hall, open_hall

DAY_S = 86_400


def a_day(hall: Hall, *, at_noon: int, at_one: int) -> None:
    """Let so many come at twelve and at one, and the next day begin."""
    day = hall.clock.wall.date().isoformat()
    for count, passes_s in ((at_noon, 3600), (at_one, DAY_S - 3600)):
        for _ in range(count):
            hall.kiosks[0].give("A", business_day=day)
        hall.passes(passes_s)


def test_the_middle_half_of_the_days_before_is_the_usual_range(tmp_path: Path) -> None:
    hall = open_hall(tmp_path / "hub")
    hall.set_up({1: ["A"]})
    said = []
    for at_noon in (2, 4, 6, 8, 90):
        with hall.hub.read() as look:
            said.append(usual_day(look))
        a_day(hall, at_noon=at_noon, at_one=1)
    assert said == [[]] * 5, "before five days nobody knows what is usual"
    a_day(hall, at_noon=1, at_one=0)
    with hall.hub.read() as look:
        found = usual_day(look)
    assert found == [UsualSlot("12:00", 4, 8), UsualSlot("12:30", 0, 0), UsualSlot("13:00", 1, 1)]
    hall.hub.store.close()

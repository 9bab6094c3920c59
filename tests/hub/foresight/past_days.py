"""Days that a hall has behind it: people who come all morning, and counters that call without a pause."""

from datetime import UTC, datetime, timedelta

from tests.hub.hall import Hall

FIRST_DAY = datetime(2026, 11, 26, 5, 0, tzinfo=UTC)  # 08:00 in Homs
EACH_S = 240.0


def live_through(hall: Hall, days: int, *, people: int = 40, counters: tuple[int, ...] = (1, 2)) -> str:
    """Live through so many days, each from eight o'clock on; return the next day's label, which has begun."""
    for number in range(days):
        _begin(hall, FIRST_DAY + timedelta(days=number))
        for counter in counters:
            hall.press(counter, "open")
        # All who come in the first hour wait; then counters call, one each four minutes.
        for _ in range(people + number):
            hall.kiosks[0].give("A", business_day=_label(hall))
            hall.passes(3610 / (people + number))
        while hall.waiting() or any(hall.counter(counter).ticket for counter in counters):
            for counter in counters:
                hall.press(counter, "next")
            hall.passes(EACH_S)
        for counter in counters:
            hall.press(counter, "close")
    _begin(hall, FIRST_DAY + timedelta(days=days))
    hall.kiosks[0].give("A", business_day=_label(hall))
    return _label(hall)


def _begin(hall: Hall, at: datetime) -> None:
    hall.passes(max(0.0, (at - hall.clock.wall).total_seconds()))


def _label(hall: Hall) -> str:
    return hall.clock.wall.date().isoformat()

"""Times of a centre's day at their edges: ranges told and held, waits, services, and clocks that were wrong."""

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from central.insight.reports.counted import Counted, Served
from tests.central.insight.reports.hall import DAY, SIXTEEN_HOURS, Hall, at, ranged


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (299, 299, {"told": 1, "too_little": 1}),
        (299, 300, {"told": 1, "held": 1}),
        (300, 301, {"told": 1, "held": 1}),
        (301, 301, {"told": 1}),
    ],
)
async def test_a_range_is_held_from_its_lower_to_its_upper_end(
    day_engine: AsyncEngine, low: int, high: int, expected: dict[str, int]
) -> None:
    hall = Hall()
    hall.visit(at("07:00"), ("called", at("07:05"), ranged(low, high)))
    assert (await hall.counted(day_engine)).ranges == expected


@pytest.mark.parametrize(
    ("end", "word", "expected"),
    [
        ("expired", "doubtful", {"uncalled": 1, "warned": 1}),
        ("carried", "doubtful", {"uncalled": 1, "warned": 1}),
        ("carried", "yes", {"uncalled": 1, "sure": 1}),
        ("expired", None, {"uncalled": 1}),
        ("left", "doubtful", {}),
    ],
)
async def test_who_went_home_uncalled_is_held_against_the_word_that_he_got(
    day_engine: AsyncEngine, end: str, word: str | None, expected: dict[str, int]
) -> None:
    hall = Hall()
    hall.visit(at("07:00"), (end, at("11:00"), {"today": word}))
    assert (await hall.counted(day_engine)).words == expected


@pytest.mark.parametrize(
    ("waited", "is_told"), [(-1, False), (0, True), (SIXTEEN_HOURS, True), (SIXTEEN_HOURS + 1, False)]
)
async def test_a_wait_is_between_none_and_sixteen_hours_or_a_clock_was_wrong(
    day_engine: AsyncEngine, waited: int, is_told: bool
) -> None:
    hall = Hall()
    hall.visit(at("03:00"), ("called", at("03:00", waited), ranged(0, 10)))
    found = await hall.counted(day_engine)
    told = [waited] if is_told else []
    assert (found.waits_s, found.waits_without_cuts_s, found.wrong_clocks) == (told, told, int(not is_told))
    assert (found.services["civil-affairs"].waits_s, found.ranges.get("told", 0)) == (told, int(is_told))
    assert found.waits_by_half_hour == ({"06:00": told} if told else {})
    assert found.waits_by_claim == ({"others": told} if told else {})


@pytest.mark.parametrize(("served", "told"), [(0, [0]), (-1, []), (90, [90])])
async def test_a_service_takes_from_coming_to_the_end_unless_a_clock_went_back(
    day_engine: AsyncEngine, served: int, told: list[int]
) -> None:
    hall = Hall()
    hall.visit(at("07:00"), ("called", at("07:05"), {}), ("came", at("07:06"), {}), ("done", at("07:06", served), {}))
    hall.visit(at("07:00"), ("called", at("07:05"), {}), ("done", at("07:09"), {}))  # nobody said that he came
    hall.visit(at("07:00"), ("called", at("07:05"), {}), ("came", at("07:06"), {}), ("left", at("07:09"), {}))
    found = await hall.counted(day_engine)
    assert (found.service_s, found.services["civil-affairs"].service_s) == (told, told)


async def test_what_no_clock_explains_is_in_no_time_yet_counted(day_engine: AsyncEngine) -> None:
    hall = Hall()
    hall.visit("yesterday", ("called", at("07:05"), {}))
    hall.visit(at("07:00"), ("called", "yesterday", {}))
    assert await hall.counted(day_engine) == Counted(
        issued=2,
        by_day={DAY: 2},
        by_hour={10: 1},
        ends={"open": 2},
        services={"civil-affairs": Served(2)},
        wrong_clocks=2,
        words={},
    )

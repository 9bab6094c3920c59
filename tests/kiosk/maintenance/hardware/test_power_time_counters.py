"""Power, days and counters."""

import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import structlog

from common.machine.stamp import Stamp, Trust
from kiosk import logs
from kiosk.maintenance.hardware.power_time import days_to_open
from kiosk.prompts.ui import Back, SwitchLanguage, Text
from offline_store.printed import tallies
from tests.kiosk.maintenance.given import OVER, give
from tests.kiosk.maintenance.scripted import Workshop
from tests.kiosk.maintenance.tools import audited
from tests.kit.logs import restored_logging


async def test_a_manager_opens_a_day_by_hand(workshop: Workshop) -> None:
    give(workshop, "A")
    workshop.clock.trust = "unknown"
    await workshop.play(
        ("overview", "power"),
        ("power", "day"),
        ("open_day", "2026-11-26"),
        ("day_opened", Back()),
        ("power", Back()),
        OVER,
    )
    assert give(workshop, "A")[1] == "A2001"
    assert [event for event, _ in audited(workshop.store) if "day" in event][-2:] == [
        "manager-opens-day",
        "business-day-opened",
    ]


@pytest.mark.parametrize(("again", "number"), [("2026-11-27", "A2001"), ("2026-11-26", "A2002")])
async def test_a_date_beyond_the_next_is_chosen_twice_where_no_clock_is_right(
    workshop: Workshop, again: str, number: str
) -> None:
    give(workshop, "A")
    workshop.clock.trust = "unknown"
    display = await workshop.play(
        ("overview", "power"),
        ("power", "day"),
        ("open_day", "2026-11-27"),
        ("open_day", again),
        ("day_opened", Back()),
        ("power", Back()),
        OVER,
    )
    assert give(workshop, "A")[1] == number
    notes = [getattr(one, "note", None) for one in display.seen]
    assert Text("maintenance.time.again_note") in notes


async def test_stop_and_restart_are_asked_for_where_systemd_looks(workshop: Workshop, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    workshop.more["runtime_dir"] = tmp_path / "run"
    display = await workshop.play(
        ("overview", "power"), ("power", "restart"), ("sure", Back()), ("power", "stop"), ("sure", "yes")
    )
    assert display.ended == "restart"
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["poweroff"]


async def test_the_newest_cuts_are_told_from_what_the_kiosk_really_logs(workshop: Workshop) -> None:
    log = io.StringIO()
    with restored_logging():
        logs.configure("run", stream=log)
        for after, gap_s in (("power-cut", 90_000), ("stopped", 60), ("power-cut", 900), ("power-cut", None)):
            structlog.get_logger().info("started", after=after, gap_s=gap_s)
    moments = iter(("2026-11-24T07:00:00Z", "2026-11-24T08:00:00Z", "2026-11-24T22:00:00Z", "2026-11-25T05:00:00Z"))
    lines = [json.loads(line) | {"time": next(moments)} for line in log.getvalue().splitlines()]
    (workshop.path / "var/logs/run.log").write_text("".join(json.dumps(line) + "\n" for line in lines))
    display = await workshop.play(("overview", "power"), ("power", Back()), OVER)
    cuts = [line.value for line in display.seen[-2].lines if line.label == Text("maintenance.power.cut")]
    assert cuts == ["? – 2026/11/25 08:00", "2026/11/25 00:45 – 01:00", "2026/11/23 09:00 – 2026/11/24 10:00"]


async def test_counters_are_printed_and_only_trips_are_set_back(workshop: Workshop) -> None:
    give(workshop, "A", "printed")
    with workshop.store.write() as connection:
        tallies.add(connection, "scans_good", 7)
    await workshop.play(
        ("overview", "counters"),
        ("counters", "print"),
        ("print_result", Back()),
        ("counters", "reset"),
        ("sure", "yes"),
        ("counters", "print"),
        ("print_result", Back()),
        ("counters", Back()),
        OVER,
    )
    before, after = (dict(counts) for language, counts in workshop.papers.reports if language == "ar")
    assert before["قراءات صحيحة"] == "7  (7)"
    assert after["قراءات صحيحة"] == "7  (0)"
    tickets = next(name for name in before if name.startswith("الأرقام") or "90" in name)
    assert (before[tickets], after[tickets]) == ("1  (1)", "1  (0)")
    assert before["أرقام شهر 2026/11"] == "1"
    assert (before["بين قوسين"], after["بين قوسين"]) == ("منذ اليوم الأول", "منذ 2026/11/25 12:00")
    found = tallies.read_tallies(workshop.store)
    assert found["scans_good"] == tallies.Tally(7, 0)
    assert found[tallies.PAPER_MM] == tallies.Tally(100, 100)


async def test_the_report_runs_in_the_direction_of_the_language_in_which_it_is_named(workshop: Workshop) -> None:
    await workshop.play(
        ("overview", SwitchLanguage("en")),
        ("overview", "counters"),
        ("counters", "print"),
        ("print_result", Back()),
        ("counters", Back()),
        OVER,
    )
    ((language, counts),) = workshop.papers.reports
    assert language == "en"
    assert "Good scans" in dict(counts)


def at(day: date, trust: Trust) -> Stamp:
    return Stamp(datetime(day.year, day.month, day.day, 9, tzinfo=UTC), 0, "boot", trust)


NEXT_TWO = [date(2026, 11, 26), date(2026, 11, 27)]


@pytest.mark.parametrize("trust", ["restored", "unknown"])
def test_a_clock_that_is_years_ahead_offers_no_day_that_would_end_all_days(trust: Trust) -> None:
    for clock_day in (date(2099, 1, 1), date(2000, 1, 1), date(2026, 11, 25), date(2026, 11, 26)):
        assert days_to_open("2026-11-25", at(clock_day, trust)) == NEXT_TWO
    assert days_to_open("2026-11-25", at(date(2026, 12, 26), trust)) == [*NEXT_TWO, date(2026, 12, 26)]
    assert days_to_open("2026-11-25", at(date(2026, 12, 27), trust)) == NEXT_TWO, "over a month ahead"
    assert days_to_open(None, at(date(2026, 11, 25), trust)) == [date(2026, 11, 25)]


def test_by_a_clock_that_is_right_no_day_is_offered_that_has_not_begun() -> None:
    """Its numbers would be called by no counter before it has, and the hall stands in the day before."""
    assert days_to_open("2026-11-25", at(date(2026, 11, 25), "synced")) == []
    assert days_to_open("2026-11-26", at(date(2026, 11, 25), "synced")) == []
    assert days_to_open("2026-11-25", at(date(2026, 11, 26), "synced")) == NEXT_TWO[:1]
    far = date(2026, 12, 20)
    assert days_to_open("2026-11-25", at(far, "synced")) == [*NEXT_TWO, far], "a far day waits for a manager"


async def test_while_no_day_has_begun_the_button_says_why(workshop: Workshop) -> None:
    give(workshop, "A")
    workshop.clock.trust = "synced"
    display = await workshop.play(("overview", "power"), ("power", Back()), OVER)
    (button,) = [one for one in display.seen[-2].buttons if one.id == "day"]
    assert (button.availability.is_offered, button.availability.why_not) == (
        False,
        Text("maintenance.time.none_to_open"),
    )

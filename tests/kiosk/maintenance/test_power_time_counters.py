"""Power, days and counters."""

from pathlib import Path

from kiosk.prompts import Back
from offline_store import tallies
from tests.kiosk.maintenance.bench import audited
from tests.kiosk.maintenance.given import OVER, give
from tests.kiosk.maintenance.scripted import Workshop


async def test_a_manager_opens_a_day_by_hand(workshop: Workshop) -> None:
    give(workshop, "A")
    workshop.clock.trust = "untrusted"
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


async def test_stop_and_restart_are_asked_for_where_systemd_looks(workshop: Workshop, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    workshop.more["runtime_dir"] = tmp_path / "run"
    display = await workshop.play(
        ("overview", "power"), ("power", "restart"), ("sure", Back()), ("power", "stop"), ("sure", "yes")
    )
    assert display.ended == "restart"
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["poweroff"]


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
    before, after = (dict(counts) for counts in workshop.papers.printed)  # type: ignore[call-overload]
    assert before["قراءات صحيحة"] == "7  (7)"
    assert after["قراءات صحيحة"] == "7  (0)"
    tickets = next(name for name in before if name.startswith("الأرقام") or "90" in name)
    assert (before[tickets], after[tickets]) == ("1  (1)", "1  (0)")
    assert before["أرقام شهر 2026/11"] == "1"
    assert (before["بين قوسين"], after["بين قوسين"]) == ("منذ اليوم الأول", "2026/11/25 09:00")
    found = tallies.read_tallies(workshop.store)
    assert found["scans_good"] == tallies.Tally(7, 0)
    assert found[tallies.PAPER_MM] == tallies.Tally(100, 100)

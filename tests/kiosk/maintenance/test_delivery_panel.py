"""How delivery goes, as the panel says it, whole; the counters' printed report, line by line; what a stick may take."""

import shutil
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from common.machine.errors import StoreUnavailable
from kiosk.health import Outbox
from kiosk.maintenance.evidence.stick import stick_offered
from kiosk.maintenance.issued.counters import SHOWN, count, read_counters, tickets_by_month
from kiosk.maintenance.prompts import Button, Line, Panel, Tone, span
from kiosk.prompts.ui import OFFERED, Availability, Back, Text
from kiosk.records.trips import TripStart
from offline_store.printed import tallies
from tests.kiosk.maintenance.given import OVER, give
from tests.kiosk.maintenance.scripted import Workshop
from tests.kiosk.maintenance.tools import audited

TITLE = Text("maintenance.place.outbox")
NONE = Text("maintenance.none")


@pytest.mark.parametrize(
    ("seconds", "unit", "n"),
    [(0, "seconds", 0), (1, "seconds", 1), (59, "seconds", 59), (60, "minutes", 1), (119, "minutes", 1),
     (3599, "minutes", 59), (3600, "hours", 1), (7199, "hours", 1), (86_399, "hours", 23), (86_400, "days", 1),
     (172_799, "days", 1), (172_800, "days", 2)],
)  # fmt: skip
def test_a_span_is_said_in_the_largest_unit_that_fits(seconds: int, unit: str, n: int) -> None:
    assert span("oldest", seconds) == Text(f"maintenance.oldest.{unit}", {"n": n})


def _label(name: str) -> Text:
    return Text(f"maintenance.outbox.{name}_label")


async def _panel(workshop: Workshop, outbox: Outbox) -> Panel:
    workshop.health = replace(workshop.health, outbox=outbox)
    display = await workshop.play(("overview", "outbox"), ("outbox", Back()), OVER)
    panel = display.seen[-2]
    assert isinstance(panel, Panel)
    return panel


async def test_the_panel_of_a_delivery_that_goes_well_and_of_one_that_does_not(workshop: Workshop) -> None:
    workshop.more["is_stick_in"] = lambda _: True
    now_s = workshop.clock.now().unix_s
    try_now = Button("try_now", Text("maintenance.outbox.try_now"))
    export, dead = Text("maintenance.outbox.export"), Text("maintenance.outbox.show_dead")
    well = await _panel(workshop, Outbox(last_success_at=now_s - 12))
    assert well == Panel(
        "outbox", TITLE,
        (
            Line(_label("waiting"), "0"), Line(_label("success"), age_s=12), Line(_label("error"), NONE),
            Line(_label("dead"), "0", Tone.GOOD),
        ),
        (
            try_now, Button("export", export, Availability(False, Text("maintenance.outbox.nothing_waits"))),
            Button("dead", dead, Availability(False, Text("maintenance.outbox.no_dead"))),
        ),
    )  # fmt: skip
    failed = Outbox(waiting=3, oldest_s=90, last_success_at=now_s + 5, last_error="dns: not found", dead=2)
    badly = await _panel(workshop, failed)
    assert badly == Panel(
        "outbox", TITLE,
        (
            Line(_label("waiting"), "3", note=span("oldest", 90)), Line(_label("success"), age_s=0),
            Line(_label("error"), Text("maintenance.failure.dns"), Tone.BAD),
            Line(Text("maintenance.detail"), "not found"), Line(_label("dead"), "2", Tone.BAD),
        ),
        (try_now, Button("export", export), Button("dead", dead)),
    )  # fmt: skip
    never = await _panel(workshop, Outbox())
    assert never.lines[1] == Line(_label("success"), Text("maintenance.never"), Tone.UNKNOWN)


@pytest.mark.parametrize("fails", [False, True])
async def test_what_waits_is_written_on_a_stick_and_how_much_is_said(workshop: Workshop, fails: bool) -> None:
    asked: list[Path] = []

    def export(folder: Path) -> int:
        asked.append(folder)
        if fails:
            raise StoreUnavailable("closed")
        return 7

    workshop.more |= {"is_stick_in": lambda _: True, "export_outbox": export}
    workshop.health = replace(workshop.health, outbox=Outbox(waiting=3))
    display = await workshop.play(
        ("overview", "outbox"), ("outbox", "export"), ("outbox_export", Back()), ("outbox", Back()), OVER
    )
    (told,) = [one for one in display.seen if getattr(one, "panel", "") == "outbox_export"]
    said = Text("maintenance.stick.failed") if fails else Text("maintenance.outbox.exported", {"n": 7})
    assert (told.title, said in (told.note, *(line.label for line in told.lines))) == (TITLE, True)
    assert asked == [workshop.path / "stick"]
    assert [event for event, _ in audited(workshop.store) if event == "outbox-exported"] == ["outbox-exported"]


def test_a_stick_takes_something_where_there_is_one_with_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free = [64_000_000]
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free[0]))
    full = Availability(False, Text("maintenance.stick.full"))
    assert stick_offered(tmp_path, lambda _: False) == Availability(False, Text("maintenance.stick.none"))
    assert stick_offered(tmp_path, lambda found: found == tmp_path) == OFFERED
    free[0] -= 1
    assert stick_offered(tmp_path, lambda _: True) == full
    free[0] = 10**12
    monkeypatch.setattr("os.access", lambda *_: False)
    assert stick_offered(tmp_path, lambda _: True) == full


def test_every_counter_is_shown_and_tickets_by_the_months_that_had_some(workshop: Workshop) -> None:
    store = workshop.store
    zero = dict.fromkeys(SHOWN, tallies.Tally(0, 0))
    assert read_counters(store) == zero
    assert tickets_by_month(store) == []
    for months, tickets in enumerate((2, 1, 3)):
        for _ in range(tickets):
            give(workshop, "A")
        if months < 2:
            workshop.clock.wall += timedelta(days=31)
    count(store, "restarts")
    count(store, "restarts", 4)
    counted = zero | {"tickets": tallies.Tally(6, 6), "restarts": tallies.Tally(5, 5)}
    assert read_counters(store) == counted
    assert tickets_by_month(store) == [("2027/01", 3), ("2026/12", 1)]
    assert tickets_by_month(store, 3) == [("2027/01", 3), ("2026/12", 1), ("2026/11", 2)]
    with store.read() as connection:
        rows = [row for (row,) in connection.exec_driver_sql("SELECT row FROM tickets ORDER BY row")]
    assert read_counters(store, TripStart(0, rows[3]))["tickets"] == tallies.Tally(6, 2)


async def test_the_report_of_the_counters_is_whole(workshop: Workshop) -> None:
    give(workshop, "A", "printed")
    for name, amount in ((tallies.PAPER_MM, 1_234_899), ("battery_s", 7_199), ("stalls", 1_500)):
        count(workshop.store, name, amount)
    workshop.more["first_pin_hash"] = workshop.tools().first_pin_hash
    await workshop.play(
        ("overview", "counters"), ("counters", "print"), ("print_result", Back()), ("counters", Back()), OVER
    )
    ((language, lines),) = workshop.papers.reports
    assert language == "ar"
    assert [value for _, value in lines] == [
        "1", "منذ اليوم الأول", "1  (1)", "0  (0)", "1,234  (1,234)", "1  (1)", "0  (0)", "0  (0)", "0  (0)",
        "0  (0)", "0  (0)", "0  (0)", "1,500  (1,500)", "0  (0)", "1  (1)",
    ]  # fmt: skip

"""Whole technician's visits, by script, on a real store and real settings."""

import json
import os
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import insert

from devices.protocols import DeviceState, PaperState, Scan
from kiosk import logs
from kiosk.desk_answer import PaperOutcome
from kiosk.device_report import Device, Report
from kiosk.health import Outbox
from kiosk.maintenance import stick
from kiosk.maintenance.results import read_results
from kiosk.prompts import Back, OutReason
from kiosk.settings import Settings
from offline_store import print_journal, tables, tallies
from offline_store.intake import accept_ticket
from offline_store.ticket import find_ticket
from tests.kiosk.maintenance.bench import audited
from tests.kiosk.maintenance.scripted import CHEAP, NOBODY, PIN, SILENCE, Workshop

OVER = ("overview", Back())


def give(workshop: Workshop, prefix: str, paper: str | None = None) -> tuple[str, str]:
    """Give a ticket whose paper ended so; return id and number."""
    stamp = workshop.clock.now()
    ticket = accept_ticket(
        workshop.store, intention=os.urandom(8).hex(), service="clearance", prefix=prefix, stamp=stamp
    )
    if paper is not None:
        job = print_journal.open_job(workshop.store, item_id=ticket.id, paper="ticket", stamp=stamp)
        millimetres = 100 if paper == "printed" else None
        print_journal.close_job(workshop.store, job, paper, stamp, millimetres=millimetres)  # type: ignore[arg-type]
    return ticket.id, ticket.number


def technician(workshop: Workshop) -> None:
    """From now on the PIN is a technician's, not a manager's."""
    row = {"id": "samer", "name": "Samer", "centre": "homs-main", "role": "technician", "pin_hash": CHEAP.hash(PIN)}
    with workshop.store.write() as connection:
        connection.execute(insert(tables.technicians).values(row))


async def test_doubtful_papers_come_first_and_a_copy_is_recorded_before_it_is_printed(workshop: Workshop) -> None:
    printed, _ = give(workshop, "A", "printed")
    unknown, number = give(workshop, "B", "unknown")
    failed, _ = give(workshop, "C", "not_printed")
    newest, _ = give(workshop, "D", "printed")
    display = await workshop.play(
        ("overview", "tickets"),
        ("tickets", unknown),
        ("ticket", "reprint"),
        ("print_result", Back()),
        ("ticket", Back()),
        ("tickets", Back()),
        OVER,
    )
    assert list(workshop.lines(display, "tickets")) == [unknown, failed, newest, printed]
    assert workshop.papers.printed == [unknown]
    detail = {"technician": "enrolment", "ticket": unknown, "number": number}
    assert ("ticket-reprinted", detail) in audited(workshop.store)


async def test_a_ticket_is_found_by_its_number_and_voided_with_a_reason_once(workshop: Workshop) -> None:
    ticket, number = give(workshop, "B", "printed")
    display = await workshop.play(
        ("overview", "tickets"), ("tickets", "find"), ("find", "B2999"), ("tickets_find", Back()), ("find", number),
        ("ticket", "void"), ("void", "wrong-service"), ("ticket", Back()), ("tickets", Back()), OVER,
    )  # fmt: skip
    assert find_ticket(workshop.store, ticket).voided == "wrong-service"
    assert all(not button.availability.is_offered for button in display.seen[-3].buttons)


async def test_the_paper_wizard_waits_for_paper_and_brings_the_kiosk_back_by_itself(workshop: Workshop) -> None:
    give(workshop, "A", "printed")
    workshop.devices.reports[Device.PRINTER] = Report(Device.PRINTER, DeviceState.OFFLINE, PaperState.OUT)

    def with_paper(prompt: object) -> object:
        assert not prompt.can_go_on.is_offered  # type: ignore[attr-defined]
        workshop.devices.reports[Device.PRINTER] = Report(Device.PRINTER, DeviceState.ONLINE, PaperState.FULL)
        return SILENCE

    await workshop.play(
        ("overview", "paper"), ("paper", "next"), ("paper", Back()), ("paper", "next"), ("paper", "next"),
        ("paper", "next"), ("paper", with_paper), ("paper", "next"), ("print_result", Back()), OVER,
    )  # fmt: skip
    assert workshop.out == [OutReason.CHANGING_PAPER, None]
    assert workshop.papers.printed == ["test-page"]
    assert tallies.read_tallies(workshop.store)[tallies.PAPER_MM] == tallies.Tally(100, 0)


async def test_leaving_the_paper_wizard_half_way_puts_the_kiosk_back_into_service_all_the_same(
    workshop: Workshop,
) -> None:
    display = await workshop.play(("overview", "paper"), ("paper", "next"), ("paper", NOBODY), idle_s=0.05)
    assert display.ended == "idle"
    assert workshop.out == [OutReason.CHANGING_PAPER, None]
    assert workshop.papers.printed == []


async def test_a_kiosk_out_of_service_by_hand_stays_so_when_its_paper_is_changed(workshop: Workshop) -> None:
    workshop.health = replace(workshop.health, out_of_service="maintenance")
    await workshop.play(("overview", "paper"), ("paper", Back()), OVER)
    assert workshop.out == []


async def test_out_of_service_by_hand_with_a_reason_and_a_time_and_back(workshop: Workshop) -> None:
    await workshop.play(("overview", "out"), ("out", "repair"), ("out_until", "1_hour"), ("out_done", Back()), OVER)
    workshop.health = replace(workshop.health, out_of_service="maintenance")
    await workshop.play(("overview", "out"), ("out", "back"), OVER)
    assert workshop.out == [OutReason.MAINTENANCE, None]
    assert [event for event, _ in audited(workshop.store) if "service" in event] == [
        "out-of-service",
        "back-in-service",
    ]


async def test_each_test_leaves_its_result_and_nothing_of_what_was_read(workshop: Workshop) -> None:
    workshop.devices.scanned = [Scan(b"04010012345 secret", "Q1")]
    centre = [("touch", lambda target: (target.x, target.y))] * 8
    off = ("touch", lambda target: (target.x - 0.2, target.y))
    pictures = [("picture", "next")] * 6
    workshop.more["play_sound"] = lambda: None
    await workshop.play(
        ("overview", "tests"),
        ("tests", "page"), ("judge", "yes"), ("test_result", Back()),
        ("tests", "touch"), *centre, off, ("test_result", Back()),
        ("tests", "sound"), ("judge", "no"), ("test_result", Back()),
        ("tests", "display"), *pictures, ("judge", "yes"), ("test_result", Back()),
        ("tests", Back()), OVER,
    )  # fmt: skip
    found = read_results(workshop.path / "var")
    assert found == {"page": "good", "touch": "bad", "sound": "bad", "display": "good"}
    touch = next(detail for event, detail in audited(workshop.store) if detail.get("test") == "touch")
    assert str(touch["detail"]).endswith(" mm")


async def test_a_scan_answers_its_test_by_itself(workshop: Workshop) -> None:
    workshop.devices.scanned = [Scan(b"04010012345 secret", "Q1")]
    display = await workshop.play(
        ("overview", "tests"),
        ("tests", "scan"),
        ("test_scan", SILENCE),
        ("test_result", Back()),
        ("tests", Back()),
        OVER,
    )
    kept = json.dumps(audited(workshop.store)) + repr(display.seen)
    assert "secret" not in kept
    assert "Q1, 18 bytes" in kept


async def test_a_page_that_does_not_print_is_a_bad_test(workshop: Workshop) -> None:
    workshop.papers.outcome = PaperOutcome("unknown")
    await workshop.play(("overview", "tests"), ("tests", "page"), ("test_result", Back()), ("tests", Back()), OVER)
    assert read_results(workshop.path / "var") == {"page": "bad"}


async def test_a_safe_setting_is_changed_on_the_spot_and_audited_before_and_after(workshop: Workshop) -> None:
    await workshop.play(
        ("overview", "settings"), ("settings", "speech.volume"), ("choose", "3"), ("settings", Back()), OVER
    )
    assert Settings(workshop.path / "kiosk.toml").config.speech.volume == 30
    detail = {"technician": "enrolment", "setting": "speech.volume", "before": "70", "after": "30"}
    assert ("setting-changed", detail) in audited(workshop.store)
    assert workshop.changes == 1


async def test_tiles_are_chosen_in_the_order_of_touch(workshop: Workshop) -> None:
    await workshop.play(
        ("overview", "settings"), ("settings", "kiosk.tiles"), ("tiles", "water-bill"),
        ("tiles", "clearance"), ("tiles", "plan-copy"),
        ("tiles", "clearance"), ("tiles", "keep"), ("settings", Back()), OVER,
    )  # fmt: skip
    assert workshop.settings.config.kiosk.tiles == ["water-bill", "plan-copy"]


async def test_a_risky_change_that_nobody_confirms_is_undone(workshop: Workshop) -> None:
    seen: list[str] = []
    workshop.more["settings_changed"] = lambda: seen.append(workshop.settings.config.screen.orientation)
    display = await workshop.play(
        ("overview", "settings"),
        ("settings", "screen.orientation"),
        ("choose", "1"),
        ("keep", "undo"),
        ("settings", Back()),
        OVER,
    )
    assert display.ended == "exit"
    assert seen == ["landscape", "portrait"]
    assert [event for event, _ in audited(workshop.store)][-3:-1] == ["setting-changed", "setting-undone"]


async def test_a_risky_change_is_undone_also_when_nobody_sees_anything_any_more(workshop: Workshop) -> None:
    workshop.more["revert_s"] = 0.05
    await workshop.play(
        ("overview", "settings"),
        ("settings", "screen.orientation"),
        ("choose", "1"),
        ("keep", SILENCE),
        ("settings", Back()),
        OVER,
    )
    assert workshop.settings.config.screen.orientation == "portrait"
    assert [event for event, _ in audited(workshop.store)][-2] == "setting-undone"


async def test_a_risky_change_that_is_confirmed_stays(workshop: Workshop) -> None:
    await workshop.play(
        ("overview", "settings"),
        ("settings", "screen.orientation"),
        ("choose", "1"),
        ("keep", "keep"),
        ("settings", Back()),
        OVER,
    )
    assert Settings(workshop.path / "kiosk.toml").config.screen.orientation == "landscape"


async def test_a_technician_sees_settings_but_only_a_manager_changes_them_or_opens_a_day(workshop: Workshop) -> None:
    technician(workshop)
    display = await workshop.play(
        ("overview", "settings"), ("settings", Back()), ("overview", "power"), ("power", Back()), OVER
    )
    assert all(line.id is None for line in workshop.lines(display, "settings").values())
    day = next(button for button in display.seen[-2].buttons if button.id == "day")
    assert not day.availability.is_offered


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
        ("counters", Back()),
        OVER,
    )
    assert ("قراءات صحيحة", 7) in workshop.papers.printed[0]  # type: ignore[operator]
    found = tallies.read_tallies(workshop.store)
    assert found["scans_good"] == tallies.Tally(7, 0)
    assert found[tallies.PAPER_MM] == tallies.Tally(100, 100)


async def test_delivery_is_asked_for_and_a_refused_item_goes_out_again(workshop: Workshop) -> None:
    ticket, _ = give(workshop, "A")
    with workshop.store.write() as connection:
        connection.execute(
            tables.items.update().where(tables.items.c.id == ticket).values(state="dead", reason="bad-hash")
        )
    workshop.health = replace(workshop.health, outbox=Outbox(waiting=2, dead=1))
    await workshop.play(
        ("overview", "outbox"),
        ("outbox", "try_now"),
        ("outbox_asked", Back()),
        ("outbox", "dead"),
        ("dead", ticket),
        ("outbox", Back()),
        OVER,
    )
    with workshop.store.read() as connection:
        assert connection.execute(tables.items.select().where(tables.items.c.id == ticket)).one().state == "waiting"
        assert connection.execute(tables.delivery.select()).one().try_now == 1


async def test_without_a_stick_nothing_is_exported_and_the_button_says_why(workshop: Workshop) -> None:
    display = await workshop.play(("overview", "logs"), ("logs", Back()), OVER)
    export = next(button for button in display.seen[-2].buttons if button.id == "export")
    assert export.availability.why_not.msgid == "maintenance.stick.none"


async def test_the_export_holds_logs_settings_and_health_and_nothing_personal(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.path.ismount", lambda _: True)
    (workshop.path / "var/logs/run.log").write_text(
        '{"time":"2026-11-25T08:00:00Z","level":"info","action":"started"}\n'
    )
    await workshop.play(
        ("overview", "logs"), ("logs", "filter"), ("logs", "filter"), ("logs", "filter"),
        ("logs", "export"), ("logs_export", Back()),
        ("logs", Back()), OVER,
    )  # fmt: skip
    (folder,) = (workshop.path / "stick").iterdir()
    written = {path.name: path.read_text() for path in folder.rglob("*") if path.is_file()}
    assert set(written) == {"run.log", "settings.json", "health.json"}
    assert json.loads(written["settings.json"])["kiosk.centre"] == {"value": "homs-main", "origin": "file"}
    assert not any(secret in text for text in written.values() for secret in (PIN, "argon2", "SY1:", "pin_hash"))


async def test_a_stick_pulled_out_too_early_shows_no_half_export(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.path.ismount", lambda _: True)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(stick, "replace_file", full)
    (workshop.path / "var/logs/run.log").write_text("{}\n")
    await workshop.play(("overview", "logs"), ("logs", "export"), ("logs_export", Back()), ("logs", Back()), OVER)
    assert not [path for path in (workshop.path / "stick").iterdir() if not path.name.startswith(".")]


async def test_the_chain_is_verified_and_a_changed_row_is_named(workshop: Workshop) -> None:
    give(workshop, "A")
    display = await workshop.play(("overview", "audit"), ("audit", Back()), OVER)
    assert display.seen[-2].lines[0].label.msgid == "maintenance.audit.whole"
    with workshop.store.write() as connection:
        connection.execute(
            tables.items.update().where(tables.items.c.seq == 1).values(wall_time="2020-01-01T00:00:00.000000Z")
        )
    display = await workshop.play(("overview", "audit"), ("audit", Back()), OVER)
    assert display.seen[-2].lines[0].label.msgid == "maintenance.audit.broken"


async def test_the_network_is_shown_as_it_is(workshop: Workshop) -> None:
    workshop.more["addresses"] = lambda: [("eth0", "192.168.1.9")]
    display = await workshop.play(
        ("overview", "network"), ("network", "try_now"), ("outbox_asked", Back()), ("network", Back()), OVER
    )
    assert "eth0" in workshop.lines(display, "network")


def test_logs_written_by_the_kiosk_are_what_the_logbook_reads(workshop: Workshop) -> None:
    assert logs.last_lines(workshop.path / "var" / "logs", 5) == []

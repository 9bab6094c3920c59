"""Logs and chain read, and exported to a stick."""

import json

import pytest

from kiosk import logs
from kiosk.maintenance.evidence import stick
from kiosk.maintenance.evidence.logbook import event_words
from kiosk.prompts.ui import Back
from offline_store.disk import tables
from tests.kiosk.maintenance.given import OVER, give
from tests.kiosk.maintenance.scripted import PIN, Workshop


async def test_without_a_stick_nothing_is_exported_and_the_button_says_why(workshop: Workshop) -> None:
    display = await workshop.play(("overview", "logs"), ("logs", Back()), OVER)
    export = next(button for button in display.seen[-2].buttons if button.id == "export")
    assert export.availability.why_not.msgid == "maintenance.stick.none"


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


def test_logs_written_by_the_kiosk_are_what_the_logbook_reads(workshop: Workshop) -> None:
    assert logs.last_lines(workshop.path / "var" / "logs", 5) == []


async def test_the_export_holds_logs_settings_and_health_and_nothing_personal(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.path.ismount", lambda _: True)
    (workshop.path / "var/logs/run.log").write_text(
        '{"time":"2026-11-25T08:00:00Z","level":"info","action":"started"}\n'
    )
    (workshop.path / "var/logs/forward.log").mkdir()  # stands for one that a bad disk no longer gives
    torn = workshop.path / "stick" / ".kiosk-unenrolled-20261124-080000"
    torn.mkdir()
    display = await workshop.play(
        ("overview", "logs"), ("logs", "filter"), ("logs", "filter"), ("logs", "filter"),
        ("logs", "export"), ("logs_export", Back()),
        ("logs", Back()), OVER,
    )  # fmt: skip
    (folder,) = (workshop.path / "stick").iterdir()
    written = {path.name: path.read_text() for path in folder.rglob("*") if path.is_file()}
    assert set(written) == {"run.log", "forward.log.unreadable", "settings.json", "health.json"}
    lines = [line for panel in display.seen for line in getattr(panel, "lines", ())]
    assert any(line.value == event_words("log-unreadable") and line.detail[:11] == "forward.log" for line in lines)
    assert json.loads(written["settings.json"])["kiosk.centre"] == {"value": "homs-main", "origin": "file"}
    assert not any(secret in text for text in written.values() for secret in (PIN, "argon2", "SY1:", "pin_hash"))


async def test_log_and_chain_tell_the_time_of_the_place(workshop: Workshop) -> None:
    (workshop.path / "var/logs/run.log").write_text(
        '{"time":"2026-11-25T22:30:00Z","level":"info","action":"started"}\n{"time":"never","action":"odd"}\n'
    )
    display = await workshop.play(
        ("overview", "logs"), ("logs", Back()), ("overview", "audit"), ("audit", Back()), OVER
    )
    assert {"2026/11/26 01:30:00", "never"} <= set(workshop.lines(display, "logs"))
    assert "2026/11/25 12:00:00" in workshop.lines(display, "audit")

"""What a kiosk says of itself, read without trusting it, and how soon somebody has to look: the rules by values."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from central.base import clock
from central.kiosks.state import KioskState, Need, need_of, news_of, read_state, restarts_of

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
HEARD = clock.as_text(NOW)

FULL: dict[str, Any] = {
    "out_of_service": "by-technician", "devices": {"printer": "Online"}, "paper": "Low", "paper_left_m": 7,
    "outbox": {"waiting": 3, "dead": 1}, "clock": "synced", "power": "battery", "charge_percent": 80,
    "alarms": ["door", "tilt"], "version": "1.2.0", "left_out": {"kiosk.tiles": "unknown"},
}  # fmt: skip


def test_a_report_is_read_in_full() -> None:
    assert read_state(json.dumps(FULL)) == KioskState(
        out_of_service="by-technician", devices={"printer": "Online"}, paper="Low", paper_left_m=7, waiting=3, dead=1,
        clock="synced", power="battery", charge_percent=80, alarms=["door", "tilt"], version="1.2.0",
        left_out={"kiosk.tiles": "unknown"},
    )  # fmt: skip


@pytest.mark.parametrize("report", [None, "", "{", "[]", "7", "null", '"x"', '{"outbox": [], "alarms": {}}'])
def test_what_is_no_report_says_nothing(report: str | None) -> None:
    assert read_state(report) == KioskState()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"out_of_service": ""}, KioskState()),
        ({"out_of_service": 1}, KioskState()),
        ({"out_of_service": "x" * 61}, KioskState(out_of_service="x" * 60)),
        ({"paper_left_m": 0}, KioskState(paper_left_m=0)),
        ({"paper_left_m": -1}, KioskState()),
        ({"paper_left_m": 2**53 - 1}, KioskState(paper_left_m=2**53 - 1)),
        ({"paper_left_m": 2**53}, KioskState()),
        ({"paper_left_m": True}, KioskState()),
        ({"paper_left_m": 1.5}, KioskState()),
        ({"outbox": {"waiting": "3", "dead": -2}}, KioskState()),
        ({"devices": {"p" * 61: "w" * 61, "q": 7}}, KioskState(devices={"p" * 60: "w" * 60, "q": ""})),
        ({"devices": ["printer"]}, KioskState()),
        ({"devices": {f"d{n}": "x" for n in range(21)}}, KioskState(devices={f"d{n}": "x" for n in range(20)})),
        ({"alarms": ["", 7, "tilt"]}, KioskState(alarms=["tilt"])),
        ({"alarms": [f"a{n}" for n in range(51)]}, KioskState(alarms=[f"a{n}" for n in range(50)])),
    ],
)
def test_what_is_not_as_expected_is_left_out_and_what_is_long_is_cut(said: Any, expected: KioskState) -> None:
    assert read_state(json.dumps(said)) == expected


def test_what_only_counts_on_is_no_news_and_a_version_alone_says_nothing() -> None:
    state = read_state(json.dumps(FULL))
    quiet = read_state(json.dumps(FULL | {"outbox": {"waiting": 9, "dead": 1}, "paper_left_m": 2, "charge_percent": 1}))
    assert state != quiet
    assert news_of(state) == news_of(quiet)
    assert news_of(state) != news_of(read_state(json.dumps(FULL | {"outbox": {"dead": 2}})))
    assert not read_state('{"version": "1.2.0"}').says_how_it_is
    assert read_state('{"version": "1.2.0", "clock": "synced"}').says_how_it_is


@pytest.mark.parametrize(
    ("said", "counted"),
    [
        (
            {"tallies": {"restarts": 14, "power_cuts": 3, "crashes": 2, "watchdogs": 4, "updates": 1, "papers": 9}},
            (14, 3, 2, 4, 1),
        ),
        ({"tallies": {"restarts": 1}}, (1, 0, 0, 0, 0)),
        ({"tallies": {"papers": 9}}, ()),
        ({"tallies": {"restarts": -1}}, ()),
        ({"tallies": ["restarts"]}, ()),
        ({}, ()),
    ],
)
def test_how_often_it_began_again_and_why_is_read_as_it_counts_it(
    said: dict[str, Any], counted: tuple[int, ...]
) -> None:
    assert tuple(restarts_of(json.dumps(said)).values()) == counted
    assert restarts_of(None) == restarts_of("no JSON") == {}


@pytest.mark.parametrize(
    ("said", "need"),
    [
        ({}, Need.WELL),
        ({"out_of_service": "x", "paper": "Out"}, Need.CLOSED),
        ({"devices": {"printer": "Offline"}, "alarms": ["x"]}, Need.BROKEN),
        ({"devices": {"printer": "Online", "scanner": "DeviceBusy", "card": "Starting", "ups": ""}}, Need.WELL),
        ({"devices": {"printer": "Online", "scanner": "Gone"}}, Need.BROKEN),
        ({"paper": "Out"}, Need.BROKEN),
        ({"paper": "Jammed"}, Need.BROKEN),
        ({"disk_free_bytes": 999_999_999, "left_out": {"a": "b"}}, Need.BROKEN),
        ({"disk_free_bytes": 10**9}, Need.WELL),
        ({"paper": "Good"}, Need.WELL),
        ({"alarms": ["tilt"], "paper": "Low"}, Need.ALARMED),
        ({"outbox": {"dead": 1}}, Need.ALARMED),
        ({"left_out": {"a": "b"}}, Need.ALARMED),
        ({"paper": "Low"}, Need.SOON),
        ({"paper_left_m": 0}, Need.SOON),
        ({"paper_left_m": 7}, Need.SOON),
        ({"paper_left_m": 8}, Need.WELL),
        ({"outbox": {"waiting": 200}}, Need.WELL),
        ({"outbox": {"waiting": 201}}, Need.SOON),
        ({"power": "battery"}, Need.SOON),
        ({"power": "mains"}, Need.WELL),
    ],
)
def test_how_soon_somebody_has_to_look(said: dict[str, Any], need: Need) -> None:
    assert need_of(read_state(json.dumps(said)), HEARD, NOW) is need


@pytest.mark.parametrize(
    ("heard_at", "need"),
    [
        (clock.as_text(NOW - timedelta(minutes=10)), Need.WELL),
        (clock.as_text(NOW - timedelta(minutes=10, seconds=1)), Need.SILENT),
        (None, Need.SILENT),
    ],
)
def test_who_was_not_heard_for_ten_minutes_is_silent_before_all_else(heard_at: str | None, need: Need) -> None:
    assert need_of(KioskState(), heard_at, NOW) is need
    assert need_of(KioskState(out_of_service="x"), heard_at, NOW) is min(need, Need.CLOSED)

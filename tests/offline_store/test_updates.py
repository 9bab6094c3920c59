import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from common.machine.stamp import Stamp, Trust
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.opening import open_store_in
from offline_store.updates import WantedVersion, read_update, wanted_version
from tests.kit.clock import BOOT
from tests.kit.store import IDENTITY, stamp


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store_in(tmp_path, IDENTITY, stamp=stamp()) as opened:
        yield opened


def _told(store: Store, **settings: object) -> None:
    with store.write() as connection:
        for name, value in settings.items():
            row = {"key": name.replace("_", "."), "value": json.dumps(value), "heard": 0}
            connection.execute(insert(tables.settings).values(row))


def _at(hours: float, trust: Trust = "synced") -> Stamp:
    return Stamp(datetime(2026, 11, 26, tzinfo=UTC) + timedelta(hours=hours), 1, BOOT, trust)


def test_a_version_is_due_from_its_time_on_by_a_clock_that_is_trusted(store: Store) -> None:
    assert wanted_version(store, _at(3)) == WantedVersion(None, due=False)
    _told(store, update_version="1.1.0", update_from="2026-11-26T02:00:00+00:00")
    assert wanted_version(store, _at(1)) == WantedVersion("1.1.0", due=False)
    assert wanted_version(store, _at(3)) == WantedVersion("1.1.0", due=True)
    assert wanted_version(store, _at(3, "unknown")) == WantedVersion("1.1.0", due=False)


@pytest.mark.parametrize("version", [7, "--older", "1.0;reboot", "", ["1.0"]])
def test_what_is_no_version_is_none(store: Store, version: object) -> None:
    _told(store, update_version=version, update_from="2026-11-26T02:00:00+00:00")
    assert wanted_version(store, _at(3)) == WantedVersion(None, due=False)


@pytest.mark.parametrize("moment", ["tomorrow", "2026-11-26T02:00:00", 5, None])
def test_what_is_no_time_never_comes(store: Store, moment: object) -> None:
    _told(store, update_version="1.1.0", update_from=moment)
    assert wanted_version(store, _at(3)) == WantedVersion("1.1.0", due=False)


def test_how_an_update_went_is_read_within_bounds(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    assert read_update(path) == {}
    path.write_text(json.dumps({"version": "1.1.0", "outcome": "failed", "why": "x" * 1000, "more": "y"}))
    assert read_update(path) == {"version": "1.1.0", "outcome": "failed", "why": "x" * 300}
    for spoiled in ("", "[]", '{"version": 1}', "x" * 5000):
        path.write_text(spoiled)
        assert read_update(path) == {}


@pytest.mark.parametrize(
    ("kept", "trial"),
    [
        (b"1.2.0 1.1.0", {"trial": "1.2.0"}),
        (b"1.2.0+git~3", {"trial": "1.2.0+git~3"}),
        (b"1" + b"2" * 60, {"trial": "1" + "2" * 60}),
        (b"1" + b"2" * 61, {}),
        (b"", {}),
        (b"next 1.1.0", {}),
        (b"1.2.0;reboot 1.1.0", {}),
        (b"\xff\xfe", {}),
        (b" 1.2.0", {}),
    ],
)
def test_a_version_on_trial_is_told_beside_how_the_last_one_went(
    tmp_path: Path, kept: bytes, trial: dict[str, str]
) -> None:
    path = tmp_path / "result.json"
    (tmp_path / "trial").write_bytes(kept)
    assert read_update(path) == trial
    path.write_text('{"version": "1.1.0", "outcome": "failed"}')
    assert read_update(path) == {"version": "1.1.0", "outcome": "failed"} | trial

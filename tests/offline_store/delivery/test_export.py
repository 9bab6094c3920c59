"""The backlog on a stick: complete, signed, harmless to the kiosk, whole or nameless."""

import os
from pathlib import Path

import pytest

from common.machine.errors import NotFound
from common.protocol.envelope import Item
from common.protocol.export_part import open_export_part, read_export_part
from offline_store.delivery.export import export_backlog
from tests.kit.delivering import Delivering


def _items(kiosk: Delivering, path: Path) -> list[Item]:
    parts = [read_export_part(line) for line in path.read_bytes().splitlines()]
    assert [part.part for part in parts] == list(range(len(parts)))
    assert [part.last for part in parts] == [False] * (len(parts) - 1) + [True]
    return [item for part in parts for item in open_export_part(part, kiosk.key.public_key()).items]


def test_all_that_waits_is_in_it_in_order_and_nothing_changes(kiosk: Delivering, tmp_path: Path) -> None:
    kiosk.tickets(250)
    before = kiosk.waiting()
    path, count = export_backlog(kiosk.store, tmp_path, lambda _: kiosk.key, kiosk.clock.now())
    assert [item.id for item in _items(kiosk, path)] == before
    assert count == len(before)
    assert kiosk.waiting() == before


def test_what_came_by_stick_is_a_duplicate_to_the_network(kiosk: Delivering, tmp_path: Path) -> None:
    kiosk.tickets(3)
    path, _ = export_backlog(kiosk.store, tmp_path, lambda _: kiosk.key, kiosk.clock.now())
    for item in _items(kiosk, path):
        assert kiosk.central.judge("kiosk-0001", item).result == "applied"
    kiosk.forwarder.run_once()
    assert kiosk.waiting() == []
    assert kiosk.alarms() == set()


def test_a_torn_file_still_gives_its_whole_lines(kiosk: Delivering, tmp_path: Path) -> None:
    kiosk.tickets(250)
    path, _ = export_backlog(kiosk.store, tmp_path, lambda _: kiosk.key, kiosk.clock.now())
    torn = path.read_bytes()[: path.stat().st_size * 2 // 3]
    whole = [read_export_part(line) for line in torn.splitlines()[:-1]]
    assert whole
    for part in whole:
        assert open_export_part(part, kiosk.key.public_key()).items
        assert not part.last


def test_nothing_waiting_is_a_file_that_says_so(kiosk: Delivering, tmp_path: Path) -> None:
    kiosk.forwarder.run_once()
    path, count = export_backlog(kiosk.store, tmp_path, lambda _: kiosk.key, kiosk.clock.now())
    assert (count, _items(kiosk, path)) == (0, [])


def test_a_full_stick_leaves_no_file(kiosk: Delivering, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kiosk.tickets(5)
    stick = tmp_path / "stick"
    stick.mkdir()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            export_backlog(kiosk.store, stick, lambda _: kiosk.key, kiosk.clock.now())
    assert list(stick.iterdir()) == []


def test_what_a_stick_pulled_out_in_mid_export_was_left_with_is_gone_after_the_next(
    kiosk: Delivering, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / ".kiosk-0001-20261124T080000Z-77.kiosk-export.part").write_bytes(b"torn")
    others = stick / ".kiosk-0002-20261124T080000Z-77.kiosk-export.part"
    others.write_bytes(b"another kiosk's")
    path, _ = export_backlog(kiosk.store, stick, lambda _: kiosk.key, kiosk.clock.now())
    assert set(stick.iterdir()) == {path, others}


def test_a_missing_folder_or_key_is_an_error_of_its_own(kiosk: Delivering, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        export_backlog(kiosk.store, tmp_path / "no-stick", lambda _: kiosk.key, kiosk.clock.now())
    with pytest.raises(NotFound, match="kiosk-0001"):
        export_backlog(kiosk.store, tmp_path, lambda _: None, kiosk.clock.now())
    assert list(tmp_path.glob(".*.part")) == []

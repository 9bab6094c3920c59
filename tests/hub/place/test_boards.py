"""What machines of boards say of their updates: kept by address, believed for half an hour."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from common.machine.stamp import Stamp
from hub.doctor.boards import check_boards
from hub.place.boards import FILE, lacking, note

NOW = Stamp(datetime(2026, 11, 25, 9, tzinfo=UTC), 0, "boot", "synced")


def later(minutes: int) -> Stamp:
    return replace(NOW, wall_time=NOW.wall_time + timedelta(minutes=minutes))


def test_each_board_is_named_until_it_says_otherwise_or_says_no_more(tmp_path: Path) -> None:
    assert lacking(tmp_path, NOW) == {}
    note(tmp_path, "10.0.0.8", "timer", NOW)
    note(tmp_path, "10.0.0.9", "source", later(5))
    assert lacking(tmp_path, later(30)) == {"10.0.0.8": "timer", "10.0.0.9": "source"}
    note(tmp_path, "10.0.0.9", None, later(31))
    assert lacking(tmp_path, later(31)) == {}, "one says otherwise, one has said nothing for longer"


def test_a_damaged_file_is_told_again(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b'{"10.0.0.8": 1')
    assert lacking(tmp_path, NOW) == {}
    note(tmp_path, "10.0.0.8", "failed", NOW)
    assert lacking(tmp_path, NOW) == {"10.0.0.8": "failed"}


def test_the_doctor_says_what_to_type_at_the_board(tmp_path: Path) -> None:
    note(tmp_path, "10.0.0.8", None, NOW)
    note(tmp_path, "10.0.0.9", "timer", NOW)
    (found,) = check_boards(tmp_path, NOW)
    assert found.line == (
        "WARNING  board's updates: 10.0.0.9: its nightly timer is off"
        " -> on that machine: systemctl enable --now board-nightly.timer"
    )
    note(tmp_path, "10.0.0.9", "source", NOW)
    (found,) = check_boards(tmp_path, NOW)
    assert found.todo == "on that machine: board-trust centre-ca.crt https://CENTRAL central-ca.pem"
    note(tmp_path, "10.0.0.9", "held", NOW)
    (found,) = check_boards(tmp_path, NOW)
    assert found.todo == "on that machine: apt-mark unhold homs-board; board-update"


def test_boards_that_tell_in_the_same_moment_are_all_kept(tmp_path: Path) -> None:
    addresses = [f"10.0.0.{n}" for n in range(1, 31)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda address: note(tmp_path, address, "timer", later(0)), addresses))
    assert set(lacking(tmp_path, later(0))) == set(addresses)

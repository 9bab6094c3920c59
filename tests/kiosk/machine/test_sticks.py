"""Sticks are asked for as long as a technician is at the screen, and let go whatever ends that."""

from pathlib import Path

import pytest

from kiosk.machine.sticks import leave_sticks, sticks_taken

UNIT = Path(__file__).parents[3] / "deploy/systemd/kiosk-sticks.path"


def test_sticks_are_asked_for_where_systemd_looks_and_let_go_afterwards(tmp_path: Path) -> None:
    with sticks_taken(tmp_path):
        (asked,) = tmp_path.iterdir()
        assert f"/run/kiosk/{asked.name}\n" in UNIT.read_text()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(RuntimeError), sticks_taken(tmp_path):
        raise RuntimeError("the session fell")
    assert list(tmp_path.iterdir()) == []


def test_what_a_kiosk_that_fell_had_taken_is_let_go_and_nothing_is_no_obstacle(tmp_path: Path) -> None:
    with sticks_taken(tmp_path):
        leave_sticks(tmp_path)
        assert list(tmp_path.iterdir()) == []
    leave_sticks(tmp_path)


def test_without_systemd_nobody_is_asked_and_a_folder_that_is_gone_is_an_error(tmp_path: Path) -> None:
    with sticks_taken(None):
        pass
    with pytest.raises(OSError, match="No such file"), sticks_taken(tmp_path / "gone"):
        pass

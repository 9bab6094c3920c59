"""`central rollout`: a version that no kiosk could fetch is refused before any is told; then step follows step."""

from pathlib import Path

import pytest

from central.commands.rollout import check_offered
from common.machine.errors import CannotBeDone
from tests.central.commands.test_cli import result


def test_a_version_that_the_packages_here_lack_is_refused(tmp_path: Path) -> None:
    pool = tmp_path / "pool"
    pool.mkdir()
    (pool / "homs-kiosk-1.2.0_1.2.0_amd64.deb").touch()
    check_offered("kiosk", "1.2.0", tmp_path)
    for version in ("1.2", "1.2.00", "1.3.0"):
        with pytest.raises(CannotBeDone, match=rf"has no version '{version}' for a kiosk: copy the repository"):
            check_offered("kiosk", version, tmp_path)


def test_where_no_packages_lie_here_they_come_from_elsewhere(tmp_path: Path) -> None:
    check_offered("kiosk", "1.2.0", tmp_path / "none")


@pytest.mark.parametrize("command", ["advance", "go-on"])
def test_the_next_step_is_taken_by_the_timer_and_by_hand(tmp_path: Path, command: str) -> None:
    data = tmp_path / "data"
    assert result(data, "rollout", "start", "1.2.0", "--json") == {"version": "1.2.0", "first": 3}
    assert result(data, "rollout", command, "--json") == {"told": [], "over": False}, "there is no kiosk"

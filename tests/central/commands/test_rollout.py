"""`central rollout start`: a version that no kiosk could fetch is refused before any is told."""

from pathlib import Path

import pytest

from central.commands.rollout import check_offered
from common.machine.errors import CannotBeDone


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

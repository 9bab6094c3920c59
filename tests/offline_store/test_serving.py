"""Whether people are served at a machine whose forwarder lives: by a lock that falls with its holder, and patience."""

import subprocess
import sys
from pathlib import Path

import pytest

from offline_store.serving import LOCK, ServingWatch, is_served, serving

REPORT = {"version": "1.0.0", "out_of_service": None}


def test_people_are_served_while_a_process_holds_the_sign_and_not_once_it_is_killed(tmp_path: Path) -> None:
    assert is_served(tmp_path) is False
    holding = (
        f"from pathlib import Path\nfrom offline_store.serving import serving\nwith serving(Path({str(tmp_path)!r})):"
    )
    code = holding + "\n print('held', flush=True)\n input()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        assert is_served(tmp_path) is True
        assert is_served(tmp_path) is True, "who looks takes nothing away"
        other.kill()
    assert is_served(tmp_path) is False


def test_where_the_disk_does_not_tell_nobody_knows_and_people_are_served_all_the_same(tmp_path: Path) -> None:
    missing = tmp_path / "gone"
    assert is_served(missing) is None
    with serving(missing):
        pass
    with serving(tmp_path), serving(tmp_path):  # a second one waits a moment, and serves
        assert is_served(tmp_path) is True
    assert is_served(tmp_path) is False
    assert (tmp_path / LOCK).stat().st_mode & 0o777 == 0o600


def answering(*said: bool | None) -> tuple[ServingWatch, dict[str, float], list[bool | None]]:
    left, now = list(said), {"s": 0.0}
    asked: list[bool | None] = []

    def answers() -> bool | None:
        asked.append(left.pop(0))
        return asked[-1]

    return ServingWatch(answers, lambda: now["s"]), now, asked


def test_a_stop_is_told_after_two_minutes_and_taken_back_at_once() -> None:
    watch, now, asked = answering(True, False, False, False, False, False, True)
    told = []
    for now["s"] in (0, 29, 30, 60, 90, 120, 149, 150, 180):
        told.append(watch.told(REPORT))
    stopped = REPORT | {"out_of_service": "stopped"}
    assert told == [REPORT] * 7 + [stopped, REPORT]
    assert len(asked) == 7, "it is asked twice a minute at most"
    assert watch.told(None) is None


@pytest.mark.parametrize("between", [True, None])
def test_a_restart_is_no_stop_and_what_cannot_be_told_is_none(between: bool | None) -> None:
    watch, now, _ = answering(False, between, False, False)
    for now["s"] in (0, 60, 100, 219):
        assert watch.told(REPORT) == REPORT


def test_where_no_report_was_ever_written_the_stop_is_all_that_is_said() -> None:
    watch, now, _ = answering(False, False)
    assert watch.told(None) is None
    now["s"] = 120
    assert watch.told(None) == {"out_of_service": "stopped"}

from pathlib import Path

import pytest

from kiosk.machine.uptime import Ending, Gap, alive, begin, end


def test_the_first_run_has_nothing_before_it(tmp_path: Path) -> None:
    assert begin(tmp_path / "running.json", boot_id="a", boottime_s=10, wall_s=1000) == Gap(Ending.FIRST)


@pytest.mark.parametrize(
    ("boot_id", "boottime_s", "wall_s", "gap"),
    [
        ("b", 20, 8200, Gap(Ending.POWER_CUT, 7140)),
        ("a", 90, 1080, Gap(Ending.CRASHED, 20)),
        # The wall clock went back over the cut: it was one all the same, of unknown length.
        ("b", 20, 5, Gap(Ending.POWER_CUT, None)),
        ("b", 20, 4_102_444_800, Gap(Ending.POWER_CUT, None)),
    ],
)
def test_a_gap_without_farewell_is_a_cut_or_a_crash(
    tmp_path: Path, boot_id: str, boottime_s: int, wall_s: int, gap: Gap
) -> None:
    trace = tmp_path / "running.json"
    begin(trace, boot_id="a", boottime_s=10, wall_s=1000)
    alive(trace, boot_id="a", boottime_s=70, wall_s=1060)
    assert begin(trace, boot_id=boot_id, boottime_s=boottime_s, wall_s=wall_s) == gap


def test_a_farewell_is_no_cut(tmp_path: Path) -> None:
    trace = tmp_path / "running.json"
    begin(trace, boot_id="a", boottime_s=10, wall_s=1000)
    end(trace, boot_id="a", boottime_s=20, wall_s=1010)
    assert begin(trace, boot_id="b", boottime_s=5, wall_s=1040) == Gap(Ending.STOPPED, 30)


@pytest.mark.parametrize("torn", [b"", b'{"boot_id":"a","boo', b"\xff\xfe", b"[]", b"[" * 100_000])
def test_a_torn_trace_is_no_obstacle(tmp_path: Path, torn: bytes) -> None:
    trace = tmp_path / "running.json"
    trace.write_bytes(torn)
    assert begin(trace, boot_id="b", boottime_s=5, wall_s=1040).ending is Ending.FIRST
    assert begin(trace, boot_id="b", boottime_s=9, wall_s=1044) == Gap(Ending.CRASHED, 4)

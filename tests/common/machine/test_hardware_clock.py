"""The hardware clock as the kernel shows it, with none, one and two of them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from common.machine import clock
from common.machine.clock import hardware_time

SHOWN_S = 1_795_600_000


@pytest.mark.parametrize(
    ("shown", "time"),
    [
        ({}, None),
        ({"rtc0": f"{SHOWN_S}\n"}, datetime.fromtimestamp(SHOWN_S, UTC)),
        ({"rtc0": "946684800\n", "rtc1": f"{SHOWN_S}\n"}, datetime.fromtimestamp(SHOWN_S, UTC)),
        ({"rtc0": ""}, None),
        ({"rtc0": f"{10**30}"}, None),
        ({"rtc0": None}, None),  # the driver refuses: no time is kept there
    ],
)
def test_the_latest_time_that_any_clock_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shown: dict[str, str | None], time: datetime | None
) -> None:
    monkeypatch.setattr(clock, "HARDWARE_CLOCKS", tmp_path)
    for name, text in shown.items():
        path = tmp_path / name / "since_epoch"
        path.parent.mkdir()
        path.mkdir() if text is None else path.write_text(text, encoding="ascii")
    assert hardware_time() == time

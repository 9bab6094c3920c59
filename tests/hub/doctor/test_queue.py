"""What the hub's doctor says of the queue and of the hall."""

from pathlib import Path

import pytest
from sqlalchemy import update

from common.machine.doctor.finding import Verdict
from hub.doctor.queue import check_centre
from hub.log import tables
from tests.hub.hall import Hall, open_hall


@pytest.mark.parametrize(
    ("wanted_m", "serves_m", "verdict"), [(10.0, 7.5, Verdict.WARNING), (7.5, 7.5, Verdict.OK), (None, None, None)]
)
def test_the_doctor_says_from_how_far_the_board_is_read(
    tmp_path: Path, wanted_m: float | None, serves_m: float | None, verdict: Verdict | None
) -> None:
    hall = open_hall(tmp_path / "hub")
    with hall.hub.store.write() as connection:
        connection.execute(update(tables.state).values(board_wanted_m=wanted_m, board_serves_m=serves_m))
    found = [one for one in check_centre(hall.hub) if one.check == "board's letters"]
    assert [one.verdict for one in found] == ([] if verdict is None else [verdict])
    assert all("can be read from 7.5 m" in one.found for one in found)
    hall.hub.store.close()


def test_the_doctor_asks_for_counters_until_central_has_published_them(tmp_path: Path, hall: Hall) -> None:
    new = open_hall(tmp_path / "new")
    found = [one for at in (new, hall) for one in check_centre(at.hub) if one.check == "counters"]
    assert [(one.verdict, one.found[:1]) for one in found] == [(Verdict.PROBLEM, "c"), (Verdict.OK, "3")]
    new.hub.store.close()

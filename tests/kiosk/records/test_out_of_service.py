"""What a technician said of the service is kept over a restart, and is over when its time has come."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from common.machine.records.record import keep
from kiosk.prompts.ui import OutReason
from kiosk.records.names import TAKEN_OUT
from kiosk.records.out_of_service import OutOfServiceRecord, keep_out_of_service, read_out_of_service
from offline_store.issuing.business_day import ZONE

ENDS = datetime(2026, 11, 26, 8, 0, tzinfo=ZONE)
SAID = OutOfServiceRecord(OutReason.MAINTENANCE, int(ENDS.timestamp()))


def test_it_is_read_as_it_was_kept(tmp_path: Path) -> None:
    for said in (SAID, OutOfServiceRecord(OutReason.MAINTENANCE)):
        keep_out_of_service(tmp_path, said)
        assert read_out_of_service(tmp_path) == said
    keep_out_of_service(tmp_path, None)
    assert read_out_of_service(tmp_path) is None


def test_a_change_of_paper_that_a_power_cut_ends_does_not_keep_the_kiosk_out_of_service(tmp_path: Path) -> None:
    keep_out_of_service(tmp_path, OutOfServiceRecord(OutReason.CHANGING_PAPER))
    assert read_out_of_service(tmp_path) is None


@pytest.mark.parametrize(
    "odd", [{"reason": "maintenance", "ends_at": "soon"}, {"reason": "maintenance", "ends_at": 1e99}, {"reason": 1}, {}]
)
def test_one_that_makes_no_sense_says_nothing(tmp_path: Path, odd: dict[str, object]) -> None:
    keep(tmp_path / TAKEN_OUT, odd)
    assert read_out_of_service(tmp_path) is None


def test_a_torn_one_says_nothing(tmp_path: Path) -> None:
    (tmp_path / TAKEN_OUT).write_text("[]")
    assert read_out_of_service(tmp_path) is None


def test_the_public_is_told_when_it_serves_again_as_of_now() -> None:
    def said(now: datetime | None) -> str | None:
        text = SAID.until(now)
        return None if text is None else text.msgid.rpartition(".")[2]

    assert said(ENDS - timedelta(hours=20)) == "tomorrow"
    assert said(ENDS - timedelta(minutes=30)) == "until"  # the morning after: "tomorrow" would be a day late
    assert said(ENDS - timedelta(days=3)) == "on_day"
    assert said(ENDS + timedelta(days=1)) is said(None) is None
    assert OutOfServiceRecord(OutReason.MAINTENANCE).until(ENDS) is None


def test_it_is_over_at_its_time_and_never_without_one() -> None:
    assert [SAID.is_over(SAID.ends_at + change) for change in (-1, 0, 1)] == [False, True, True]  # type: ignore[operator]
    assert not OutOfServiceRecord(OutReason.MAINTENANCE).is_over(2**40)

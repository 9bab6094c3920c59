"""What a technician said of the service is kept over a restart, and is over when its time has come."""

from pathlib import Path

from kiosk.prompts import OutReason, Text
from kiosk.taken_out import FILE, TakenOut, keep_taken_out, read_taken_out

SAID = TakenOut(OutReason.MAINTENANCE, Text("maintenance.public.until", {"time": "09:30"}), 1_800_000_000)


def test_it_is_read_as_it_was_kept(tmp_path: Path) -> None:
    for said in (SAID, TakenOut(OutReason.CHANGING_PAPER)):
        keep_taken_out(tmp_path, said)
        assert read_taken_out(tmp_path) == said
    keep_taken_out(tmp_path, None)
    assert read_taken_out(tmp_path) is None


def test_one_of_a_former_version_has_no_end_and_a_torn_one_says_nothing(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"reason": "maintenance", "until": null}')
    assert read_taken_out(tmp_path) == TakenOut(OutReason.MAINTENANCE)
    (tmp_path / FILE).write_text('{"reason": "maintenance", "until": null, "ends_at": "soon"}')
    assert read_taken_out(tmp_path) is None


def test_it_is_over_at_its_time_and_never_without_one() -> None:
    assert [SAID.is_over(SAID.ends_at + change) for change in (-1, 0, 1)] == [False, True, True]  # type: ignore[operator]
    assert not TakenOut(OutReason.MAINTENANCE).is_over(2**40)

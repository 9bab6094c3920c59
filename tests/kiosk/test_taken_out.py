"""What a technician said to the public holds over a restart; a file that can't be read says nothing."""

from pathlib import Path

import pytest

from kiosk.prompts import OutReason, Text
from kiosk.taken_out import FILE, TakenOut, keep_taken_out, read_taken_out


@pytest.mark.parametrize("until", [None, Text("maintenance.public.until", {"time": "14:30"})])
def test_what_was_said_is_read_after_a_restart(tmp_path: Path, until: Text | None) -> None:
    keep_taken_out(tmp_path, TakenOut(OutReason.MAINTENANCE, until))
    assert read_taken_out(tmp_path) == TakenOut(OutReason.MAINTENANCE, until)
    keep_taken_out(tmp_path, None)
    assert read_taken_out(tmp_path) is None


@pytest.mark.parametrize(
    "content",
    [b"", b"\0" * 64, b"[]", b"null", b'{"reason": "nonsense", "until": null}', b'{"reason": "maintenance"}', b"\xff"],
)
def test_a_file_that_cannot_be_read_takes_nothing_out_of_service(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    assert read_taken_out(tmp_path) is None


def test_a_disk_that_refuses_is_survived(tmp_path: Path) -> None:
    keep_taken_out(tmp_path / "gone", TakenOut(OutReason.MAINTENANCE))
    assert read_taken_out(tmp_path / "gone") is None

"""A machine without the libraries that draw: said as that, and no file is blamed for it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from central.commands.cli import app
from central.insight.centres import poster
from central.insight.reports.writers import WRITERS
from common.machine.errors import CannotBeDone


def cannot_load(*_: object) -> bytes:
    raise OSError("cannot load library 'libpango-1.0-0'")


@pytest.mark.parametrize(
    "words",
    [
        ("poster", "--centre", "homs-main", "--public-url", "https://central.example"),
        ("report", "--centre", "homs-main", "--month", "2026-11"),
    ],
)
def test_a_library_that_is_missing_is_named(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poster, "as_pdf", cannot_load)
    monkeypatch.setitem(WRITERS, "pdf", cannot_load)
    out = tmp_path / "made.pdf"
    done = CliRunner().invoke(app, [*words, "--out", str(out), "--data", str(tmp_path / "data")])
    assert isinstance(done.exception, CannotBeDone)
    assert str(done.exception) == "can't be drawn on this machine: cannot load library 'libpango-1.0-0'"
    assert not out.exists()

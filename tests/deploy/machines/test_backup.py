"""The commands of backup.md, typed in their order as they stand: what the night keeps, the safe's key brings back."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from central.base import clock
from central.commands.cli import app

GUIDE = (Path(__file__).parents[3] / "deploy/backup.md").read_text(encoding="utf-8")
KEPT_AND_BROUGHT_BACK = GUIDE.partition("\n## PostgreSQL's next major version")[0]
LINES = [line[4:].split() for line in KEPT_AND_BROUGHT_BACK.splitlines() if line.startswith("    central ")]


def test_what_the_guide_keeps_it_brings_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, settings = tmp_path / "lib", tmp_path / "etc"
    settings.mkdir()
    (settings / "central.env").write_text("CENTRAL_PUBLIC_URL=https://central.example\n")

    def typed(*words: str) -> str:
        done = CliRunner().invoke(app, [*words, "--data", str(data)])
        assert done.exit_code == 0, (words, done.output, done.exception)
        return done.output

    def as_here(word: str) -> str:
        return f"{tmp_path}{word}" if word.startswith("/") else word

    typed("clerk", "Samir", "--centre", "homs-main")
    began = datetime.now(UTC)
    for minutes, words in enumerate(LINES):
        typed_at = began + timedelta(minutes=minutes)  # a copy is named by its second
        monkeypatch.setattr(clock, "now", lambda typed_at=typed_at: typed_at)
        told = [as_here(word) for word in words[1:]]
        if told[:2] == ["backup", "--to"]:
            told += ["--settings", str(settings)]
        if told[:2] == ["backup", "key"]:
            Path(told[-1]).parent.mkdir(parents=True)
        if told[0] == "bring-back":  # the machine is gone; the copies and the safe are there
            safe = tmp_path / "run/from-the-safe/backup.key"
            safe.parent.mkdir()
            shutil.copy(tmp_path / "run/for-the-safe/backup.key", safe)
            shutil.rmtree(data)
        if told != ["doctor"]:
            typed(*told)
    assert [words[1] for words in LINES] == ["backup", "backup", "backup", "bring-back", "doctor"]
    assert (data / "brought-back/central.env").read_text() == (settings / "central.env").read_text()
    assert "homs-main" in typed("centres")

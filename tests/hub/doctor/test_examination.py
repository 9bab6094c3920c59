"""The hub's doctor: one check that falls costs its own finding, and none of the others."""

from pathlib import Path

import pytest

from hub.doctor import examination


def test_a_check_that_fails_is_a_finding_and_the_others_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "hub.toml"
    config.write_text('[hub]\ncentre = "homs-main"\n[central]\nurl = "http://127.0.0.1:1"\n')

    def falls(_: Path) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(examination, "_check_disk", falls)
    found = list(examination.examine(config))
    assert [one.check for one in found][:3] == ["settings", "disk", "identity"]
    assert "can't be looked at (ZeroDivisionError)" in found[1].line
    assert found[1].is_bad

"""What keeps new versions away from a machine, as a service in its sandbox sees it by files."""

from pathlib import Path

import pytest

from common.machine.doctor.updates import lacks
from offline_store import updates


@pytest.mark.parametrize("name", ["kiosk", "hub"])
def test_what_lacks_is_named_one_after_the_other(tmp_path: Path, name: str) -> None:
    assert lacks(name, tmp_path) is None, "it is not installed as a service"
    (tmp_path / "opt" / name / "current").mkdir(parents=True)
    assert lacks(name, tmp_path) == "timer"
    wants = tmp_path / "etc/systemd/system/timers.target.wants"
    wants.mkdir(parents=True)
    (wants / f"{name}-nightly.timer").symlink_to(f"/usr/lib/systemd/system/{name}-nightly.timer")
    assert lacks(name, tmp_path) == "source"
    own = tmp_path / "etc" / name
    own.mkdir()
    (own / "packages.url").write_text("\n")
    assert lacks(name, tmp_path) == "source"
    (own / "packages.url").write_text("https://central.example/packages\n")
    assert lacks(name, tmp_path) == "key"
    (own / "release.gpg").write_bytes(b"\x99key")
    assert lacks(name, tmp_path) is None
    went_back = tmp_path / f"var/lib/{name}-update/went-back"
    went_back.parent.mkdir(parents=True)
    went_back.write_text("libc6 2.41-13\n")
    assert lacks(name, tmp_path) == "went-back"
    went_back.unlink()
    (wants.parent / f"{name}-nightly.timer").symlink_to("/dev/null")
    assert lacks(name, tmp_path) == "timer", "it is masked"
    (own / "packages.url").write_text("stick\n")
    assert lacks(name, tmp_path) == "stick", "which needs no timer"
    (own / "release.gpg").unlink()
    assert lacks(name, tmp_path) == "key", "but the key that a stick's packages are signed with"


def test_it_stands_beside_how_the_last_update_went(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = tmp_path / "result.json"
    result.write_text('{"version": "1.1.0", "outcome": "done"}')
    monkeypatch.setattr(updates, "RESULTS", {"hub": result})
    went = {"version": "1.1.0", "outcome": "done"}
    for lack, expected in ((None, went), ("key", went | {"lacks": "key"})):
        monkeypatch.setattr(updates, "lacks", lambda _, lack=lack: lack)
        assert updates.update_of("hub") == expected

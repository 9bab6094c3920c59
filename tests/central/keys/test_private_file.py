"""Central's small files under power cuts: a key is whole or not there, and a torn note is not taken for a yes."""

import os
from pathlib import Path

import pytest

from central import loopback
from central.config import CentralConfig, load_config
from central.console import CannotBeDone
from central.keys.keys import KeyRing
from central.preparation import prepare


def test_a_cut_while_a_key_is_written_leaves_none_that_is_torn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(_: int) -> None:
        raise KeyboardInterrupt

    def torn(self: Path, **_: object) -> None:
        """Leave what a cut leaves: nobody tidies up."""

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", cut)
        patched.setattr(Path, "unlink", torn)
        with pytest.raises(KeyboardInterrupt):
            KeyRing(tmp_path).demo_app()
    assert KeyRing(tmp_path).has_demo_key() is False
    kid, _, is_new = KeyRing(tmp_path).demo_app()
    assert is_new
    assert KeyRing(tmp_path).demo_app()[0] == kid


@pytest.mark.parametrize("torn", [b"", bytes(17), b'{"loopback":tr', b'{"loopbaco":true}', b"\xff\xfe", b"[" * 9999])
def test_a_torn_note_of_whom_central_serves_makes_no_demo_codes(tmp_path: Path, torn: bytes) -> None:
    config = CentralConfig(tmp_path, "sqlite://", is_loopback=False)
    assert loopback.serves_loopback_only(config), "never started: nobody else has been served"
    loopback.note(config)
    assert not loopback.serves_loopback_only(config)
    (tmp_path / "serving.json").write_bytes(torn)
    with pytest.raises(CannotBeDone, match=r"serving\.json is damaged"):
        loopback.serves_loopback_only(config)


async def test_a_lost_database_is_not_begun_anew(tmp_path: Path) -> None:
    config = load_config(tmp_path, None)
    await prepare(config)
    await prepare(config)
    (tmp_path / "central.db").unlink()
    await prepare(config)  # nobody was ever enrolled there: no central has served yet
    loopback.note(config)
    await prepare(config)
    kept = {path.name for path in config.keys_dir.iterdir()}
    for lost in (tmp_path / "central.db", tmp_path / "central.db-wal"):
        lost.unlink(missing_ok=True)
    for _ in range(2):
        with pytest.raises(CannotBeDone, match="restore the backup"):
            await prepare(config)
    assert {path.name for path in config.keys_dir.iterdir()} == kept

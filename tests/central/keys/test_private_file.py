"""Central's small files under power cuts: a key is whole or not there, and a torn note is not taken for a yes."""

import os
from pathlib import Path

import pytest

from central.base.config import CentralConfig, load_config
from central.base.database.engine import opened_engine
from central.base.database.transactions import reading
from central.keys import loopback
from central.keys.keys import KeyRing
from central.server.preparation import migrate, prepare
from common.machine.errors import CannotBeDone


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
    assert list(tmp_path.glob("*.demo-app")) == []
    kid, _, is_new = KeyRing(tmp_path).demo_app()
    assert is_new
    assert KeyRing(tmp_path).demo_app()[0] == kid


@pytest.mark.parametrize("torn", [b"", bytes(17), b'{"loopback":tr', b"\xff\xfe", b"[" * 9999, b'{"loopback":false}'])
async def test_a_restored_database_beside_a_note_of_others_served_or_a_torn_one_makes_no_demo_codes(
    config: CentralConfig, torn: bytes
) -> None:
    async def others() -> bool:
        async with opened_engine(config.database_url) as engine, reading(engine) as connection:
            return await loopback.serves_others(connection)

    await migrate(config)
    assert not await others(), "never started: nobody else has been served"
    (config.data_dir / "serving.json").write_bytes(torn)
    await migrate(config)
    assert await others()
    (config.data_dir / "serving.json").write_bytes(b'{"loopback":true}')
    await migrate(config)
    assert await others(), "said once, it stays: other machines may be serving"


async def test_a_lost_database_is_not_begun_anew(tmp_path: Path) -> None:
    config = load_config(tmp_path, None)
    await prepare(config)
    await prepare(config)
    (tmp_path / "central.db").unlink()
    await prepare(config)  # nobody was ever enrolled there: no central has served yet
    async with opened_engine(config.database_url) as engine, engine.begin() as connection:
        await loopback.note(connection, config)
    await prepare(config)
    kept = {path.name for path in config.keys_dir.iterdir()}
    for lost in (tmp_path / "central.db", tmp_path / "central.db-wal"):
        lost.unlink(missing_ok=True)
    for _ in range(2):
        with pytest.raises(CannotBeDone, match="restore the backup"):
            await prepare(config)
    assert {path.name for path in config.keys_dir.iterdir()} == kept

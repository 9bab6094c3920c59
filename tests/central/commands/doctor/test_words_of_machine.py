"""What the doctor says of the machine: the whole line of each state, at its edges."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from central.base.config import CentralConfig, load_config
from central.commands.doctor import machine
from central.keys import centre_ca
from common.machine.doctor.finding import ok, problem, skipped, warning

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.fixture
def config(tmp_path: Path) -> CentralConfig:
    return load_config(tmp_path / "central", None)


@pytest.mark.parametrize(
    ("free", "verdict", "todo"),
    [
        (20_000_000_000, "ok", ""),
        (19_999_999_999, "warning", "make room or give it a larger disk"),
        (2_000_000_000, "warning", "make room or give it a larger disk"),
        (1_999_999_999, "problem", "make room now: a full disk takes no item"),
    ],
)
def test_a_disk_is_full_before_it_takes_no_more(
    config: CentralConfig, monkeypatch: pytest.MonkeyPatch, free: int, verdict: str, todo: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    found = machine.disk(config)
    assert (found.check, found.verdict, found.todo) == ("disk", verdict, todo)
    assert found.found == f"{free / 1e9:.1f} GB free under {config.data_dir}"


def test_a_folder_of_keys_that_others_read_is_named_with_what_closes_it(config: CentralConfig) -> None:
    folder = config.keys_dir
    assert machine.key_folder(config) == ok("key folder", "nobody but its owner reads it")
    folder.mkdir(mode=0o700)
    for name in "abcdef":
        (folder / name).touch(mode=0o600)
    assert machine.key_folder(config) == ok("key folder", "nobody but its owner reads it")
    todo = f"chmod 0700 {folder}; chmod 0600 {folder}/*"
    for mode in (0o640, 0o604):
        (folder / "a").chmod(mode)
        assert machine.key_folder(config) == problem("key folder", "others may read a", todo)
    folder.chmod(0o701)
    assert machine.key_folder(config) == problem("key folder", "others may read keys, a", todo)
    for name in "abcdef":
        (folder / name).chmod(0o644)
    found = machine.key_folder(config).found
    assert len(found.removeprefix("others may read ").split(", ")) == 5


def test_a_certificate_is_due_a_month_before_it_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "fullchain.pem"
    where = "give --certificate where kiosks come by TLS"
    assert machine.certificate(path, NOW) == skipped("certificate", f"{path} is not here: {where}")
    path.write_text("none", encoding="ascii")
    assert machine.certificate(path, NOW) == problem(
        "certificate", f"{path} cannot be read (ValueError)", "put it right"
    )
    due = warning("certificate", "good until 2026-12-25", "renew it: kiosks refuse an old one")
    for left, expected in (
        (timedelta(days=30), ok("certificate", "good until 2026-12-25")),
        (timedelta(days=30, seconds=-1), due),
        (timedelta(), warning("certificate", "good until 2026-11-25", "renew it: kiosks refuse an old one")),
        (timedelta(seconds=-1), problem("certificate", "ended on 2026-11-25", "renew it today")),
    ):
        monkeypatch.setattr(machine, "ends_at", lambda _, left=left: NOW + left)
        assert machine.certificate(path, NOW) == expected


@pytest.mark.parametrize("name", ["ca-key.pem", "ca.key"])
def test_the_ca_s_key_is_put_into_the_safe_and_shredded(tmp_path: Path, name: str) -> None:
    certificate = tmp_path / "fullchain.pem"
    assert machine.authority_key(certificate) == ok("CA key", f"no CA's private key lies in {tmp_path}")
    key = tmp_path / name
    key.touch()
    todo = f"put it into the safe, then shred -u {key}; a backup of /etc/central has it too"
    assert machine.authority_key(certificate) == warning("CA key", f"{key} is the CA's private key", todo)


def test_the_authority_is_due_a_year_before_it_ends(config: CentralConfig) -> None:
    assert machine.authority(config, NOW) == skipped("authority", "no hub has a certificate of this central yet")
    end = centre_ca.authority(config.keys_dir, NOW).certificate.not_valid_after_utc
    said = f"signs hubs' certificates until {end:%Y-%m-%d}"
    todo = "central centre-ca --renew > centre-ca.crt, and put the file onto every office PC and board"
    year = timedelta(days=365)
    assert machine.authority(config, end - year) == ok("authority", said)
    assert machine.authority(config, end - year + timedelta(seconds=1)) == warning("authority", said, todo)
    assert machine.authority(config, end - timedelta(seconds=1)) == warning("authority", said, todo)
    assert machine.authority(config, end) == problem("authority", said, todo)
    (config.keys_dir / centre_ca.FILE).write_bytes(b"")
    why = f"{config.keys_dir / centre_ca.FILE} is damaged; restore it from the backup"
    assert machine.authority(config, NOW) == problem("authority", why, "hubs get no certificates meanwhile")

"""A list of packages that is rightly signed and old is not believed by apt, but from a stick."""

import hashlib
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from release.errors import BuildFailed
from release.repository import KEY, SUITE, VALID_FOR, renew
from release.signing import SETTING, Signer

NOW = datetime.now(UTC)


@pytest.fixture
def signer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Signer:
    monkeypatch.delenv(SETTING, raising=False)
    return Signer(tmp_path / "key")


@pytest.fixture
def repository(tmp_path: Path, signer: Signer) -> Path:
    """A repository that offers nothing, as `make packages` lays one out."""
    folder = tmp_path / "repository"
    index = folder / "dists" / SUITE / "main/binary-amd64/Packages"
    index.parent.mkdir(parents=True)
    index.touch()
    digest = hashlib.sha256(b"").hexdigest()
    listed = f"Origin: Homs kiosks\nSuite: {SUITE}\nCodename: {SUITE}\nArchitectures: amd64\nComponents: main\n"
    text = f"{listed}SHA256:\n {digest} 0 main/binary-amd64/Packages\n"
    (folder / "dists" / SUITE / "Release").write_text(text)
    signer.public_key(folder / KEY)
    return folder


def looked_at(repository: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """What apt on a machine of its own makes of it."""
    place = repository.parent / "apt"
    for name in ("lists/partial", "archives/partial"):
        (place / name).mkdir(parents=True, exist_ok=True)
    (place / "status").touch()
    source = f"deb [arch=amd64 signed-by={repository / KEY}] file:{repository} {SUITE} main\n"
    (place / "sources.list").write_text(source)
    settings = {
        "Dir::Etc::SourceList": place / "sources.list",
        "Dir::Etc::SourceParts": "-",
        "Dir::State::Lists": place / "lists",
        "Dir::State::status": place / "status",
        "Dir::Cache::Archives": place / "archives",
        "APT::Sandbox::User": "root",
        "APT::Update::Error-Mode": "any",
        "Acquire::Check-Date": "true",  # whatever this machine is told
        "Acquire::Check-Valid-Until": "true",
    }
    told = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
    command = ["apt-get", *told, *words, "update"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_an_old_list_is_believed_from_a_stick_alone_until_it_is_signed_anew(repository: Path, signer: Signer) -> None:
    renew(repository, signer, NOW - VALID_FOR - timedelta(days=1))
    refused = looked_at(repository)
    assert refused.returncode != 0
    assert "is not valid anymore" in refused.stderr or "is expired" in refused.stderr, refused.stderr
    by_hand = looked_at(repository, "-o", "Acquire::Check-Valid-Until=false")
    assert by_hand.returncode == 0, by_hand.stderr
    renew(repository, signer, NOW)
    believed = looked_at(repository)
    assert believed.returncode == 0, believed.stderr
    text = (repository / "dists" / SUITE / "Release").read_text()
    assert (text.count("Date:"), text.count("Valid-Until:"), text.count("SHA256:")) == (1, 1, 1)


def test_what_is_no_repository_is_named(tmp_path: Path, signer: Signer) -> None:
    with pytest.raises(BuildFailed, match="is no repository"):
        renew(tmp_path, signer, NOW)

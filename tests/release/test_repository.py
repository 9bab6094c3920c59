"""A list of packages that is rightly signed and old is not believed by apt, but from a stick."""

import hashlib
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from release import renew as renewing
from release.errors import BuildFailed
from release.renew import with_debian
from release.repository import KEY, SUITE, VALID_FOR, renew
from release.signing import SETTING, Signer
from tests.release.building import small_package

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


def test_debians_newest_stand_in_the_list_beside_ours_and_none_twice(
    tmp_path: Path, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = tmp_path / "repository/pool"
    pool.mkdir(parents=True)
    for name, version in (("homs-kiosk", "1.0.0"), ("homs-kiosk-1.0.0", "1.0.0"), ("openssl", "1")):
        small_package(name, version, pool)
    asked: list[str] = []

    def fetched(_repository: Path, wanted: list[str], target: Path) -> list[Path]:
        asked.extend(wanted)
        target.mkdir()
        newest = ("homs-kiosk", "1.0.0"), ("openssl", "2"), ("libc6", "3")
        return [small_package(name, version, target) for name, version in newest]

    monkeypatch.setattr(renewing, "fetch_debian", fetched)
    (tmp_path / "installed").write_text("linux-image-amd64\nopenssl\nhoms-kiosk\nhoms-kiosk-0.9.0\n")
    assert with_debian(tmp_path / "repository", signer, tmp_path / "installed", NOW) == 2
    assert asked == ["homs-kiosk", "linux-image-amd64", "openssl"]
    listed = (tmp_path / "repository/dists" / SUITE / "main/binary-amd64/Packages").read_text()
    packages = re.findall(r"^Package: (.*)\n(?:.*\n)*?Version: (.*)$", listed, re.MULTILINE)
    assert sorted(packages) == [
        ("homs-kiosk", "1.0.0"), ("homs-kiosk-1.0.0", "1.0.0"), ("libc6", "3"), ("openssl", "2"),
    ]  # fmt: skip
    believed = looked_at(tmp_path / "repository")
    assert believed.returncode == 0, believed.stderr
    with pytest.raises(BuildFailed, match="is no repository of ours"):
        with_debian(tmp_path / "elsewhere", signer, None, NOW)


def test_what_is_no_repository_is_named(tmp_path: Path, signer: Signer) -> None:
    with pytest.raises(BuildFailed, match="is no repository"):
        renew(tmp_path, signer, NOW)

"""A list that several keys have signed, each on a machine of its own, is taken where so many are asked for."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from release import signing
from release.errors import BuildFailed
from release.signing import Signer
from tests.updater.machine import Machine
from updater.errors import Refused
from updater.packages import Repository

TEXT = "Origin: Homs kiosks\n- a line that begins with a dash\nSuite: stable\n"
type Signers = Callable[[str], Signer]
NAMES = ("rana", "samir", "huda", "stranger")


@pytest.fixture(scope="module")
def keys() -> Iterator[dict[str, str]]:
    """Make a key for each; return their fingerprints. One keyring stands for those of three machines."""
    home = Path(tempfile.mkdtemp(prefix="k"))  # a short path: GnuPG's agent listens below it
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GNUPGHOME", str(home))
        for name in NAMES:
            words = [
                "gpg",
                "--batch",
                "--passphrase",
                "",
                "--quick-generate-key",
                f"{name}@localhost",
                "ed25519",
                "sign",
            ]
            subprocess.run(words, check=True, capture_output=True)
        listed = subprocess.run(
            ["gpg", "--batch", "--list-keys", "--with-colons"], check=True, capture_output=True, text=True
        )
        prints = [line.split(":")[9] for line in listed.stdout.splitlines() if line.startswith("fpr:")]
        yield dict(zip(NAMES, prints, strict=True))
        subprocess.run(["gpgconf", "--kill", "all"], check=False)
    shutil.rmtree(home)


@pytest.fixture
def signer_of(keys: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Signers:
    def signer(name: str) -> Signer:
        monkeypatch.setenv(signing.SETTING, keys[name])
        return Signer(Path("unused"))

    return signer


@pytest.fixture
def release(tmp_path: Path) -> Path:
    (tmp_path / "Release").write_text(TEXT)
    return tmp_path / "Release"


def refresh(tmp_path: Path, keys: dict[str, str], release: Path | None, needed: str | None) -> None:
    """Let a machine read the list that was fetched, of whose keyring the stranger is none."""
    machine = Machine(tmp_path / "machine")
    ours = [keys[name] for name in NAMES[:3]]
    ring = subprocess.run(["gpg", "--batch", "--export", *ours], check=True, capture_output=True).stdout
    machine.site.key.write_bytes(ring)
    if needed is not None:
        machine.site.signatures.write_text(needed)
    repository = Repository(machine.site, "file:/r")
    lists = machine.site.state / "apt/lists"
    if release is not None:
        shutil.copyfile(release.with_name("InRelease"), lists / "_r_dists_stable_InRelease")
    try:
        repository.refresh()
    finally:
        assert not (machine.site.state / "apt/signed").exists()
    assert release is None or (lists / "_r_dists_stable_InRelease").exists()


CASES = {
    "one, as it always was": (["rana"], None, None),
    "one is asked for": (["rana"], "1\n", None),
    "one of two": (["rana"], "2\n", "2 keys must sign their list, and 1 of ours did"),
    "two of two": (["rana", "samir"], "2\n", None),
    "three of two": (["rana", "samir", "huda"], "2\n", None),
    "one, twice": (["rana", "rana"], "2\n", "and 1 of ours did"),
    "one and a stranger": (["rana", "stranger"], "2\n", "and 1 of ours did"),
    "two of three": (["huda", "samir"], "3\n", "3 keys must sign their list, and 2 of ours did"),
    "no number": (["rana", "samir"], "two", "how many keys must sign, 1 to 9, is meant"),
    "none": (["rana", "samir"], "0", "how many keys must sign, 1 to 9, is meant"),
}


@pytest.mark.parametrize(("by", "needed", "refused"), CASES.values(), ids=CASES)
def test_as_many_of_our_keys_as_are_asked_for_must_have_signed(
    tmp_path: Path, keys: dict[str, str], signer_of: Signers, release: Path, by: list[str], needed: str | None,
    refused: str | None,
) -> None:  # fmt: skip
    signer_of(by[0]).sign(release)
    for name in by[1:]:
        signer_of(name).cosign(release)
    if refused is None:
        refresh(tmp_path, keys, release, needed)
        return
    with pytest.raises(Refused, match=refused):
        refresh(tmp_path, keys, release, needed)


def test_a_list_that_is_not_signed_in_itself_is_none_where_two_are_asked_for(
    tmp_path: Path, keys: dict[str, str]
) -> None:
    refresh(tmp_path / "one", keys, None, None)
    with pytest.raises(Refused, match="2 keys must sign their list, and 0 of ours did"):
        refresh(tmp_path / "two", keys, None, "2")


def test_what_apt_reads_is_believed_by_each_signature(
    keys: dict[str, str], signer_of: Signers, release: Path, tmp_path: Path
) -> None:
    signer_of("rana").sign(release)
    signer_of("samir").cosign(release)
    ring = tmp_path / "ring.gpg"
    ours = [keys["rana"], keys["samir"]]
    ring.write_bytes(subprocess.run(["gpg", "--batch", "--export", *ours], check=True, capture_output=True).stdout)
    for words in ([release.with_name("InRelease")], [release.with_name("Release.gpg"), release]):
        said = subprocess.run(
            ["gpgv", "--status-fd", "1", "--keyring", ring, *words], check=True, capture_output=True, text=True
        ).stdout
        assert {line.split()[2] for line in said.splitlines() if " VALIDSIG " in line} == set(ours)


def test_another_list_than_that_of_the_others_is_not_signed(signer_of: Signers, release: Path) -> None:
    with pytest.raises(BuildFailed, match="the first key signs"):
        signer_of("samir").cosign(release)
    signer_of("rana").sign(release)
    release.write_text(TEXT + "Date: later\n")
    before = release.with_name("InRelease").read_bytes()
    with pytest.raises(BuildFailed, match="for another list"):
        signer_of("samir").cosign(release)
    assert release.with_name("InRelease").read_bytes() == before, "what the others signed stays"


@pytest.mark.parametrize("needed", ["0", "3", "two"])
def test_no_more_signatures_are_asked_for_than_there_are_keys(
    keys: dict[str, str], signer_of: Signers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, needed: str
) -> None:
    signer = signer_of("rana")
    monkeypatch.setenv(signing.TRUSTED, f"{keys['rana']} {keys['samir']}")
    monkeypatch.setenv(signing.NEEDED, "2")
    signer.trusted_keys(tmp_path / "release.gpg")
    assert (tmp_path / "release.signatures").read_text() == "2\n"
    monkeypatch.setenv(signing.NEEDED, needed)
    with pytest.raises(BuildFailed, match="how many of the 2 trusted keys must sign is meant"):
        signer.trusted_keys(tmp_path / "release.gpg")
    monkeypatch.delenv(signing.TRUSTED)
    with pytest.raises(BuildFailed, match="names no keys"):
        signer.trusted_keys(tmp_path / "release.gpg")

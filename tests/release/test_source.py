"""What a build is made of: its version, its time, the files that git knows, and the words for its key."""

from collections.abc import Callable
from pathlib import Path

import pytest

from release import signing, source
from release.errors import BuildFailed
from tests.release.asked import Asked


def git_says(monkeypatch: pytest.MonkeyPatch, said: str | None) -> list[tuple[str, ...]]:
    asked: list[tuple[str, ...]] = []

    def git(*words: str) -> str:
        asked.append(words)
        if said is None:
            raise BuildFailed("git describe: no names found")
        return said

    monkeypatch.setattr(source, "_git", git)
    return asked


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("v1.2.0-0-gabc1234", "1.2.0"),
        ("v1.2.0-1-gabc1234", "1.2.0+1.gabc1234"),
        ("v1.2-17-gabc1234", "1.2+17.gabc1234"),
        (None, "0.9.1"),
    ],
)
def test_a_version_is_its_tag_and_how_far_it_is_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str | None, named: str
) -> None:
    monkeypatch.delenv("KIOSK_VERSION", raising=False)
    monkeypatch.setattr(source, "ROOT", tmp_path)
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "0.9.1"\n')
    asked = git_says(monkeypatch, said)
    assert source.version() == named
    assert asked == [("describe", "--tags", "--long", "--match", "v[0-9]*")]
    monkeypatch.setenv("KIOSK_VERSION", "3.0.1+local.2")
    assert source.version() == "3.0.1+local.2"
    assert len(asked) == 1, "what the surroundings say goes before"


def test_all_files_bear_the_time_of_the_commit_or_the_one_that_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    asked = git_says(monkeypatch, "1700000000")
    assert source.epoch() == 1_700_000_000
    assert asked == [("log", "-1", "--format=%ct")]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "5")
    assert source.epoch() == 5
    for wrong in ("-5", "5.0", "today"):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", wrong)
        with pytest.raises(BuildFailed, match=f'^SOURCE_DATE_EPOCH is "{wrong}": seconds since 1970 are meant$'):
            source.epoch()


def test_what_git_knows_is_copied_as_it_lies_there_with_the_version_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, target = tmp_path / "root", tmp_path / "tree"
    (root / "kiosk").mkdir(parents=True)
    target.mkdir()
    settings = '[project]\nname = "x"\nversion = "0.1"\n[tool]\nother = { version = "9" }\nversion = "2"\n'
    for name, text in (("pyproject.toml", settings), ("kiosk/a.py", "a"), ("kiosk/unknown.py", "u")):
        (root / name).write_text(text)
    (root / "kiosk/a.py").chmod(0o755)
    monkeypatch.setattr(source, "ROOT", root)
    asked = git_says(monkeypatch, "pyproject.toml\0kiosk/a.py\0kiosk/deleted.py\0kiosk\0")
    source.copy_tree(target, "1.2.0+3.g1")
    assert asked == [("ls-files", "-z", "--cached", "--others", "--exclude-standard")]
    assert sorted(str(one.relative_to(target)) for one in target.rglob("*")) == [
        "kiosk", "kiosk/a.py", "pyproject.toml",
    ]  # fmt: skip
    assert (target / "kiosk/a.py").stat().st_mode & 0o777 == 0o755
    assert (target / "pyproject.toml").read_text() == settings.replace('"0.1"', '"1.2.0+3.g1"')


def test_where_git_fails_its_own_words_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "ROOT", tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(
        BuildFailed, match=r"^git log: fatal: not a git repository.*: packages are built from a git che"
    ):
        source._git("log")
    said = source._git("--version")
    assert (said.startswith("git version "), said) == (True, said.strip())


@pytest.fixture
def gpg(monkeypatch: pytest.MonkeyPatch) -> Asked:
    found = Asked()
    monkeypatch.setattr(signing, "run", found.run)
    for name in (signing.SETTING, signing.TRUSTED):
        monkeypatch.delenv(name, raising=False)
    return found


def test_a_trials_key_is_made_once_and_signs_in_its_own_folder(tmp_path: Path, gpg: Asked) -> None:
    folder = tmp_path / "key"
    listed = "sec:u:255:22:AA:1::::\nfpr:::::::::FINGER:\nfpr:::::::::OTHER:\n"
    gpg.says = {"gpgconf": "/run/S.gpg-agent\n", "--list-secret-keys": listed}
    signer = signing.Signer(folder)
    make = (
        "gpg --batch --passphrase  --quick-generate-key Kiosk packages, made for a trial <demo@localhost> "
        "ed25519 sign never"
    )
    look = "gpg --batch --list-secret-keys --with-colons"
    assert gpg.lines == ["gpgconf --list-dirs agent-socket", make, look]
    assert (signer.is_demo, folder.stat().st_mode & 0o777) == (True, 0o700)
    (folder / "pubring.kbx").touch()
    gpg.lines.clear()
    signer = signing.Signer(folder)
    release = tmp_path / "Release"
    for name in ("InRelease", "Release.gpg", "public"):
        (tmp_path / name).write_text("of before")
    signer.sign(release)
    signer.public_key(tmp_path / "public")
    sign = "gpg --batch --yes --armor --local-user FINGER --digest-algo SHA512 --output"
    assert gpg.lines == [
        "gpgconf --list-dirs agent-socket",
        look,
        f"{sign} {tmp_path}/InRelease --clearsign {release}",
        f"{sign} {tmp_path}/Release.gpg --detach-sign {release}",
        f"gpg --batch --output {tmp_path}/public --export FINGER",
    ]
    assert not any((tmp_path / name).exists() for name in ("InRelease", "Release.gpg", "public"))
    assert gpg.extra == [{"GNUPGHOME": str(folder)}] * 8


def test_the_key_of_a_release_stays_in_the_keyring_of_who_signs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gpg: Asked
) -> None:
    monkeypatch.setenv(signing.SETTING, "REAL")
    monkeypatch.setattr("release.signing.shutil.which", lambda _: "/usr/bin/gpg")
    with pytest.raises(BuildFailed, match=r"^KIOSK_SIGNING_KEY names REAL, and gpg has no such secret key$"):
        signing.Signer(tmp_path / "key")
    gpg.says = {"--list-secret-keys": "sec:u\n"}
    signer = signing.Signer(tmp_path / "key")
    signer.public_key(tmp_path / "public")
    assert (signer.is_demo, gpg.extra[-1], (tmp_path / "key").exists()) == (False, {}, False)
    assert gpg.lines[-1] == f"gpg --batch --output {tmp_path}/public --export REAL"
    monkeypatch.setattr("release.signing.shutil.which", lambda _: None)
    with pytest.raises(BuildFailed, match="gpg has no such secret key"):
        signing.Signer(tmp_path / "key")


@pytest.mark.parametrize(("over", "is_refused"), [(0, False), (1, True)])
def test_gnupgs_agent_listens_in_a_path_of_so_many_bytes(
    tmp_path: Path, gpg: Asked, over: int, is_refused: bool
) -> None:
    made: Callable[[], signing.Signer] = lambda: signing.Signer(tmp_path / "key")  # noqa: E731
    socket = "/" + "a" * (107 - len(".browser") - 2 + over)
    gpg.says = {"gpgconf": f"{socket}%20\n", "--list-secret-keys": "fpr:::::::::FINGER:\n"}
    if not is_refused:
        assert made().is_demo
        return
    with pytest.raises(BuildFailed, match="its path is 1 bytes too long for GnuPG's agent"):
        made()

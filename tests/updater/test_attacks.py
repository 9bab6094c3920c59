"""What somebody could try on the way of an update: code in the current folder, links in the kiosk's own folder."""

import os
import pwd
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from updater import doctor
from updater.errors import Refused
from updater.packages import Repository
from updater.site import Site

ROOT = Path(__file__).parents[2]
ALL = ("accepted", "save", "restore", "rehearse", "tidy")


def test_nothing_in_the_current_folder_or_the_surroundings_is_run(tmp_path: Path) -> None:
    tools = tmp_path / "lib"
    shutil.copytree(ROOT / "updater", tools / "updater")
    launcher = (ROOT / "deploy/kiosk-update").read_text().replace("/usr/lib/kiosk", str(tools))
    (tmp_path / "kiosk-update").write_text(launcher)
    (tmp_path / "kiosk-update").chmod(0o755)
    here = tmp_path / "here"
    here.mkdir()
    for name in ("sqlite3", "argparse", "json", "updater", "sitecustomize"):
        (here / f"{name}.py").write_text(f"open({str(tmp_path / 'taken')!r}, 'w')\nraise SystemExit(7)\n")
    done = subprocess.run(
        [tmp_path / "kiosk-update", "--help"],
        cwd=here,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(here)},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert done.returncode == 0, done.stderr
    assert "--back" in done.stdout
    assert not (tmp_path / "taken").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
@pytest.mark.parametrize("planted", ["store.db.restored", "update/saved.new", "store.db", "update", "update/rehearsal"])
def test_a_link_in_the_kiosks_folder_leads_root_nowhere(planted: str) -> None:
    # Not under pytest's own folder: another user may not look into that.
    folder = Path(subprocess.check_output(["mktemp", "-d", "/tmp/kiosk-attack-XXXXXX"], text=True).strip())
    try:
        folder.chmod(0o755)
        precious = folder / "precious"
        precious.mkdir(mode=0o700)
        (precious / "shadow").write_text("root's own")
        before = (precious / "shadow").stat()
        data = folder / "data"
        (data / "update").mkdir(parents=True)
        (data / "update/saved.db").write_bytes(b"SQLite format 3\0")
        if planted == "update":
            shutil.rmtree(data / "update")
        (data / planted).symlink_to(precious if planted.startswith("update") else precious / "shadow")
        nobody = pwd.getpwnam("nobody")
        for path in (data, data / "update"):
            os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
        shutil.copytree(ROOT / "updater", folder / "updater")
        site = Site(folder, folder / "state", data, folder, "nobody")
        monkey = pytest.MonkeyPatch()
        monkey.setattr(doctor, "_PROGRAM", folder / "updater/store_copy.py")
        for what in ALL:
            try:
                doctor.ask(site, what)  # type: ignore[arg-type]
            except Refused:
                continue
        monkey.undo()
        after = (precious / "shadow").stat()
        assert (precious / "shadow").read_text() == "root's own"
        assert (after.st_uid, after.st_mode, after.st_mtime_ns) == (before.st_uid, before.st_mode, before.st_mtime_ns)
        assert [path.name for path in precious.iterdir()] == ["shadow"]
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize(
    "url", ["", "http://x/packages", "https://x y", "https://x/] deb [trusted=yes] http://y", "file:/a\nb", "ftp://x"]
)
def test_a_place_of_packages_that_could_say_more_than_a_place_is_refused(url: str, tmp_path: Path) -> None:
    (tmp_path / "release.gpg").write_text("key")
    with pytest.raises(Refused, match="is no place of packages"):
        Repository(replace(Site.of("kiosk"), state=tmp_path, etc=tmp_path), url)


@pytest.mark.parametrize(("url", "checked"), [("https://central.example/packages", "true"), ("file:/mnt/r", "false")])
def test_an_old_list_is_believed_from_a_stick_alone(tmp_path: Path, url: str, checked: str) -> None:
    (tmp_path / "release.gpg").touch()
    Repository(replace(Site.of("kiosk"), state=tmp_path, etc=tmp_path), url)
    said = (tmp_path / "apt/apt.conf").read_text()
    assert f'Acquire::Check-Valid-Until "{checked}";' in said
    assert 'Acquire::Check-Date "true";' in said

"""The update script on a made-up machine: what systemd, pip and the kiosk's doctor say is given by the test."""

import os
import sqlite3
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "deploy" / "kiosk-update"

# Makes an environment without an index: a pip that does nothing and a kiosk that says what the test wrote down.
FAKE_PYTHON = """#!/bin/sh
if [ "$1 $2" = "-m venv" ]; then
    mkdir -p "$3/bin"
    printf '#!/bin/sh\\nexit 0\\n' > "$3/bin/pip"
    cp "{kiosk}" "$3/bin/kiosk"
    chmod +x "$3/bin/pip" "$3/bin/kiosk"
    exit 0
fi
exec "{python}" "$@"
"""
FAKE_KIOSK = """#!/bin/sh
version=$(basename "$(dirname "$(dirname "$(readlink -f "$(dirname "$0")")")")")
[ -f "{root}/migrates-$version" ] && "{python}" -c "
import sqlite3
with sqlite3.connect('{data}/store.db') as store:
    store.execute('UPDATE store SET revision = 2')
"
[ -f "{root}/cut-$version" ] && rm "{root}/cut-$version" && kill -9 0
[ -f "{root}/breaks-$version" ] && verdict=problem || verdict=ok
if [ -f "{root}/old-$version" ] && [ "$("{python}" -c "
import sqlite3
print(sqlite3.connect('{data}/store.db').execute('SELECT revision FROM store').fetchone()[0])")" = 2 ]; then
    verdict=problem
fi
printf '{{"check": "store", "verdict": "%s", "found": "x", "todo": "y"}}\\n' $verdict
printf '{{"check": "printer", "verdict": "problem", "found": "no paper", "todo": "put a roll in"}}\\n'
"""


class Site:
    """One machine with the script, its services and its store."""

    def __init__(self, root: Path) -> None:
        self.root = root / "opt"
        self.data = root / "var"
        self.calls = root / "systemctl.log"
        tools = root / "bin"
        for folder in (self.root / "releases", self.data, tools):
            folder.mkdir(parents=True)
        values = {"python": sys.executable, "root": self.root, "data": self.data, "kiosk": root / "kiosk"}
        (root / "kiosk").write_text(FAKE_KIOSK.format(**values))
        self._tool(root / "python", FAKE_PYTHON.format(**values))
        self.tools = tools
        self.tool("systemctl", f'#!/bin/sh\necho "$@" >> {self.calls}\n')
        self.environment = {
            "PATH": f"{tools}:{os.environ['PATH']}",
            "KIOSK_ROOT": str(self.root),
            "KIOSK_DATA": str(self.data),
            "KIOSK_USER": subprocess.check_output(["id", "-un"], text=True).strip(),
            "KIOSK_PYTHON": str(root / "python"),
            "KIOSK_CONFIG": str(root / "kiosk.toml"),
        }
        with sqlite3.connect(self.data / "store.db") as store:
            store.execute("CREATE TABLE store (epoch, head_seq, head_hash, revision)")
            store.execute("INSERT INTO store VALUES ('e', 7, 'h7', 1)")
        store.close()

    def tool(self, name: str, text: str) -> None:
        """Put a made-up program before the system's own."""
        self._tool(self.tools / name, text)

    def _tool(self, path: Path, text: str) -> None:
        path.write_text(text)
        path.chmod(0o755)

    def release(self, version: str) -> Path:
        folder = self.root.parent / f"kiosk-{version}"
        folder.mkdir()
        (folder / "pyproject.toml").write_text(f'[project]\nname = "homs-kiosk"\nversion = "{version}"\n')
        (folder / "requirements.lock").write_text("")
        path = self.root.parent / f"{version}.tar.gz"
        with tarfile.open(path, "w:gz") as archive:
            archive.add(folder, folder.name)
        return path

    def update(self, *words: object) -> subprocess.CompletedProcess[str]:
        command = [str(SCRIPT), *map(str, words)]
        return subprocess.run(
            command,
            env=self.environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=50,
            start_new_session=True,  # what is cut is the script and all it started, not the test
        )

    def mark(self, name: str) -> None:
        (self.root / name).touch()

    def accept_one(self) -> None:
        with sqlite3.connect(self.data / "store.db") as store:
            store.execute("UPDATE store SET head_seq = head_seq + 1, head_hash = 'h8'")
        store.close()

    @property
    def current(self) -> str:
        return (self.root / "current").resolve().name

    @property
    def head(self) -> tuple[int, int]:
        with sqlite3.connect(self.data / "store.db") as store:
            found: tuple[int, int] = store.execute("SELECT head_seq, revision FROM store").fetchone()
        store.close()
        return found

    @property
    def serves(self) -> bool:
        return self.calls.read_text().splitlines()[-1].startswith("start kiosk.service")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_the_first_release_is_installed_without_a_doctor_and_starts_nothing(site: Site) -> None:
    site.mark("breaks-1.0.0")
    done = site.update(site.release("1.0.0"))
    assert (done.returncode, site.current) == (0, "1.0.0"), done.stderr
    assert "Enrol" in done.stderr
    assert not site.calls.exists()


def test_a_new_version_stands_beside_the_old_and_one_command_goes_back(site: Site) -> None:
    assert site.update(site.release("1.0.0")).returncode == 0
    done = site.update(site.release("1.1.0"))
    assert (done.returncode, site.current) == (0, "1.1.0"), done.stderr
    assert (site.root / "releases/1.0.0/venv").is_dir()
    # A printer without paper is told and keeps no version out.
    assert "no paper" in done.stderr
    site.accept_one()
    done = site.update("--back")
    assert (done.returncode, site.current, site.head) == (0, "1.0.0", (8, 1)), done.stderr
    assert site.serves


def test_a_version_that_the_doctor_refuses_leaves_program_and_store_as_they_were(site: Site) -> None:
    assert site.update(site.release("1.0.0")).returncode == 0
    site.mark("migrates-1.1.0")
    site.mark("breaks-1.1.0")
    done = site.update(site.release("1.1.0"))
    assert (done.returncode, site.current, site.head) == (1, "1.0.0", (7, 1)), done.stderr
    assert not (site.root / "releases/1.1.0").exists()
    assert site.serves


def test_going_back_over_a_migration_restores_the_store_only_if_nothing_is_lost(site: Site) -> None:
    site.mark("old-1.0.0")
    site.mark("migrates-1.1.0")
    assert site.update(site.release("1.0.0")).returncode == 0
    assert site.update(site.release("1.1.0")).returncode == 0
    assert site.head == (7, 2)
    site.accept_one()
    done = site.update("--back")
    assert (done.returncode, site.current, site.head) == (1, "1.1.0", (8, 2)), done.stderr
    assert "nothing is lost" in done.stderr
    assert site.serves


def test_going_back_at_once_over_a_migration_brings_the_saved_store(site: Site) -> None:
    site.mark("old-1.0.0")
    site.mark("migrates-1.1.0")
    assert site.update(site.release("1.0.0")).returncode == 0
    assert site.update(site.release("1.1.0")).returncode == 0
    done = site.update("--back")
    assert (done.returncode, site.current, site.head) == (0, "1.0.0", (7, 1)), done.stderr


def test_wrong_use_is_said_and_changes_nothing(site: Site) -> None:
    assert site.update().returncode == 2
    assert site.update("missing.tar.gz").returncode == 1
    assert site.update("--back").returncode == 1
    assert not site.calls.exists()
    assert site.update(site.release("1.0.0")).returncode == 0
    again = site.update(site.root.parent / "1.0.0.tar.gz")
    assert (again.returncode, site.current) == (1, "1.0.0")
    assert "in service already" in again.stderr


def test_a_version_that_was_gone_back_from_can_be_taken_again(site: Site) -> None:
    assert site.update(site.release("1.0.0")).returncode == 0
    newer = site.release("1.1.0")
    assert site.update(newer).returncode == 0
    assert site.update("--back").returncode == 0
    done = site.update(newer)
    assert (done.returncode, site.current) == (0, "1.1.0"), done.stderr


def test_a_power_cut_after_the_migration_costs_neither_the_update_nor_the_way_back(site: Site) -> None:
    site.mark("old-1.0.0")
    site.mark("migrates-1.1.0")
    assert site.update(site.release("1.0.0")).returncode == 0
    site.mark("cut-1.1.0")
    newer = site.release("1.1.0")
    assert site.update(newer).returncode < 0
    assert (site.current, site.head) == ("1.0.0", (7, 2))
    done = site.update(newer)
    assert (done.returncode, site.current) == (0, "1.1.0"), done.stderr
    done = site.update("--back")
    assert (done.returncode, site.current, site.head) == (0, "1.0.0", (7, 1)), done.stderr


def test_whatever_fails_while_the_kiosk_is_stopped_it_serves_again(site: Site) -> None:
    assert site.update(site.release("1.0.0")).returncode == 0
    (site.data / "store.db").write_bytes(b"no store any more" * 300)
    done = site.update(site.release("1.1.0"))
    assert (done.returncode, site.current) == (1, "1.0.0"), done.stderr
    assert site.serves


def test_all_of_a_version_is_on_the_disk_before_a_power_cut_can_start_it(site: Site) -> None:
    site.update(site.release("1.0.0"))
    synced = site.root.parent / "sync.log"
    site.tool("sync", f'#!/bin/sh\necho "$@" "$(readlink {site.root}/current)" >> {synced}\n')
    assert site.update(site.release("1.1.0")).returncode == 0
    releases, saved = site.root / "releases", site.root / "saved"
    lines = synced.read_text().splitlines()
    assert f"-f {releases}/1.1.0 {releases}/1.0.0" in lines, "the link was moved before the files were on the disk"
    for word in ("accepted", "previous"):
        assert f"{saved}/{word}.new {releases}/1.0.0" in lines
        assert (saved / word).read_text().strip()

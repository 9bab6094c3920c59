"""`deploy/set-up.sh` in a project of its own: an environment that is not whole, or was moved, is made again."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "deploy/set-up.sh"
# The smallest project that pip installs without fetching anything: its wheel holds nothing but its name.
PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "small"
version = "1"
"""
BACKEND = """
import zipfile
def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "small-1-py3-none-any.whl"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as wheel:
        wheel.writestr("small-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: small\\nVersion: 1\\n")
        wheel.writestr("small-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("small-1.dist-info/RECORD", "")
    return name
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "deploy").mkdir(parents=True)
    shutil.copy(SCRIPT, folder / "deploy")
    (folder / "pyproject.toml").write_text(PROJECT)
    (folder / "backend.py").write_text(BACKEND)
    (folder / "requirements-dev.lock").write_text("# all that tests need\n")
    (folder / "requirements-demo.lock").write_text("# nothing\n")
    return folder


def set_up(project: Path, *words: str) -> str:
    """Run it; return what it said of the environment."""
    command = ["sh", str(project / "deploy/set-up.sh"), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=110)
    assert done.returncode == 0, done.stderr
    assert (project / ".venv/installed").exists()
    return "\n".join(line for line in done.stderr.splitlines() if "environment" in line)


def test_an_environment_that_is_not_whole_is_made_anew(project: Path) -> None:
    (project / ".venv/bin").mkdir(parents=True)
    (project / ".venv/bin/python").symlink_to("/usr/bin/python3.13")  # where Ctrl+C leaves it in the first seconds
    (project / ".venv/pyvenv.cfg").write_text("home = /usr/bin\ninclude-system-site-packages = false\n")
    assert "not whole" in set_up(project)
    assert set_up(project) == ""


def test_what_running_needs_comes_first_and_is_part_of_what_testing_needs(project: Path) -> None:
    set_up(project, "run")
    to_run = (project / ".venv/installed").read_text()
    set_up(project)
    all_of_it = (project / ".venv/installed").read_text()
    assert to_run != all_of_it
    set_up(project, "run")
    assert (project / ".venv/installed").read_text() == all_of_it


def test_a_checkout_that_was_moved_gets_its_own(project: Path) -> None:
    assert set_up(project) == ""
    moved = project.rename(project.with_name("moved"))
    assert "was moved" in set_up(moved)
    assert (moved / ".venv/place").read_text().strip() == str(moved)


def test_without_a_network_it_says_what_the_first_start_needs(project: Path) -> None:
    (project / "requirements-dev.lock").write_text(f"no-such-thing==1 --hash=sha256:{'0' * 64}\n")
    done = subprocess.run(
        ["sh", str(project / "deploy/set-up.sh")],
        env={**os.environ, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": ""},
        capture_output=True, text=True, check=False, timeout=110,
    )  # fmt: skip
    assert done.returncode == 1
    assert "the first start needs a network" in done.stderr
    assert not (project / ".venv/installed").exists()


def test_who_may_not_install_packages_is_told_the_line_for_an_administrator(project: Path, tmp_path: Path) -> None:
    for name, says in (("id", "echo 1000"), ("dpkg-query", "exit 1"), ("sudo", "exit 1")):  # sudo asks for a password
        (tmp_path / name).write_text(f"#!/bin/sh\n{says}\n")
        (tmp_path / name).chmod(0o755)
    done = subprocess.run(
        ["sh", str(project / "deploy/set-up.sh")],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True, text=True, check=False, timeout=110,
    )  # fmt: skip
    assert done.returncode == 1
    assert "sudo apt-get update && sudo apt-get install -y --no-install-recommends python3 " in done.stderr
    assert not (project / ".venv").exists()


APT_ALONE = SCRIPT.parent / "apt-alone"
LOCKED = "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 17 (apt-get)"


def apt_alone(folder: Path, apt: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run it with an apt of this text, and a sleep that takes no time."""
    for name, says in (("apt-get", apt), ("sleep", "exit 0")):
        (folder / name).write_text(f"#!/bin/sh\ncd {folder}\n{says}\n")
        (folder / name).chmod(0o755)
    path = f"{folder}:{os.environ['PATH']}"
    return subprocess.run(
        [APT_ALONE, "update", "-q"],
        env={**os.environ, "PATH": path, **env},
        capture_output=True,
        text=True,
        check=False,
    )


def test_another_apt_is_waited_for_and_that_is_said_once(tmp_path: Path) -> None:
    thrice = f'echo x >>tries; [ $(wc -l <tries) -gt 3 ] && echo "$@" >words && exit 0; echo "{LOCKED}" >&2; exit 100'
    done = apt_alone(tmp_path, thrice)
    assert done.returncode == 0
    assert done.stderr.count("Another apt is at work; this waits for it, up to 5 minutes.") == 1
    assert "held by process 17" in done.stderr
    assert (tmp_path / "words").read_text().split() == ["-o", "DPkg::Lock::Timeout=300", "update", "-q"]
    assert len((tmp_path / "tries").read_text().splitlines()) == 4


def test_an_apt_that_never_ends_is_given_up_with_its_own_last_word(tmp_path: Path) -> None:
    done = apt_alone(tmp_path, f'echo x >>tries; echo "{LOCKED}" >&2; exit 100', APT_WAIT_S="60")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (100, LOCKED)
    assert len((tmp_path / "tries").read_text().splitlines()) == 31, "each two seconds of a minute, and at its end"


def test_what_is_no_lock_is_not_waited_for(tmp_path: Path) -> None:
    done = apt_alone(tmp_path, 'echo x >>tries; echo "E: Unable to locate package hello" >&2; exit 100')
    assert (done.returncode, done.stderr.strip()) == (100, "E: Unable to locate package hello")
    assert (tmp_path / "tries").read_text() == "x\n"

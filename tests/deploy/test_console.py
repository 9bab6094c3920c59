"""The commands as they are typed on the console of an installed machine: whose they are, and with which settings."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"


@pytest.mark.parametrize("typed", [["doctor"], ["outbox", "list", "--all"], ["--help"], []])
@pytest.mark.parametrize("program", ["kiosk", "hub"])
def test_commands_run_as_their_user_with_the_machines_settings(program: str, typed: list[str], tmp_path: Path) -> None:
    told = " ".join([f"/opt/{program}/current/bin/{program}", *typed])
    setting = f"{program.upper()}_CONFIG=/etc/{program}/{program}.toml"
    assert _typed(program, typed, tmp_path) == f"-u {program} -- env {setting} {told}\n"


def test_central_runs_as_its_user_on_its_database(tmp_path: Path) -> None:
    # Each setting that the example names, also those that it leaves out.
    example = (DEPLOY / "central.env.example").read_text()
    wanted = dict(re.findall(r"^#?(CENTRAL_[A-Z_]+)=(.*)$", example, re.MULTILINE))
    assert len(wanted) >= 5
    (tmp_path / "central.env").write_text("".join(f"{name}={value}\n" for name, value in wanted.items()))
    (tmp_path / "central").write_text((DEPLOY / "central").read_text().replace("/etc/central", str(tmp_path)))
    told = _typed("central", ["technician", "سامر ديب", "--role", "manager"], tmp_path, tmp_path / "central")
    assert told == "-u central -- /opt/central/current/bin/central technician سامر ديب --role manager\n"
    surroundings = dict(
        line.split("=", 1)
        for line in (tmp_path / "surroundings").read_text().splitlines()
        if line.startswith("CENTRAL")
    )
    assert surroundings == wanted | {"CENTRAL_DATA": "/var/lib/central"}
    assert wanted["CENTRAL_DATABASE"] == "postgresql:///central?host=/run/postgresql"


def test_central_reads_and_writes_what_lies_in_roots_own_folder(tmp_path: Path) -> None:
    home, tools = tmp_path / "root's home", tmp_path / "tools"
    home.mkdir()
    tools.mkdir()
    settings = (DEPLOY / "central").read_text().replace("/etc/central/central.env", str(DEPLOY / "central.env.example"))
    (tmp_path / "central").write_text(settings)
    # Central's user sees its own folder alone, and says where it is.
    (tools / "runuser").write_text(
        '#!/bin/sh\nshift 4\n[ "$1" = import ] && exit 3\ncat "$3"\ntest -O . && echo made >"${5#*=}"\necho "$@"\n'
    )
    (tools / "chown").write_text("#!/bin/sh\n")
    for tool in tools.iterdir():
        tool.chmod(0o755)
    (home / "centres.csv").write_text("code,name_ar\n")
    (home / "add").write_text("a file of the subcommand's name")

    def typed(*words: str) -> "subprocess.CompletedProcess[str]":
        surroundings = {"PATH": f"{tools}:{os.environ['PATH']}", "TMPDIR": str(tmp_path)}
        command = ["/bin/sh", str(tmp_path / "central"), *words]
        return subprocess.run(
            command, cwd=home, env=surroundings, capture_output=True, text=True, check=False, timeout=20
        )

    done = typed("centres", "add", f"{home}/centres.csv", "--sheets", "sheets.html")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "code,name_ar\ncentres add centres.csv --sheets sheets.html\n"
    assert (home / "sheets.html").read_text() == "made\n"
    assert (home / "sheets.html").stat().st_mode & 0o777 == 0o600
    (home / "tables").mkdir()
    done = typed("centres", "add", "centres.csv", "--json", "--sheets=tables/of 2026.html")
    assert (done.stderr, done.stdout.splitlines()[1]) == ("", "centres add centres.csv --json --sheets=of 2026.html")
    assert (home / "tables/of 2026.html").read_text() == "made\n"
    (home / "sheets.html").write_text("the only codes")
    (tools / "runuser").write_text('#!/bin/sh\ngrep -q "only codes" sheets.html && exit 4\n')
    assert typed("centres", "add", "centres.csv", "--sheets", "sheets.html").returncode == 4, "central sees it"
    assert (home / "sheets.html").read_text() == "the only codes"
    (tools / "runuser").write_text("#!/bin/sh\nexit 3\n")
    assert typed("import", "centres.csv").returncode == 3
    assert {path.name for path in tmp_path.iterdir()} == {home.name, "tools", "central"}, "nothing is left behind"


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [(["--help"], 0, ""), (["--version"], 0, ""), ([], 0, ""), (["kiosks"], 1, "central.env can't be read")],
)
def test_central_says_what_it_is_before_it_is_set_up(typed: list[str], status: int, said: str, tmp_path: Path) -> None:
    script = (DEPLOY / "central").read_text().replace("/opt/central/current/bin/central", "true")
    (tmp_path / "central").write_text(script.replace("/etc/central", str(tmp_path)))
    done = subprocess.run(["/bin/sh", str(tmp_path / "central"), *typed], capture_output=True, text=True, check=False)
    assert (done.returncode, said in done.stderr) == (status, True)


@pytest.mark.parametrize(("runs", "words", "status"), [(0, "", 1), (3, "", 0), (0, "--help", 0)])
def test_a_copy_is_not_brought_back_under_a_central_that_runs(
    runs: int, words: str, status: int, tmp_path: Path
) -> None:
    script = (DEPLOY / "central").read_text().replace("/etc/central/central.env", str(DEPLOY / "central.env.example"))
    (tmp_path / "central").write_text(script)
    (tmp_path / "systemctl").write_text(f"#!/bin/sh\nexit {runs}\n")
    (tmp_path / "runuser").write_text("#!/bin/sh\nexit 0\n")
    for tool in tmp_path.iterdir():
        tool.chmod(0o755)
    command = ["/bin/sh", str(tmp_path / "central"), "bring-back", "/var/backups/central", *words.split()]
    path = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(command, env=path, capture_output=True, text=True, check=False, timeout=20)
    assert (done.returncode, "systemctl stop 'central@*'" in done.stderr) == (status, status == 1)


@pytest.mark.parametrize(("program", "units"), [("kiosk", "kiosk kiosk-forward"), ("hub", "hub hub-forward")])
def test_what_runs_is_started_again_once_it_is_enrolled(program: str, units: str, tmp_path: Path) -> None:
    (tmp_path / "runuser").write_text('#!/bin/sh\necho "$@" | grep -q refused && exit 1\nexit 0\n')
    (tmp_path / "systemctl").write_text('#!/bin/sh\necho "$@"\n')
    for tool in tmp_path.iterdir():
        tool.chmod(0o755)

    def typed(*words: str) -> tuple[int, str]:
        command, path = ["/bin/sh", str(DEPLOY / program), *words], f"{tmp_path}:{os.environ['PATH']}"
        done = subprocess.run(command, env={"PATH": path}, capture_output=True, text=True, check=False, timeout=20)
        return done.returncode, done.stdout.strip()

    assert typed("enrol", "--central", "https://central.example", "--code", "C") == (0, f"try-restart {units}")
    assert typed("enrol", "--code", "refused") == (1, "")
    assert typed("enrol", "--help") == typed("doctor") == (0, "")


@pytest.mark.parametrize("in_service", [True, False])
def test_a_set_up_that_was_refused_starts_again_what_served(in_service: bool, tmp_path: Path) -> None:
    tools, settings = tmp_path / "tools", tmp_path / "etc"
    settings.mkdir()
    if in_service:
        (settings / "kiosk.toml").touch()
    tools.mkdir()
    said = tmp_path / "said"
    stubs = {"id": "echo 0", "install": "", "systemd-analyze": "exit 1", "runuser": "exit 3"}
    for name, line in (stubs | {"systemctl": f'echo "$@" >>{said}'}).items():
        (tools / name).write_text(f"#!/bin/sh\n{line}\n")
        (tools / name).chmod(0o755)
    (tmp_path / "run").mkdir()
    script = (DEPLOY / "kiosk-setup").read_text().replace("/etc/kiosk", str(settings))
    script = script.replace("work=/run/kiosk-setup", f"work={tmp_path}/run/work; mkdir -p $work").replace(
        'rm -rf "$work"\ninstall', "install"
    )
    path = {"PATH": f"{tools}:{os.environ['PATH']}"}
    done = subprocess.run(["/bin/sh", "-c", script], env=path, capture_output=True, text=True, check=False, timeout=20)
    assert done.returncode == 3, done.stderr
    started = [line for line in said.read_text().splitlines() if line.startswith("start")]
    assert started == ["start --no-block kiosk kiosk-forward"] * in_service
    assert list((tmp_path / "run").iterdir()) == []


def test_set_up_says_how_it_is_typed() -> None:
    done = subprocess.run(
        ["/bin/sh", str(DEPLOY / "kiosk-setup"), "--help"], capture_output=True, text=True, check=False, timeout=20
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "kiosk-setup [CODE]" in done.stdout


@pytest.mark.parametrize(
    ("program", "surroundings"),
    [("kiosk", {"KIOSK_CONFIG": "missing.toml"}), ("hub", {"HUB_CONFIG": "missing.toml"})],
)
def test_settings_may_come_by_the_surroundings(program: str, surroundings: dict[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", program, "doctor", "--json"]
    home = {"PATH": os.environ["PATH"], "KIVY_HOME": str(tmp_path), "PYTHONPATH": str(DEPLOY.parent)}
    done = subprocess.run(
        command, cwd=tmp_path, env=home | surroundings, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 1
    assert "missing.toml" in done.stdout


def _typed(command: str, words: list[str], tmp_path: Path, script: Path | None = None) -> str:
    """Return what runuser(1) is asked for."""
    tool = tmp_path / "runuser"
    tool.write_text(f'#!/bin/sh\nenv >"{tmp_path}/surroundings"\necho "$@"\n')
    tool.chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", str(script or DEPLOY / command), *words],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    )
    return done.stdout


@pytest.mark.parametrize("program", ["kiosk", "hub", "central"])
def test_each_program_says_its_version_and_its_help(program: str, tmp_path: Path) -> None:
    home = {"PATH": os.environ["PATH"], "KIVY_HOME": str(tmp_path), "PYTHONPATH": str(DEPLOY.parent)}
    for word, said in (("--version", f"{program} 1."), ("--help", "Usage")):
        done = subprocess.run(
            [sys.executable, "-m", program, word], env=home, capture_output=True, text=True, check=False, timeout=60
        )
        assert (done.returncode, said in done.stdout) == (0, True), done.stderr

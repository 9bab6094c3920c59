"""The commands as they are typed on the console of an installed machine: whose they are, and with which settings."""

import os
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["doctor"], "doctor --config /etc/kiosk/kiosk.toml"),
        (["outbox", "list", "--all"], "outbox list --all --config /etc/kiosk/kiosk.toml"),
        (["doctor", "--config", "other.toml"], "doctor --config other.toml"),
        (["doctor", "--config=other.toml"], "doctor --config=other.toml"),
    ],
)
def test_kiosk_runs_as_its_user_with_its_settings(typed: list[str], said: str, tmp_path: Path) -> None:
    assert _typed("kiosk", typed, tmp_path) == f"-u kiosk -- /opt/kiosk/current/bin/kiosk {said}\n"


def test_central_runs_as_its_user_on_its_database(tmp_path: Path) -> None:
    script = (
        (DEPLOY / "central")
        .read_text()
        .replace("/etc/central", str(DEPLOY))
        .replace("central.env", "central.env.example")
    )
    (tmp_path / "central").write_text(script)
    told = _typed("central", ["technician", "سامر ديب", "--role", "manager"], tmp_path, tmp_path / "central")
    assert told == (
        "-u central -- /opt/central/current/bin/central technician سامر ديب --role manager "
        "--data /var/lib/central --database postgresql:///central?host=/run/postgresql\n"
    )


def _typed(command: str, words: list[str], tmp_path: Path, script: Path | None = None) -> str:
    """Return what runuser(1) is asked for."""
    tool = tmp_path / "runuser"
    tool.write_text('#!/bin/sh\necho "$@"\n')
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

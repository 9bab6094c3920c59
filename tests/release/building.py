"""Packages as `make packages` builds them, and what a machine to install them on needs here."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def need_machines() -> None:
    """Fail with a sentence where no machine can be made and booted."""
    if os.geteuid() != 0:
        pytest.fail("machines are made and booted by root only: sudo make proofs")
    if not (shutil.which("mmdebstrap") and shutil.which("systemd-nspawn")):
        pytest.fail("what makes and boots a machine is missing: deploy/set-up.sh packages")


def build(part: str, version: str, into: Path, *, also: Path | None = None) -> None:
    """Build the packages of one program and a repository of them, and of those that lie in `also`."""
    earlier = () if also is None else ("--also", str(also))
    run_module("release", "--only", part, "--into", str(into), *earlier, KIOSK_VERSION=version)


def run_module(module: str, *words: str, **settings: str) -> None:
    """Run a module of ours to its end."""
    command = [sys.executable, "-m", module, *words]
    done = subprocess.run(
        command, env={**os.environ, **settings}, capture_output=True, text=True, check=False, timeout=400
    )
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"

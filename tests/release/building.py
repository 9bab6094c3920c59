"""Packages as `make packages` builds them, and what a machine to install them on needs here."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest


def need_machines() -> None:
    """Fail with a sentence where no machine can be made and booted."""
    if os.geteuid() != 0:
        pytest.fail("machines are made and booted by root only: sudo make proofs")
    if not (shutil.which("mmdebstrap") and shutil.which("systemd-nspawn")):
        pytest.fail("what makes and boots a machine is missing: deploy/set-up.sh packages")


def build(part: str, version: str, into: Path, *, also: Path | None = None, **settings: str) -> None:
    """Build the packages of one program and a repository of them, and of those that lie in `also`."""
    earlier = () if also is None else ("--also", str(also))
    run_module("release", "--only", part, "--into", str(into), *earlier, KIOSK_VERSION=version, **settings)


def spoil(good: Path, version: str, bad: str, into: Path) -> None:
    """Make packages of a version whose screen never comes: of a good one in `good`, with its doctor and all else."""
    into.mkdir()
    for name in (f"homs-kiosk-{version}", "homs-kiosk"):
        (package,) = good.glob(f"{name}_{version}_*.deb")
        stage = into / name
        subprocess.run(["dpkg-deb", "-R", package, stage], check=True)
        for script in (stage / "DEBIAN").iterdir():
            script.write_text(script.read_text().replace(version, bad))
        release = stage / "opt/kiosk/releases" / version
        if release.exists():
            units = release / "systemd"
            kept = stage / "systemd"
            units.rename(kept)
            shutil.rmtree(release)
            release = release.with_name(bad)
            (release / "bin").mkdir(parents=True)
            kept.rename(release / "systemd")
            program = release / "bin/kiosk"
            whole = f"/opt/kiosk/releases/{version}/bin/kiosk"
            program.write_text(f'#!/bin/sh\n[ "$1" = run ] && exit 1\nexec {whole} "$@"\n')
            program.chmod(0o755)
            (stage / "DEBIAN/md5sums").unlink()
            shutil.rmtree(stage / f"usr/share/doc/{name}")  # of the good one's own name, which stays installed
        subprocess.run(["dpkg-deb", "--root-owner-group", "--build", stage, into], check=True, capture_output=True)
        shutil.rmtree(stage)


def small_package(name: str, version: str, into: Path, files: Mapping[str, str] | None = None) -> Path:
    """Build a package with these files in it, or with nothing."""
    stage = into / f"{name}-{version}"
    for path, text in (files or {}).items():
        (stage / path).parent.mkdir(parents=True, exist_ok=True)
        (stage / path).write_text(text)
    (stage / "DEBIAN").mkdir(parents=True)
    fields = {"Package": name, "Version": version, "Architecture": "all", "Maintainer": "x <x@localhost>"}
    control = "".join(f"{field}: {value}\n" for field, value in fields.items())
    (stage / "DEBIAN/control").write_text(f"{control}Description: for a trial\n")
    subprocess.run(["dpkg-deb", "--root-owner-group", "--build", stage, into], check=True, capture_output=True)
    shutil.rmtree(stage)
    return into / f"{name}_{version}_all.deb"


def run_module(module: str, *words: str, **settings: str) -> None:
    """Run a module of ours to its end."""
    command = [sys.executable, "-m", module, *words]
    done = subprocess.run(
        command, env={**os.environ, **settings}, capture_output=True, text=True, check=False, timeout=400
    )
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"

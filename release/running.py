"""The other programs that a build calls: each with the same surroundings, and what they say when they fail."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from release.errors import BuildFailed

_TIMEOUT_S = 900


def run(command: list[str], *, folder: Path | None = None, extra: Mapping[str, str] | None = None) -> str:
    """Run a program and return what it printed.

    Raises:
        BuildFailed: it isn't there, took too long, or failed; with the end of what it said.
    """
    surroundings = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC", **(extra or {})}
    try:
        done = subprocess.run(  # noqa: S603
            command, cwd=folder, env=surroundings, capture_output=True, text=True, check=False, timeout=_TIMEOUT_S
        )
    except FileNotFoundError as error:
        raise BuildFailed(f"{command[0]} is missing: `make packages` installs what a build needs") from error
    except subprocess.TimeoutExpired as error:
        raise BuildFailed(f"{command[0]} took longer than {_TIMEOUT_S // 60} minutes") from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()[-15:]
        raise BuildFailed("\n".join([f"{' '.join(command[:4])} … failed:", *said]))
    return done.stdout

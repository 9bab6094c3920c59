"""What the lock files name: each library of a program, with the one version that is installed."""

import re
from pathlib import Path
from typing import Final

from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

from release.source import ROOT

LOCKS: Final = {"kiosk": "requirements.lock", "hub": "requirements-hub.lock", "central": "requirements-central.lock"}
_PINNED: Final = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


def locked(program: str, root: Path = ROOT) -> dict[NormalizedName, Version]:
    """Return the libraries of a program of `LOCKS`. Raises OSError where its lock file is missing."""
    text = (root / LOCKS[program]).read_text("utf-8")
    return {canonicalize_name(name): Version(version) for name, version in _PINNED.findall(text)}

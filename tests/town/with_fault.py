"""A copy of the tree with one of the faults of `faults/` in it."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

TREE: Final = Path(__file__).parents[2]
FAULTS: Final = Path(__file__).parent / "faults"
_PARTS: Final = (
    "hub", "kiosk", "common", "central", "offline_store", "devices", "screens", "features", "demo", "tests",
    "tools", "pyproject.toml",
)  # fmt: skip


@contextmanager
def tree_with(name: str) -> Iterator[Path]:
    """Yield a copy of what a town is played by, with this fault; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="town-with-") as folder:
        for part in _PARTS:
            source = TREE / part
            if source.is_dir():
                shutil.copytree(source, Path(folder) / part, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, folder)
        subprocess.run(["patch", "-p1", "-s", "-i", str(FAULTS / f"{name}.patch")], cwd=folder, check=True)
        yield Path(folder)

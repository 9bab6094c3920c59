"""A copy of the tracked tree, in which a test may run a make target that writes, and the tests that then must pass."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.scaffolds.tree import ROOT


class CopiedTree:
    """The tree at `path`; its programs run with this Python and import what is there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, capture_output=True, check=True, text=True,
        )  # fmt: skip
        for name in filter(None, listed.stdout.split("\0")):
            if (ROOT / name).is_file():
                (path / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, path / name)

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a text that stands in a file once."""
        file = self.path / name
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1
        file.write_text(text.replace(old, new), encoding="utf-8")

    def run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        """Run a command in the copy."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
        environment |= {"PYTHONPATH": str(self.path), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run(
            command, cwd=self.path, env=environment, capture_output=True, text=True, check=False, timeout=110
        )

    def make(self, *goals: str) -> "subprocess.CompletedProcess[str]":
        """Run make with this environment instead of one that it would set up."""
        return self.run("make", "-s", "-o", "set-up", f"bin={Path(sys.executable).parent}", *goals)

    def tests(self, *files: str) -> "subprocess.CompletedProcess[str]":
        """Run tests of the copy."""
        return self.run(sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", *files)

    def is_tidy(self) -> None:
        """See that ruff finds nothing in the copy."""
        ruff = str(Path(sys.executable).with_name("ruff"))
        for found in (
            self.run(ruff, "check", "--no-cache", "."),
            self.run(ruff, "format", "--no-cache", "--check", "."),
        ):
            assert found.returncode == 0, found.stdout

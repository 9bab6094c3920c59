"""The whole scenario as one test: its steps build on each other, and each says its own line."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.timeout(900)
def test_everything_that_kiosks_were_told_is_in_the_books_whatever_befalls_the_cluster() -> None:
    command = [sys.executable, "-m", "tools.cluster"]
    root = Path(__file__).parents[3]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, timeout=880)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert done.stdout.splitlines()[-1].endswith(" passed")

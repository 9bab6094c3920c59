"""Try mutants against the tests that name their module, in a copy of the tree."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tools.mutants.mutating import Mutant

SLOWEST: Final = 3.0  # times as long as without a fault, and some seconds: then it hangs, which is noticed too
GRACE_S: Final = 10.0
MOST_TEST_FILES: Final = 12


def tests_of(tree: Path, module: Path) -> list[str]:
    """Return the test files that import a module, those nearest to its mirror first, at most `MOST_TEST_FILES`.

    What no test names is tried by those whose settings name it, else by those in the mirror of its package, or of one
    above: they reach it by what they test.
    """
    mirror = Path("tests", *module.parent.parts)
    files = [file.relative_to(tree) for file in sorted(tree.glob("tests/**/*.py"))]
    tests = [file for file in files if file.name.startswith("test_")]
    found = _importing(tree, module, tests)
    if not found:
        settings = _importing(tree, module, [file for file in files if file not in tests])
        found = sorted({test for setting in settings for test in _importing(tree, setting, tests)})
    room = mirror
    while not found and room != Path("tests"):
        found, room = [test for test in tests if room in test.parents], room.parent
    found.sort(key=lambda file: (file.parent != mirror, mirror not in file.parents, str(file)))
    return [str(file) for file in found[:MOST_TEST_FILES]]


def _importing(tree: Path, module: Path, files: Sequence[Path]) -> list[Path]:
    dotted = ".".join(module.with_suffix("").parts).removesuffix(".__init__")
    package, _, name = dotted.rpartition(".")
    imports = re.compile(
        rf"^\s*(from {re.escape(dotted)} import|import {re.escape(dotted)}\b"
        rf"|from {re.escape(package or '-')} import (\(\n)?([\w ,\n]*\W)?{re.escape(name)}\b)",
        re.MULTILINE,
    )
    return [file for file in files if imports.search((tree / file).read_text(encoding="utf-8"))]


def run_tests(tree: Path, tests: Sequence[str], timeout_s: float | None) -> bool:
    """Run tests until the first that fails; say whether all passed. Whatever they started ends with them."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-m", "not proof", "-p", "no:cacheprovider",
               "-p", "no:randomly", *tests]  # fmt: skip
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment |= {"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen(
        command, cwd=tree, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as running:
        try:
            return running.wait(timeout_s) == 0
        except subprocess.TimeoutExpired:
            return False
        finally:
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGKILL)


def seconds_without_fault(tree: Path, tests: Sequence[str], timeout_s: float) -> float | None:
    """Return how long the tests take; None where they fail, or take longer than there is time."""
    began = time.monotonic()
    return time.monotonic() - began if run_tests(tree, tests, timeout_s) else None


def is_noticed(tree: Path, module: Path, mutant: Mutant, tests: Sequence[str], usual_s: float) -> bool:
    """Put the fault in, run the tests, take it out; say whether they failed or hung."""
    file = tree / module
    whole = file.read_bytes()
    try:
        file.write_text(mutant.text, encoding="utf-8")
        return not run_tests(tree, tests, usual_s * SLOWEST + GRACE_S)
    finally:
        file.write_bytes(whole)

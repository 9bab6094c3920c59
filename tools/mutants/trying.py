"""Try mutants against tests, in a copy of the tree."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from tools.mutants.mutating import Mutant

SLOWEST: Final = 3.0  # times as long as without a fault, and some seconds: then it hangs, which is noticed too
GRACE_S: Final = 10.0
NO_TESTS: Final = 5  # pytest's own word for it: what was chosen has proofs alone


def run_tests(tree: Path, tests: Sequence[str], timeout_s: float | None) -> int | None:
    """Run tests until the first that fails; return pytest's word, None where they hang. Their processes end too."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-m", "not proof", "-p", "no:cacheprovider",
               "-p", "no:randomly", *tests]  # fmt: skip
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment |= {"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen(
        command, cwd=tree, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as running:
        try:
            return running.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return None
        finally:
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGKILL)


class Usual(NamedTuple):
    """Which tests are tried, and how long they take without a fault: None where they fail, or take too long."""

    tests: Sequence[str]
    seconds: float | None


class Suite:
    """The tests of a module, each few of them run without a fault once they are needed."""

    def __init__(self, tree: Path, chosen: Iterator[Sequence[str]]) -> None:
        self._tree = tree
        self._chosen = chosen
        self._known: list[Usual] = []

    def usual(self, ends: float) -> Iterator[Usual]:
        """Yield some after others, without those that are proofs alone; they may take until `ends`."""
        yield from self._known
        for tests in self._chosen:
            began = time.monotonic()
            word = run_tests(self._tree, tests, max(0.0, ends - began))
            if word != NO_TESTS:
                self._known.append(Usual(tests, time.monotonic() - began if word == 0 else None))
                yield self._known[-1]


def is_noticed(tree: Path, module: Path, mutant: Mutant, usual: Usual) -> bool:
    """Put the fault in, run the tests, take it out; say whether they failed or hung."""
    file = tree / module
    whole = file.read_bytes()
    try:
        file.write_text(mutant.text, encoding="utf-8")
        return run_tests(tree, usual.tests, (usual.seconds or 0) * SLOWEST + GRACE_S) != 0
    finally:
        file.write_bytes(whole)

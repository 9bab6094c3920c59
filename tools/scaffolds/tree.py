"""The tree that a scaffold writes into, and how it ends: a sentence and an exit status, never a traceback."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]


class CannotScaffold(Exception):
    """Nothing was written; the text says what to do. `is_usage`: what was asked for is wrong."""

    def __init__(self, text: str, *, is_usage: bool = False) -> None:
        super().__init__(text)
        self.is_usage = is_usage


def tidy(*files: Path) -> None:
    """Order the imports of the files and format them, as `make fix` does."""
    names = [str(file) for file in files]
    for arguments in (["check", "--fix", "--select", "I", "--quiet", *names], ["format", "--quiet", *names]):
        subprocess.run([Path(sys.executable).with_name("ruff"), *arguments], cwd=ROOT, check=True)


def run(work: Callable[[list[str]], str]) -> None:
    """Do the work with the command's arguments and print its sentence."""
    try:
        print(work(sys.argv[1:]))
    except CannotScaffold as error:
        print(error, file=sys.stderr)
        raise SystemExit(2 if error.is_usage else 1) from error

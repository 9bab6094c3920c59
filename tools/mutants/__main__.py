"""`make mutants [RANGE=main~3..main] [SECONDS=300] [SAMPLE=N] [SEED=S]`: which faults no test notices.

Without a range the files are those that differ from the last commit on main, committed or not. Mutants are drawn in a
fixed order that mixes the files, until the time is over; a mutant that was begun is finished. With SAMPLE so many are
drawn, without a range from the whole program; the seed is said, and draws the same ones again.
"""

import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.tools.scaffolds.copied_tree import CopiedTree
from tools.mutants.choosing import Choosing
from tools.mutants.mutating import Mutant
from tools.mutants.sampling import Drawn, every, sample
from tools.mutants.trying import Suite, Usual, is_noticed
from tools.scaffolds.tree import ROOT, CannotScaffold, run

SEED: Final = 11
PACKAGES: Final = (
    "kiosk",
    "devices",
    "screens",
    "offline_store",
    "common",
    "central",
    "hub",
    "features",
    "demo",
    "release",
    "updater",
)


def try_mutants(arguments: list[str]) -> str:
    """Print a line for each mutant, `killed` or `survived`, file and line; return the sum. Raises CannotScaffold."""
    span, seconds, count, seed = [*arguments, "", "", "", ""][:4]
    ends = time.monotonic() + _whole("SECONDS", seconds or "300", 86400)
    wanted = _whole("SAMPLE", count, 100_000) if count else None
    drawn_by = _whole("SEED", seed or str(SEED), 10**9)
    modules = changed(span) if span or wanted is None else whole_program()
    if not modules:
        return "nothing of the program was changed there: no mutants; say RANGE=OLDER..NEWER for other commits"
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        tree = Path(folder)
        CopiedTree(tree)
        if wanted is None:
            return _try(tree, every(tree, modules, SEED), ends)
        return f"{_try(tree, sample(tree, modules, wanted, drawn_by), ends)}; the same again: SEED={drawn_by}"


def _whole(name: str, text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= most):
        raise CannotScaffold(f"{name} is a whole number from 1 to {most}, not {text[:20]!r}", is_usage=True)
    return int(text)


def whole_program() -> list[Path]:
    """Return every module of the program."""
    return _of_program(_git("ls-files", "-z", "--", "*.py").stdout)


def changed(span: str) -> list[Path]:
    """Return the program's modules that differ in a range of commits, or from main where none is given."""
    if not span:
        main = "origin/main" if _git("rev-parse", "-q", "--verify", "origin/main").returncode == 0 else "main"
        base = _git("merge-base", "HEAD", main)
        span = base.stdout.strip() or "HEAD"
    if span.startswith("-"):
        raise CannotScaffold(f"RANGE is of commits, such as main~3..main, not {span[:60]!r}", is_usage=True)
    found = _git("diff", "--name-only", "-z", "--diff-filter=d", span, "--", "*.py")
    if found.returncode:
        raise CannotScaffold(f"RANGE is of commits, such as main~3..main; git knows none {span[:60]!r}", is_usage=True)
    return _of_program(found.stdout)


def _of_program(listed: str) -> list[Path]:
    files = [Path(name) for name in listed.split("\0") if name]
    return [
        file for file in files if file.parts[0] in PACKAGES and "versions" not in file.parts and (ROOT / file).exists()
    ]


def _git(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)


def _try(tree: Path, drawn: Drawn, ends: float) -> str:
    choosing = Choosing(tree)
    suites = {module: Suite(tree, choosing.chosen(module)) for module, _ in drawn}
    found: Counter[str] = Counter()
    for module, mutant in drawn:
        if time.monotonic() >= ends:
            break
        word, why = _tried(tree, module, mutant, suites[module].usual(ends))
        found[word] += 1
        said = why if word == "not tried" else f"{mutant.was[:60]}  →  {mutant.now[:60]}"
        print(f"{word} {module}:{mutant.line}: {said}", flush=True)
    killed, survived = found["killed"], found["survived"]
    if drawn and not killed + survived:
        raise CannotScaffold("no mutant was tried: mend the tests, or give it more SECONDS")
    rest = len(drawn) - killed - survived
    return f"{killed} killed, {survived} survived" + (f", {rest} of {len(drawn)} not tried" if rest else "")


def _tried(tree: Path, module: Path, mutant: Mutant, suite: Iterator[Usual]) -> tuple[str, str]:
    """Try a mutant against some tests after others, until it is noticed. Tests that fail by themselves tell nothing."""
    word, why = "not tried", "only proofs reach it"
    for usual in suite:
        if usual.seconds is None:
            why = "its tests fail without a fault, or take longer than there is time"
        elif is_noticed(tree, module, mutant, usual):
            return "killed", ""
        else:
            word = "survived"
    return word, why


if __name__ == "__main__":
    run(try_mutants)

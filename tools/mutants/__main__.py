"""`make mutants [RANGE=main~3..main] [SECONDS=300] [SAMPLE=N] [SEED=S]`: which faults no test notices.

Without a range the files are those that differ from the last commit on main, committed or not. Mutants are drawn in a
fixed order that mixes the files, until the time is over; a mutant that was begun is finished. With SAMPLE so many are
drawn, without a range from the whole program; the seed is said, and draws the same ones again.
"""

import subprocess
import tempfile
import time
from pathlib import Path
from typing import Final

from tests.tools.scaffolds.copied_tree import CopiedTree
from tools.mutants.choosing import Choosing
from tools.mutants.sampling import Drawn, every, sample
from tools.mutants.trying import Usual, is_noticed, usual_of
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
    usual: dict[Path, Usual] = {}
    choosing = Choosing(tree)
    killed = survived = 0
    for module, mutant in drawn:
        left = ends - time.monotonic()
        if left <= 0:
            break
        if module not in usual:
            usual[module] = usual_of(tree, choosing.chosen(module), left)
            if usual[module].seconds is None:
                print(f"not tried: {module}: {_why_not(usual[module])}", flush=True)
        if usual[module].seconds is None:
            continue
        noticed = is_noticed(tree, module, mutant, usual[module])
        killed, survived = killed + noticed, survived + (not noticed)
        word = "killed" if noticed else "survived"
        print(f"{word} {module}:{mutant.line}: {mutant.was[:60]}  →  {mutant.now[:60]}", flush=True)
    if drawn and not killed + survived:
        raise CannotScaffold("no mutant was tried: mend the tests, or give it more SECONDS")
    rest = len(drawn) - killed - survived
    return f"{killed} killed, {survived} survived" + (f", {rest} of {len(drawn)} not tried" if rest else "")


def _why_not(usual: Usual) -> str:
    if not usual.tests:
        return "only proofs reach it"
    return "its tests fail without a fault, or take longer than there is time"


if __name__ == "__main__":
    run(try_mutants)

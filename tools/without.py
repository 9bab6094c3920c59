"""`make without [NAME]`: whether the product holds without a feature; NAME `all`: without any; no NAME: each, then all.

A copy of the tree loses the feature's folder and its tests; in what is left types, directions of imports and all tests
must hold, and the demo must run to its end. `--briefly` collects the tests instead of running them.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from common.feature import installed
from tests.tools.scaffolds.copied_tree import CopiedTree
from tools.scaffolds.tree import ROOT, CannotScaffold, run

STEPS: Final[dict[str, tuple[str, ...]]] = {
    "types": ("-m", "mypy"),
    "imports": ("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"),
    "tests": ("-m", "pytest", "-n", "3", "--dist", "loadfile", "--no-loadscope-reorder", "-q", "-m", "not proof"),
    "demo": ("-m", "kiosk", "demo", "--headless"),
}
COLLECTED: Final = ("-m", "pytest", "-qq", "--collect-only", "-m", "")
BRIEFLY: Final = "--briefly"


def hold_without(arguments: Sequence[str]) -> str:
    """Try each step and say that all hold. Raises CannotScaffold where there is no such feature, or some step fails."""
    names, known = [one for one in arguments if one != BRIEFLY], tuple(one.name for one in installed())
    steps = dict(STEPS)
    if BRIEFLY in arguments:
        del steps["tests"]
        steps["collection"] = COLLECTED
    if len(names) > 1 or not {*names} <= {*known, "all"}:
        raise CannotScaffold(f"make without NAME, which is one of {', '.join(known)}, all", is_usage=True)
    each = dict.fromkeys((*((one,) for one in known), known))
    tried = [known if name == "all" else (name,) for name in names] or each
    failed = [f"without {' and '.join(gone)}: {step}" for gone in tried for step in _fail(gone, steps)]
    if failed:
        raise CannotScaffold(f"failed {'; '.join(failed)}")
    return f"{', '.join(steps)} hold without {', and without '.join(' and '.join(gone) for gone in tried)}"


def _fail(gone: Sequence[str], steps: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the steps that fail in a copy in which these are gone."""
    with tempfile.TemporaryDirectory(prefix="without-") as folder:
        tree = Path(folder)
        CopiedTree(tree)
        for name in gone:
            for room in ("features", "tests/features"):
                shutil.rmtree(tree / room / name)
        # Some tests ask git what there is, and what it is called.
        named = ("-c", "user.name=without", "-c", "user.email=without@localhost")
        for words in (("init", "-q"), ("add", "-A"), (*named, "commit", "-qm", "Without")):
            subprocess.run(["git", *words], cwd=tree, check=True)
        return [step for step, words in steps.items() if not _holds(tree, words)]


def _holds(tree: Path, words: Sequence[str]) -> bool:
    print(f"# {' '.join(words)}", flush=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    # What is known of the tree's types is known of its copy too, but for what is gone.
    environment |= {"PYTHONPATH": str(tree), "MYPY_CACHE_DIR": str(ROOT / ".mypy_cache")}
    return subprocess.run([sys.executable, *words], cwd=tree, env=environment, check=False).returncode == 0


if __name__ == "__main__":
    run(hold_without)

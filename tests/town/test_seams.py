"""Where the product reads the machine's own clock or chance, or makes a thread: listed, so that no new place comes.

A town gives `time.monotonic`, `os.urandom` (with it `secrets` and `uuid4`) and executors in their place, and `Clock`
for the time. What it cannot give (`datetime.now`, `time.time`, `time.sleep`, a thread) would make two runs of one seed
differ, and has to be handed down instead.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
ROOMS: Final = ("hub", "kiosk", "common", "central", "offline_store", "features")
LIST: Final = Path(__file__).with_name("seams.txt")
#: Those that a town cannot give.
NAMES: Final = frozenset(
    {"datetime.now", "datetime.today", "date.today", "time.time", "time.time_ns", "time.sleep", "threading.Thread",
     "threading.Timer", "Thread", "Timer", "ProcessPoolExecutor", "subprocess.Popen", "random.random"}
)  # fmt: skip


def _read_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (name := ast.unparse(node.func)) in NAMES:
            yield name


def found() -> list[str]:
    """Return each place, as module and name."""
    places = set()
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            places |= {f"{path.relative_to(ROOT)} {name}" for name in _read_in(tree)}
    return sorted(places)


def test_no_new_place_reads_the_machines_own_clock_or_makes_a_thread() -> None:
    """Hand a `Clock` down instead, or an executor."""
    assert set(found()) - set(LIST.read_text(encoding="utf-8").splitlines()) == set()


def test_what_is_looked_for_is_found() -> None:
    assert list(_read_in(ast.parse("import time\nnow = time.time()\nrun = threading.Thread(target=print)"))) == [
        "time.time",
        "threading.Thread",
    ]

"""`make long [NAME] [SEED=N]`: the campaigns at full length, hours in all; a tenth of them runs among the proofs.

Each prints its seed, by which the same campaign runs again.
"""

import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Final

type Command = list[str]


def _examples(seed: int) -> Command:
    return [
        sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", "-rs", "--timeout=0",
        "-m", "hypothesis", "--hypothesis-profile=long", f"--hypothesis-seed={seed}",
    ]  # fmt: skip


def _databases(_seed: int) -> Command:
    return [
        sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", "-rs", "-m", "", "--both-databases",
        "tests/central",
    ]  # fmt: skip


def _kills(seed: int) -> Command:
    return [sys.executable, "-m", "tools.soak.kills", "--seconds", "3600", "--seed", str(seed)]


def _board(_seed: int) -> Command:
    return [
        "env", "BOARD_HOURS=8", "BOARD_CALLS=1000", sys.executable, "-m", "pytest", "--timeout=0", "-m", "proof",
        "tests/hub/pages/test_long.py",
    ]  # fmt: skip


def _soak(_seed: int) -> Command:
    return [sys.executable, "-m", "tools.soak", "--visits", "50000", "--seconds", "3600"]


def _mutants(seed: int) -> Command:
    return [sys.executable, "-m", "tools.mutants", "", "14400", "100", str(seed)]


def _town(seed: int) -> Command:
    return [
        sys.executable, "-W", "ignore", "-m", "tests.town", "--days", "2000", "--seed", str(seed), "--twice",
    ]  # fmt: skip


def _faults(seed: int) -> Command:
    return [sys.executable, "-W", "ignore", "-m", "tests.town.calibration", str(seed)]


def _payments(seed: int) -> Command:
    return [
        sys.executable, "-m", "tools.soak.payments", "--payments", "100000", "--kills", "500", "--towns", "2",
        "--seed", str(seed),
    ]  # fmt: skip


def _without(_seed: int) -> Command:
    return [sys.executable, "-m", "tools.without"]


CAMPAIGNS: Final[dict[str, Callable[[int], Command]]] = {
    "examples": _examples,
    "databases": _databases,
    "kills": _kills,
    "board": _board,
    "soak": _soak,
    "mutants": _mutants,
    "payments": _payments,
    "town": _town,
    "faults": _faults,
    "without": _without,
}


def main(names: Sequence[str], seed: int) -> int:
    """Run the campaigns named, or all; return 1 where one failed, 2 where there is none of a name."""
    unknown = [name for name in names if name not in CAMPAIGNS]
    if unknown:
        print(f"there is no campaign {unknown[0]!r}; there are: {', '.join(CAMPAIGNS)}", file=sys.stderr)
        return 2
    failed = []
    for name in names or CAMPAIGNS:
        print(f"# {name}; the same again: make long {name} SEED={seed}", flush=True)
        if subprocess.run(CAMPAIGNS[name](seed), check=False).returncode != 0:
            failed.append(name)
    print(f"failed: {', '.join(failed)}" if failed else "all campaigns passed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[2:], int(sys.argv[1])))

"""Power cuts in mid-update and in mid-return: at every step that touches the disk or another program."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.updater.machine import Machine

_CUT = 66
_STEPS = ("open", "os.rename", "os.remove", "os.symlink", "os.mkdir", "shutil.", "subprocess.Popen", "fcntl.flock")


def _cut_at(step: int, what: Callable[[], None]) -> bool:
    """Do something in a process of its own that dies at its n-th step; say whether it came so far."""
    child = os.fork()
    if child == 0:
        seen = 0

        def count(event: str, words: tuple[object, ...]) -> None:
            nonlocal seen
            if event.startswith(_STEPS) and not (event == "open" and words[1] in ("r", "rb", None)):
                seen += 1
                if seen == step:
                    os._exit(_CUT)

        sys.addaudithook(count)
        try:
            what()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == _CUT


_STRIDE = 6


@pytest.mark.timeout(600)
@pytest.mark.parametrize("first", range(1, _STRIDE + 1))
@pytest.mark.parametrize("way", ["forward", "back"])
def test_whatever_a_power_cut_leaves_one_of_two_versions_runs_on_a_whole_store(
    way: str, first: int, tmp_path: Path
) -> None:
    cuts = 0
    for step in range(first, 600, _STRIDE):
        machine = Machine(tmp_path / str(step))
        machine.offer("1.1.0", "migrates")
        if way == "back":
            machine.update()
            machine.open_store()
        if not _cut_at(step, machine.update if way == "forward" else machine.back):
            break
        cuts += 1
        assert (machine.root / "opt/current/bin/kiosk").exists(), f"nothing to start after step {step}"
        machine.start()
        assert machine.head[0] == 7
        assert not (machine.root / "state/trial").exists()
        machine.open_store()
    else:
        pytest.fail("the end was never reached")
    assert cuts >= 3
    # And the next evening it goes as if nothing had been.
    if machine.current == "1.0.0":
        machine.update()
    assert machine.current == "1.1.0"

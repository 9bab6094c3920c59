"""One enrolled machine says the oddest that its wire types let pass: nobody else is answered otherwise, nothing stops.

Each end runs in a process of its own with a time limit: what counts for ever, with the interpreter held, can't be
stopped from within.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from tests.kit.features import said_by_features
from tests.one_machine.undone import UNDONE

ROOT: Final = Path(__file__).parents[2]
OF_THE_HUB: Final = ("walls", "recalls")
LIMIT_S: Final = 600


def said_to(end: str, folder: Path, *more: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.one_machine", end, str(folder), *more]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


@pytest.mark.proof
@pytest.mark.timeout(LIMIT_S + 60)
def test_central_answers_everybody_else_as_before(tmp_path: Path) -> None:
    found = said_to("at_central", tmp_path)
    assert found["broken"] == []
    assert found["structs"] >= 18 + len(said_by_features())
    assert found["places"] >= 240
    assert found["values"] >= 4400
    assert (found["pages"], found["tasks"]) == (34, 30)
    assert found["answers"]["applied"] > 1000


def test_a_hall_goes_on_as_before(tmp_path: Path) -> None:
    found = said_to("at_hub", tmp_path / "hub")
    assert found["broken"] == []
    assert found["structs"] == 5
    assert found["places"] >= 37
    assert found["values"] >= 600
    assert found["pages"] >= 15


@pytest.mark.proof
@pytest.mark.timeout(LIMIT_S + 60)
@pytest.mark.parametrize("mend", sorted(UNDONE))
def test_a_mend_that_is_taken_out_is_missed(tmp_path: Path, mend: str) -> None:
    end = "at_hub" if mend in OF_THE_HUB else "at_central"
    assert said_to(end, tmp_path / "end", mend)["broken"] != []

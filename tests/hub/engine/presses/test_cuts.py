"""Power cuts and crowds: whatever happens between press and answer, nobody is called twice and nobody is skipped."""

import json
import random
import shutil
import sys
import threading
import uuid
from pathlib import Path
from typing import Any

import pytest

from offline_store.disk.database import PRAGMAS
from tests.hub.hall import Hall, open_hall
from tests.hub.held import check, check_answers
from tests.hub.pressing_process import prepare
from tests.kit.power_cut import record

pytestmark = pytest.mark.timeout(180)
CUTS = 20


def cut_everywhere(tmp_path: Path, *weaker: str, cuts: int = CUTS) -> list[str]:
    """Record presses and cut them; give what broke."""
    source = tmp_path / "hub"
    prepare(source, 60)
    command = [sys.executable, "-m", "tests.hub.pressing_process", str(source), "40", *weaker]
    recording = record(command, source, tmp_path / "trace")
    chance = random.Random(11)
    broken = []
    for number in range(cuts):
        folder = tmp_path / f"cut-{number}"
        folder.mkdir()
        cut = chance.randrange(len(recording.calls))
        recording.after_cut(cut, folder, chance)
        hall = open_hall(folder)
        try:
            check(hall)
            check_answers(hall, [json.loads(line) for line in recording.promises(cut)])
        except AssertionError as error:
            broken.append(f"cut {cut}: {str(error)[:200]}")
        finally:
            hall.hub.store.close()
        shutil.rmtree(folder)
    return broken


@pytest.mark.usefixtures("power_cuts")
def test_a_cut_between_press_and_answer_loses_and_doubles_nothing(tmp_path: Path) -> None:
    assert cut_everywhere(tmp_path) == []


@pytest.mark.usefixtures("power_cuts")
def test_the_cuts_would_find_answers_given_before_the_disk_had_them(tmp_path: Path) -> None:
    assert PRAGMAS["synchronous"] == ("FULL", 2)
    assert cut_everywhere(tmp_path, "synchronous=NORMAL=1", cuts=6)


def test_eight_counters_press_together_each_press_sent_three_times(hall: Hall) -> None:
    hall.set_up({number: ["A", "B"] for number in range(1, 9)}, message_id=4)
    for number in range(1, 9):
        hall.press(number, "open")
    waiting = [hall.kiosks[n % 3].give("AB"[n % 2]).number for n in range(160)]
    answers: dict[str, list[bytes]] = {}
    refused: list[Any] = []
    barrier = threading.Barrier(8 * 3)

    def page(counter: int, keys: list[str]) -> None:
        barrier.wait()
        for key in keys:
            found = hall.raw(counter, {"press": "next"}, key)
            answers.setdefault(key, []).append(found.body)
            if found.status != 200:
                refused.append(found)

    keys = {counter: [str(uuid.uuid4()) for _ in range(20)] for counter in range(1, 9)}
    threads = [threading.Thread(target=page, args=(counter, keys[counter])) for counter in keys for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == []
    assert {len(set(said)) for said in answers.values()} == {1}
    called = [json.loads(said[0])["counter"]["ticket"]["number"] for said in answers.values()]
    assert sorted(called) == sorted(waiting)
    check(hall)


def test_a_crowd_larger_than_one_turn_takes_is_answered_too(hall: Hall) -> None:
    hall.press(1, "open")
    crowd = 41
    barrier = threading.Barrier(crowd)
    answered: list[int] = []

    def page() -> None:
        barrier.wait()
        answered.append(hall.raw(1, {"press": "next"}).status)

    threads = [threading.Thread(target=page) for _ in range(crowd)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert answered == [200] * crowd

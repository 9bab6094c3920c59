"""A town is played within a process that does other things afterwards."""

import os
import time
from pathlib import Path
from typing import Final

import pytest

from central.inquiries import polls
from hub.api.live import state
from offline_store.inquiries import asking
from tests.town.campaign import read
from tests.town.hours import BEGINS_S
from tests.town.play import play

#: A day of a town is seconds on a quiet core, and minutes on a busy one.
pytestmark = pytest.mark.timeout(600)

PLAN: Final = Path(__file__).with_name("outside-day.json")


def test_a_town_leaves_the_process_as_it_was() -> None:
    def is_like() -> tuple[object, ...]:
        return asking.STEP_S, polls.LOOK_EVERY_S, state.BEAT_S, os.urandom, time.monotonic, time.sleep

    before = is_like()
    play(read(PLAN), by_s=BEGINS_S)
    assert is_like() == before

"""kill -9 of forwarder and central amid a backlog: each item is applied once.

That whatever stood on the panel is at central, whichever process was killed, is `tests/tools/soak/test_kills.py`.
"""

import contextlib
import random
import signal
import sqlite3
import subprocess

import pytest

from demo.processes import wait_until
from tests.end_to_end.conftest import BIN, KioskByCommand, Town


def acknowledged(kiosk: KioskByCommand) -> int:
    """How many items the kiosk knows to be at central."""
    with contextlib.closing(sqlite3.connect(kiosk.settings.parent / "var" / "store.db", timeout=5)) as store:
        (count,) = store.execute("SELECT count(*) FROM items WHERE state = 'acknowledged'").fetchone()
    return int(count)


def forward_until(kiosk: KioskByCommand, delivered: int) -> "subprocess.Popen[bytes]":
    """Start a forwarder and wait until so many items are at central, or it has ended."""
    forwarder = subprocess.Popen(
        [str(BIN / "kiosk"), "forward", "--once", "--config", str(kiosk.settings)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert wait_until(lambda: acknowledged(kiosk) >= delivered or forwarder.poll() is not None, 60)
    return forwarder


@pytest.mark.timeout(300)
def test_forwarder_and_central_killed_in_the_middle_apply_every_item_once(town: Town) -> None:
    kiosk, chance = town.enrol("one"), random.Random(11)
    tickets = {row["id"] for row in kiosk.done("issue", "--service", "plan-copy", "--count", "1500", "--no-print").rows}
    port, in_the_middle = int(town.url.rsplit(":", 1)[1]), 0
    for dies_too in (True, False):
        forwarder = forward_until(kiosk, acknowledged(kiosk) + chance.randint(1, 250))
        in_the_middle += forwarder.poll() is None
        if dies_too:
            town.processes.signal("central", signal.SIGKILL)
        forwarder.kill()
        forwarder.wait()
        if dies_too:
            town.stop_central()
            town.start_central(port)
    assert in_the_middle
    kiosk.done("forward", "--once")
    applied = [row["id"] for row in town.central("inbox").rows if row["kind"] == "ticket"]
    assert len(applied) == len(set(applied))
    assert set(applied) == tickets
    assert kiosk.done("outbox", "list").out == ""

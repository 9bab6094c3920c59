"""kill -9 at any moment: what was acknowledged on stdout is there afterwards, once, and reaches central once."""

import contextlib
import json
import random
import signal
import sqlite3
import subprocess

import pytest

from demo.processes import wait_until
from tests.end_to_end.conftest import BIN, KioskByCommand, Town

ROUNDS = 6


def issue_until_killed(kiosk: KioskByCommand, after: int) -> list[dict[str, str]]:
    """Let a process issue tickets; kill it after so many acknowledged ones; return what it acknowledged."""
    process = subprocess.Popen(
        [
            *(str(BIN / "kiosk"), "issue", "--service", "clearance", "--count", "5000", "--no-print"),
            *("--config", str(kiosk.settings)),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(after)]
    process.send_signal(signal.SIGKILL)
    lines += process.stdout.read().splitlines(keepends=True)
    process.wait()
    process.stdout.close()
    return [json.loads(line) for line in lines if line.endswith("\n")]


@pytest.mark.timeout(300)
def test_a_killed_kiosk_loses_nothing_it_acknowledged_and_gives_no_number_twice(town: Town) -> None:
    kiosk, chance = town.enrol("one"), random.Random(7)
    acknowledged: dict[str, str] = {}
    for _ in range(ROUNDS):
        for row in issue_until_killed(kiosk, chance.randint(1, 40)):
            assert row["number"] not in acknowledged.values()
            acknowledged[row["id"]] = row["number"]
    stored = {row["id"]: row["number"] for row in kiosk.done("outbox", "list").rows if row["kind"] == "ticket"}
    assert acknowledged.items() <= stored.items()
    assert len(set(stored.values())) == len(stored)
    assert len(stored) - len(acknowledged) <= ROUNDS, "at most one accepted but not yet said a kill"


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
    for round_ in range(4):
        forwarder = forward_until(kiosk, acknowledged(kiosk) + chance.randint(1, 250))
        in_the_middle += forwarder.poll() is None
        if round_ % 2 == 0:
            town.processes.signal("central", signal.SIGKILL)
        forwarder.kill()
        forwarder.wait()
        if round_ % 2 == 0:
            town.stop_central()
            town.start_central(port)
    assert in_the_middle
    kiosk.done("forward", "--once")
    applied = [row["id"] for row in town.central("inbox").rows if row["kind"] == "ticket"]
    assert len(applied) == len(set(applied))
    assert set(applied) == tickets
    assert kiosk.done("outbox", "list").out == ""

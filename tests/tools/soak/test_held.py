"""The soak's look at descriptors and threads sees every leak, and calls nothing one that is not."""

import os
import socket
import sqlite3
import threading
from collections import Counter
from pathlib import Path

import pytest

from offline_store.disk.database import CONNECTIONS, DATABASE
from tools.soak.held import BOUNDS, TTY, held, left_behind


def test_everything_is_counted_by_what_it_is(tmp_path: Path) -> None:
    before = held()
    end = threading.Event()
    thread = threading.Thread(target=end.wait, name="worker_17")
    thread.start()
    master, slave = os.openpty()
    with socket.socket(), (tmp_path / "some.txt").open("w"):
        during = held()
    os.close(master)
    os.close(slave)
    end.set()
    thread.join()
    opened = Counter({TTY: 1, "ptmx": 1, "socket": 1, "some.txt": 1, "thread worker": 1})
    assert opened <= during - before  # a thread of another test may open something of its own meanwhile
    assert opened.keys().isdisjoint(left_behind(before, held()))


@pytest.mark.parametrize("kind", ["socket", TTY, "pipe", "kiosk.log", "thread device scanner"])
def test_one_more_of_anything_is_named(kind: str) -> None:
    assert left_behind({kind: 2}, {kind: 3}) == {kind: "3, were 2"}
    assert left_behind({}, {kind: 1}) == {kind: "1, were 0"}
    assert left_behind({kind: 2}, {kind: 2}) == left_behind({kind: 2}, {}) == {}


@pytest.mark.parametrize("kind", BOUNDS)
def test_what_fills_up_to_a_bound_may_do_so_and_no_further(kind: str) -> None:
    bound = BOUNDS[kind]
    assert left_behind({kind: 1}, {kind: bound}) == {}
    assert left_behind({kind: 1}, {kind: bound + 1}) == {kind: f"{bound + 1}, were 1"}
    assert left_behind({kind: bound + 1}, {kind: bound + 1}) == {kind: f"{bound + 1}, were {bound + 1}"}


def test_a_connection_left_open_at_each_visit_is_found(tmp_path: Path) -> None:
    before = held()
    left = [sqlite3.connect(tmp_path / DATABASE) for _ in range(CONNECTIONS + 1)]
    for connection in left:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA user_version").fetchone()
    assert DATABASE in left_behind(before, held())
    for connection in left:
        connection.close()
    assert DATABASE not in left_behind(before, held())

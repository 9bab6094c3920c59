"""The uplinks of one store, asked for by several threads at a time."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.machine.clock import SystemClock
from offline_store.delivery.connection import uplinks
from offline_store.delivery.connection.uplinks import open_uplinks, time_by_central
from offline_store.disk.database import Store
from tests.kit.clock import HandClock

BESIDE_WITHIN_S = 0.3


def test_threads_that_ask_at_the_same_time_are_given_one_uplink(store: Store) -> None:
    both = threading.Barrier(2)

    def key_of(_name: str) -> Ed25519PrivateKey:
        with contextlib.suppress(threading.BrokenBarrierError):  # where two may make one at a time, both are here
            both.wait(BESIDE_WITHIN_S)
        return Ed25519PrivateKey.generate()

    with (
        open_uplinks(store, SystemClock(), "http://127.0.0.1:1", None, key_of) as uplink_of,
        ThreadPoolExecutor(2) as threads,
    ):
        first, second = threads.map(uplink_of, ["kiosk-1", "kiosk-1"])
    assert first is second


def test_each_name_has_one_uplink_with_its_key_and_all_end_with_the_block(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Any] = []

    class Uplink:
        def __init__(self, url: str, **given: Any) -> None:
            self.url, self.given, self.ended = url, given, 0
            made.append(self)

        def end(self) -> None:
            self.ended += 1

    clock = HandClock()
    monkeypatch.setattr(uplinks, "HttpUplink", Uplink)
    monkeypatch.setattr(uplinks, "signing_keys", lambda found: ("keys of", found))
    monkeypatch.setattr(uplinks, "time_by_central", lambda *found: ("time of", *found))
    keys: dict[str, Any] = {"kiosk-1": "key-1", "kiosk-2": "key-2"}
    with open_uplinks(store, clock, "https://c", Path("/ca"), keys.get, httpx2.Timeout(7)) as uplink_of:
        found = [uplink_of(name) for name in ("kiosk-1", "kiosk-2", "kiosk-1", "lost")]
        assert (found[0], found[1], found[2:]) == (made[0], made[1], [made[0], None])
        assert [one.ended for one in made] == [0, 0]
    assert [one.ended for one in made] == [1, 1]
    given = made[1].given
    assert (given.pop("signing_keys")(), given.pop("trusted_now")()) == (("keys of", store), ("time of", store, clock))
    assert (made[1].url, given) == (
        "https://c", {"kiosk": "kiosk-2", "key": "key-2", "ca_file": Path("/ca"), "patience": httpx2.Timeout(7)}
    )  # fmt: skip


def test_central_s_time_goes_on_with_the_boot_in_which_it_was_signed(store: Store) -> None:
    clock = HandClock()
    assert time_by_central(store, clock) is None
    now = clock.now()
    signed = now.wall_time + timedelta(days=3)
    store.note_trusted_time(signed, boot_time_ns=now.boot_time_ns, boot_id=now.boot_id)
    clock.pass_time(hours=30)
    assert time_by_central(store, clock) == signed + timedelta(hours=30)
    clock.restart()
    assert time_by_central(store, clock) is None

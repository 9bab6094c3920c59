"""The uplinks of one store, asked for by several threads at a time."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.machine.clock import SystemClock
from offline_store.delivery.connection.uplinks import open_uplinks
from offline_store.disk.database import Store

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

"""The uplinks of one store: one for each id that its items were recorded under; central's time for them."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.machine.stamp import Clock
from offline_store.delivery.connection.uplink import PATIENCE, HttpUplink
from offline_store.disk.database import Store
from offline_store.feed.feed_keys import signing_keys


@contextlib.contextmanager
def open_uplinks(
    store: Store,
    clock: Clock,
    url: str,
    ca_file: Path | None,
    key_of: Callable[[str], Ed25519PrivateKey | None],
    patience: httpx2.Timeout = PATIENCE,
) -> Iterator[Callable[[str], HttpUplink | None]]:
    """Return what gives the uplink of an id, None where its key is lost; connections close when the block ends.

    Several threads may ask for them, and call them. The uplink raises ValueError where it is made: central's address is
    not https with a CA, nor http on loopback.
    """
    uplinks: dict[str, HttpUplink] = {}
    making = threading.Lock()

    def uplink_of(name: str) -> HttpUplink | None:
        with making:
            return made(name)

    def made(name: str) -> HttpUplink | None:
        if name not in uplinks:
            key = key_of(name)
            if key is None:
                return None
            uplinks[name] = HttpUplink(
                url,
                kiosk=name,
                key=key,
                signing_keys=lambda: signing_keys(store),
                ca_file=ca_file,
                trusted_now=lambda: time_by_central(store, clock),
                patience=patience,
            )
        return uplinks[name]

    try:
        yield uplink_of
    finally:
        with making:
            for uplink in uplinks.values():
                uplink.end()


def time_by_central(store: Store, clock: Clock) -> datetime | None:
    """Return the time by central's last signed answer in this boot, whatever the wall clock says; None without one."""
    trusted, now = store.trusted_time(), clock.now()
    if trusted is None or trusted.boot_id != now.boot_id:
        return None
    passed = timedelta(microseconds=(now.boot_time_ns - trusted.boot_time_ns) // 1000)
    return (trusted.anchor + passed).astimezone(UTC)

"""The backlog on a stick: what waits, in signed batches a line, for `central import`.

Nothing changes at the kiosk: the network will deliver the same items later, and central will call them duplicates.
Each line is signed by itself, so that a torn file still carries whole lines; the file has its name only once all of it
is on the stick.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.machine.durable_file import sync
from common.machine.errors import NotFound
from common.machine.stamp import Stamp
from common.protocol.envelope import Batch
from common.protocol.export_part import sign_export_part
from offline_store.delivery.dispatch import BatchToSend, next_batch
from offline_store.disk.database import Store

SUFFIX: Final = ".kiosk-export"


def export_backlog(
    store: Store, folder: Path, key_of: Callable[[str], Ed25519PrivateKey | None], stamp: Stamp
) -> tuple[Path, int]:
    """Write all waiting items into a new file of `folder`. Return its path and how many items are in it.

    Args:
        store: the open store.
        folder: where to, such as a mounted stick.
        key_of: gives the signing key of a kiosk id; None where it is lost.
        stamp: names the file.

    Raises:
        NotFound: the key of some items is not on this disk.
        StoreUnavailable: the store does not work.
        OSError: the folder is not there, full, gone or not writable.
    """
    name = f"{store.identity.kiosk}-{stamp.wall_time:%Y%m%dT%H%M%SZ}-{stamp.boot_time_ns // 1_000_000}{SUFFIX}"
    unfinished = folder / f".{name}.part"
    count = 0
    for torn in folder.glob(f".{store.identity.kiosk}-*{SUFFIX}.part"):  # a power cut left it, or a stick pulled out
        torn.unlink(missing_ok=True)
    try:
        with unfinished.open("xb") as file:
            for number, (batch, is_last) in enumerate(_batches(store)):
                key = _known(key_of(batch.kiosk), batch.kiosk)
                file.write(sign_export_part(batch.kiosk, number, is_last, Batch(batch.items), key))
                count += len(batch.items)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(folder / name)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    sync(folder)
    return folder / name, count


def _batches(store: Store) -> Iterator[tuple[BatchToSend, bool]]:
    """Go through what waits, a batch at a time, and say which is the last; an empty one where nothing waits."""
    batch = next_batch(store) or BatchToSend(store.identity.kiosk, 0, 0, [])
    while True:
        following = next_batch(store, after_row=batch.last_row) if batch.items else None
        yield batch, following is None
        if following is None:
            return
        batch = following


def _known(key: Ed25519PrivateKey | None, kiosk: str) -> Ed25519PrivateKey:
    if key is None:
        raise NotFound("signing key", kiosk)
    return key

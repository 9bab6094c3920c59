"""A second hub beside the one of a hall: it follows, pulls the log as it would over the wire, and takes over."""

import base64
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.protocol.feed_message import HubRecord
from hub.engine.act import FOLLOWING
from hub.engine.opening import open_hub
from hub.messages.told import as_own, with_told
from hub.takeover.replica import log_page, take_page
from offline_store.identity import Identity
from offline_store.opening import open_store_in
from tests.hub.hall import CENTRE, Hall
from tests.kit.clock import HandClock


def open_standby(folder: Path, clock: HandClock, counters: dict[int, list[str]]) -> Hall:
    """Open a hub that follows, in a folder whose name is the hub's."""
    identity = Identity(folder.name, CENTRE, 0)
    store = open_store_in(folder, identity, stamp=clock.now(), machine="m" * 64)
    hall = Hall(open_hub(store, clock, term=0, role=FOLLOWING, serves=True), clock)
    hall.set_up(counters)
    return hall


type Keys = tuple[Ed25519PrivateKey, Ed25519PrivateKey]


def pull(standby: Hall, leading: Hall, keys: Keys | None = None) -> None:
    """Let a standby take in all that it lacks of the leading hub's log; by `keys`, its own and the leader's, all."""
    after = last_seq(standby)
    while True:
        with leading.hub.read() as look:
            page = log_page(look, after)
            page = page if keys is None else with_told(page, look, keys[1], _record(keys[0]))
        page = msgspec.json.decode(msgspec.json.encode(page), type=type(page))
        if keys is not None:
            with standby.hub.read() as look:
                page = as_own(page, look.connection, keys[0], _record(keys[1]))
        if not take_page(standby.hub, page, after, standby.clock.now()):
            return
        after = page.events[-1].seq


def _record(key: Ed25519PrivateKey) -> HubRecord:
    return HubRecord("hub-0009", "", base64.b64encode(key.public_key().public_bytes_raw()).decode())


def last_seq(hall: Hall) -> int:
    """Return the seq of the newest event in a hub's log."""
    with hall.hub.read() as look:
        return int(look.seq)

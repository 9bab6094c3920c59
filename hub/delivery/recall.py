"""Asking central which hub led last, and who was called today where this hub's own log lacks something."""

from typing import Final

import httpx2

from hub.delivery.enrolment import own_key
from hub.engine.act import Hub
from hub.settings import HubConfig
from hub.takeover.promotion import lead_again, outranks, yield_to
from hub.takeover.recalling import take_recall
from offline_store.delivery.connection.uplink import HttpUplink
from offline_store.feed.feed_keys import signing_keys

# Counters wait for the first answer: a central that nobody reaches does not keep a hall waiting for a minute.
PATIENCE: Final = httpx2.Timeout(10.0, connect=3.0)


def recall(config: HubConfig, hub: Hub) -> int:
    """Yield to a hub that led later; else take in what is due of today's queue, and return how many tickets that were.

    Raises:
        DeliveryError: central cannot be reached, or refuses.
        NotEnrolled, StoreUnavailable: this hub has no key, or its disk refuses.
    """
    store = hub.store
    uplink = HttpUplink(
        config.central.url,
        kiosk=store.identity.kiosk,
        key=own_key(config.data_dir),
        signing_keys=lambda: signing_keys(store),
        ca_file=config.ca_file,
        patience=PATIENCE,
    )
    try:
        said = uplink.recall()
    finally:
        uplink.close()
    with hub.read() as look:
        term, seq, own = look.term, look.seq, look.hub_id
    if said.hub is not None and outranks(said.term, said.hub, term, own):
        yield_to(hub, said.hub, said.term)
        return 0
    if (said.term, said.hub) == (term, own) and said.seq > seq:
        lead_again(hub, term, said.seq)
    with hub.act() as act:
        if not act.is_recall_due:
            return 0
        adopted = take_recall(act, said)
        act.recalled()
    return adopted

"""Asking central which hub led last, who was called where this hub's log lacks something, and what central lacks."""

from typing import Final

import httpx2

from common.protocol.queue.recall import QueueRecall
from hub.delivery.enrolment import own_key
from hub.delivery.handing_on import due
from hub.engine.act import Hub
from hub.settings import HubConfig
from hub.takeover.promotion import lead_again, outranks, yield_to
from hub.takeover.recalling import take_recall
from offline_store.delivery.connection.uplink import HttpUplink
from offline_store.feed.feed_keys import signing_keys

# What is asked for again in the background may take so long; a hall that waits for it gives up earlier.
PATIENCE: Final = httpx2.Timeout(10.0, connect=3.0)


def ask_central(config: HubConfig, hub: Hub) -> QueueRecall:
    """Return what central knows of who led last, of today's queue, and of what this hub has to hand on.

    Raises DeliveryError, NotEnrolled, StoreUnavailable.
    """
    store = hub.store
    with hub.read() as look:
        lives = [span.life.life for span in due(look.connection)]
    uplink = HttpUplink(
        config.central.url,
        kiosk=store.identity.kiosk,
        key=own_key(config.data_dir),
        signing_keys=lambda: signing_keys(store),
        ca_file=config.ca_file,
        patience=PATIENCE,
    )
    try:
        return uplink.recall(lives)
    finally:
        uplink.close()


def take_answer(hub: Hub, said: QueueRecall) -> int:
    """Yield to a hub that led later; else take in what is due of today's queue, and return how many tickets that were.

    Raises StoreUnavailable.
    """
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

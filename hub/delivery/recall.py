"""Asking central who was called today, where this hub's own log was lost and no standby had it."""

from hub.delivery.enrolment import own_key
from hub.engine.act import Hub
from hub.settings import HubConfig
from hub.takeover.recalling import take_recall
from offline_store.delivery.uplink import HttpUplink
from offline_store.feed.feed_keys import signing_keys


def recall(config: HubConfig, hub: Hub) -> int:
    """Take in what central knows of today's queue; return how many tickets that were.

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
    )
    try:
        said = uplink.recall()
    finally:
        uplink.close()
    with hub.act() as act:
        adopted = take_recall(act, said)
        act.recalled()
    return adopted

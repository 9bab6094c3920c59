"""What a hub asks before it calls anybody: who leads, and where its log was lost, who was called.

Pages are served meanwhile, and presses are tried again.
"""

import structlog

from hub.api.server.server import Serving
from hub.delivery.recall import recall
from hub.engine.act import LEADING
from offline_store.delivery.delivery_error import DeliveryError

log = structlog.get_logger()


def ask_first(serving: Serving) -> None:
    """Ask the other hubs, and central once; from then on presses are taken. Raises StoreUnavailable, NotEnrolled."""
    serving.follower.look_around()  # a hub that comes back after a take-over calls nobody first
    serving.follower.recover()
    recall_when_due(serving)
    serving.hub.asks_first = False


def recall_when_due(serving: Serving) -> None:
    """Ask central once more where this hub began without a log. Raises StoreUnavailable, NotEnrolled."""
    with serving.hub.read() as look:
        if not look.is_recall_due or look.role != LEADING:
            return
    try:
        adopted = recall(serving.config, serving.hub)
    except DeliveryError as error:
        log.warning("queue-not-recalled", code=error.code, detail=str(error)[:200])
        return
    if adopted:
        log.warning("queue-recalled", tickets=adopted)

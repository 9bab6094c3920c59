"""A hub that began without a log asks central who was called, until it has heard; it calls on meanwhile."""

import structlog

from hub.api.server.server import Serving
from hub.delivery.recall import recall
from offline_store.delivery.uplink import DeliveryError

log = structlog.get_logger()


def recall_when_due(serving: Serving) -> None:
    """Ask central once more where it has not been heard yet. Raises StoreUnavailable, NotEnrolled."""
    if not serving.recall_due:
        return
    try:
        adopted = recall(serving.config, serving.hub)
    except DeliveryError as error:
        log.warning("queue-not-recalled", code=error.code, detail=str(error)[:200])
        return
    serving.recall_due = False
    if adopted:
        log.warning("queue-recalled", tickets=adopted)

"""Whether a centre stood still when somebody with a claim was expected: then he keeps what was promised."""

from typing import Final

from common.protocol.queue.service_now import INTERRUPTED, RESUMED
from hub.engine.act import Act, Look
from offline_store.disk.sql import run

#: Longer than this, in microseconds.
LONG_US: Final = 30 * 60 * 1_000_000
_STOPS: Final = (
    "SELECT kind, line_us FROM hub_events WHERE kind IN (?, ?) AND json_extract(body, '$.detail.service') = ? "
    "AND line_us <= ? AND seq > ? ORDER BY seq"
)
_LAST_EVENTS: Final = 60_000


def stood_still(look: Act | Look, service: str, since_line: int, until_line: int) -> bool:
    """Return whether calling, or this service, stood still for long between two moments of the hub's line."""
    since_line, until_line = max(0, since_line), min(until_line, look.line_us)
    if until_line - since_line <= LONG_US:
        return False
    worked_us = look.work.at(until_line) - look.work.at(since_line)
    return until_line - since_line - worked_us > LONG_US or _stopped_us(look, service, since_line, until_line) > LONG_US


def _stopped_us(look: Act | Look, service: str, since_line: int, until_line: int) -> int:
    values = (INTERRUPTED, RESUMED, service, until_line, look.seq - _LAST_EVENTS)
    stopped_us, since = 0, None
    for kind, line_us in run(look.connection, _STOPS, values).fetchall():
        if kind == INTERRUPTED and since is None:
            since = max(line_us, since_line)
        elif kind == RESUMED and since is not None:
            stopped_us, since = stopped_us + max(0, line_us - since), None
    return stopped_us if since is None else stopped_us + max(0, until_line - since)

"""Which services the hub asks its clerks about. It asks and never decides: only people know whether a line is down."""

from typing import Final

from hub.engine.act import Act, Look
from hub.engine.status import counters_of
from offline_store.disk.sql import run
from offline_store.issuing.business_day import ZONE

NONE_FINISHED_FOR_US: Final = 20 * 60 * 1_000_000
_COUNTERS: Final = 2
_LAST_OF_SERVICE: Final = (
    "SELECT max(work_us) FROM (SELECT ended_work AS work_us FROM hub_tickets WHERE day = :day AND service = :service "
    "AND \"end\" IN ('done', 'done-unconfirmed') "
    "UNION ALL SELECT min(arrived_work) FROM hub_tickets WHERE day = :day AND service = :service "
    "AND state = 'waiting' "
    "UNION ALL SELECT max(work_us) FROM hub_events WHERE day = :day AND kind = 'service-resumed' "
    "AND json_extract(body, '$.detail.service') = :service)"
)
_WAITED_FOR: Final = "SELECT DISTINCT service FROM hub_tickets WHERE day = ? AND state = 'waiting' ORDER BY service"


def stopped_perhaps(look: Act | Look) -> list[str]:
    """Return the services that people wait for, that two open counters serve, and none finished for twenty minutes.

    Twenty minutes of working time, since the last one was finished, the first of those who wait came, or somebody last
    said that it works again.
    """
    is_open = {one.number for one in counters_of(look) if one.state not in ("closed", "paused")}
    groups = [record.groups for number, record in look.centre.counters.items() if number in is_open]
    found = []
    for (code,) in run(look.connection, _WAITED_FOR, (look.day,)).fetchall():
        service = look.centre.services.get(code)
        if service is None or code in look.centre.interrupted:
            continue
        is_served = sum(service.queue in served for served in groups) >= _COUNTERS
        if is_served and _none_finished(look, code):
            found.append(code)
    return found


def expected_again(look: Act | Look) -> list[str]:
    """Return the services that stand still longer than was expected: asked about, for no time ends a standstill."""
    if not look.stamp.tells_time:
        return []
    now = look.stamp.wall_time.astimezone(ZONE)
    moment = now.date().isoformat(), f"{now:%H:%M}"
    stops = sorted(look.centre.interrupted.items())
    return [code for code, found in stops if found.until is not None and (found.until_on or "", found.until) <= moment]


def _none_finished(look: Act | Look, service: str) -> bool:
    (last,) = run(look.connection, _LAST_OF_SERVICE, {"day": look.day, "service": service}).fetchone()
    return last is not None and look.work_us - int(last) >= NONE_FINISHED_FOR_US

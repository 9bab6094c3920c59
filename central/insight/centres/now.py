"""What every centre is like now, as anybody may know it: `GET /v1/centres` to the letter.

What nobody has said within forty seconds is unknown, and nothing older is given as present. No figure stands beside a
service's name, and fewer than three who wait are `few`: a page that all may read is no way to find one person.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal

from msgspec import Struct

from central.base import clock
from central.insight.centres.reading import Centre, Known
from common.protocol.queue.service_now import CentreNow, ServiceNow, TodayWord

UNKNOWN_AFTER_S: Final = 40
FEW_BELOW: Final = 3
Names = Mapping[str, str]


class GroupLine(Struct, frozen=True, kw_only=True):
    """What somebody who takes a number of a group now would meet; minutes, null where unknown."""

    group: str
    waiting: int | Literal["few"]
    low_min: int | None
    high_min: int | None
    today: TodayWord


class Elsewhere(Struct, frozen=True):
    """A centre where an interrupted service works, and as of when."""

    centre: str
    as_of: str


class ServiceLine(Struct, frozen=True, kw_only=True):
    """A service of a centre."""

    service: str
    names: Names
    state: Literal["working", "interrupted", "closed", "unknown"]
    reason: str | None
    reason_names: Names | None
    since: str | None
    until: str | None
    also_at: Sequence[Elsewhere]


class CentreLine(Struct, frozen=True, kw_only=True):
    """A centre. `heard_at`: when its hub was last heard; `opens` and `closes` are today's, null where unknown."""

    centre: str
    names: Names
    state: Literal["open", "standing", "closed", "unknown"]
    heard_at: str | None
    opens: str | None
    closes: str | None
    groups: Sequence[GroupLine]
    services: Sequence[ServiceLine]


class Centres(Struct, frozen=True):
    """All centres, and when this was true."""

    as_of: str
    centres: Sequence[CentreLine]


def centres_now(known: Known) -> Centres:
    """Return every centre as it is at the moment of the reading."""
    fresh = {one.code: now for one in known.centres if (now := _fresh(one, known.at)) is not None}
    works_at = {one.code: _working(one, fresh.get(one.code), known.at) for one in known.centres}
    lines = [_centre(one, fresh.get(one.code), works_at, known) for one in known.centres]
    return Centres(clock.as_text(known.at), lines)


def is_closed(centre: Centre, at: datetime) -> bool:
    """Return whether a centre is closed by its hours or calendar, whatever its hub says or does not say."""
    return not centre.hours.is_open(at.astimezone(clock.CENTRE_TIME))


def _fresh(centre: Centre, at: datetime) -> CentreNow | None:
    # Of after the reading by far: the clock was set back since, and nobody knows how old it is.
    if centre.told is None or abs((at - centre.told.heard_at).total_seconds()) > UNKNOWN_AFTER_S:
        return None
    return centre.told.list.now


def _working(centre: Centre, now: CentreNow | None, at: datetime) -> Mapping[str, str]:
    """Return the services that work in a centre, each with when its hub said so."""
    if now is None or centre.told is None or is_closed(centre, at):
        return {}
    heard_at = clock.as_text(centre.told.heard_at)
    return {one.service: heard_at for one in now.services if one.state == "working"}


def _centre(
    centre: Centre, now: CentreNow | None, works_at: Mapping[str, Mapping[str, str]], known: Known
) -> CentreLine:
    closed = is_closed(centre, known.at)
    hours = centre.hours.on(known.at.astimezone(clock.CENTRE_TIME).date())
    is_any_time = hours is not None and centre.hours.closes(known.at.astimezone(clock.CENTRE_TIME).date()) is None
    state: Any = "closed" if closed else "unknown" if now is None else now.state
    services = {} if now is None else {one.service: one for one in now.services}
    return CentreLine(
        centre=centre.code,
        names=centre.names,
        state=state,
        heard_at=None if centre.told is None else clock.as_text(centre.told.heard_at),
        opens=None if hours is None or is_any_time else hours.opens,
        closes=None if hours is None or is_any_time else hours.closes,
        groups=() if now is None or state == "closed" else _groups(now),
        services=[
            _service(service.code, service.names, services.get(service.code), closed, works_at, known)
            for service in centre.catalogue.services
        ],
    )


def _groups(now: CentreNow) -> list[GroupLine]:
    return [
        GroupLine(
            group=group,
            waiting="few" if one.waiting < FEW_BELOW else one.waiting,
            low_min=None if one.low_s is None else one.low_s // 60,
            high_min=None if one.high_s is None else -(-one.high_s // 60),
            today=one.today,
        )
        for group, one in sorted(now.groups.items())
    ]


def _service(
    code: str,
    names: Names,
    now: ServiceNow | None,
    closed: bool,
    works_at: Mapping[str, Mapping[str, str]],
    known: Known,
) -> ServiceLine:
    state: Any = "closed" if closed else "unknown" if now is None else now.state
    stops = now if now is not None and state == "interrupted" else None
    reason = None if stops is None else stops.reason
    return ServiceLine(
        service=code,
        names=names,
        state=state,
        reason=reason,
        reason_names=None if reason is None else known.reasons.get(reason),
        since=None if stops is None else stops.since,
        until=None if stops is None else stops.until,
        also_at=() if stops is None else [Elsewhere(one, at[code]) for one, at in works_at.items() if code in at],
    )

"""What a service of a centre is like now: whether it works, since when it does not, and whether today is likely."""

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from common.protocol.field import Count, FreeText, Line, Moment, Prefix, Seconds, ServiceCode, TimeOfDay, Word

MOST_SERVICES: Final = 500
"""That a catalogue has, for kiosks and hubs to take it, and that anything is said of at a time."""
ServiceState = Literal["working", "interrupted", "closed", "unknown"]
CentreState = Literal["open", "standing", "closed"]
TodayWord = Literal["yes", "doubtful", "unknown"]

INTERRUPTED: Final = "service-interrupted"
"""Event of the queue: a service stopped, for a reason."""
RESUMED: Final = "service-resumed"
"""Event of the queue: it works again."""
OTHER_REASON: Final = "other"
CENTRAL: Final = "central"
"""Who says so, instead of a clerk."""


class ServiceNow(Struct, frozen=True, kw_only=True, omit_defaults=False):
    """One service. `since` is RFC 3339, null where the clock was not trusted; `until` is what somebody expects.

    `today`: whether a number taken now is called before closing; `unknown` is never said to anybody.
    """

    service: ServiceCode
    state: ServiceState = "working"
    reason: Word | None = None
    since: Moment | None = None
    until: TimeOfDay | None = None
    today: TodayWord = "unknown"


class GroupNow(Struct, frozen=True, kw_only=True, omit_defaults=False):
    """What somebody who takes a number of a group now would meet; the range in seconds, null where unknown."""

    waiting: Count
    low_s: Seconds | None = None
    high_s: Seconds | None = None
    today: TodayWord = "unknown"


class CentreNow(Struct, frozen=True, kw_only=True):
    """A centre's services and groups at the moment of the waiting list that bears it.

    `standing`: people wait, counters are open, and nobody was called for a quarter of an hour of working time; or the
    hub runs on battery, and no counter's page is connected.
    """

    state: CentreState
    services: Annotated[list[ServiceNow], Meta(max_length=MOST_SERVICES)]
    groups: dict[Prefix, GroupNow]


class CentreElsewhere(Struct, frozen=True):
    """Another centre where a service works, what it is called, and when its hub said so."""

    centre: Line
    names: dict[Word, FreeText]
    as_of: Moment


class ServiceElsewhere(Struct, frozen=True):
    """A service that stands still in a centre, and where it works."""

    service: ServiceCode
    also_at: Annotated[list[CentreElsewhere], Meta(max_length=100)]


class Elsewhere(Struct, frozen=True):
    """Where the services work that stand still in a centre; a newer word takes the place of all of it."""

    as_of: Moment
    services: Annotated[list[ServiceElsewhere], Meta(max_length=MOST_SERVICES)]


class ReasonRecord(Struct, frozen=True, forbid_unknown_fields=True):
    """Why a service may stop: a code, and how it is said, by language."""

    code: Word
    names: dict[Word, FreeText]


class Reasons(Struct, frozen=True):
    """All reasons for which a service may stop; a newer word takes the place of all of it."""

    reasons: Annotated[list[ReasonRecord], Meta(min_length=1, max_length=20)]


class ServiceOrder(Struct, frozen=True, kw_only=True):
    """Central's word that a service stands still in this centre. `id` tells it from an earlier one of the service."""

    id: Line
    service: ServiceCode
    reason: Word
    since: Moment


class ServiceOrders(Struct, frozen=True):
    """All that central says stands still in a centre. To hubs only; what is named no more works again."""

    centre: Line
    orders: Annotated[list[ServiceOrder], Meta(max_length=MOST_SERVICES)]

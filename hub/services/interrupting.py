"""A service stands still, or works again: said by a clerk who serves it, a manager, the console, or central.

It outlives night, kill and take-over, for it is an event as any other; what ends it is somebody's word alone.
"""

from collections.abc import Collection
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from common.protocol.queue.service_now import CENTRAL, INTERRUPTED, OTHER_REASON, RESUMED, ServiceOrder, ServiceState
from hub.engine.act import Act, Look
from hub.engine.centre import INTERRUPTED as NAME
from hub.engine.centre import ORDERS_TAKEN, Interruption
from hub.engine.refusal import Refused
from offline_store.disk.sql import run
from offline_store.issuing.business_day import ZONE

CONSOLE: Final = "console"
_SAID_AT: Final = "SELECT e.wall_time FROM hub_overrides AS o JOIN hub_events AS e ON e.seq = o.seq WHERE o.name = ?"
# Of what is said here, which no word of central's on the counters takes back.
_FOR_GOOD: Final = 2**62


class Standing(Struct, frozen=True, kw_only=True):
    """A service as somebody's word left it."""

    service: str
    state: ServiceState
    reason: str | None = None
    since: str | None = None
    until: str | None = None
    by: str | None = None


def interrupt(act: Act, service: str, found: Interruption, groups: Collection[str] | None = None) -> Standing:
    """Say that a service stands still; said again with the same reason it changes nothing.

    Args:
        act: the transaction.
        service: its code.
        found: why, and by whom it is said; `since` is this moment, or that of the interruption that goes on.
        groups: those that the sayer serves; None for all.

    Raises:
        Refused: 404 for a service that is not known here, 403 for one that the sayer does not serve, 422 for a reason
            that is not known.
    """
    _require(act, service, groups)
    if found.reason not in act.centre.reasons:
        known = ", ".join(sorted(act.centre.reasons))
        raise Refused(422, "unknown-reason", f"reason: {found.reason[:60]} is none of {known}")
    former = act.centre.interrupted.get(service)
    said_on = _today(act) if found.until is not None else None
    if former is None:
        now = replace(found, since=_moment(act), until_on=said_on)
    else:  # who said it first, since when, and whether it is central's to end stays
        now = replace(former, reason=found.reason, until=found.until, until_on=said_on)
    if former != now:
        _record(act, INTERRUPTED, service, now)
    return standing(service, now)


def works_again(act: Act, service: str, by: str, groups: Collection[str] | None = None) -> Standing:
    """Say that a service works again; said of one that works it changes nothing.

    Raises Refused as `interrupt`, and 403 where central has said that it stands still: a manager may end that.
    """
    _require(act, service, groups)
    found = act.centre.interrupted.get(service)
    if found is not None and found.order is not None and groups is not None:
        raise Refused(403, "central-says", f"central has stopped {service}: a manager may end that here")
    if found is not None:
        _record(act, RESUMED, service, None, by=by)
    return standing(service, None, by=by)


def take_back(act: Act, service: str, found: Interruption) -> None:
    """Let a service stand still that did before this log was lost, where nothing later was said here."""
    row = run(act.connection, _SAID_AT, (f"{NAME}{service}",)).fetchone()
    is_known = row is not None and (found.since is None or row[0] >= found.since)
    if service in act.centre.services and not is_known:
        reason = found.reason if found.reason in act.centre.reasons else OTHER_REASON
        _record(act, INTERRUPTED, service, replace(found, reason=reason))


def standing(service: str, found: Interruption | None, by: str | None = None) -> Standing:
    """Return how a service stands."""
    if found is None:
        return Standing(service=service, state="working", by=by)
    return Standing(
        service=service,
        state="interrupted",
        reason=found.reason,
        since=found.since,
        until=found.until,
        by=found.by,
    )


def has_news(look: Act | Look) -> bool:
    """Return whether central has said something of services that this hub has not followed yet."""
    centre = look.centre
    return bool(centre.orders_taken - centre.orders.keys()) or any(
        order.id not in centre.orders_taken and _can_follow(look, order) for order in centre.orders.values()
    )


def follow_orders(act: Act) -> None:
    """Stop what central says stands still, and let work again what it names no more.

    What a manager has ended since stays ended. A service that stands still for a reason of this centre's own is left to
    those who said so; once it works again here, or is first offered here, central's word is followed.
    """
    centre = act.centre
    for service, found in centre.interrupted.items():
        if found.order is not None and found.order not in centre.orders:
            _record(act, RESUMED, service, None, by=CENTRAL)
    taken = set(centre.orders_taken & centre.orders.keys())
    for order in centre.orders.values():
        if order.id in taken or not _can_follow(act, order):
            continue
        taken.add(order.id)
        _record(act, INTERRUPTED, order.service, Interruption(order.reason, CENTRAL, order.since, order=order.id))
    act.record("orders-taken", detail={"name": ORDERS_TAKEN, "value": sorted(taken), "message_id": _FOR_GOOD})


def _can_follow(look: Act | Look, order: ServiceOrder) -> bool:
    """Return whether a service is offered here and does not stand still by this centre's own word."""
    found = look.centre.interrupted.get(order.service)
    return order.service in look.centre.services and (found is None or found.order is not None)


def _require(act: Act, service: str, groups: Collection[str] | None) -> None:
    known = act.centre.services.get(service)
    if known is None:
        raise Refused(404, "no-such-service", f"there is no service {service[:60]} in this centre")
    if groups is not None and known.queue not in groups:
        raise Refused(403, "not-served-here", f"{service} is not served here: ask a counter that does, or a manager")


def _record(act: Act, kind: str, service: str, found: Interruption | None, by: str | None = None) -> None:
    value = None if found is None else msgspec.to_builtins(found)
    detail = {"name": f"{NAME}{service}", "value": value, "message_id": _FOR_GOOD, "service": service}
    detail["by"] = by if found is None else found.by
    act.record(kind, reason=None if found is None else found.reason, detail=detail)


def _moment(act: Act) -> str | None:
    return act.stamp.text if act.stamp.tells_time else None


def _today(act: Act) -> str | None:
    return act.stamp.wall_time.astimezone(ZONE).date().isoformat() if act.stamp.tells_time else None

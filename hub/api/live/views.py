"""What each page shows, whole: the board's view holds nothing that a hall may not see."""

from typing import Any, Final

import msgspec

from hub.arrivals.answering import calls_to_announce
from hub.engine import status as standing
from hub.engine.act import Look
from hub.engine.today import today
from hub.engine.views import counter_view
from hub.estimates.estimate import coverage
from hub.log.reading import find_counter
from hub.pages.serving import pages_mark
from hub.sessions.sessions import Session

CALLS_SHOWN: Final = 8
ANNOUNCED_WITHIN_S: Final = 30


def board_view(look: Look) -> dict[str, Any]:
    """Return what everybody may see: how many wait, who was called where, which counters are open."""
    return {
        "hub": look.hub_id,
        "term": look.term,
        "mark": look.mark,
        "leading": look.role == "leading",
        "pages": pages_mark(),
        "as_of": look.stamp.text,
        "business_day": standing.business_day(look),
        "centre": standing.centre_names(look),
        "waiting": standing.waiting_of_all(look),
        "last_waits": standing.last_waits_s(look),
        "calls": msgspec.to_builtins(calls_to_announce(look, CALLS_SHOWN, ANNOUNCED_WITHIN_S)),
        "counters": [one.number for one in standing.counters_of(look) if one.state not in ("closed", "paused")],
        # Pages keep this list: after a take-over they ask all of them which one leads (GET /v1/hub).
        "hubs": [{"id": one.id, "address": one.address} for one in look.centre.hubs.values() if not one.revoked],
    }


def counter_page_view(look: Look, session: Session) -> dict[str, Any]:
    """Return what a counter's page shows: its ticket, who is away, what others asked; never a list of the waiting."""
    number = session.counter or 0
    counter = find_counter(look.connection, number)
    defined = look.centre.counters.get(number)
    clerk = look.centre.clerks.get(session.clerk)
    return board_view(look) | {
        "counter": counter_view(look, counter) | {"reason": counter.reason},
        "names": dict(defined.names) if defined is not None else {},
        "groups": list(defined.groups) if defined is not None else [],
        "clerk": {"id": session.clerk, "name": clerk.name if clerk is not None else "", "role": session.role},
        "last_press": counter.last_press,
        "must_resume": counter.must_resume,
        "waiting_for": [one.number for one in standing.counters_of(look) if one.must_resume],
        "parked": standing.away(look, "parked"),
        "missed": standing.away(look, "missed"),
        "help": standing.open_help(look),
        "services": [_service(look, code) for code in sorted(look.centre.services)],
        **_standing(look),
    }


def manager_view(look: Look) -> dict[str, Any]:
    """Return what a manager's page shows."""
    rules = look.centre.rules
    return board_view(look) | {
        "status": standing.status(look),
        "day_closed": standing.is_day_closed(look),
        "rules": msgspec.to_builtins(rules),
        "defined": [
            {"number": one.number, "names": dict(one.names), "groups": list(one.groups)}
            for one in look.centre.counters.values()
        ],
        "waiting_for": [one.number for one in standing.counters_of(look) if one.must_resume],
        "parked": standing.away(look, "parked"),
        "missed": standing.away(look, "missed"),
        "help": standing.open_help(look),
        "over_issuing": standing.over_issuing(look),
        "ranges": dict(coverage(look)),
        "today": today(look),
        **_standing(look),
    }


def _standing(look: Look) -> dict[str, Any]:
    """Return what those who work with this hub have to know of it itself."""
    return {
        "recall_due": look.is_recall_due,
        "unconfirmed": look.is_unconfirmed,
        "follower_silent_s": _silent(look),
    }


def _service(look: Look, code: str) -> dict[str, Any]:
    service = look.centre.services[code]
    return {"code": code, "names": service.names, "group": service.queue}


def _silent(look: Look) -> int | None:
    """Return since when the follower has been silent, only where that is longer than it may be."""
    silent_s = standing.follower_silent_s(look)
    return int(silent_s) if silent_s is not None and silent_s > standing.FOLLOWER_SILENT_AFTER_S else None

"""What each page shows, whole: the board's view holds nothing that a hall may not see."""

from collections.abc import Collection, Mapping
from typing import Any, Final, NamedTuple

from msgspec import Struct
from msgspec.structs import asdict

from common.city.groups import Words
from common.protocol.notice import Notice
from common.protocol.queue.call import QueueCall
from common.protocol.queue.service_now import OTHER_REASON, ServiceNow
from hub.api.live.parts import (
    ClerkView,
    CounterPage,
    DefinedCounter,
    GuessedPin,
    HubAddress,
    ReasonView,
    ServiceView,
    StoppedView,
)
from hub.arrivals.answering import calls_to_announce
from hub.engine import status as standing
from hub.engine.act import LEADING, Look
from hub.engine.carrying.claiming import days_that_count
from hub.engine.carrying.closing import closes_early
from hub.engine.carrying.in_doubt import asked_about
from hub.engine.choice import all_who_wait, is_passed_over
from hub.engine.glance.today import Today, today
from hub.engine.managing import ChoiceRules, choice_rules
from hub.engine.status import Away, HelpCall, OverIssuing, Status
from hub.engine.views import ticket_of
from hub.estimates.estimate import coverage
from hub.log.reading import find_counter, find_day
from hub.messages.alarms import StandingAlarm, standing_alarms
from hub.pages.serving import pages_mark
from hub.services.asking import expected_again, stopped_perhaps
from hub.services.now import doubtful_groups, services_now
from hub.services.today import WordsKept, words_kept
from hub.services.tomorrow import Carried, carried_word
from hub.sessions.locks import wrong_pins
from hub.sessions.sessions import Session
from hub.takeover.holders import Held, Holder, held, holders, silent_hubs
from offline_store.feed.claims import takes_claims

CALLS_SHOWN: Final = 8
ANNOUNCED_WITHIN_S: Final = 30


class BoardView(Struct, frozen=True, kw_only=True):
    """What everybody may see: how many wait, who was called where, which counters are open."""

    hub: str
    term: int
    mark: str
    leading: bool
    pages: str
    as_of: str
    business_day: str | None
    day_closed: bool
    centre: dict[str, str]
    waiting: dict[str, int]
    group_names: dict[str, Mapping[str, str]]
    last_waits: dict[str, int]
    calls: list[QueueCall]
    counters: list[int]
    services: list[ServiceNow]
    # What services that stand still are called, and why they do, as it is said to people.
    stopped: Mapping[str, StoppedView]
    # Groups of which a number that is taken now may not be called today.
    doubtful: list[str]
    # Who comes first on a later day, where somebody does; the page says so before people leave.
    carried: Carried | None
    # Pages keep this list: after a take-over they ask all of them which one leads (GET /v1/hub).
    hubs: list[HubAddress]
    # Each is shown from its first moment up to its last by the hub's clock; none while that can't be trusted.
    notices: list[Notice]


class CounterPageView(BoardView, frozen=True, kw_only=True):
    """What a counter's page shows: its ticket, who is away, what others asked; never a list of the waiting."""

    counter: CounterPage
    names: Mapping[str, str]
    groups: list[str]
    clerk: ClerkView
    last_press: str | None
    must_resume: bool
    waiting_for: list[int]
    parked: list[Away]
    missed: list[Away]
    help: list[HelpCall]
    kiosks: dict[str, int]
    places: Mapping[int, Words]
    defined: list[DefinedCounter]
    offered: list[ServiceView]
    reasons: list[ReasonView]
    books: bool  # whether this centre takes appointments
    asks: list[str]  # services that the hub asks about
    carried_days: list[str]  # dates of papers that may give a place today
    passed_over: int  # of its groups, by this counter's calls
    # What those who work with this hub have to know of it itself, here and in the manager's view.
    recall_due: bool
    alone_since: str | None
    follower_silent_s: int | None
    in_doubt: str | None


class ManagerView(BoardView, frozen=True, kw_only=True):
    """What a manager's page shows."""

    status: Status
    rules: ChoiceRules
    waiting_for: list[int]
    parked: list[Away]
    missed: list[Away]
    help: list[HelpCall]
    kiosks: dict[str, int]
    places: Mapping[int, Words]
    defined: list[DefinedCounter]
    offered: list[ServiceView]
    reasons: list[ReasonView]
    books: bool
    asks: list[str]
    over_issuing: list[OverIssuing]
    guessed: list[GuessedPin]
    ranges: Mapping[str, float | int]
    words: WordsKept
    today: Today
    recall_due: bool
    alone_since: str | None
    follower_silent_s: int | None
    in_doubt: str | None
    silent_kiosks: dict[str, int]
    holders: list[Holder]
    held: Held
    silent_hubs: dict[str, int]
    refused_days: dict[str, str]
    closes_early: bool  # where the day is closed now
    alarms: list[StandingAlarm]


class Common(NamedTuple):
    """What the views of one moment show alike."""

    board: BoardView
    of_those_who_work: Mapping[str, Any]


def common(look: Look) -> Common:
    """Return what the views of this moment show alike."""
    return Common(board_view(look), _of_those_who_work(look))


def board_view(look: Look) -> BoardView:
    """Return the board's view."""
    waiting, day = standing.waiting_of_all(look), find_day(look.connection, look.day)
    return BoardView(
        hub=look.hub_id,
        term=look.term,
        mark=look.life,
        leading=look.role == "leading",
        pages=pages_mark(),
        as_of=look.stamp.text,
        business_day=None if day is None else day.label,
        day_closed=day is not None and day.is_closed,
        centre=standing.centre_names(look),
        waiting=waiting,
        group_names={letter: look.centre.group_names.get(letter, {}) for letter in sorted(look.centre.queues())},
        last_waits=standing.last_waits_s(look),
        calls=calls_to_announce(look, CALLS_SHOWN, ANNOUNCED_WITHIN_S),
        counters=[one.number for one in standing.counters_of(look) if one.state not in ("closed", "paused")],
        services=services_now(look),
        stopped=_stopped(look),
        doubtful=doubtful_groups(look),
        carried=carried_word(look),
        hubs=[HubAddress(one.id, one.address) for one in look.centre.hubs.values() if not one.revoked],
        notices=look.centre.notices if look.stamp.tells_time else [],
    )


def counter_page_view(look: Look, session: Session, alike: Common | None = None) -> CounterPageView:
    """Return the view of the page of a session's counter; `alike`: what pages of this moment show, if it is known."""
    board, of_those_who_work = alike or common(look)
    number = session.counter or 0
    counter = find_counter(look.connection, number)
    defined = look.centre.counters.get(number)
    clerk = look.centre.clerks.get(session.clerk)
    return CounterPageView(
        counter=CounterPage(
            number=counter.number,
            state=counter.state,
            version=counter.version,
            ticket=ticket_of(look, counter),
            reason=counter.reason,
        ),
        names=defined.names if defined is not None else {},
        groups=list(defined.groups) if defined is not None else [],
        clerk=ClerkView(session.clerk, clerk.name if clerk is not None else "", session.role),
        last_press=counter.last_press,
        must_resume=counter.must_resume,
        carried_days=days_that_count(look),
        passed_over=_passed_over(look, defined.groups if defined is not None else ()),
        **asdict(board),
        **of_those_who_work,
    )


def manager_view(look: Look, silent_kiosks: dict[str, int], refused_days: dict[str, str]) -> ManagerView:
    """Return the manager's view."""
    return ManagerView(
        status=standing.status(look),
        rules=choice_rules(look),
        over_issuing=standing.over_issuing(look),
        guessed=_guessed(look),
        ranges=coverage(look),
        words=words_kept(look),
        today=today(look),
        silent_kiosks=silent_kiosks,
        holders=holders(look),
        held=held(look),
        silent_hubs={name: int(silent_s) for name, silent_s in silent_hubs(look).items()},
        refused_days=refused_days,
        closes_early=closes_early(look),
        # A standby knows them too, and nobody takes one there.
        alarms=standing_alarms(look.connection) if look.role == LEADING else [],
        **asdict(board_view(look)),
        **_of_those_who_work(look),
    )


def _guessed(look: Look) -> list[GuessedPin]:
    """Return at whose PINs somebody guesses here, by name; of PINs that are nobody's in one sum."""
    found = wrong_pins(look.connection, look.line_us)
    named = {one.sign: one.name for one in look.centre.clerks.values()}
    nobodys = sum(one.n for one in found if one.sign not in named)
    own = [GuessedPin(named[one.sign], one.n) for one in found if one.sign is not None and one.sign in named]
    return [*own, GuessedPin(None, nobodys)] if nobodys else own


def _stopped(look: Look) -> dict[str, StoppedView]:
    centre, found = look.centre, {}
    for code, stop in sorted(centre.interrupted.items()):
        reason = None if stop.reason == OTHER_REASON else centre.reasons.get(stop.reason)
        service = centre.services.get(code)
        group = "" if service is None else service.queue
        found[code] = StoppedView(standing.names_of(look, code), group, reason, stop.since)
    return found


def _passed_over(look: Look, groups: Collection[str]) -> int:
    """Count those of some groups whom calling passes over."""
    if not look.centre.interrupted:
        return 0
    return sum(is_passed_over(look, one) and one.queue in groups for one in all_who_wait(look))


def _defined(look: Look) -> list[DefinedCounter]:
    """Return the centre's counters, and those that central took out while they were open: a manager closes them."""
    known = look.centre.counters
    left = [one for one in standing.counters_of(look) if one.number not in known and one.state != "closed"]
    found = [DefinedCounter(one.number, one.names, list(one.groups)) for one in known.values()]
    return [*found, *(DefinedCounter(one.number, {}, []) for one in left)]


def _of_those_who_work(look: Look) -> dict[str, Any]:
    """Return what the views of counters and managers have in common, but for the board's."""
    silent_s = max(silent_hubs(look).values(), default=None)
    doubt = asked_about(look)
    return {
        "waiting_for": [one.number for one in standing.counters_of(look) if one.must_resume],
        "parked": standing.away(look, "parked"),
        "missed": standing.away(look, "missed"),
        "help": standing.open_help(look),
        # The digit of each kiosk, which stands in its numbers: people know it by that, not by its id.
        "kiosks": {one.id: one.digit for one in look.centre.kiosks.values()},
        "places": look.centre.places,
        "defined": _defined(look),
        "offered": [
            ServiceView(code, service.names, service.queue) for code, service in sorted(look.centre.services.items())
        ],
        "reasons": [ReasonView(code, names) for code, names in look.centre.reasons.items()],
        "books": takes_claims(look.connection),
        "asks": [*stopped_perhaps(look), *expected_again(look)],
        "recall_due": look.is_recall_due,
        "alone_since": look.alone_since,
        "follower_silent_s": None if silent_s is None else int(silent_s),
        # The day of whose people no clock knows whether they are still here.
        "in_doubt": None if doubt is None else doubt.label,
    }

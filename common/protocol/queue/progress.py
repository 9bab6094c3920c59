"""How far a visit has come, by the events that hubs tell of it: the one way in which they are read."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, Protocol

from msgspec import Struct
from msgspec.structs import replace

from common.protocol.queue import event as queue_event


class Event(Protocol):
    """What is read of an event: see `envelope.QueueBody`."""

    @property
    def event(self) -> str:
        """Its name."""

    @property
    def counter(self) -> int | None:
        """At which counter."""

    @property
    def documents(self) -> Mapping[str, int] | None:
        """What was done, by service."""

    @property
    def expected_s(self) -> tuple[int, int] | None:
        """The range that the visitor was told, in seconds."""

    @property
    def today(self) -> Literal["yes", "doubtful"] | None:
        """What he was told of being called that day."""

    @property
    def first_day(self) -> str | None:
        """The first day on which a ticket that was carried over counts."""

    @property
    def last_day(self) -> str | None:
        """The last one."""


class Progress(Struct, frozen=True, kw_only=True):
    """How far a visit has come; times are RFC 3339, `expected_s` the range that the visitor was told.

    `today`: whether he was told that he is called that day, or may not be; None where neither was known.
    """

    called_at: str | None = None
    came_at: str | None = None
    ended_at: str | None = None
    end: str | None = None
    counter: int | None = None
    documents: dict[str, int] = {}
    expected_s: tuple[int, int] | None = None
    today: Literal["yes", "doubtful"] | None = None
    is_called: bool = False
    days: tuple[str, str] | None = None
    """On which business days a ticket that was carried over counts: the first and the last."""


NOTHING_YET: Final = Progress()


def progress_by(events: Iterable[tuple[str, Event]], before: Progress = NOTHING_YET) -> Progress:
    """Follow a ticket through its events, each with its time, in the order in which they happened.

    Args:
        events: what was told, with the time of each (RFC 3339).
        before: how far it had come before the first of them.
    """
    states = [before]
    for at, event in events:
        if event.event == queue_event.UNDONE:
            if len(states) > 1:
                states.pop()
        else:
            states.append(_after(states[-1], at, event))
    return states[-1]


def _after(before: Progress, at: str, event: Event) -> Progress:
    changed: dict[str, Any] = {}
    if event.counter is not None:
        changed["counter"] = event.counter
    if event.expected_s is not None:
        changed["expected_s"] = event.expected_s
    if event.today is not None:
        changed["today"] = event.today
    match event.event:
        case queue_event.CALLED:
            changed |= {"called_at": at, "came_at": None, "ended_at": None, "end": None, "is_called": True}
        case queue_event.CAME:
            changed |= {"came_at": at}
        case queue_event.RESUMED | queue_event.TRANSFERRED:
            changed |= {"ended_at": None, "end": None, "is_called": False}
        case queue_event.NOT_HERE | queue_event.PARKED:
            changed |= {"is_called": False}
        case name if name in queue_event.ENDS:
            changed |= {"ended_at": at, "end": name, "documents": event.documents or {}}
            if event.first_day is not None and event.last_day is not None:
                changed["days"] = (event.first_day, event.last_day)
    return replace(before, **changed)

"""The smaller parts of pages' views."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from hub.engine.views import CounterView


class HubAddress(Struct, frozen=True):
    """A hub of the centre that pages may ask."""

    id: str
    address: str


class CounterPage(CounterView, frozen=True, kw_only=True):
    """A counter as its own page shows it: `reason` is why it is paused."""

    reason: str | None


class ClerkView(Struct, frozen=True):
    """Who is logged in at a counter."""

    id: str
    name: str
    role: Literal["clerk", "manager"]


class ServiceView(Struct, frozen=True):
    """A service to which a ticket can be transferred, and the group that it waits in."""

    code: str
    names: Mapping[str, str]
    group: str


class StoppedView(Struct, frozen=True):
    """A service that stands still, in words: what it is called, in which group it waits, and why it stands still.

    `reason` is None where there is nothing to say of it but that it does. It stands here outside its hours too.
    """

    names: Mapping[str, str]
    group: str
    reason: Mapping[str, str] | None
    since: str | None


class ReasonView(Struct, frozen=True):
    """Why a service may stand still."""

    code: str
    names: Mapping[str, str]


class GuessedPin(Struct, frozen=True):
    """At whose PIN somebody guesses, and how often, never an hour apart; `clerk` None: at several, or at nobody's."""

    clerk: str | None
    n: int


class DefinedCounter(Struct, frozen=True):
    """A counter as central has published it, or a manager set it."""

    number: int
    names: Mapping[str, str]
    groups: list[str]

"""Mends that are taken out again in a process of these tests, to see that it finds what each of them is there for.

Each is done before the product is imported as a whole: types are read once.
"""

import importlib
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Final

from msgspec import Meta

from common.machine.stamp import BUILT

ANY_DAY: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z"
ANY_MOMENT: Final = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-2][0-9]:[0-5][0-9])\Z"
)


def _put(place: str, name: str, value: object) -> None:
    """Set a name of a module, or of a class of it (`module:Class`)."""
    module, _, inner = place.partition(":")
    owner: Any = importlib.import_module(module)
    setattr(getattr(owner, inner) if inner else owner, name, value)


def _codes() -> None:
    """Decode any CBOR as it comes."""
    import cbor2

    _put("common.protocol.codes.signed_code", "loads_strict", cbor2.loads)
    _put("common.protocol.codes.signed_code", "untag", lambda data, _tag: cbor2.dumps(cbor2.loads(data).value))


def _lax_types() -> None:
    _put("common.protocol.field", "DayLabel", Annotated[str, Meta(pattern=ANY_DAY)])
    _put("common.protocol.field", "Moment", Annotated[str, Meta(pattern=ANY_MOMENT)])
    _put("common.protocol.field", "Seconds", Annotated[int, Meta(ge=0, le=2**63 - 1)])


def _days() -> None:
    """Take any days and times, and read items all or none."""
    _lax_types()
    _put("central.intake.receiving.delivery", "_odd_time", lambda *_: None)
    _put("central.intake.receiving.delivery", "_odd_day", lambda *_: None)

    async def all_or_none(reading: Any, connection: Any, rows: Any) -> None:
        await reading.take(connection, rows)

    _put("central.insight.visits.reading:Reading", "_take", all_or_none)


def _now() -> None:
    """Believe whatever time a hub's word on now bears."""
    _lax_types()
    delivery: Any = importlib.import_module("central.intake.receiving.delivery")
    _put("central.intake.receiving.delivery", "_list_of_now", lambda raw, _: (delivery._waiting.decode(raw), False))


def _keys() -> None:
    """Answer to whatever key a question names."""
    _put("central.inquiries.asking", "_can_be_sealed_to", lambda _: True)


def _centres() -> None:
    """Believe whatever machine tells of a ticket."""
    for module in ("central.insight.visits.recall", "central.insight.visits.visit", "central.insight.public.status"):
        _put(module, "of_own_centre", lambda events, _: list(events))


def _tokens() -> None:
    """Let two tickets bear one token."""

    async def as_it_is(_connection: Any, given: Any) -> Any:
        return given

    _put("central.insight.visits.projection", "_with_own_tokens", as_it_is)


def _words() -> None:
    """Have a name for each word of a machine, or fail."""
    _put("central.insight.reports.sheet:Words", "word", lambda self, group, code: self.say(f"{group}.{code}"))


def _walls() -> None:
    """Take a ticket of whatever time, and read each as a moment."""
    _put("hub.arrivals.taking", "as_moment", lambda _: BUILT)
    for module in ("hub.engine.glance.today", "hub.engine.glance.usual", "hub.foresight.past"):
        _put(module, "moment_of", lambda _, text: None if text is None else datetime.fromisoformat(text))


def _recalls() -> None:
    """Take in what is recalled all or none."""
    recalling: Any = importlib.import_module("hub.takeover.recalling")
    _put("hub.takeover.recalling", "as_moment", datetime.fromisoformat)

    def all_or_none(act: Any, said: Any) -> int:
        return sum(recalling._adopted(act, told) is not None for told in said.tickets)

    _put("hub.takeover.recalling", "take_recall", all_or_none)


UNDONE: Final[dict[str, tuple[Callable[[], None], tuple[str, ...]]]] = {
    "codes": (_codes, ("codes",)),
    "days": (_days, ("items",)),
    "now": (_now, ("lists",)),
    "keys": (_keys, ("questions",)),
    "centres": (_centres, ("items",)),
    "tokens": (_tokens, ("items",)),
    "words": (_words, ("items",)),
    "walls": (_walls, ("tickets",)),
    "recalls": (_recalls, ("recalls",)),
}
"""By name: how a mend is taken out, and which parts of what is said are enough to find that it lacks."""

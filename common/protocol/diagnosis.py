"""A kiosk's own log of a day, for who runs central: asked for by the feed, answered as an item.

Nothing personal can stand in it: a line has these fields alone, each a word or a number of our own program's, and is
read so at both ends. What a citizen gave, what a sentence repeats, and who is meant by an id have no field here.
"""

from typing import Annotated, ClassVar, Final, Literal

from msgspec import Meta, Struct

from common.protocol.field import Count, Moment, Uuid

MOST_LINES: Final = 500
# No run of five digits: no number of a person, card, telephone or order.
Act = Annotated[str, Meta(pattern=r"^(?!.*[0-9]{5})[a-z][a-z0-9-]{0,63}\Z")]
LogWord = Annotated[str, Meta(pattern=r"^(?!.*[0-9]{5})[A-Za-z0-9][A-Za-z0-9_.:/-]{0,79}\Z")]
Place = Annotated[str, Meta(pattern=r"^[a-z0-9_]{1,60}\.py:[0-9]{1,4}-[A-Za-z0-9_<>]{1,60}\Z")]
Small = Annotated[int, Meta(ge=0, lt=1_000_000)]


class Diagnose(Struct, frozen=True):
    """Central asks one kiosk for its log of the last day."""

    request: Uuid
    asked_at: Moment


class LogLine(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One line of the log, as far as it may leave the kiosk; `at`: where in the program an error was raised."""

    time: Moment
    level: Literal["info", "warning", "error", "critical"]
    component: Act
    action: Act
    device: LogWord | None = None
    state: LogWord | None = None
    code: LogWord | None = None
    reason: LogWord | None = None
    why: LogWord | None = None
    error: LogWord | None = None
    at: Place | None = None
    kind: LogWord | None = None
    name: LogWord | None = None
    file: LogWord | None = None
    setting: LogWord | None = None
    paper: LogWord | None = None
    result: LogWord | None = None
    how: LogWord | None = None
    after: LogWord | None = None
    act: LogWord | None = None
    charge_percent: Small | None = None
    gap_s: Small | None = None
    ran_s: Small | None = None
    items: Small | None = None


class DiagnosisBody(Struct, frozen=True):
    """The answer to `request`: lines in the order of time, and how many of that day had no room."""

    request: Uuid
    lines: Annotated[list[LogLine], Meta(max_length=MOST_LINES)]
    left_out: Count
    sealed: ClassVar[None] = None

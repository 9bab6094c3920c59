"""Every screen that a technician can see, as frozen values (T1 to T13); texts are under `maintenance.`.

Most are one `Panel`: a title, lines to read or touch, and buttons. A panel answers the id of the line or button.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from kiosk.prompts.ui import OFFERED, Availability, Notice, Prompt, Text

TURNED = Text("maintenance.keep_turned")
_UNITS: Final = (("days", 86_400), ("hours", 3_600), ("minutes", 60))


class Tone(StrEnum):
    """How a line is meant; always drawn as a sign and a word besides its colour."""

    GOOD = "good"
    ATTENTION = "attention"  #: works, but somebody should come
    BAD = "bad"  #: doesn't work
    UNKNOWN = "unknown"  #: not known: never shown as good
    STALE = "stale"  #: was good when it was last read, which is too long ago
    PLAIN = "plain"  #: only to be read


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a panel. A line with an id can be touched.

    `label` and `value` may be data (numbers, paths, log lines): those stand as they are, left to right.
    """

    label: Text | str
    value: Text | str = ""
    tone: Tone = Tone.PLAIN
    id: str | None = None
    age_s: int | None = None  # how old the reading is
    note: Text | None = None  # smaller, below the value: where it comes from
    detail: str = ""  # data after the value, as it is


@dataclass(frozen=True, slots=True)
class Button:
    """One button of a panel; one that isn't offered says why."""

    id: str
    label: Text
    availability: Availability = OFFERED
    is_grave: bool = False  # stops, voids or restarts something


@dataclass(frozen=True, slots=True)
class Panel(Prompt[str]):
    """Lines and buttons. `panel` names the place (`overview`, `outbox`...); the answer is a line's or button's id."""

    name: ClassVar[str] = "maintenance_panel"
    panel: str
    title: Text
    lines: tuple[Line, ...] = ()
    buttons: tuple[Button, ...] = ()
    note: Text | None = None
    heading: Text | None = None  # over the buttons, where they are many and lie below lines that are touched too


@dataclass(frozen=True, slots=True)
class EnterPin(Prompt[str]):
    """T1. Eight or ten digits on a number pad, shown as dots; the answer is the digits."""

    name: ClassVar[str] = "maintenance_pin"
    wrong: bool = False
    left: int | None = None  # attempts before the lock, once one was wrong


@dataclass(frozen=True, slots=True)
class LockedOut(Prompt[str]):
    """T13. Too many wrong PINs; answers `close`."""

    name: ClassVar[str] = "maintenance_locked"
    minutes: int = 5


@dataclass(frozen=True, slots=True)
class Checking(Notice):
    """Something takes a moment: a PIN is checked, a page printed, a stick written."""

    name: ClassVar[str] = "maintenance_working"
    what: Text


@dataclass(frozen=True, slots=True)
class FindTicket(Prompt[str]):
    """T5. A ticket's number: the prefixes given, and a number pad; the answer is the whole number, such as B2014."""

    name: ClassVar[str] = "maintenance_find"
    prefixes: tuple[str, ...] = ("A", "B", "C", "D")


@dataclass(frozen=True, slots=True)
class PaperStep(Prompt[str]):
    """T4. One step of the paper wizard with its picture: `open`, `remove`, `insert` or `close`; answers `next`."""

    name: ClassVar[str] = "maintenance_paper"
    step: str
    number: int
    of: int
    can_go_on: Availability = OFFERED
    state: Text | None = None  # what the printer says now


@dataclass(frozen=True, slots=True)
class TouchTarget(Prompt[tuple[float, float]]):
    """T3. A cross at a place of the panel; the answer is where it was touched.

    Shares of width and height, 0 to 1, from the
    upper left.
    """

    name: ClassVar[str] = "maintenance_touch"
    x: float
    y: float
    number: int
    of: int


@dataclass(frozen=True, slots=True)
class TestPicture(Prompt[str]):
    """T3. The whole panel in one colour or with a grid, without any words; any touch answers `next`."""

    __test__: ClassVar[bool] = False  # no test of pytest's
    name: ClassVar[str] = "maintenance_picture"
    picture: str  # black, white, red, green, blue, grid


@dataclass(frozen=True, slots=True)
class KeepChange(Prompt[str]):
    """T7, T8. A risky change is in force: `keep` it, or it is undone in so many seconds. `undo` does so at once."""

    name: ClassVar[str] = "maintenance_keep"
    what: Text
    seconds: int = 60
    effect: Text = TURNED  # what it has done so far


@dataclass(frozen=True, slots=True)
class EnterAddress(Prompt[str]):
    """T8. One part of a network address on a number pad with a dot; the answer is what stands there then."""

    name: ClassVar[str] = "maintenance_address"
    part: str  # own, prefix, gateway or dns
    number: int
    of: int
    typed: str = ""  # what stands there to begin with
    wrong: Text | None = None
    may_be_empty: bool = False


def span(name: str, seconds: int) -> Text:
    """Return the text `maintenance.<name>.<unit>` in the largest unit that fits."""
    unit, length = next(((unit, length) for unit, length in _UNITS if seconds >= length), ("seconds", 1))
    return Text(f"maintenance.{name}.{unit}", {"n": seconds // length})

"""The presses of a counter as they come in: one struct a kind, each with exactly the fields that it needs."""

import re
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from common.protocol.field import Count, CounterNumber, DayLabel, Prefix, Priority, ServiceCode, Uuid

MAX_RANGES: Final = 50
HUB_DIGIT: Final = "0"
"""In numbers that clerks give by hand."""
HUB_COUNTS: Final = 1000
"""Numbers by hand that each hub of a centre has of a letter: the second begins at 1001."""
# A value that msgspec quotes from a press that it cannot read: the answer is kept, and anything may have been typed.
_QUOTED: Final = re.compile(r"(?<=Invalid value) '.*'", re.DOTALL)
_LONG_NUMBER: Final = re.compile(r"\d(?:[\s.\-/]?\d){6,}")  # any digits of any script, also parted

Text = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f]{1,80}\Z")]
TicketNumber = Annotated[str, Meta(pattern=r"^[A-Z]?[0-9]{4,9}\Z")]
Documents = Annotated[dict[ServiceCode, Annotated[int, Meta(ge=0, le=99)]], Meta(max_length=20)]


class PressUnreadable(ValueError):
    """An invalid press; the text names the field and what is expected."""


class _Named(Struct, frozen=True, forbid_unknown_fields=True, tag_field="press", kw_only=True):
    """A press on a ticket: its id, and the counter's version that the page showed."""

    ticket: Uuid
    version: Count


class Open(Struct, frozen=True, forbid_unknown_fields=True, tag_field="press", tag="open"):
    """The counter begins, or goes on after a pause."""


class Pause(Struct, frozen=True, forbid_unknown_fields=True, tag_field="press", tag="pause", kw_only=True):
    """The counter rests."""

    reason: Text | None = None


class Close(Struct, frozen=True, forbid_unknown_fields=True, tag_field="press", tag="close"):
    """The shift ends."""


class Next(Struct, frozen=True, forbid_unknown_fields=True, tag_field="press", tag="next"):
    """Finish the open ticket, if any, and call the next: the hub chooses."""


class Again(_Named, frozen=True, tag="again"):
    """Call the same ticket once more."""


class Came(_Named, frozen=True, tag="came"):
    """The person is here."""


class NotHere(_Named, frozen=True, tag="not-here"):
    """Nobody came."""


class Done(_Named, frozen=True, tag="done"):
    """Served; `documents` counts what was done by service, one of the ticket's own where nothing is said."""

    documents: Documents | None = None


class Left(_Named, frozen=True, tag="left"):
    """The person came, and went away unserved."""


class Park(_Named, frozen=True, tag="park"):
    """The person waits for something elsewhere, and comes back."""

    where: Text | None = None


class Resume(Struct, frozen=True, forbid_unknown_fields=True, tag_field="press", tag="resume", kw_only=True):
    """A parked or missed person is back: named by ticket, or by the number on the paper."""

    ticket: Uuid | None = None
    number: TicketNumber | None = None
    version: Count


class Transfer(_Named, frozen=True, tag="transfer"):
    """To another queue or counter, with number and arrival kept; `first` puts it in front there."""

    to: Prefix | CounterNumber
    first: bool = False


class OutOfTurn(Struct, frozen=True, forbid_unknown_fields=True, tag_field="press", tag="out-of-turn", kw_only=True):
    """Call one number before its turn; the reason is kept."""

    number: TicketNumber
    reason: Text
    version: Count
    ticket: Uuid | None = None


class EarlierPaper(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A paper of an earlier day, as it is read: its number and its date."""

    number: TicketNumber
    day: DayLabel


class Give(Struct, frozen=True, forbid_unknown_fields=True, tag_field="press", tag="give", kw_only=True):
    """Give a number by hand: of digit 0, with the priority of the person whom the clerk sees.

    `earlier`: with the place of one who was carried over.
    """

    service: ServiceCode
    priority: Priority = "none"
    earlier: EarlierPaper | None = None


class NumberRange(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Numbers of one kiosk and letter that were served by voice: up to and with `to`, from `first` on where given."""

    to: TicketNumber
    first: TicketNumber | None = None
    but: Annotated[list[TicketNumber], Meta(max_length=200)] = []

    def __post_init__(self) -> None:
        first = self.to if self.first is None else self.first
        if series(first) != series(self.to) or counted(first) > counted(self.to):  # by value: past 999 a fourth digit
            raise ValueError(f"ranges: {self.first} to {self.to} is no range of one kiosk and letter")

    def holds(self, number: str) -> bool:
        """Whether a number was among those served."""
        if series(number) != series(self.to) or number in self.but:
            return False
        return self._lowest <= counted(number) <= counted(self.to)

    @property
    def _lowest(self) -> int:
        if self.first is not None:
            return counted(self.first)
        is_by_hand = series(self.to)[-1] == HUB_DIGIT
        return (counted(self.to) - 1) // HUB_COUNTS * HUB_COUNTS if is_by_hand else 0


class ByHand(Struct, frozen=True, forbid_unknown_fields=True, tag_field="press", tag="by-hand", kw_only=True):
    """What was called by voice while there was no hub."""

    ranges: Annotated[list[NumberRange], Meta(min_length=1, max_length=MAX_RANGES)]


class StillHere(Struct, frozen=True, forbid_unknown_fields=True, tag_field="press", tag="still-here", kw_only=True):
    """Say whether those who came before a cut of unknown length are still here; where not, a new day begins."""

    here: bool


class Undo(Struct, frozen=True, forbid_unknown_fields=True, tag_field="press", tag="undo", kw_only=True):
    """Take back the counter's last act."""

    ticket: Uuid
    version: Count


Press = (
    Open
    | Pause
    | Close
    | Next
    | Again
    | Came
    | NotHere
    | Done
    | Left
    | Park
    | Resume
    | Transfer
    | OutOfTurn
    | Give
    | ByHand
    | StillHere
    | Undo
)
_DECODER: Final = msgspec.json.Decoder(Press)


def read_press(body: bytes) -> Press:
    """Read a press. Raises PressUnreadable."""
    try:
        press: Press = _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PressUnreadable(_QUOTED.sub("", str(error))[:300]) from error
    for name in ("reason", "where"):
        text = getattr(press, name, None)
        if text is not None and not is_free_text(text):
            raise PressUnreadable(f"{name}: a number of more than six digits may be somebody's own; leave it out")
    return press


def is_free_text(text: str) -> bool:
    """Whether a text holds no number of more than six digits, which may be somebody's own."""
    return _LONG_NUMBER.search(text) is None


def kind_of(press: Press) -> str:
    """Name the kind of a press."""
    return str(press.__struct_config__.tag)


def series(number: str) -> str:
    """Return letter and kiosk digit of a number."""
    return number[:2] if number[0].isalpha() else number[:1]


def counted(number: str) -> int:
    """Return the counter part of a number."""
    return int(number[len(series(number)) :])

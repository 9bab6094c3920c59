"""What a message says: at most 70 letters, no name, no document, and of a number its last three digits.

Of several texts of a kind the fullest is taken that fits. To a number that was not written to lately it is added that
it may be somebody else's: the person who typed it may have erred, and who reads it owes no answer.
"""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from string import Formatter
from typing import Final

from msgspec import Struct

from central.base import clock
from central.insight.public.texts import tell, texts
from common.city.spoken_day import short_day, spoken_day
from common.messages.kind import Kind, fits
from common.web.page_texts import Language

DIGITS: Final = 3
"""The last digits of a number or order that a text bears."""
FOLDER: Final = Path(__file__).parent / "locale"
#: The fullest first; the last names nothing that can be long.
_TEXTS: Final[dict[Kind, tuple[str, ...]]] = {
    "order-ready": ("order_until", "order_at", "order", "order_somewhere"),
    "claim-tomorrow": ("tomorrow_at", "tomorrow"),
    "claim-off": ("off",),
    "near": ("near",),
    "works-again": ("works_again",),
    "staff-need": ("need",),
}
#: What waited for a channel until the day itself says so.
_TODAY: Final = ("today_at", "today")
_OVER: Final = ("need_over",)


class Said(Struct, frozen=True, omit_defaults=True):
    """The values of a text: moments are RFC 3339, `ends` is the last three digits of a number or order.

    `need` says by language what needs one of the staff, or needed him where it `is_over`.
    """

    ends: str | None = None
    centre: dict[str, str] | None = None
    at: str | None = None
    until: str | None = None
    need: dict[str, str] | None = None
    is_over: bool = False


def compose(kind: Kind, said: Said, language: Language, *, is_first: bool = False) -> str:
    """Return the text of a message; to a number for the first time, if it fits, with a word for who is a stranger.

    Raises ValueError where something is missing that each text of the kind says.
    """
    told = list(_told(kind, said, language))
    if is_first:
        stranger = tell(language, "stranger", folder=FOLDER)
        told = [f"{text} {stranger}" for text in told] + told
    for text in told:
        if fits(text):
            return text
    raise ValueError(f"{kind}: it has nothing to say without a number or time")


def _told(kind: Kind, said: Said, language: Language) -> Iterator[str]:
    at, until = (None if one is None else datetime.fromisoformat(one) for one in (said.at, said.until))
    if until is not None and until <= clock.now():
        until = None  # it waited for a way out, or for a number
    values = {
        "ends": said.ends,
        "centre": (said.centre or {}).get(language),
        "day": at and spoken_day(_day(at), language),
        "hour": at and f"{at.astimezone(clock.CENTRE_TIME):%H:%M}",
        "need": (said.need or {}).get(language),
        "until": until and short_day(_day(until), language),
    }
    is_late = kind == "claim-tomorrow" and at is not None and _day(at) <= _day(clock.now())
    for text_id in _TODAY if is_late else _OVER if said.is_over else _TEXTS[kind]:
        text = str(texts(language, FOLDER)[text_id])
        if all(values[name] is not None for _, name, _, _ in Formatter().parse(text) if name):
            yield text.format(**values)


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.CENTRE_TIME).date()

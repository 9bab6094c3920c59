"""Notices that stand on screens, boards, pages and papers for a while, judged before any machine hears of them."""

from collections import Counter
from datetime import date, datetime, time, timedelta

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from central import feed
from central.base import clock
from central.feed import EVERYONE, Audience
from central.publishing.in_force import whole_centre
from common.machine.plain_words import read_json
from common.protocol.field import Word
from common.protocol.notice import LONGEST_NOTICE, PLACES, Notice, Notices

KIND = "notices"
_LANGUAGES = ("ar", "en")
_MOST = 50


class NoticeToPublish(Struct, frozen=True, forbid_unknown_fields=True, rename={"begins": "from"}):
    """A notice as somebody writes it: from and until are dates, the last one whole, or moments of the centres."""

    id: Word
    begins: str
    until: str
    texts: dict[Word, str]
    where: list[str]


class NoticesToPublish(Struct, frozen=True, forbid_unknown_fields=True):
    """What an operator publishes; an empty list takes all notices back."""

    notices: list[NoticeToPublish]
    centre: str | None = None


async def publish(connection: AsyncConnection, content: bytes, audience: Audience = EVERYONE) -> int:
    """Tell the machines of a centre, or all, what to say; it takes the place of what they were told before.

    Returns the id of the message. Raises ValueError with every notice that is wrong.
    """
    told = read_json(content, NoticesToPublish)
    centre = await whole_centre(connection, told.centre, audience)
    body = Notices(centre, _judged(told.notices))
    return await feed.append(connection, KIND, body, key=centre or "", audience=Audience(centre=centre))


def _judged(notices: list[NoticeToPublish]) -> list[Notice]:
    judged, faults = [], []
    for index, notice in enumerate(notices):
        try:
            judged.append(_notice(notice))
        except ValueError as error:
            faults.append(f"notices[{index}] ({notice.id}): {error}")
    faults += [f"{one} stands twice" for one, times in Counter(one.id for one in notices).items() if times > 1]
    if len(notices) > _MOST:
        faults.append(f"notices: found {len(notices)}, expected at most {_MOST}")
    if faults:
        raise ValueError("\n".join(faults[:20]))
    return judged


def _notice(told: NoticeToPublish) -> Notice:
    begins, until = _moment("from", told.begins), _moment("until", told.until, is_end=True)
    if begins >= until:
        raise ValueError(f"from {told.begins} is not before until {told.until}")
    if until <= clock.now():
        raise ValueError(f"until {told.until} is over")
    if missing := [language for language in _LANGUAGES if not told.texts.get(language, "").strip()]:
        raise ValueError(f"expected a text in {' and '.join(missing)} too")
    for language, text in told.texts.items():
        if len(text) > LONGEST_NOTICE:
            raise ValueError(f"texts.{language}: found {len(text)} characters, expected at most {LONGEST_NOTICE}")
        if not text.isprintable():
            raise ValueError(f"texts.{language}: expected one line")
    if not told.where or (unknown := [place for place in told.where if place not in PLACES]):
        found = unknown[0] if told.where else "nothing"
        raise ValueError(f"where: found {found}, expected some of {', '.join(PLACES)}")
    where = [place for place in PLACES if place in told.where]
    return Notice(told.id, begins.isoformat(), until.isoformat(), told.texts, where)


def _moment(name: str, text: str, *, is_end: bool = False) -> datetime:
    """Read a date or moment; the end of a date is the end of its day."""
    try:
        if len(text) == len("2026-11-25"):
            day = date.fromisoformat(text)
            return datetime.combine(day + timedelta(days=is_end), time(), clock.CENTRE_TIME)
        moment = datetime.fromisoformat(text).replace(microsecond=0)
        return moment.astimezone(clock.CENTRE_TIME) if moment.tzinfo else moment.replace(tzinfo=clock.CENTRE_TIME)
    except (ValueError, OverflowError) as error:
        expected = "a date such as 2026-12-25, or a moment such as 2026-12-25T08:00"
        raise ValueError(f"{name}: found {text[:40]!r}, expected {expected}") from error

"""The page of one ticket drawn: small enough for any phone and line, whole without a script, renewed by one."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

from central.base import clock
from central.insight.public.asking import asking
from central.insight.public.assets import with_brand
from central.insight.public.news import NOTHING_NEW, CentreNews
from central.insight.public.status import Carried, Stop, TicketStatus
from central.insight.public.texts import Language, direction, following, moment_said, tell
from common.city.brand.brand import brand
from common.city.spoken_day import spoken_day
from common.city.wait_words import wait_words
from common.protocol.queue import event as queue_event
from common.web.assets import Asset
from common.web.templates import template

HERE: Final = Path(__file__).parent
#: Older words are shown with a plain sentence that nothing has been heard since.
SILENT_AFTER_S: Final = 60


@cache
def assets() -> Mapping[str, Asset]:
    """Return what the page loads, in the colours of the brand that is in force."""
    found, files = asking(), HERE / "files"
    style = (files / "ticket.css").read_bytes() + (b"" if found is None else found.style.read_bytes())
    return with_brand({"ticket.css": style, "ticket.mjs": (files / "ticket.mjs").read_bytes()})


def page(
    status: TicketStatus | None, language: Language, news: CentreNews = NOTHING_NEW, *, is_watched: bool = False
) -> bytes:
    """Draw the page; without a status the one that is shown for every unknown and ended ticket.

    `is_watched`: somebody asked by the app to be told when the turn is near, and may stop that here.
    """
    drawn = template(HERE / "files" / "ticket.html").render(
        language=language,
        direction=direction(language),
        other=following(language),
        emblem="emblem.png" in assets(),
        authority=(brand().authority or {}).get(language),
        asset=lambda name: f"/t/-/{name}?v={assets()[name].mark}",
        t=lambda text_id: tell(language, text_id),
        number="" if status is None else parted(status.number),
        news=news.lines(language),
        asked="" if status is None or status.asked is None else _asked(status.asked, language),
        is_watched=is_watched,
        digits="" if status is None or status.carried is None or status.carried.is_claimed else status.carried.digits,
        lines=[] if status is None else lines_of(status, language),
        state="gone" if status is None else status.state,
    )
    return drawn.encode()


def _asked(stands: str, language: Language) -> str:
    """Return the question as HTML, drawn by a template that escapes what it is told, as this page's does."""
    found = asking()
    return "" if found is None else found.draw(stands, language)


def lines_of(status: TicketStatus, language: Language) -> list[str]:
    """Return how a ticket stands, each fact in a line."""
    match status.state:
        case "called" | "serving":
            said = [tell(language, f"ticket.{status.state}", counter=status.counter)]
        case "waiting":
            said = _waiting(status, language)
        case queue_event.MISSED:  # who comes after all is taken on again
            return [tell(language, "ticket.missed")]
        case queue_event.CARRIED if status.carried is not None:
            return _carried(status.carried, language)
        case _:
            return [tell(language, "ticket.over")]
    return [*said, *_as_of(status, language)]


def _carried(carried: Carried, language: Language) -> list[str]:
    if carried.is_claimed:
        return [tell(language, "ticket.over"), tell(language, "ticket.carried_taken")]
    first, last = (spoken_day(day, language) for day in carried.days)
    return [
        tell(language, "ticket.carried"),
        tell(language, "ticket.carried_do", first=first),
        tell(language, "ticket.carried_until", last=last),
    ]


def _waiting(status: TicketStatus, language: Language) -> list[str]:
    if status.stopped is not None:  # nobody knows who comes before whom until it works again
        return [_stopped(status.stopped, language), tell(language, "ticket.called_if_it_works")]
    if status.before is None:
        return [tell(language, "ticket.waiting")]
    said = [tell(language, "ticket.before", status.before)]
    if status.low_s is not None and status.high_s is not None:
        found = wait_words(status.low_s // 60, -(-status.high_s // 60))
        if found is not None:
            name, values = found
            said.append(tell(language, f"ticket.wait_{name}", values.get("n"), low=values.get("low")))
    return [*said, tell(language, "ticket.may_not_be_today")] if status.is_doubtful else said


def _stopped(stop: Stop, language: Language) -> str:
    reason = "" if stop.reason is None else stop.reason.get(language, "")
    if stop.since is None:
        return tell(language, "ticket.stopped_because" if reason else "ticket.stopped", reason=reason)
    since = moment_said(datetime.fromisoformat(stop.since), clock.now(), language)
    name = "ticket.stopped_since_because" if reason else "ticket.stopped_since"
    return tell(language, name, since=since, reason=reason)


def _as_of(status: TicketStatus, language: Language) -> list[str]:
    if status.as_of is None:
        return [tell(language, "ticket.never_heard")]
    moment = datetime.fromisoformat(status.as_of)
    at = f"{moment.astimezone(clock.CENTRE_TIME):%H:%M}"
    is_silent = (clock.now() - moment).total_seconds() > SILENT_AFTER_S
    return [tell(language, "ticket.silent_since" if is_silent else "ticket.as_of", at=at)]


def parted(number: str) -> str:
    """Part a number as people read it: B2014 is B2·014."""
    head = 2 if number[:1].isalpha() else 1
    return f"{number[:head]}·{number[head:]}" if len(number) > head else number

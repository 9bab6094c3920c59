"""The centres' news as an Atom feed (RFC 4287): what stands still now, and the closed days of the coming week.

For readers and for the bots of messaging channels; an entry's id is that of the interruption, so that none comes twice.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from central.base import clock
from central.insight.centres.now import Centres
from central.insight.centres.page import Wording
from central.insight.centres.reading import Centre
from central.insight.public.texts import Language, tell

_ATOM: Final = "http://www.w3.org/2005/Atom"
_SPACE: Final = uuid.UUID("6f1d7a52-7f0b-5b8e-9a43-2f3c1f0b7d10")  # ours, so that ids made here are nobody else's
_AHEAD_DAYS: Final = 7


def news(now: Centres, known: Mapping[str, Centre], language: Language) -> bytes:
    """Return the feed as XML in UTF-8."""
    feed = Element("feed", {"xmlns": _ATOM, "xml:lang": language})
    _add(feed, "id", _urn("centres"))
    _add(feed, "title", tell(language, "centres.atom"))
    words = Wording(now, known, language)
    entries = sorted([*_stops(now, words), *_closings(now, known, words)], key=lambda one: one.updated, reverse=True)
    _add(feed, "updated", entries[0].updated if entries else now.as_of)
    _add(SubElement(feed, "author"), "name", tell(language, "centres.title"))
    for one in entries:
        entry = SubElement(feed, "entry")
        _add(entry, "id", _urn(one.key))
        _add(entry, "title", one.title)
        _add(entry, "updated", one.updated)
        _add(entry, "summary", one.text)
        SubElement(entry, "link", {"rel": "alternate", "href": f"/centres/{one.centre}"})
    written: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


class _Entry:
    """One entry, before it is XML; `updated` is when it was said, and no later than the feed."""

    def __init__(self, centre: str, key: str, title: str, text: str, updated: str) -> None:
        self.centre, self.key, self.title, self.text, self.updated = centre, key, title, text, updated


def _stops(now: Centres, words: Wording) -> list[_Entry]:
    found = []
    for centre in now.centres:
        for service in words.stops(centre):
            since = service.since or now.as_of
            title = f"{words.name(centre.names)} – {words.name(service.names)}"
            text = ". ".join(filter(None, (words.stopped(service), words.until(service), words.elsewhere(service))))
            key = f"{centre.centre}/{service.service}/{service.since or 'now'}"
            found.append(_Entry(centre.centre, key, title, text, min(since, now.as_of)))
    return found


def _closings(now: Centres, known: Mapping[str, Centre], words: Wording) -> list[_Entry]:
    today = datetime.fromisoformat(now.as_of).astimezone(clock.CENTRE_TIME).date()
    found = []
    for centre in now.centres:
        for ahead in range(_AHEAD_DAYS + 1):
            day = today + timedelta(days=ahead)
            special = known[centre.centre].hours.special(day)
            if special is not None:
                published_at = known[centre.centre].days_published_at[special.date]
                text, key = words.special_day(day, centre), f"{centre.centre}/{special.date}/{special.opens}"
                updated = min(published_at, now.as_of)
                found.append(_Entry(centre.centre, key, words.name(centre.names), text, updated))
    return found


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def _urn(key: str) -> str:
    return uuid.uuid5(_SPACE, key).urn

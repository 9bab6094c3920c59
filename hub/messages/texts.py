"""What staff is told: which machine, what, since when, and the two digits that take it; at most 70 letters."""

from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Row

from common.city.spoken_day import short_day
from common.messages.kind import fits
from common.web.page_texts import Language, texts
from hub.engine.act import Look
from hub.engine.status import centre_names
from offline_store.issuing.business_day import ZONE

FOLDER: Final = Path(__file__).parent / "locale"
_OF_DAY: Final = "certificate-ending"


def compose(look: Look, alarm: Row[Any], language: Language) -> str:
    """Return the text of an alarm, with the centre's name where that fits."""
    since, now = datetime.fromisoformat(alarm.since).astimezone(ZONE), look.stamp.wall_time.astimezone(ZONE)
    kiosk, service = look.centre.kiosks.get(alarm.machine), look.centre.services.get(alarm.machine)
    text = words(language)[_text_of(alarm, is_of_kiosk=kiosk is not None)].format(
        digit=None if kiosk is None else kiosk.digit,
        group=None if service is None else service.queue,
        day=_day_of(alarm, language),
        since=f"{since:%H:%M}" if since.date() == now.date() else short_day(since, language),
        digits=alarm.digits,
    )
    named = words(language)["at"].format(centre=centre_names(look).get(language, ""), text=text)
    return named if fits(named) else text


def _day_of(alarm: Row[Any], language: Language) -> str | None:
    """Return the day that an alarm is about, in place of a machine; None for the others."""
    return short_day(date.fromisoformat(alarm.machine.replace("/", "-")), language) if alarm.kind == _OF_DAY else None


def _text_of(alarm: Row[Any], *, is_of_kiosk: bool) -> str:
    """Return the id of an alarm's text: who is on battery, and what answers in central's place, is said."""
    if alarm.kind == "on-battery" and not is_of_kiosk:
        return "on-battery-hub"
    return f"no-internet-{alarm.machine}" if alarm.kind == "no-internet" and alarm.machine else str(alarm.kind)


def words(language: Language) -> dict[str, str]:
    """Return all texts of a language by the kind of alarm."""
    return {name: str(text) for name, text in texts(language, FOLDER).items()}

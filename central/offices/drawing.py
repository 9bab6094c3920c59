"""The offices' pages drawn: whole without a script, in Arabic or English."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

import fontpkg_ibm_plex_sans_arabic as plex

from central.base import clock
from central.insight.public.assets import with_brand
from central.insight.public.texts import Language, direction, following, tell, texts
from central.offices.operators import Operator
from common.city.brand.brand import brand
from common.city.spoken_day import spoken_day, spoken_month
from common.web.assets import Asset
from common.web.templates import template

HERE: Final = Path(__file__).parent
FOLDER: Final = HERE / "locale"
_FONTS: Final = {f"plex-{name.lower()}.ttf": f"IBMPlexSansArabic-{name}.ttf" for name in ("Regular", "SemiBold")}


@cache
def assets() -> Mapping[str, Asset]:
    """Return what the pages load, in the colours of the brand that is in force."""
    fonts = {name: (Path(plex.ROOT) / "files" / source).read_bytes() for name, source in _FONTS.items()}
    return with_brand({"offices.css": (HERE / "files" / "offices.css").read_bytes(), **fonts})


def draw(name: str, language: Language, operator: Operator | None, **values: Any) -> bytes:
    """Draw a page.

    Args:
        name: of the template, without its ending.
        language: of its words.
        operator: who looks, None before anybody has logged in.
        values: what the template names.
    """

    def say(text_id: str, n: int | None = None, **more: object) -> str:
        return tell(language, text_id, n, folder=FOLDER, **more)

    return (
        template(HERE / "files" / f"{name}.html")
        .render(
            language=language,
            direction=direction(language),
            other=following(language),
            operator=operator,
            emblem="emblem.png" in assets(),
            authority=(brand().authority or {}).get(language),
            asset=lambda file: f"/offices/-/{file}?v={assets()[file].mark}",
            say=say,
            word=partial(word, language),
            at=_local,
            spoken_day=partial(_spoken_day, language),
            spoken_month=lambda month: spoken_month(date.fromisoformat(f"{month}-01"), language),
            page_name=name,
            **values,
        )
        .encode()
    )


def word(language: Language, group: str, value: str) -> str:
    """Say a kiosk's own word; one that the catalogue doesn't have is shown as it came."""
    text_id = f"{group}.{value}"
    return tell(language, text_id, folder=FOLDER) if text_id in texts(language, FOLDER) else value


def _spoken_day(language: Language, day: str, *, with_year: bool = False) -> str:
    said = spoken_day(date.fromisoformat(day), language)
    return f"{said} {day[:4]}" if with_year else said


def _local(moment: datetime | str | None) -> str:
    """Write a moment in the centres' time, in an order that no line's direction turns round."""
    if moment is None:
        return "–"
    moment = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{moment.astimezone(clock.CENTRE_TIME):%Y/%m/%d %H:%M}"

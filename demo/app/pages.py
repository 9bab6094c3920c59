"""The phone's pages, whole without a script: what can be done, what is on it, and each code to hold to a kiosk."""

import asyncio
import functools
import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlencode

import qrcode
from babel.dates import format_date
from litestar import Litestar, MediaType, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from qrcode.image.svg import SvgPathImage

from central.insight.public.texts import tell, texts
from common.city.brand.brand import brand
from common.city.catalogue import load_catalogue
from common.web.page_texts import Language, chosen, direction, following
from common.web.request import HttpRequest
from common.web.templates import template
from demo.app.calls import CallRefused
from demo.app.phone import Phone

HERE: Final = Path(__file__).parent
FOLDER: Final = HERE / "locale"
_SAFE: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
}


def app_of(phone: Phone) -> Litestar:
    """Return the application that shows one phone."""

    def page(request: HttpRequest, name: str, **values: Any) -> Response[str]:
        language = chosen(request.query_params.get("lang"))
        names = {
            (one["centre"], each["service"]): each["names"][language]
            for one in phone.centres
            for each in one["services"]
        }
        drawn = template(HERE / f"{name}.html").render(**_words(language), phone=phone, names=names, **values)
        return Response(drawn, media_type=MediaType.HTML, headers=_SAFE)

    @get("/", sync_to_thread=True)
    def home(request: HttpRequest) -> Response[str]:
        """Show what is on the phone, and what can be asked for."""
        refused = _refused(phone.hear)
        return page(request, "home", refused=request.query_params.get("refused", refused))

    @get("/seats", sync_to_thread=True)
    def seats(request: HttpRequest, centre: FromQuery[str], service: FromQuery[str]) -> Response[str]:
        """Show the times at which a service can be booked."""
        found: list[dict[str, Any]] = []
        refused = _refused(lambda: found.extend(phone.calls.seats(centre, service)))
        days: dict[str, list[str]] = {}
        for seat in found:
            days.setdefault(_day(seat["at"], chosen(request.query_params.get("lang"))), []).append(seat["at"])
        key = secrets.token_hex(16)  # of this page: a button pressed twice makes one claim
        return page(request, "seats", days=days, centre=centre, service=service, key=key, refused=refused)

    @get("/codes/{name:str}", sync_to_thread=False)
    def code(name: FromPath[str]) -> Response[bytes]:
        """Draw the code of an order or an appointment."""
        one = phone.orders.get(name) or phone.appointments.get(name)
        if one is None:
            return Response(b"", status_code=404)
        picture = qrcode.make(one.code, image_factory=SvgPathImage, border=4).to_string()
        return Response(picture, media_type="image/svg+xml", headers=_SAFE)

    @post("/do/{what:str}", status_code=303)
    async def act(request: HttpRequest, what: FromPath[str]) -> Redirect:
        """Do what a button says, and go home; what central refused is said there."""
        own = str(request.base_url).rstrip("/")
        language = chosen(request.query_params.get("lang"))
        if request.headers.get("origin") != own:  # a page of somebody else may not press this phone's buttons
            return _home(language, "not-allowed")
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode("utf-8", "replace")).items()}
        acts: dict[str, Callable[[], object]] = {
            "order": lambda: phone.order(form["service"], form["centre"], is_paid="paid" in form),
            "book": lambda: phone.book(form["service"], form["centre"], form.get("at"), _key(form)),
            "cancel": lambda: phone.cancel(form["name"]),
            "finish": lambda: phone.finish(form["name"]),
        }
        return _home(language, await asyncio.to_thread(_refused, acts[what]) if what in acts else "not-found")

    return Litestar([home, seats, code, act], openapi_config=None)


def _home(language: Language, refused: str) -> Redirect:
    said = {"lang": language} | ({"refused": refused} if refused else {})
    return Redirect(f"/?{urlencode(said)}", status_code=303)


def _key(form: dict[str, str]) -> str:
    """Return what makes one claim of a button that is pressed twice: the page's own word, and the time it names."""
    return f"{form['key']}-{form.get('at', 'afar')}"


def _refused(act: Callable[[], object]) -> str:
    """Do something; return why central refused it, or nothing."""
    try:
        act()
    except CallRefused as error:
        return error.reason
    except KeyError:  # a form of somebody else's making
        return "not-found"
    return ""


def _day(at: str, language: Language) -> str:
    return str(format_date(datetime.fromisoformat(at), "EEEE d MMMM", locale=brand().locale(language)))


def _words(language: Language) -> dict[str, Any]:
    """Return what every page is told: its language, its words, and how it looks."""
    return {
        "language": language,
        "direction": direction(language),
        "other": following(language),
        "say": functools.partial(tell, language, folder=FOLDER),
        "known": texts(language, FOLDER),
        "day_of": functools.partial(_day, language=language),
        "time_of": lambda at: f"{datetime.fromisoformat(at):%H:%M}",
        "name": brand().app.names.get(language, ""),
        "look": brand().colours.look,
        "orderable": {one.code for one in load_catalogue(()).orderable},
    }

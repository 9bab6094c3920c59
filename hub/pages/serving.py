"""GET /counter, /board, /manager, /what-if and what they load: all from this hub, nothing inline, nothing foreign."""

import hashlib
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Final, Protocol

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import PathParameter, QueryParameter, SkipValidation

from common.city.brand.brand import brand
from common.city.brand.look import dark, variables
from common.city.groups import GroupMark
from common.web import assets
from common.web.request import HttpRequest
from common.web.templates import FIELDS
from hub.pages.texts import DIRECTIONS, LANGUAGES, Language, texts

HERE: Final = Path(__file__).parent
# Nothing but what this hub serves itself runs, is drawn or heard; no other page may frame it. Other hubs of the centre
# may only be asked who leads.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'{hubs}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SAFE: Final = {
    "Content-Security-Policy": _POLICY.format(hubs=""),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_FONTS: Final = {f"plex-{weight.lower()}.ttf": weight for weight in ("Regular", "Medium", "Bold")}

Wanted = Annotated[str | None, QueryParameter(description="ar or en; Arabic unless asked for")]


class Hubs(Protocol):
    """What pages need of the running hub."""

    async def addresses(self) -> Mapping[str, str]:
        """Return the addresses of all hubs of this centre that are not revoked, by their ids."""

    async def group_marks(self) -> Mapping[str, GroupMark]:
        """Return what each group is known by besides its letter."""


Serving = NamedDependency[SkipValidation[Hubs]]


@get("/counter", media_type=MediaType.HTML, include_in_schema=False)
async def counter(serving: Serving, lang: Wanted = None) -> Response[bytes]:
    """Serve the page of a counter; anyone who has no session sees the log-in."""
    return page("counter", lang, hubs=await serving.addresses())


@get("/board", media_type=MediaType.HTML, include_in_schema=False)
async def board(serving: Serving, lang: Wanted = None) -> Response[bytes]:
    """Serve the hall's board."""
    return page("board", lang, hubs=await serving.addresses())


@get("/manager", media_type=MediaType.HTML, include_in_schema=False)
async def manager(serving: Serving, lang: Wanted = None) -> Response[bytes]:
    """Serve the manager's page; anyone who has no session sees the log-in."""
    return page("manager", lang, hubs=await serving.addresses())


@get("/what-if", media_type=MediaType.HTML, include_in_schema=False)
async def what_if(serving: Serving, lang: Wanted = None) -> Response[bytes]:
    """Serve the manager's page of a coming day; anyone who has no session is sent to the log-in."""
    return page("what-if", lang, hubs=await serving.addresses())


@get("/groups.css", include_in_schema=False)
async def group_colours(serving: Serving) -> Response[bytes]:
    """Serve the groups' colours, as central published them last."""
    marks = await serving.group_marks()
    rules = [f'.group-mark[data-group="{letter}"] {{ background: {mark.colour}; }}\n' for letter, mark in marks.items()]
    return Response("".join(rules).encode(), media_type="text/css", headers={"Cache-Control": "no-store"} | SAFE)


@get("/texts/{language:str}", include_in_schema=False)
async def page_texts(language: Annotated[str, PathParameter(description="ar or en")]) -> Response[bytes]:
    """Serve the texts that a page's module says."""
    if language not in LANGUAGES:
        raise NotFoundException(f"known languages are {', '.join(LANGUAGES)}")
    body = msgspec.json.encode(texts(language))
    return Response(body, media_type=MediaType.JSON, headers={"Cache-Control": "no-cache"} | SAFE)


@get("/assets/{path:path}", include_in_schema=False)
async def asset(
    path: Annotated[Path, PathParameter(description="A file of the pages, such as counter/presses.mjs")],
    request: HttpRequest,
    v: Annotated[str | None, QueryParameter(description="The content's own mark")] = None,
) -> Response[bytes]:
    """Serve a style, module, picture or font. With its mark in the address it may be kept for ever."""
    del v  # read from the request
    return assets.answer(request, _assets(), path.as_posix().removeprefix("/"), SAFE)


def page(name: str, wanted: str | None, *, hubs: Mapping[str, str] | None = None, **values: Any) -> Response[bytes]:
    """Draw a page in the language asked for, Arabic unless that is English.

    Args:
        name: the page's, as its template is called.
        wanted: the language asked for.
        hubs: addresses that the page may ask who leads, by their hubs' ids.
        values: what its template needs beside the texts.
    """
    language: Language = "en" if wanted == "en" else "ar"
    hubs = hubs or {}
    common = {
        "page": name,
        "language": language,
        "direction": DIRECTIONS[language],
        "zone": brand().time_zone,
        "region": brand().region,
        "emblem": "emblem.png" in _assets(),
        "authority": (brand().authority or {}).get(language),
        "pages": pages_mark(),
        "hubs": " ".join(f"{name}={address}" for name, address in hubs.items()),
        "other": "ar" if language == "en" else "en",
        "t": _teller(language),
        "asset": lambda file: f"/assets/{file}?v={_assets()[file].mark}",
    }
    drawn = _environment().get_template(f"{name}.html").render(common | values)
    others = "".join(f" {one}" for one in hubs.values() if _is_plain(one))
    allowed = {"Content-Security-Policy": _POLICY.format(hubs=others)}
    return Response(drawn.encode(), media_type=MediaType.HTML, headers={"Cache-Control": "no-store"} | SAFE | allowed)


@cache
def pages_mark() -> str:
    """Return the mark of all that pages are made of: one that is open over an update sees by it that it is outdated."""
    made_of = [
        FIELDS / "fields.html",
        *sorted(path for one in ("templates", "locale") for path in (HERE / one).rglob("*")),
    ]
    content = [path.read_bytes() for path in made_of if path.is_file()]
    marks = [one.mark.encode() for one in _assets().values()]
    return hashlib.sha256(b"".join([*content, *marks])).hexdigest()[:16]


def _is_plain(address: str) -> bool:
    return re.fullmatch(r"https?://[A-Za-z0-9.\-\[\]:]+", address) is not None


def _teller(language: Language) -> Any:
    def tell(text_id: str) -> str:
        said = texts(language)[text_id]
        if not isinstance(said, str):
            raise TypeError(f"{text_id} has plural forms: only the page's module knows how many")
        return said

    return tell


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader([HERE / "templates", FIELDS]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _of_the_brand() -> dict[str, bytes]:
    """Make what is a municipality's own: the look of kiosks, of a dark board too, and the emblem."""
    look, emblem = brand().colours.look, brand().picture("emblem")
    rules = [f":root {{ {variables(look)} }}", f'body[data-theme="dark"] {{ {variables(dark(look))} }}']
    icon = _environment().get_template("icon.svg").render(primary=look["primary"])
    made = {"brand.css": "\n".join([*rules, ""]).encode(), "icon.svg": icon.encode()}
    return made if emblem is None else {**made, "emblem.png": emblem}


@cache
def _assets() -> dict[str, assets.Asset]:
    """Read every file that pages load, with a mark of its content, by its path under /assets/."""
    own = HERE / "assets"
    made = (path for path in own.rglob("*") if path.suffix in assets.TYPES)
    found = {path.relative_to(own).as_posix(): path.read_bytes() for path in made}
    folder = files("fontpkg_ibm_plex_sans_arabic") / "files"
    found |= _of_the_brand()
    found |= {name: (folder / f"IBMPlexSansArabic-{weight}.ttf").read_bytes() for name, weight in _FONTS.items()}
    return assets.marked(found)

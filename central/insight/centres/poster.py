"""The poster for a centre's door: the QR of its page, in both languages, on A4."""

from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import fontpkg_ibm_plex_sans_arabic as plex
import qrcode
from qrcode.constants import ERROR_CORRECT_Q
from qrcode.image.svg import SvgPathImage

from central.insight.public.texts import LANGUAGES, tell
from common.city.brand.brand import brand
from common.city.groups import Words
from common.web.templates import template

HERE: Final = Path(__file__).parent


def address_of(public_url: str, code: str) -> str:
    """Return the address of a centre's page."""
    return f"{public_url.rstrip('/')}/centres/{code}"


def as_html(names: Words, address: str) -> str:
    """Draw the poster; it loads nothing but fonts of this machine."""
    picture = qrcode.make(address, image_factory=SvgPathImage, error_correction=ERROR_CORRECT_Q, border=2)
    halves = [
        {
            "language": language,
            "direction": "rtl" if language == "ar" else "ltr",
            "name": names.get(language) or names.get("ar", ""),
            "title": tell(language, "poster.title"),
            "words": tell(language, "poster.words"),
        }
        for language in LANGUAGES
    ]
    return template(HERE / "files" / "poster.html").render(
        halves=halves,
        picture=picture.to_string(encoding="unicode"),
        address=urlsplit(address).netloc + urlsplit(address).path,
        fonts=Path(plex.ROOT).as_uri() + "/files",
        look=brand().colours.look,
        authority=(brand().authority or {}).get("ar"),
    )


def as_pdf(names: Words, address: str) -> bytes:
    """Draw the poster on A4. Raises OSError where Pango, which shapes Arabic, is not installed."""
    from weasyprint import HTML

    return bytes(HTML(string=as_html(names, address), base_url=str(HERE)).write_pdf())

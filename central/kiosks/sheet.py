"""Enrolment codes as sheets to print, one a kiosk: the technician holds the QR to the kiosk's own scanner."""

from html import escape
from itertools import batched
from typing import Final

import qrcode
from qrcode.image.svg import SvgPathImage

from central.kiosks.centres import Added
from common.protocol.codes import invitation

_STYLE: Final = """
@page { size: A4; margin: 18mm }
body { font: 13pt/1.5 "IBM Plex Sans Arabic", "Noto Sans Arabic", sans-serif; margin: 0 }
section { break-after: page; text-align: center }
h1 { font-size: 26pt; margin: 0 0 2mm }
svg { width: 85mm; height: 85mm; margin: 6mm auto; display: block }
.code { font: 700 26pt monospace; letter-spacing: 1px; direction: ltr }
.words { text-align: start; max-width: 150mm; margin: 6mm auto }
"""
_WORDS_AR: Final = (
    "على الجهاز الجديد شغّل kiosk-setup، ثم قرّب هذا الرمز من قارئه. يصلح الرمز لجهاز واحد ولسبعة أيام، "
    "فاحفظ الورقة في مكان آمن وأتلفها بعد ذلك."
)
_WORDS_EN: Final = (
    "On the new machine start kiosk-setup, then hold this code to its scanner. It is good for one kiosk and for seven "
    "days: keep this sheet safe, and destroy it afterwards."
)


def sheets(added: list[Added], central: str | None) -> str:
    """Return a page to print with a sheet for each code.

    Args:
        added: the centres and their new codes.
        central: the address that kiosks enrol at, put into the QR; None leaves the code alone in it.

    Raises:
        ValueError: no kiosk could read such an address.
    """
    parts = [
        _sheet(centre, number, code, central) for centre in added for number, code in enumerate(centre.codes, start=1)
    ]
    head = "<!doctype html><html lang=ar dir=rtl><meta charset=utf-8><title>enrolment codes</title>"
    return f"{head}<style>{_STYLE}</style>{''.join(parts)}</html>\n"


def _sheet(centre: Added, number: int, code: str, central: str | None) -> str:
    text = invitation.write(central, code) if central else code
    picture = qrcode.make(text, image_factory=SvgPathImage, box_size=14).to_string(encoding="unicode")
    parted = "-".join("".join(four) for four in batched(code, 4, strict=True))
    return (
        f"<section><h1>{escape(centre.names['ar'])}</h1><h2 dir=ltr>{escape(centre.names['en'])} · {number}</h2>"
        f"{picture}<p class=code>{parted}</p><p class=words>{_WORDS_AR}</p>"
        f"<p class=words dir=ltr lang=en>{_WORDS_EN}</p></section>"
    )

"""The QR of an enrolment sheet: `KIOSK1 URL CODE`. Central writes it, a kiosk's own scanner reads it."""

import re
from typing import Final

_READ: Final = re.compile(r"KIOSK1 (https?://[A-Za-z0-9.:\[\]/_-]{1,200}) ([A-Z2-7]{16})")


def write(central: str, code: str) -> str:
    """Return the text of a QR. Raises ValueError where the address or the code could not be read back."""
    text = f"KIOSK1 {central} {code}"
    if not _READ.fullmatch(text):
        raise ValueError(f"{central!r} and {code!r} make no invitation")
    return text


def read(text: str) -> tuple[str, str] | None:
    """Return address and code; None where it is no such text."""
    found = _READ.fullmatch(text.strip())
    return (found[1], found[2]) if found else None

"""What the QR on an enrolment sheet says: central's address and the code, so that nobody types either."""

import re
from typing import Final, NamedTuple

from common.protocol.codes import invitation

_CODE: Final = re.compile(r"[A-Z2-7]{16}")


class Invitation(NamedTuple):
    """Where to enrol, and with which code."""

    central: str | None
    code: str


def read_invitation(text: str) -> Invitation | None:
    """Read what was scanned or typed: a sheet's QR, or a bare code; None where it is neither."""
    found = invitation.read(text)
    if found is not None:
        return Invitation(*found)
    code = re.sub(r"[ -]", "", text).upper()
    return Invitation(None, code) if _CODE.fullmatch(code) else None

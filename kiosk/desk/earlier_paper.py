"""What names the ticket of an earlier paper: its id, its code, its page's address, or the digits at its foot. Pure.

It decides by form alone: which tickets are carried over is known to hubs, and judged there.
"""

import re
from typing import Final

from common.protocol.queue.claim import TicketClaim, are_digits, token_digest

TICKET_PREFIX: Final = "SY1T:"
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ADDRESS: Final = re.compile(r"https?://[!-~]{1,500}")
# The page's address is the city's own; what it holds of the ticket is 32 hex digits that no other part has.
_TOKEN: Final = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
_WESTERN: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "0123456789" * 2)


def claim_of(text: str) -> TicketClaim | None:
    """Return the claim of what was scanned, typed or named, or None where it names no ticket.

    Digits may stand in groups and be Arabic-Indic; their check digit has to fit.
    """
    return claim_of_code(text) or _of_id(text.strip()) or _of_digits(text)


def claim_of_code(text: str) -> TicketClaim | None:
    """Return the claim of a ticket's QR code, or None: any other code is somebody else's."""
    text = text.strip("\r\n")
    if text.startswith(TICKET_PREFIX):
        return _of_id(text.removeprefix(TICKET_PREFIX))
    tokens = _TOKEN.findall(text) if _ADDRESS.fullmatch(text) else []
    return TicketClaim("carried", token_sha256=token_digest(tokens[0])) if len(tokens) == 1 else None


def _of_id(text: str) -> TicketClaim | None:
    return TicketClaim("carried", id=text) if _UUID.fullmatch(text) else None


def _of_digits(text: str) -> TicketClaim | None:
    digits = "".join(text.split()).translate(_WESTERN)
    return TicketClaim("carried", digits=digits) if are_digits(digits) else None

"""Orders that a citizen made at the kiosk with the identity card: no app has signed them, so the kiosk's word stands.

Their sealed content is `CARD1:` with the citizen's touch that made it, and the person as the card says. They are unpaid
until the cashier has taken the fee.
"""

import hashlib
import re
from typing import Final, cast

from sqlalchemy import Row

from common.protocol.envelope import BodyUnreadable, OrderBody, decode_body

_CODE: Final = re.compile(r"CARD1:[!-~]{1,80}")
_OUTCOME: Final = "accepted_unpaid"


def is_card_order(code: str) -> bool:
    """Whether an item's content is such an order rather than a code of the app."""
    return code.startswith("CARD1:")


def order_id(kiosk: str, code: str) -> str:
    """Name the order, 32 hex digits: one touch at one kiosk is one order, however often it is sent."""
    return hashlib.sha256(f"card-order-1\n{kiosk}\n{code}".encode()).hexdigest()[:32]


def service_of(item: Row[tuple[object, ...]], code: str) -> str | None:
    """The service that was ordered; None where the item is not as a kiosk makes it."""
    try:
        body = cast("OrderBody", decode_body("order", item.body))
    except BodyUnreadable:
        return None
    is_sound = _CODE.fullmatch(code) and body.outcome == _OUTCOME and body.order_id is None
    return body.service if is_sound else None

"""Ticket numbers that no other kiosk of the centre can give, without a network: the kiosk's digit is part of them."""

import string
from datetime import date

from common.machine.errors import StoreError

THOUSAND = 1000
MAX_PREFIX = 1
_FIRST_DAY = date(2026, 1, 1)


def ticket_number(prefix: str, digit: int, n: int) -> str:
    """Write a number: group letter (or none), kiosk digit 1-9, counter in three digits; past 999 four, and so on.

    It never wraps, so the text of (prefix, digit, n) is unique: one letter at most, one digit, the rest is n.
    """
    if len(prefix) > MAX_PREFIX or (prefix and not ("A" <= prefix <= "Z")):
        raise StoreError(f"a number's prefix is one letter A-Z or none, not {prefix[:8]!r}")
    if not 1 <= digit <= 9:
        raise StoreError(f"a kiosk's digit is 1 to 9, not {digit}")
    if n < 1:
        raise StoreError(f"a counter begins at 1, not {n}")
    return f"{prefix}{digit}{n:03d}"


def order_number(ticket: str, business_day: str) -> str:
    """Give ten digits to an order that is made at a kiosk, from the cashier's number that is given with it.

    A centre gives none twice: that number is unique in the centre on its day. It begins with 9, then the kiosk's digit,
    the day since 2026 and the counter in four digits each.

    Args:
        ticket: the whole number, such as `Y2014`.
        business_day: `YYYY-MM-DD`.
    """
    digits = ticket.lstrip(string.ascii_uppercase)
    days = (date.fromisoformat(business_day) - _FIRST_DAY).days
    return f"9{digits[0]}{days % 10_000:04d}{int(digits[1:]) % 10_000:04d}"


def counter_before_next_thousand(highest: int) -> int:
    """Return the counter value after which the next number is the next full thousand above `highest`.

    After a salvage numbers beyond the highest readable one may have been given; the gap keeps clear of them.
    """
    return (highest // THOUSAND + 1) * THOUSAND - 1

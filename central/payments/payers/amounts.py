"""Amounts as payers write them: whole units with decimal places, where ours are whole numbers of the smallest unit."""

from decimal import Decimal

from babel.numbers import get_currency_precision

from common.city.brand.brand import brand
from common.city.money import smallest


def exponent_of(currency: str) -> int:
    """Return how many decimal places a currency has here."""
    own = brand().currency
    return own.exponent if currency == own.code else get_currency_precision(currency)


def written(amount: int, currency: str) -> Decimal:
    """Return an amount in whole units."""
    return Decimal(amount).scaleb(-exponent_of(currency))


def read(value: Decimal | str | int, currency: str) -> int:
    """Return an amount of the smallest unit. Raises ValueError where it is none, nothing, or has parts of one."""
    if (whole := smallest(value, exponent_of(currency))) == 0:
        raise ValueError("no amount")
    return whole

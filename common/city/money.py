"""Amounts as citizens read them: in the brand's currency by its name, in another by its code."""

from collections.abc import Mapping

from babel.numbers import get_currency_precision

from common.city.brand.brand import Currency, brand


def money(minor: int, code: str = "") -> Mapping[str, str | Mapping[str, str]]:
    """Return `amount` and `currency` for a sentence that has both.

    Args:
        minor: minor units; how many make a whole one the brand says, or for another currency ISO 4217.
        code: ISO 4217; empty for the brand's.
    """
    own = brand().currency
    if code in ("", own.code):
        return {"amount": own.amount(minor), "currency": own.names}
    other = Currency(code, get_currency_precision(code), {})
    return {"amount": other.amount(minor), "currency": code}

"""Amounts as citizens read them: in the brand's currency as it is counted, in another by its code."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

from babel import Locale
from babel.numbers import get_currency_precision

from common.city.brand.brand import Currency, Forms, brand

MOST: Final = 10**12
"""Of the smallest unit: more than anything here costs."""
_EVERY: Final = ("ar", "en")
_MOST_DIGITS: Final = 20


def money(minor: int, code: str = "", pound: str | None = None) -> Mapping[str, str]:
    """Return an amount in words by language: «3 ليرات سورية جديدة», "1 new Syrian pound".

    Args:
        minor: minor units; how many make a whole one the brand says, or for another currency ISO 4217.
        code: ISO 4217; empty for the brand's.
        pound: `old` for the former money of the brand's code; without one, or `new`, the one that counts now.
    """
    own = brand().currency
    if code not in ("", own.code):
        said = f"{Currency(code, get_currency_precision(code), {}).amount(minor)} {code}"
        return dict.fromkeys(_EVERY, said)
    counted = own.former_counted if pound == "old" and own.former else own.counted
    number, value = own.amount(minor), Decimal(minor).scaleb(-own.exponent)
    return {
        language: counted_as(forms, number, value, language)
        if (forms := counted.get(language))
        else f"{number} {own.names[language]}"
        for language in own.names
    }


def counted_as(forms: Forms, number: str, value: Decimal, language: str) -> str:
    """Return a number with its name, in the form that the language has for it (CLDR); a fraction is `other`."""
    is_whole = value == value.to_integral_value()
    category = Locale.parse(language).plural_form(int(value)) if is_whole else "other"
    return forms.get(category, forms["other"]).replace("{n}", number)


def smallest(value: Decimal | str | int, exponent: int) -> int:
    """Return an amount in whole units, as others write it, in the smallest one; `exponent`: its decimal places.

    Raises ValueError where it is none, has parts of the smallest unit, or is below 0 or above MOST.
    """
    try:
        found = Decimal(value)
    except (InvalidOperation, ValueError) as error:
        raise ValueError("no amount") from error
    # Looked at before it is written out: nine signs such as 1E999990 name a number of a million digits.
    if not found.is_finite() or len(found.as_tuple().digits) > _MOST_DIGITS or abs(found.adjusted()) > _MOST_DIGITS:
        raise ValueError("no amount")
    whole = int(moved := found.scaleb(exponent))
    if whole != moved or not 0 <= whole <= MOST:
        raise ValueError("no amount")
    return whole

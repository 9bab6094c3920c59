"""Amounts as citizens read them: in the brand's currency as it is counted, in another by its code."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from babel import Locale
from babel.numbers import get_currency_precision

from common.city.brand.brand import Currency, Forms, brand

_EVERY: Final = ("ar", "en")


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

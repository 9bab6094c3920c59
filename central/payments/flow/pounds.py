"""The same money in the other of two pounds: what was paid under the former one may go back under the present one."""

from typing import Any

from sqlalchemy import Row

from common.city.brand.brand import brand
from common.protocol.payments.setup import Pound


def in_pound(amount: int, row: Row[Any], pound: Pound | None) -> int | None:
    """Return an amount of a payment in a pound's smallest unit, None where that is no whole number.

    It is as it was where its currency has but one money.
    """
    own = brand().currency
    if pound is None or pound == row.pound or row.currency != own.code or own.former is None:
        return amount
    if pound == "old":
        return amount * own.former
    return None if amount % own.former else amount // own.former


def is_same(row: Row[Any], amount: int | None, of: int) -> bool:
    """Return whether an amount in a payer's books, in whichever pound, is a sum of a payment's."""
    return amount in (of, in_pound(of, row, "new" if row.pound == "old" else "old"))

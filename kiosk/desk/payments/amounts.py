"""What is paid, in words: an amount says which of two pounds it is of."""

from typing import Protocol

from common.city.brand.brand import brand
from common.city.money import money
from kiosk.prompts.ui import Text


class Due(Protocol):
    """Whatever has an amount: a bill, a payment."""

    @property
    def amount(self) -> int:
        """A whole number of the currency's smallest unit."""

    @property
    def currency(self) -> str:
        """ISO 4217."""

    @property
    def pound(self) -> str:
        """`new` or `old`."""


def amount_text(due: Due) -> Text:
    """Return the amount as a sentence; one of the former pound says what it is in the present one, too."""
    own = brand().currency
    if due.currency == own.code and own.former and due.pound == "old":
        now = money(own.due(due.amount, "old"))
        return Text("pay.amount_old", {"old": money(due.amount, pound="old"), "now": now})
    return Text("service.fee_amount", {"money": money(due.amount, due.currency)})

"""A code that any bank's app reads. Whether it was paid is known from the bank's file alone, days later.

The bank's books are what `central.payments.accounts.bank_file` took in; the bank makes refunds, by central's list.
"""

from datetime import datetime
from typing import Annotated, Final

from msgspec import Meta, Struct

from central.payments.payers import emv
from central.payments.payers.amounts import written
from central.payments.ports.errors import ByHand, Forged, Refused
from central.payments.ports.opening import Means
from central.payments.ports.payer import Entries, Heard, Opened, Standing, Wanted
from common.protocol.payments.setup import Names

NUMBERS: Final = {"SYP": "760", "USD": "840", "EUR": "978"}
_NAMES: Final = {"ar": "تطبيق أي مصرف", "en": "Any bank's app"}
_Printed = r"^[ -~]+\Z"


class _Section(Struct, frozen=True, forbid_unknown_fields=True):
    scheme: Annotated[str, Meta(pattern=_Printed, max_length=32)]
    account: Annotated[str, Meta(pattern=_Printed, max_length=32)]
    merchant: Annotated[str, Meta(pattern=_Printed, max_length=25)]
    city: Annotated[str, Meta(pattern=_Printed, max_length=15)]
    category: Annotated[str, Meta(pattern=r"^[0-9]{4}\Z")] = "9399"  # government services, ISO 18245
    country: Annotated[str, Meta(pattern=r"^[A-Z]{2}\Z")] = "SY"
    late_days: Annotated[int, Meta(ge=1, le=9)] = 5
    bill_life_s: Annotated[int, Meta(ge=60, le=3600)] = 600
    names: Names | None = None


class EmvStatic:
    """Any bank's app as a payer; central composes the code by itself, and asks nobody."""

    def __init__(self, means: Means) -> None:
        """Read the section. Raises ConfigError."""
        self._section = means.read(_Section)
        self.names = self._section.names or _NAMES
        self.late_days, self.bill_life_s = self._section.late_days, self._section.bill_life_s

    async def open(self, wanted: Wanted) -> Opened:
        """Compose the code."""
        own = self._section
        if wanted.currency not in NUMBERS:
            raise Refused("currency")
        text = emv.compose(
            scheme=(own.scheme, own.account),
            category=own.category,
            currency=NUMBERS[wanted.currency],
            amount=f"{written(wanted.amount, wanted.currency):f}",
            merchant=(own.country, own.merchant, own.city),
            bill_no=wanted.bill_no,
        )
        return Opened(text)

    async def state(self, bill_no: str) -> Standing:  # noqa: ARG002 - as the port has it
        """Say nothing new: the bank's file does, and it was taken in or it was not."""
        return Standing("open")

    async def changes(self, cursor: str | None) -> Entries:
        """Return nothing: the bank's file is taken in by a command."""
        return Entries((), cursor)

    async def refund(self, bill_no: str, amount: int, currency: str, key: str) -> str:  # noqa: ARG002 - as the port has it
        """Raise ByHand: the bank gives it back."""
        raise ByHand("the bank gives it back, by central's list")

    def heard(self, body: bytes, now: datetime) -> Heard:  # noqa: ARG002 - as the port has it
        """Raise Forged: a bank tells nothing by itself."""
        raise Forged("no bank tells anything here")

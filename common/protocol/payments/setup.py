"""Which bills can be paid, by whom, and which keys sign receipts: what central tells each kiosk by the feed."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from common.protocol.field import Base64, Count, FreeText, Prefix, Word
from common.protocol.payments.pattern import parts_of

Pound = Literal["new", "old"]
"""Which of both pounds an amount is of: a hundred old ones are a new one."""
Currency = Annotated[str, Meta(pattern=r"^[A-Z]{3}\Z")]
Amount = Annotated[int, Meta(ge=1, le=10**12)]
"""A whole number of the currency's smallest unit."""
Reference = Annotated[str, Meta(pattern=r"^[A-Za-z0-9-]{1,25}\Z")]
"""What a payment is called on paper, at the payer and at the biller; what a bank's code holds has at most 25 signs."""

FieldName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,31}\Z")]
FieldValue = Annotated[str, Meta(pattern=r"^[0-9A-Za-z/-]{1,32}\Z")]
# Of signs and classes of signs, each at most counted; `pattern.fits` tries a text against it.
Pattern = Annotated[
    str, Meta(pattern=r"^(?:(?:[0-9A-Za-z/-]|\[[0-9A-Za-z/-]{1,40}\])(?:\{[0-9]{1,2}(?:,[0-9]{1,2})?\})?){1,20}\Z")
]
Names = dict[Word, FreeText]


class BillField(Struct, frozen=True):
    """One thing that a biller asks for, such as the subscriber's number; the whole value fits `pattern`."""

    name: FieldName
    pattern: Pattern
    names: Names

    def __post_init__(self) -> None:
        parts_of(self.pattern)


class PaperCode(Struct, frozen=True, rename={"first": "from", "last": "to"}):
    """How a code on a biller's own paper bill is read: the signs from `from` up to `to` are the value of `field`."""

    pattern: Pattern
    field: FieldName
    first: Annotated[int, Meta(ge=0, le=64)]
    last: Annotated[int, Meta(ge=1, le=64)]

    def __post_init__(self) -> None:
        parts_of(self.pattern)


class BillerRecord(Struct, frozen=True, omit_defaults=True):
    """Whose bills can be paid. `cashier_group` is the letter of the numbers that lead to the cashier for it.

    `service`: of whose tile a kiosk asks whether such a bill is paid by telephone.
    """

    biller: Word
    names: Names
    fields: Annotated[list[BillField], Meta(min_length=1, max_length=4)]
    cashier_group: Prefix | None = None
    papers: Annotated[list[PaperCode], Meta(max_length=4)] = []
    service: Word | None = None


class PayerRecord(Struct, frozen=True, omit_defaults=True):
    """By whom can be paid. `late`: what was paid is known only from the bank's file, in at most so many bank days."""

    payer: Word
    names: Names
    late_days: Annotated[int, Meta(ge=0, le=9)] = 0


class PaymentsSetup(Struct, frozen=True):
    """What can be paid; a newer one takes the place of all of it. Without payers nothing can be paid now.

    `orders` says whether an order's own fee can be paid.
    """

    pound: Pound
    payers: Annotated[list[PayerRecord], Meta(max_length=20)]
    billers: Annotated[list[BillerRecord], Meta(max_length=50)]
    orders: bool = False


class ReceiptKeyRecord(Struct, frozen=True, omit_defaults=True):
    """A key that signs receipts; `public_key` = base64 of 32 bytes. `issuer` is another one in a sandbox alone.

    From `signs_until` (seconds since 1970) on a newer one signs in its place; what it signed before stays good. One
    that is `retired` may be somebody else's too: its receipts are good only where central says so.
    """

    kid: Annotated[str, Meta(pattern=r"^[0-9a-f]{8}\Z")]
    public_key: Base64
    signs_until: Count | None = None
    retired: bool = False
    issuer: Literal["receipts", "sandbox"] = "receipts"

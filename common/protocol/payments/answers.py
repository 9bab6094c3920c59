"""The bodies and answers of the inquiries `bill`, `payment` and `payment-state`, and the item `payment`.

What names a person, or opens a page or a payment to who reads it, stands in the answer's sealed part: the fields that
`PERSONAL` names. After a restart a kiosk knows the others alone, and may ask for the state again.
"""

from typing import Annotated, ClassVar, Final, Literal

from msgspec import Meta, Struct

from common.protocol.field import FreeText, Line, Moment, OrderId, Token, Uuid, Word
from common.protocol.payments.setup import Amount, Currency, FieldName, FieldValue, Pound, Reference

PaymentState = Literal[
    "inquired", "opened", "paid", "marked", "told", "expired", "withdrawn", "unknown", "refund-due", "refunded"
]
ENDED: Final[frozenset[PaymentState]] = frozenset({"marked", "told", "expired", "withdrawn", "refund-due", "refunded"})
"""After which a citizen at the kiosk has nothing more to wait for."""
PERSONAL: Final = frozenset({"name_masked", "show", "seal", "page"})

BillRefusal = Literal["not-set-up", "unknown-or-nothing-due", "biller-silent", "too-many", "unreadable"]
PaymentRefusal = Literal[
    "not-set-up",
    "unknown-bill",
    "bill-over",
    "paid-elsewhere",
    "amount-changed",
    "payer-silent",
    "being-paid",
    "unreadable",
]


class BillAsked(Struct, frozen=True):
    """Which bill: `fields` by the biller's own names, sealed to central."""

    biller: Word
    fields: dict[FieldName, FieldValue]


class Bill(Struct, frozen=True, omit_defaults=True):
    """What is owed. `bill` names it for `payment`; the name is masked, and none where the biller gives none."""

    bill: Uuid
    biller: Word
    amount: Amount
    currency: Currency
    pound: Pound
    due: Line | None = None
    period: Line | None = None
    name_masked: FreeText | None = None


class BillFound(Bill, frozen=True, omit_defaults=True):
    """The oldest that a subscriber owes; `others` are the next ones, at most four."""

    others: Annotated[list[Bill], Meta(max_length=4)] = []


class PaymentAsked(Struct, frozen=True):
    """Pay this bill, or this order's fee, by this payer: one try, with a bill number of its own.

    `instead_of` names the one that `being-paid` told of: who asks has read that, and wants to begin all the same.
    """

    payer: Word
    bill: Uuid | None = None
    order: OrderId | None = None
    instead_of: Uuid | None = None


class Begun(Struct, frozen=True):
    """The try that `being-paid` tells of where a newer one may take its place: when and at which centre it began."""

    payment: Uuid
    at: Moment
    centre: Word


class PaymentStateAsked(Struct, frozen=True):
    """What has become of a payment that this kiosk opened."""

    payment: Uuid


class PaymentNow(Struct, frozen=True, omit_defaults=True):
    """Where a payment stands.

    Attributes:
        bill_no: our reference, which the payer knows it by too.
        show: what the code on the screen holds: an address, or what a bank's app reads.
        dies_at: until when it can be paid.
        receipt: the biller's number, once it is marked.
        payer_receipt: the payer's.
        seal: our signed code of the receipt; `page` the token of its page.
        reason: why money goes back, a word: `paid-elsewhere`, `amount-changed`, `not-taken`, `twice`, `wrong-amount`,
            `reversed`, `withdrawn`.
    """

    payment: Uuid
    state: PaymentState
    bill_no: Reference
    biller: Word
    payer: Word
    amount: Amount
    currency: Currency
    pound: Pound
    dies_at: Moment
    at: Moment
    show: Annotated[str, Meta(max_length=600)] | None = None
    receipt: Line | None = None
    payer_receipt: Line | None = None
    seal: Annotated[str, Meta(max_length=700)] | None = None
    page: Token | None = None
    reason: Word | None = None


class PaymentBody(Struct, frozen=True, omit_defaults=True):
    """What a citizen was told of a payment, and whether on paper. `told` is the state that screen or paper named."""

    sealed: ClassVar[None] = None
    """Nothing of it is personal."""

    payment: Uuid
    bill_no: Reference
    told: PaymentState
    paper: Literal["printed", "not_printed", "unknown", "none"] = "none"

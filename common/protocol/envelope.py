"""What kiosk and central must compose alike: items, their bodies, batches and answers, hash text, seal info."""

import base64
import hashlib
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from common.feature import FeatureBody, installed
from common.protocol.diagnosis import DiagnosisBody
from common.protocol.feed_message import CentralKeyRecord
from common.protocol.field import (
    Base64,
    Count,
    CounterNumber,
    DayLabel,
    DigitOrHub,
    FreeText,
    KioskId,
    Line,
    OrderId,
    Priority,
    Seconds,
    ServiceCode,
    Sha256,
    TlsKey,
    Token,
    Uuid,
    Visible,
    Word,
)
from common.protocol.payments.answers import PaymentBody
from common.protocol.queue.call import WaitingList
from common.protocol.queue.claim import TicketClaim
from common.protocol.queue.event import FactName

MAX_BATCH_ITEMS: Final = 100
MAX_BATCH_BYTES: Final = 256 * 1024
MAX_SIGNING_KEYS: Final = 16
MAX_ORDERS_ASKED: Final = 20
FIRST_PREV_HASH: Final = "0" * 64


class BodyUnreadable(ValueError):
    """A body that is no base64 of the JSON its kind asks for. Central quarantines such an item, raw."""


class Sealed(Struct, frozen=True, forbid_unknown_fields=True):
    """Personal data that only central can open. `data` = base64 of HPKE enc and ciphertext."""

    kid: Word
    data: Base64


class Item(Struct, frozen=True, forbid_unknown_fields=True):
    """One link of a kiosk's chain, as stored, sent and exported.

    `wall_time` is RFC 3339 in UTC, `boot_time_ns` is CLOCK_BOOTTIME; `prev_hash` and `hash` are 64 hex digits.
    Only what would blur the hash text or break a database is refused here; what a field means is judged item by item,
    so that one odd item never costs its batch.
    """

    id: Uuid
    seq: Annotated[int, Meta(ge=1, le=2**63 - 1)]
    epoch: Uuid
    kind: Word
    wall_time: Visible
    boot_time_ns: Count
    boot_id: Visible
    clock: Word
    body: Base64
    prev_hash: Visible
    hash: Visible


class TicketBody(Struct, frozen=True, omit_defaults=True):
    """A queue ticket.

    `order_id` where a ready order gave it priority; `voided` where the number was burnt unseen; `token` leads to its
    public page; `claim` where an earlier day's paper was shown for it.
    """

    number: Line
    service: Line
    business_day: DayLabel
    priority: Priority = "none"
    order_id: OrderId | None = None
    voided: bool = False
    token: Token | None = None
    sealed: Sealed | None = None
    claim: TicketClaim | None = None


class OrderBody(Struct, frozen=True, omit_defaults=True):
    """An order code that was taken; `sealed` holds it raw. `order_id` is null where it could not be verified.

    `document` and `copies` are those of an order made at the kiosk, whose `order_number` the kiosk gave.
    """

    outcome: Word
    order_id: OrderId | None = None
    service: Line | None = None
    order_number: Line | None = None
    code_sha256: Sha256 | None = None
    sealed: Sealed | None = None
    document: Line | None = None
    copies: Count | None = None


class PrintBody(Struct, frozen=True, omit_defaults=True):
    """What became of one paper. `item` is the ticket or order printed; `copy` marks a reprint."""

    item: Uuid
    paper: Word
    state: Literal["printed", "not_printed", "unknown"]
    reason: Line | None = None
    copy: bool = False
    sealed: Sealed | None = None


class AuditBody(Struct, frozen=True, omit_defaults=True):
    """Something a technician or the kiosk itself did. `detail` holds nothing personal."""

    event: Word
    detail: dict[str, str | int | None] = {}
    sealed: Sealed | None = None


class QueueBody(Struct, frozen=True, omit_defaults=True):
    """What happened in a centre's queue, told by its hub; `event` is one of `queue_event`'s.

    `kiosk` and `ticket` name the ticket's item; `documents` counts what was done by service; `expected_s` is the range
    in seconds that the visitor was told, `today` what of being called that day; `service` stopped or works again; it is
    carried from `first_day` to `last_day`; `day` closed early, or goes on; `fact` counts once; its author gave `given`.
    """

    event: Word
    kiosk: KioskId | None = None
    ticket: Uuid | None = None
    number: Line | None = None
    counter: CounterNumber | None = None
    clerk: Visible | None = None
    documents: dict[ServiceCode, Annotated[int, Meta(ge=0, le=99)]] | None = None
    reason: FreeText | None = None
    expected_s: tuple[Seconds, Seconds] | None = None
    today: Literal["yes", "doubtful"] | None = None
    service: ServiceCode | None = None
    first_day: DayLabel | None = None
    last_day: DayLabel | None = None
    day: DayLabel | None = None
    sealed: Sealed | None = None
    fact: FactName | None = None
    given: TicketBody | None = None


class SealedContent(Struct, frozen=True, omit_defaults=True):
    """The plaintext inside `Sealed.data`: the raw order code and what is known of the person."""

    code: str | None = None
    person: dict[str, str] | None = None


Body = TicketBody | OrderBody | PrintBody | AuditBody | QueueBody | PaymentBody | DiagnosisBody | FeatureBody
BODIES: Final[dict[str, type[Body]]] = {
    "ticket": TicketBody,
    "order": OrderBody,
    "print": PrintBody,
    "audit": AuditBody,
    "queue": QueueBody,
    "payment": PaymentBody,
    "diagnosis": DiagnosisBody,
    **{kind: body for one in installed() for kind, body in one.bodies.items()},
}


class Asked(Struct, frozen=True):
    """An item that was sent and not answered: a short question in the place of the whole item."""

    id: Uuid
    hash: Sha256


class Batch(Struct, frozen=True):
    """What a kiosk or hub posts: up to 100 items or 256 KiB.

    `asked` names items whose answer did not come: central says `duplicate` of those that it has, and nothing of others.
    `orders_asked` names orders of other centres whose codes were shown to a kiosk: the feed tells it where they stand.
    Beside the chain, the latest of each: a kiosk's device health, on change and hourly; a hub's waiting list each 10 s.
    """

    items: Annotated[list[Item], Meta(max_length=MAX_BATCH_ITEMS)]
    health: dict[str, Any] | UnsetType = UNSET
    waiting: WaitingList | UnsetType = UNSET
    asked: Annotated[list[Asked], Meta(max_length=MAX_BATCH_ITEMS)] | UnsetType = UNSET
    orders_asked: Annotated[list[OrderId], Meta(max_length=MAX_ORDERS_ASKED)] | UnsetType = UNSET


class ItemResult(Struct, frozen=True):
    """Central's word on one item: applied, duplicate, conflict, quarantined or rejected; `reason` a short code."""

    id: Uuid
    result: Word
    reason: Line | None = None


class BatchAnswer(Struct, frozen=True):
    """Central's answer. `acked_through` is the last seq without a gap, for information only.

    `feed_through` is the newest message of the feed that is for the sender: above what it has heard, the feed is due.
    """

    results: Annotated[list[ItemResult], Meta(max_length=MAX_BATCH_ITEMS)]
    acked_through: Count = 0
    feed_through: Count | UnsetType = UNSET


class FormerPlace(Struct, frozen=True):
    """The id and digit (0 for a hub) that a key was enrolled with before."""

    kiosk: KioskId
    digit: DigitOrHub


class EnrolmentRequest(Struct, frozen=True, omit_defaults=True):
    """A one-time code against the Ed25519 public key (base64 of 32 bytes) of a kiosk, or of a hub with its address.

    A hub over TLS says the hash of its present certificate (DER), and its public TLS key, for central to sign. A key
    that was enrolled before names its former place: a central that was set back gives it back where nobody has it.
    """

    code: Annotated[str, Meta(pattern=r"^[ -~]{1,64}\Z")]
    public_key: Base64
    role: Literal["kiosk", "hub"] = "kiosk"
    address: Line | None = None
    certificate_sha256: Sha256 | None = None
    tls_key: TlsKey | None = None
    former: FormerPlace | None = None


class EnrolmentAnswer(Struct, frozen=True):
    """Who the kiosk, or hub (digit 0), is, and whose keys it trusts. `term`, to hubs: 1 serves at once, else 0."""

    kiosk: KioskId
    centre: Line
    digit: DigitOrHub
    sealing_key: CentralKeyRecord
    signing_keys: Annotated[list[CentralKeyRecord], Meta(min_length=1, max_length=MAX_SIGNING_KEYS)]
    term: Count | UnsetType = UNSET


class EnrolmentPending(Struct, frozen=True):
    """A hub's address is outside the city's own networks: an administrator confirms it, then the hub asks again."""

    address: Line
    signing_keys: Annotated[list[CentralKeyRecord], Meta(min_length=1, max_length=MAX_SIGNING_KEYS)]
    state: Literal["address-unconfirmed"] = "address-unconfirmed"


class TimeAnswer(Struct, frozen=True):
    """Central's time, RFC 3339 UTC with microseconds, bound to the nonce that was asked with."""

    nonce: Visible
    time: Visible


def item_hash(kiosk: str, item: Item) -> str:
    """Compute what `item.hash` must be: lower-hex SHA-256 of twelve lines (docs/protocol.md)."""
    lines = (
        "kiosk-item-1", kiosk, item.epoch, str(item.seq), item.id, item.kind, item.wall_time, str(item.boot_time_ns),
        item.boot_id, item.clock, item.body, item.prev_hash,
    )  # fmt: skip
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def seal_info(kiosk: str, epoch: str, item_id: str) -> bytes:
    """Compose the HPKE info that binds a sealed part to its protocol, kiosk, epoch and item."""
    return f"kiosk-seal-1\n{kiosk}\n{epoch}\n{item_id}".encode()


def encode_body(body: Body) -> str:
    """Write a body as the base64 text that an item carries."""
    return base64.b64encode(msgspec.json.encode(body)).decode()


def decode_body(kind: str, body: str) -> Body:
    """Read an item's body.

    Raises:
        BodyUnreadable: unknown kind, no base64, no JSON, or a field missing or out of bounds (named).
    """
    struct = BODIES.get(kind)
    if struct is None:
        raise BodyUnreadable("unknown-kind")
    try:
        read: Body = msgspec.json.decode(base64.b64decode(body, validate=True), type=struct)
        return read
    except (ValueError, RecursionError, msgspec.DecodeError) as error:
        raise BodyUnreadable(str(error)) from error

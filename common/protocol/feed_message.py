"""What central says to kiosks by the feed: one struct a kind, and how its signing keys vouch for newer ones.

Both ends read it through `envelope`.
"""

import re
from typing import Annotated, Any, Final, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from common.protocol.claim_feed import ClaimKeyRecord, ClaimsToday, ClaimsWithdrawn
from common.protocol.diagnosis import Diagnose
from common.protocol.field import (
    AppKid,
    Base64,
    Count,
    CounterNumber,
    DayLabel,
    DigitOrHub,
    FreeText,
    KioskDigit,
    KioskId,
    Line,
    OrderId,
    Prefix,
    ServiceCode,
    Sha256,
    TimeOfDay,
    Visible,
    Word,
)
from common.protocol.notice import Notices
from common.protocol.payments.setup import PaymentsSetup, ReceiptKeyRecord
from common.protocol.queue.service_now import MOST_SERVICES, Elsewhere, Reasons, ServiceOrders
from common.protocol.staff import Staff

# The key of a demonstration is known by its span: expired codes are minted with it too. 2100-01-01.
DEMO_KEY_UNTIL: Final = 4_102_444_800


class CentralKeyRecord(Struct, frozen=True):
    """A public key of central: X25519 for sealing, Ed25519 for signing; `public_key` = base64 of 32 bytes."""

    kid: Word
    public_key: Base64


class Catalogue(Struct, frozen=True, omit_defaults=True):
    """The services of a centre, each with the fields of common/city/services.toml, and its groups and desks.

    A group, by its letter, has `names` and `mark` (`colour`, `sign`); a desk, by its code, `prefix` and `names`.
    """

    services: Annotated[list[dict[str, Any]], Meta(max_length=MOST_SERVICES)]
    groups: Annotated[dict[Prefix, dict[str, Any]], Meta(max_length=26)] = {}
    desks: Annotated[dict[ServiceCode, dict[str, Any]], Meta(max_length=26)] = {}


class AppKey(Struct, frozen=True):
    """A key that signs order codes. Times are seconds since 1970; `alg` is a COSE algorithm (-19 = Ed25519)."""

    kid: AppKid
    public_key: Base64
    valid_from: Count
    valid_until: Count
    alg: int = -19


class AppKeyRevoked(Struct, frozen=True):
    """A key that signs no more; codes issued before `revoked_at` stay good."""

    kid: AppKid
    revoked_at: Count


class OrderState(Struct, frozen=True):
    """Where an order stands at central, told to the kiosks it may be brought to."""

    order: OrderId
    state: Literal["collected", "ready", "in_progress", "by_post"]
    number: Line | None = None
    at: Line | int | None = None
    centre: Line | None = None
    service: Line | None = None


class BusinessDay(Struct, frozen=True):
    """A day central opens. `serial` grows with each; one not above the last seen opens nothing."""

    date: DayLabel
    serial: Count


class EndorsedKey(Struct, frozen=True):
    """A signing key of central, and the older key that vouches for it over `endorsement(kid, public_key)`.

    `retired_by` is the newer key that takes it back, over `retirement_text(kid)`: it signs no more, for good.
    """

    kid: Word
    public_key: Base64
    signed_by: Word | None = None
    signature: Base64 | None = None
    retired_by: Word | None = None
    retirement: Base64 | None = None


class CentralKeys(Struct, frozen=True):
    """Central's present sealing key and the whole chain of its signing keys, oldest first."""

    sealing: CentralKeyRecord | None = None
    signing: Annotated[list[EndorsedKey], Meta(max_length=64)] = []


class Technician(Struct, frozen=True):
    """Who may open the maintenance screen; `pin_hash` is argon2id. An empty hash takes the right away."""

    id: Visible
    name: Line
    centre: Line
    role: Literal["technician", "manager"]
    pin_hash: Line


class HubRecord(Struct, frozen=True):
    """One hub of a centre, known over TLS by its key, or by its certificates; by none over loopback.

    `certificate` (DER) is the newest that central signed, `certificate_sha256` of the one in use until the hub has it,
    `tls_key_sha256` of the public key (DER) that all of them are for. `n`: it is the n-th hub that its centre enrolled.
    """

    id: KioskId
    address: Line
    public_key: Base64
    certificate_sha256: Sha256 | None = None
    revoked: bool = False
    certificate: Base64 | UnsetType = UNSET
    n: Annotated[int, Meta(ge=1, le=100)] | UnsetType = UNSET
    tls_key_sha256: Sha256 | UnsetType = UNSET


class Hubs(Struct, frozen=True):
    """All hubs that a centre ever had: kiosks and pages follow the one with the greatest (term, id)."""

    centre: Line
    hubs: Annotated[list[HubRecord], Meta(max_length=100)]


class KioskRecord(Struct, frozen=True):
    """One kiosk as its centre's hub must know it: whose signature brings numbers of which digit."""

    id: KioskId
    digit: DigitOrHub
    public_key: Base64
    revoked: bool = False


class Kiosks(Struct, frozen=True):
    """All kiosks that a centre ever had. To hubs only."""

    centre: Line
    kiosks: Annotated[list[KioskRecord], Meta(max_length=1000)]


class CounterRecord(Struct, frozen=True):
    """One counter: its number, what it is called, and the groups that it serves, first those it serves first."""

    number: CounterNumber
    names: dict[Word, Line]
    groups: Annotated[list[Prefix], Meta(min_length=1, max_length=26)]


class QueueRules(Struct, frozen=True):
    """How the next one is chosen: priority waits count `priority_weight` times; after `help_after_s` others help.

    Who has waited `carry_after_min` working minutes when the day closes comes first on a later one: on the next as many
    as `carry_most` of a day's usual calls, the others a day later.
    """

    priority_weight: Annotated[float, Meta(ge=1, le=100)] = 2
    help_after_s: Annotated[int, Meta(ge=0, le=86_400)] = 1800
    carry_after_min: Annotated[int, Meta(ge=0, le=1440)] = 60
    carry_most: Annotated[float, Meta(ge=0, le=1)] = 0.25


class Counters(Struct, frozen=True):
    """The counters of a centre and its rules. To hubs only; a newer one takes the place of all of it.

    `places` says where a kiosk stands, by the digit in its numbers and by language: who goes to help must find it.
    """

    centre: Line
    counters: Annotated[list[CounterRecord], Meta(max_length=99)]
    rules: QueueRules = QueueRules()
    places: Annotated[dict[KioskDigit, dict[Word, FreeText]], Meta(max_length=9)] = {}


class ClerkRecord(Struct, frozen=True):
    """Who may call at counters. The first two digits of the PIN, `sign`, name the clerk; `pin_hash` is argon2id."""

    id: Visible
    name: Line
    role: Literal["clerk", "manager"]
    sign: Annotated[str, Meta(pattern=r"^[0-9]{2}\Z")]
    pin_hash: Line


class Clerks(Struct, frozen=True):
    """All clerks of a centre; who is not named may call no more. To hubs only."""

    centre: Line
    clerks: Annotated[list[ClerkRecord], Meta(max_length=100)]


class CentreNames(Struct, frozen=True):
    """What centres are called, by code and language; those that are not named keep the names that kiosks brought."""

    centres: Annotated[dict[Word, dict[Word, FreeText]], Meta(max_length=500)]


class CalendarDay(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A day with hours of its own, or closed; `names` say why, by language."""

    date: DayLabel
    closed: bool = False
    opens: TimeOfDay | None = None
    closes: TimeOfDay | None = None
    names: dict[Word, FreeText] = {}


class Calendar(Struct, frozen=True):
    """A year's special days, of a centre or, where that is null, of all; a newer one takes the place of all of it."""

    centre: Line | None
    year: Annotated[int, Meta(ge=2000, le=2999)]
    days: Annotated[list[CalendarDay], Meta(max_length=366)]


# What a setting may be: a text, a number, a truth, a list of short texts (tiles, languages), or null to take it back.
SettingValue = str | int | float | bool | Annotated[list[Line], Meta(max_length=50)] | None
Settings = dict[str, SettingValue]
FEED_BODIES: Final[dict[str, Any]] = {
    "catalogue": Catalogue,
    "app-key": AppKey,
    "app-key-revoked": AppKeyRevoked,
    "order-state": OrderState,
    "business-day": BusinessDay,
    "settings": Settings,
    "central-keys": CentralKeys,
    "technician": Technician,
    "hubs": Hubs,
    "kiosks": Kiosks,
    "counters": Counters,
    "clerks": Clerks,
    "centre-names": CentreNames,
    "calendar": Calendar,
    "reasons": Reasons,
    "service-orders": ServiceOrders,
    "notices": Notices,
    "centre-now": Elsewhere,
    "claim-key": ClaimKeyRecord,
    "claims-withdrawn": ClaimsWithdrawn,
    "claims-today": ClaimsToday,
    "staff": Staff,
    "payments": PaymentsSetup,
    "receipt-key": ReceiptKeyRecord,
    "diagnose": Diagnose,
}
# Kinds that a kiosk or hub knows from this version on: an older one would set them aside, with an alarm.
FIRST_VERSION: Final = dict.fromkeys(
    (
        "reasons", "service-orders", "centre-now", "claim-key", "claims-withdrawn", "claims-today", "staff", "payments",
        "receipt-key", "diagnose",
    ),
    "1.1.0",
)  # fmt: skip
# What a hub hears, and what it alone hears: who may call and whose signature counts is no kiosk's matter.
FOR_HUBS: Final = frozenset(
    {"catalogue", "business-day", "settings", "central-keys", "hubs", "centre-names", "calendar", "reasons", "notices"}
    | {"claim-key", "claims-withdrawn", "receipt-key"}
)
FOR_HUBS_ONLY: Final = frozenset({"kiosks", "counters", "clerks", "service-orders", "staff", "claims-today"})


def unknown_to(version: str | None, own: str) -> frozenset[str]:
    """Return the kinds that a kiosk of this version does not know; None: it has not reported any."""
    # One that is as new as the caller (`own`) knows all that the caller does, whatever its version comes to be called.
    reached = release_of(version)
    return frozenset(kind for kind, first in FIRST_VERSION.items() if reached < min(release_of(first), release_of(own)))


def release_of(version: str | None) -> tuple[int, ...]:
    """Return a version's numbers, by which an older one sorts before; none where it has none."""
    numbers = re.match(r"[0-9]{1,9}(?:\.[0-9]{1,9}){0,3}", version or "", re.ASCII)
    return () if numbers is None else tuple(int(number) for number in numbers[0].split("."))

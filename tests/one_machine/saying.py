"""What the odd machines say to a central beside what the types give: bodies, codes, health and questions."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import base45
import msgspec

from central.base import clock
from common.protocol.inquiry import KINDS, Inquiry
from tests.kit import order_codes
from tests.kit.features import said_by_features
from tests.one_machine.odd_values import NUMBERS, TEXTS, Case, cases
from tests.one_machine.town import DAY, NOW, SERVICE, Town

ASKED: Final[dict[str, dict[str, Any]]] = {
    "seats": {"service": SERVICE, "from": "2026-11-25T09:00:00Z"},
    "claim": {"service": SERVICE, "at": "2026-11-26T10:30:00+03:00", "who": "rana", "kind": "booked", "people": 1},
    "claim-cancel": {"digits": "12345678", "code": "SY1:X"},
    "day-seats": {"day": "2026-11-26", "group": "A"},
    "capacity": {"day": "2026-11-26", "group": "A", "at": "10:30", "seats": 4, "by": "Huda"},
    "bill": {"biller": "water", "fields": {"number": "1"}},
    "payment": {"bill": "5b0e21a4-56dd-4e51-8f66-3e3b0a3f6c11", "payer": "wallet"},
    "payment-state": {"payment": "5b0e21a4-56dd-4e51-8f66-3e3b0a3f6c11"},
}


def bodies(town: Town) -> dict[str, dict[str, Any]]:
    """Return a plain body of each kind of item."""
    own = town.odd_kiosk.ticket()
    return {
        "ticket": {"number": f"A{town.odd_kiosk.digit}001", "service": SERVICE, "business_day": DAY},
        "order": {"outcome": "accepted", "service": SERVICE},
        "print": {"item": own.id, "paper": "ticket", "state": "printed"},
        "audit": {"event": "started", "detail": {}},
        "queue": {"event": "called", "kiosk": town.odd_kiosk.kiosk, "ticket": own.id, "counter": 1},
        "payment": {"payment": own.id, "bill_no": "261125-3K7M-9TQ2-4VWX", "told": "told"},
        **dict(said_by_features(ticket=own.id)),
    }


def codes() -> Iterator[str]:
    """Yield codes that make a reader of CBOR work, or lead it astray."""
    yield "SY1:LTQO%3 OD%ZCOA7OA7OA7OA7"  # a fraction of 10 to the 999,999,999th
    for item in (
        "d81e816b3165393939393939393939", "c4821b7fffffffffffffff01", "c5821b7fffffffffffffff01", "9b7fffffffffffffff",
        "d82366286128612b292b24", "c2586f" + "ff" * 111, "d90102" + "80", "81" * 200, "f97e00", "fb7ff0000000000000",
    ):  # fmt: skip
        for before in ("", "d2", "d284", "d28440a040"):
            yield "SY1:" + base45.b45encode(bytes.fromhex(before + item)).decode()
    for claims in ({4: 2**63}, {6: float("nan")}, {7: b""}, {-70002: -1}, {-70001: "\u202e"}, {-70006: b"\0" * 90}):
        yield order_codes.signed({**order_codes.CLAIMS, **claims, 7: claims.get(7, bytes(16))})
    yield from TEXTS


def healths() -> Iterator[Case]:
    for field in ("version", "devices", "paper", "paper_left_m", "outbox", "clock", "power", "alarms", "left_out"):
        odd_ones: list[Any] = [*TEXTS, *NUMBERS[:-2], [], {}, None, True, [[1]], {"a": {"b": 1}}]
        for value in odd_ones:
            yield Case(f"Batch.health.{field} = {str(value)[:40]!r}", msgspec.json.encode({field: value}))


def inquiries(names: list[str]) -> Iterator[tuple[str, bytes]]:
    """Yield questions of each kind, each with one odd value, and with odd keys to be answered to."""
    assert ASKED.keys() == KINDS.keys()
    for kind, plain in ASKED.items():
        asked = {"id": "5b0e21a4-56dd-4e51-8f66-3e3b0a3f6c11", "kind": kind, "dies_at": dies_soon(), "body": plain}
        for place, body in cases(Inquiry, asked, names):
            if ".body" not in place:
                yield place.replace("Inquiry", f"Inquiry {kind}"), body
        for name in plain:
            odd_ones: list[Any] = [*TEXTS, *names, *NUMBERS[:-2], [], {}, None]
            for value in odd_ones:
                changed = asked | {"body": plain | {name: value}}
                yield f"Inquiry {kind}.body.{name} = {str(value)[:40]!r}", msgspec.json.encode(changed)


def dies_soon() -> str:
    return clock.as_text(NOW + timedelta(seconds=14))

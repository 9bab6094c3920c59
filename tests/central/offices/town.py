"""A town in which something of everything has come about by the moment `NOW`: for pages and commands to show whole."""

import base64
import json
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.tables.enrolled import enrolment_codes, kiosks
from central.base.tables.kept import backups
from central.base.tables.messages import told as messages
from central.base.tables.people import muted
from central.base.tables.received import contacts, findings, waiting_lists
from central.claims.planned import publication as seats
from central.keys import key_chain
from central.keys.keys import KeyRing
from central.kiosks import history
from central.offices import operations
from central.offices.retention import rules
from central.publishing import calendar, clerk, notices, publication, technician
from central.publishing import messages as rules_of_messages
from tests.central.claims.conftest import OPEN, line
from tests.central.offices.money import EXPIRED, payment_row
from tests.central.offices.posted import month
from tests.central.offices.test_fleet import WELL
from tests.central.payments.flow.rows import rows_of
from tests.central.server.api.test_conditions import put

NOW: Final = datetime(2026, 11, 25, 9, tzinfo=UTC)
MACHINES: dict[str, dict[str, Any]] = {
    "k1": {},
    "k2": {"paper": "Out", "paper_left_m": None, "alarms": ["dead-letters"], "left_out": {"kiosk.tiles": "unknown"}},
    "k3": {"out_of_service": "printer", "power": "battery", "outbox": {"waiting": 900, "dead": 2}},
    "k4": {"paper": "Low", "paper_left_m": 6},
}
STAFF = [{"number": "+963933000222", "name": "Nour", "kinds": ["staff-alarm", "paper-out"], "language": "en"}]


async def lay_down(connection: AsyncConnection, ring: KeyRing) -> None:
    """Put it into a prepared database; the clock stands at `NOW` meanwhile."""
    await _machines(connection)
    await _people(connection, ring)
    await _published(connection, ring)
    await _money(connection)


KEYS: Final = {
    name: Ed25519PrivateKey.from_private_bytes(bytes([number] * 32))
    for name, number in {"k1": 1, "k2": 2, "k3": 3, "k4": 4, "h1": 8, "k5": 9}.items()
}


def _key(kiosk: str) -> str:
    return base64.b64encode(KEYS[kiosk].public_key().public_bytes_raw()).decode()


async def _machines(connection: AsyncConnection) -> None:
    kid = (await key_chain.newest(connection, "signing")).kid
    for number, (kiosk, change) in enumerate(MACHINES.items(), 1):
        centre = "homs-new" if kiosk == "k4" else "homs-main"
        enrolled = {"centre": centre, "digit": number, "role": "kiosk", "enrolled_at": "2026-10-01T08:00:00.000000Z"}
        await put(
            connection, kiosks, number, id=kiosk, public_key=_key(kiosk), signing_kid=kid, enrolment_kid=kid, **enrolled
        )
        await put(connection, contacts, number, kiosk=kiosk, at=f"2026-11-25T08:5{number}:00.000000Z")
        for day, report in ((24, WELL), (25, WELL | change)):
            await history.keep(connection, kiosk, json.dumps(report), f"2026-11-{day}T08:{number}0:00.000000Z")
    for number, (kiosk, more) in enumerate({"h1": {"role": "hub"}, "k5": {"revoked_at": "2026-11-20"}}.items(), 8):
        enrolled = {"centre": "homs-main", "digit": 0, "enrolled_at": "2026-10-01T08:00:00.000000Z"}
        await put(
            connection,
            kiosks,
            number,
            id=kiosk,
            public_key=_key(kiosk),
            signing_kid=kid,
            enrolment_kid=kid,
            **enrolled | more,
        )
    await put(connection, contacts, 9, kiosk="h1", at="2026-11-25T08:58:00.000000Z")
    word = '{"board_silent_s":900}'
    await put(connection, waiting_lists, 1, hub="h1", list=word, at="2026-11-25T08:59:00.000000Z")
    await put(connection, muted, 1, kiosk="k4", until="2026-11-25T12:30:00.000000Z", operator="Samer")
    for number, code in enumerate(["kiosk-revocation-lacked", "kiosk-unknown", "broken-link"]):
        await put(connection, findings, number, code=code, at=f"2026-11-2{number}T08:00:00.000000Z")
    await put(connection, backups, 1, made_at="2026-11-12T03:00:00.000000Z", folder="/copies/1", bytes=1)


async def _people(connection: AsyncConnection, ring: KeyRing) -> None:
    await technician.appoint(connection, "Samer", ["homs-main", "homs-new"], "manager")
    await clerk.appoint(connection, "Huda", "homs-main", "clerk")
    await clerk.appoint(connection, "Rima", "homs-new", "manager")
    for number, address in enumerate([None, "https://hub.example:8090"]):
        more = {"centre": ("homs-main", "homs-new")[number], "role": ("kiosk", "hub")[number], "asked_address": address}
        await put(connection, enrolment_codes, number, expires_at="2026-11-30T08:00:00.000000Z", **more)
    for centre, people in (("homs-main", STAFF), (None, [STAFF[0] | {"name": "Omar", "number": "+963933000111"}])):
        content = msgspec.json.encode({"centre": centre, "kinds": ["order-ready"], "staff": people})
        await rules_of_messages.publish(connection, content, ring.vault())
    await rules.set_days(connection, "items", 400, "Rana")
    seen: list[tuple[str, str, dict[str, str]]] = [
        ("Samer", "clerk-appointed", {"name": "Huda", "centre": "homs-main", "role": "clerk"}),
        ("console", "hours-published", {"centre": "*", "opens": "08:00", "closes": "14:00"}),
        ("hub:h1/Layla", "capacity-changed",
         {"centre": "homs-main", "group": "A", "day": "2026-11-26", "at": "10:30", "before": "4", "after": "0"}),
        ("hub:h1/", "capacity-taken-back",
         {"centre": "homs-main", "group": "A", "day": "2026-11-26", "at": "*", "before": "4", "after": "8"}),
        ("x", "an-act-of-tomorrow", {"word": "value"}),
    ]  # fmt: skip
    for who, act, detail in seen:
        await operations.note(connection, who, act, detail)


async def _published(connection: AsyncConnection, ring: KeyRing) -> None:
    async def tell(kind: str, content: object) -> None:
        await publication.publish(connection, kind, msgspec.json.encode(content), ring)

    await tell("settings", {"kiosk.opens": "08:00", "kiosk.closes": "14:00", "kiosk.tiles": ["civil-affairs"]})
    await tell("catalogue", {"services": [
        {"code": "water-bill", "names": {"ar": "فاتورة المياه", "en": "Water bill"}, "main": True},
        {"code": "plan-copy", "daily_quota": 40},
    ]})  # fmt: skip
    feast = {"date": "2026-12-25", "closed": True, "names": {"ar": "عيد الميلاد", "en": "Christmas"}}
    short = {"date": "2026-11-25", "opens": "10:00", "closes": "12:00", "names": {"ar": "جرد", "en": "Stocktaking"}}
    over = short | {"date": "2026-11-24"}
    await calendar.publish(connection, msgspec.json.encode({"days": [feast, short, over]}))
    card = {
        "id": "card", "from": "2026-11-25", "until": "2026-11-30", "where": ["page", "kiosk"],
        "texts": {"ar": "أحضر بطاقتك", "en": "Bring your card"},
    }  # fmt: skip
    await notices.publish(connection, msgspec.json.encode({"centre": "homs-main", "notices": [card]}))
    plan = {
        "centre": "homs-main",
        "rules": OPEN | {"earliest_min": 1335},
        "plan": [line(weekday, seats=1) for weekday in range(1, 8)],
    }
    await seats.publish(connection, msgspec.json.encode(plan), ring)


async def _money(connection: AsyncConnection) -> None:
    for row in (
        payment_row(1, "261125-3K7M-9TQ2-4VWX", "told", payer_receipt="P-880012340", receipt="W-2026-000123"),
        payment_row(2, "261125-5HJ8-1ABC-6DEF", "refund-due", payer_receipt="P-880012400", reason="paid-elsewhere"),
        payment_row(3, EXPIRED, "expired"),
        payment_row(4, "261125-9GHT-3XYZ-5KLM", "refund-due", payer_receipt="P-880012510", reason="twice", extra=1)
        | {"refund_proposed_by": "Huda"},
    ):
        for table, values in rows_of(row | {name: 1_250_000 for name in ("amount", "paid_amount") if name in row}):
            await connection.execute(insert(table).values(values))
    await connection.execute(insert(messages), month())

"""Every page of the offices, whole, of a town with something of everything, as each role sees it in each language.

What was read and found good is in `told.txt` beside this file, a short hash a page (`tests/kit/told.py`);
`TOLD=record .venv/bin/pytest -p no:randomly tests/central/offices/test_whole_pages.py` takes the pages as they are now.
"""

import base64
import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast

import httpx
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.config import CentralConfig
from central.base.database.engine import open_engine
from central.base.tables.enrolled import enrolment_codes, kiosks
from central.base.tables.kept import backups
from central.base.tables.messages import messages
from central.base.tables.paid.payments import payments
from central.base.tables.people import muted
from central.base.tables.received import contacts, findings, waiting_lists
from central.claims.planned import publication as seats
from central.keys.keys import KeyRing
from central.kiosks import history
from central.offices import operations, operators, sessions
from central.offices.operators import Operator, Role
from central.offices.retention import rules
from central.offices.upkeep import needs
from central.publishing import calendar, clerk, notices, publication, technician
from central.publishing import messages as rules_of_messages
from central.server.api.app import create_app
from tests.central.claims.conftest import OPEN, line
from tests.central.conftest import URL
from tests.central.offices.money import DAY, EXPIRED, payment_row
from tests.central.offices.posted import MONTH, month
from tests.central.offices.test_fleet import WELL
from tests.central.server.api.test_conditions import put
from tests.kit import told

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
RECORD: Final = told.Record(Path(__file__).with_name("told.txt"))
MACHINES: dict[str, dict[str, Any]] = {
    "k1": {},
    "k2": {"paper": "Out", "paper_left_m": None, "alarms": ["dead-letters"], "left_out": {"kiosk.tiles": "unknown"}},
    "k3": {"out_of_service": "printer", "power": "battery", "outbox": {"waiting": 900, "dead": 2}},
    "k4": {"paper": "Low", "paper_left_m": 6},
}
HUB_KEY = base64.b64encode(Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()).decode()
STAFF = [{"number": "+963933000222", "name": "Nour", "kinds": ["staff-alarm", "paper-out"], "language": "en"}]
PATHS: Final = (
    "needs", "fleet", "fleet?centre=homs-new", "fleet?need=BROKEN&page=2", "kiosks/k2", "kiosks/k3", "kiosks/h1",
    "kiosks/none", "people", "publish", "publish?centre=homs-new", "announcing", "announcing?centre=homs-main",
    "appointments?centre=homs-main&day=2026-11-26&service=civil-affairs", "appointments?day=2026-11-27&service=none",
    f"payments?day={DAY}", "payments?day=soon", f"cashier?number={EXPIRED}", f"messages?month={MONTH}",
    "messages?centre=homs-new", "messages?month=2026-13", "reports", "reports?centre=homs-main&month=2026-11",
    "reports?centre=none", "operations", "login", "",
)  # fmt: skip
ROLES: dict[str, tuple[Role, list[str]]] = {
    "Rana": ("administrator", []),
    "Samer": ("manager", ["homs-main"]),
    "Rami": ("reader", ["homs-new"]),
    "Huda": ("accountant", []),
    "Rima": ("cashier", ["homs-main"]),
}


async def _machines(connection: AsyncConnection) -> None:
    for number, (kiosk, change) in enumerate(MACHINES.items(), 1):
        centre = "homs-new" if kiosk == "k4" else "homs-main"
        enrolled = {"centre": centre, "digit": number, "role": "kiosk", "enrolled_at": "2026-10-01T08:00:00.000000Z"}
        await put(connection, kiosks, number, id=kiosk, **enrolled)
        await put(connection, contacts, number, kiosk=kiosk, at=f"2026-11-25T08:5{number}:00.000000Z")
        for day, report in ((24, WELL), (25, WELL | change)):
            await history.keep(connection, kiosk, json.dumps(report), f"2026-11-{day}T08:{number}0:00.000000Z")
    for number, (kiosk, more) in enumerate(
        {"h1": {"role": "hub", "public_key": HUB_KEY}, "k5": {"revoked_at": "2026-11-20"}}.items(), 8
    ):
        enrolled = {"centre": "homs-main", "digit": 0, "enrolled_at": "2026-10-01T08:00:00.000000Z"}
        await put(connection, kiosks, number, id=kiosk, **enrolled | more)
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
    plan = {"centre": "homs-main", "rules": OPEN, "plan": [line(weekday, seats=1) for weekday in range(1, 8)]}
    await seats.publish(connection, msgspec.json.encode(plan), ring)


async def _money(connection: AsyncConnection) -> None:
    for row in (
        payment_row(1, "261125-3K7M-9TQ2-4VWX", "told", payer_receipt="88001234", receipt="W-2026-000123"),
        payment_row(2, "261125-5HJ8-1ABC-6DEF", "refund-due", payer_receipt="88001240", reason="paid-elsewhere"),
        payment_row(3, EXPIRED, "expired"),
        payment_row(4, "261125-9GHT-3XYZ-5KLM", "refund-due", payer_receipt="88001251", reason="twice", extra=1)
        | {"refund_proposed_by": "Huda"},
    ):
        await connection.execute(insert(payments).values(row))
    await connection.execute(insert(messages), month())


@pytest.fixture
async def client(config: CentralConfig, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """The pages over a town in which something of everything has come about; nothing runs beside them."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(needs, "LEAST_BYTES", 0)
    monkeypatch.setattr("central.offices.upkeep.growth.days_left", _enough)
    engine, ring = open_engine(config.database_url), KeyRing(config.keys_dir)
    async with engine.begin() as connection:
        await _machines(connection)
        await _people(connection, ring)
        await _published(connection, ring)
        await _money(connection)
    monkeypatch.setattr("central.server.api.app.open_engine", lambda _url: engine)
    app = create_app(replace(config, public_url=URL))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(cast("Any", app)), base_url=URL) as made:
        yield made
    await engine.dispose()


async def _enough(*_: object) -> int:
    return 90


def _plain(page: str) -> str:
    """A page without what differs each time: marks of files and of staff, and a form's key."""
    return re.sub(r"\?v=\w+|\b[0-9a-f]{16}\b", "", page)


@pytest.mark.parametrize("name", ROLES)
async def test_each_page_says_what_its_reader_may_see(
    client: httpx.AsyncClient, config: CentralConfig, name: str
) -> None:
    role, centres = ROLES[name]
    engine = open_engine(config.database_url)
    async with engine.begin() as connection:
        await operators.appoint(connection, name, role, centres)
        token = await sessions.begin(connection, Operator(name, role))
    await engine.dispose()
    for language in ("ar", "en"):
        headers, pages = {"Cookie": f"offices-session={token}; offices-language={language}"}, []
        for path in PATHS:
            answer = await client.get(f"/offices/{path}".rstrip("/"), headers=headers)
            said = f"{answer.status_code} {answer.headers.get('location', '')}\n{_plain(answer.text)}"
            pages.append((path, told.whole(said)))
        RECORD.compare(f"{name} {language}", pages)

"""A hub in this process, with its application, clerks with PINs, and kiosks that sign."""

import asyncio
import base64
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import httpx2
import msgspec
import pytest
from argon2 import PasswordHasher
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.protocol.feed_message import ClerkRecord, Clerks, HubRecord, Hubs, KioskRecord, Kiosks
from common.protocol.message_signature import sign_request
from common.protocol.queue.call import QueuedTicket, TicketsCall
from common.protocol.queue.hub_statement import HubStatement
from hub.api.app import create_app
from hub.api.server.server import Serving
from hub.settings import CentralSection, HubConfig, HubSection
from tests.hub.hall import CENTRE, HUB_ID, Hall, open_hall, said

URL = "http://127.0.0.1:8090"
CLERK_PIN, OTHER_PIN, MANAGER_PIN = "12345678", "13345678", "9912345678"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
HASHES = {pin: QUICK.hash(pin) for pin in (CLERK_PIN, OTHER_PIN, MANAGER_PIN)}  # as central tells them again and again
HUB_KEY = Ed25519PrivateKey.from_private_bytes(b"h" * 32)
KIOSK_KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)


def public(key: Ed25519PrivateKey) -> str:
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


@dataclass
class Stage:
    """A running hub and what a test needs to play pages and kiosks."""

    hall: Hall
    serving: Serving
    client: httpx2.AsyncClient

    async def log_in(self, counter: int | None = 1, pin: str = CLERK_PIN, **more: Any) -> httpx2.Response:
        """Log in; the cookie stays out of the client's jar, so that a test names the session that it means."""
        body = {"pin": pin, "counter": counter, **more}
        response = await self.client.post("/v1/sessions", json=body)
        self.client.cookies.clear()
        return response

    async def session(self, counter: int | None = 1, pin: str = CLERK_PIN, **more: Any) -> dict[str, str]:
        response = await self.log_in(counter, pin, **more)
        assert response.status_code == 201, response.text
        return {"Cookie": response.headers["set-cookie"].split(";")[0]}

    async def press(
        self, counter: int, session: dict[str, str], body: dict[str, Any], key: str | None = None, **headers: str
    ) -> httpx2.Response:
        headers = session | {"Idempotency-Key": key or str(uuid.uuid4()), "Content-Type": "application/json"} | headers
        content = msgspec.json.encode(body)
        return await self.client.post(f"/v1/counters/{counter}/presses", content=content, headers=headers)

    async def tell(
        self,
        *told: QueuedTicket,
        kiosk: int = 0,
        key: Ed25519PrivateKey = KIOSK_KEY,
        followed: HubStatement | None = None,
    ) -> httpx2.Response:
        source = self.hall.kiosks[kiosk]
        body = msgspec.json.encode(TicketsCall(source.boot_id, source.boot_time_ns(), list(told), followed))
        return await self.post_signed(source.record.id, body, key=key)

    async def post_signed(
        self, kiosk: str, body: bytes, *, key: Ed25519PrivateKey = KIOSK_KEY, path: str = "tickets"
    ) -> httpx2.Response:
        where = f"/v1/kiosks/{kiosk}/{path}"
        headers = sign_request("POST", URL + where, body, key=key, keyid=kiosk)
        return await self.client.post(where, content=body, headers=headers | {"Content-Type": "application/json"})


def named(hall: Hall, *, revoked: frozenset[int] = frozenset(), message_id: int = 2) -> None:
    """Let central name kiosks with real keys, clerks with PINs, and this hub."""
    records = [
        KioskRecord(kiosk.record.id, kiosk.record.digit, public(KIOSK_KEY), kiosk.record.digit in revoked)
        for kiosk in hall.kiosks
    ]
    said(hall.hub, Kiosks(CENTRE, records), message_id)
    said(hall.hub, Hubs(CENTRE, [HubRecord(HUB_ID, URL, public(HUB_KEY))]), message_id)
    clerks = [
        ClerkRecord("clerk-1", "رنا", "clerk", "12", HASHES[CLERK_PIN]),
        ClerkRecord("clerk-2", "سامر", "clerk", "13", HASHES[OTHER_PIN]),
        ClerkRecord("manager-1", "هدى", "manager", "99", HASHES[MANAGER_PIN]),
    ]
    said(hall.hub, Clerks(CENTRE, clerks), message_id)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    hall = open_hall(tmp_path / "hub")
    hall.set_up({1: ["A", "B"], 2: ["A"], 3: ["C"]})
    named(hall)
    config = HubConfig(hub=HubSection(centre=CENTRE), central=CentralSection(url="http://127.0.0.1:1"))
    serving = Serving(hall.hub, config, HUB_KEY)
    app = create_app(serving)
    started, over = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            started.set()
            await over.wait()

    life = asyncio.create_task(live())
    await started.wait()
    transport = httpx2.ASGITransport(cast("Any", app))
    async with httpx2.AsyncClient(transport=transport, base_url=URL) as client:
        yield Stage(hall, serving, client)
    over.set()
    await life
    hall.hub.store.close()

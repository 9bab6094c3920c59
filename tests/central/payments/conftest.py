"""A central with a wallet and a biller that speak their real wires and have books of their own; time can be moved."""

import asyncio
import base64
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Row, select

from central.base import clock
from central.base.config import CentralConfig
from central.base.database.engine import open_engine, opened_engine
from central.base.tables.paid.books import payment_ports
from central.base.tables.paid.payments import payment_events, payments, whole
from central.keys.keys import SEAL_SUITE, KeyRing
from central.payments.ports.opening import Means
from common.protocol.inquiry import KINDS, answer_info
from demo.payments.biller import Biller
from demo.payments.server import Server
from demo.payments.wallet import Wallet
from tests.central.conftest import URL, Stage, staged
from tests.central.inquiries.test_inquiries import ask, wait
from tests.central.payments.flow.rows import unlike_their_fold
from tests.kit.sender import Sender

SUBSCRIBER = "1234567"
WITHIN_S = 60.0  # a busy machine is no fault of ours
now = clock.now


@dataclass
class Town:
    """Central, one kiosk, the wallet, the biller, and how far all clocks were moved ahead."""

    stage: Stage
    sender: Sender
    wallet: Wallet
    biller: Biller
    keys: dict[str, X25519PrivateKey] = field(default_factory=dict)
    ahead: timedelta = timedelta()
    is_tampered_with: bool = False
    """Rows were changed behind its back: they need not be what the ledger's fold says of their sums."""

    async def ask(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        """Ask a question as the kiosk does; what it is told at once."""
        own, key = str(uuid.uuid4()), X25519PrivateKey.generate()
        self.keys[own] = key
        dies_at = clock.as_text(clock.now() + timedelta(seconds=KINDS[kind].lives_s - 1))
        reply_key = base64.b64encode(key.public_key().public_bytes_raw()).decode()
        asked = {"id": own, "kind": kind, "dies_at": dies_at, "body": body, "reply_key": reply_key}
        answer = await ask(self.stage, self.sender, asked)
        assert answer.status_code in (200, 202), answer.text
        return self.read(answer.json())

    async def wait(self, inquiry: str, after: int) -> dict[str, Any]:
        """Wait for more than a revision."""
        return self.read((await wait(self.stage, self.sender, inquiry, after)).json())

    async def final(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        """Ask, and wait until the answer is final."""
        said = await self.ask(kind, body)
        while said["state"] == "pending":
            said = await self.wait(said["id"], said["revision"])
        return said

    def read(self, said: dict[str, Any]) -> dict[str, Any]:
        """Open an answer's sealed part."""
        answer = said.get("answer")
        if answer and "sealed" in answer:
            info = answer_info(self.sender.kiosk, said["id"])
            text = SEAL_SUITE.decrypt(base64.b64decode(answer.pop("sealed")), self.keys[said["id"]], info)
            answer |= msgspec.json.decode(text)
        return said

    async def bill(self, subscriber: str = SUBSCRIBER) -> dict[str, Any]:
        """Return a bill that is owed."""
        said = await self.final("bill", {"biller": "homs-water", "fields": {"subscriber": subscriber}})
        assert said["state"] == "answered", said
        answer: dict[str, Any] = said["answer"]
        return answer

    async def opened(self, bill: str | None = None, payer: str = "shamcash") -> dict[str, Any]:
        """Begin a payment and wait for its code."""
        bill = bill or (await self.bill())["bill"]
        said = await self.ask("payment", {"bill": bill, "payer": payer})
        while said["state"] == "pending" and said["answer"]["state"] == "inquired":
            said = await self.wait(said["id"], said["revision"])
        assert said["answer"].get("state") == "opened", said
        return said

    async def row(self, payment: str) -> Row[Any]:
        """Return a payment as the database has it."""
        (found,) = await self.stage.all(whole().where(payments.c.id == payment))
        return found

    async def events(self, payment: str) -> list[str]:
        """Return what became of a payment, in order."""
        query = select(payment_events.c.event).where(payment_events.c.payment == payment)
        return [row.event for row in await self.stage.all(query.order_by(payment_events.c.id))]

    async def until(self, payment: str, *states: str) -> Row[Any]:
        """Wait until a payment is in a state."""
        async with asyncio.timeout(WITHIN_S):
            while (row := await self.row(payment)).state not in states:  # noqa: ASYNC110 - the server changes it
                await asyncio.sleep(0.02)
        return row

    async def tell(self, number: str, status: int | None = None) -> int:
        """Let the wallet tell of a number, as it would over the network."""
        body, path = self.webhook(number, status)
        return (await self.stage.client.post(path, content=body)).status_code

    def webhook(self, number: str, status: int | None = None) -> tuple[bytes, str]:
        """Return what the wallet would post, and where."""
        bill, moment = self.wallet.bills[number], int(self.wallet.now())
        said = {"billNo": number, "tranId": bill.tran, "statusId": status or bill.status}
        token = self.wallet.sealed(said | {"iat": moment, "exp": moment + 300})
        return msgspec.json.encode({"encData": token}), bill.callback.removeprefix(URL)

    def move(self, **more: float) -> None:
        """Move the clocks of central and wallet ahead."""
        self.ahead += timedelta(**more)


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """A folder of the payments file and its secrets."""
    folder = tmp_path / "pay"
    folder.mkdir()
    return folder


@pytest.fixture
async def means(config: CentralConfig, settings: Path) -> AsyncIterator[Callable[[str, dict[str, Any]], Means]]:
    engine = open_engine(config.database_url)
    yield lambda name, section: Means(name, section, settings, "new", engine, KeyRing(config.keys_dir))
    await engine.dispose()


def secret(path: Path, text: str) -> None:
    """Write a secret as it has to lie there."""
    path.write_text(text, encoding="ascii")
    path.chmod(0o600)


@pytest.fixture
async def town(config: CentralConfig, settings: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Town]:
    wallet, biller = Wallet(), Biller()
    monkeypatch.setattr("central.inquiries.polls.LOOK_EVERY_S", 0.02)
    biller.owe(SUBSCRIBER, "D-1", 12_500)
    secret(settings / "agent", wallet.agent)
    secret(settings / "secret", base64.b64encode(wallet.key).decode())
    secret(settings / "water-token", biller.token)
    with Server(wallet.answer) as wallets, Server(biller.answer) as billers:
        wallet.url = wallets.url
        (settings / "payments.toml").write_text(
            f"""
pound = "new"
[payers.shamcash]
kind = "shamcash"
url = "{wallets.url}"
agent_key_file = "agent"
secret_key_file = "secret"
[payers.bank]
kind = "emv-static"
scheme = "sy.gov.example"
account = "0001"
merchant = "HOMS"
city = "HOMS"
[billers.homs-water]
kind = "http"
url = "{billers.url}"
token_file = "water-token"
cashier_group = "C"
[billers.power]
kind = "file"
names = {{ ar = "الكهرباء", en = "Power" }}
[billers.fees]
kind = "orders"
""",
            encoding="utf-8",
        )
        made = replace(config, public_url=URL, payments=settings / "payments.toml")
        async with staged(made) as stage:
            town = Town(stage, await stage.enrolled(), wallet, biller)
            monkeypatch.setattr(clock, "now", lambda: now() + town.ahead)
            wallet.now = lambda: clock.now().timestamp()
            await billers_known(stage)
            yield town
        if not town.is_tampered_with:
            async with opened_engine(config.database_url) as engine, engine.connect() as connection:
                assert await unlike_their_fold(connection) == []


async def billers_known(stage: Stage) -> None:
    """Wait until central has asked its billers, which it does beside all else; before that it knows of no bill."""
    known = select(payment_ports.c.name).where(payment_ports.c.side == "biller", payment_ports.c.fields.is_not(None))
    while len(await stage.all(known)) < 3:  # noqa: ASYNC110 - the server changes it
        await asyncio.sleep(0.01)


def read(text: str) -> datetime:
    """Return a moment that central wrote."""
    return datetime.fromisoformat(text)

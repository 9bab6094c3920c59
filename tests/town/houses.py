"""Wallet, bank and biller on the town's net, with books of their own that central reads by their wires alone."""

import asyncio
import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, Any, Final

from demo.payments import biller, wallet
from demo.payments.bank import Bank
from demo.payments.server import Reply, Request
from tests.town.central import ADDRESS
from tests.town.loop import blocking
from tests.town.net import Answer, Unheard, on_machine

if TYPE_CHECKING:
    from tests.town.town import Town

WALLET_URL: Final = "http://127.0.0.1:7001"
BILLER_URL: Final = "http://127.0.0.1:7002"
WALLET_LIES: Final = ("lost", "lost-before", "general", "portal", "error", "slow")
BILLER_LIES: Final = ("lost", "lost-before", "portal", "error", "und", "slow")
SHARE: Final = 0.2
_FILE: Final = f"""pound = "new"
[payers.wallet]
kind = "shamcash"
url = "{WALLET_URL}"
agent_key_file = "agent"
secret_key_file = "secret"
[payers.bank]
kind = "emv-static"
scheme = "sy.gov.example"
account = "0001"
merchant = "HOMS"
city = "HOMS"
[billers.water]
kind = "http"
url = "{BILLER_URL}"
token_file = "token"
cashier_group = "C"
"""


class TownBiller(biller.Biller):
    """See the demo's biller; its books have the town's time."""

    def __init__(self, now: Callable[[], float], **more: Any) -> None:
        super().__init__(**more)
        self._now = now

    def _note(self, debt: str, kind: str, **more: Any) -> str:
        super()._note(debt, kind, **more)
        at = datetime.fromtimestamp(self._now(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.changes[-1]["at"] = at
        return at


class Houses:
    """All three, and the file by which central knows them."""

    def __init__(self, town: "Town") -> None:
        self._town = town

        def now() -> float:
            return town.loop.now.timestamp()

        dice = Random(f"{town.plan.seed} houses")
        self.wallet = wallet.Wallet(key=dice.randbytes(32), now=now, url=WALLET_URL, slow_s=20.0)
        self.biller = TownBiller(now, slow_s=20.0)
        self.bank = Bank(now)
        self._calls = 0

    def introduce(self) -> None:
        """Write the file that central reads at its start."""
        central = self._town.central
        folder = central.config.data_dir.parent / "payments"
        folder.mkdir(parents=True)
        key = base64.b64encode(self.wallet.key).decode()
        for name, text in {"agent": self.wallet.agent, "secret": key, "token": self.biller.token}.items():
            (folder / name).write_text(text, encoding="ascii")
            (folder / name).chmod(0o600)
        made = folder / "payments.toml"
        made.write_text(_FILE, encoding="utf-8")
        central.config = replace(central.config, payments=made, public_url=ADDRESS)

    def open(self, *, wallet_lies: bool, biller_lies: bool) -> None:
        """Serve; who lies does so in a share of his answers."""
        self.wallet.lies = self._liar("wallet", WALLET_LIES) if wallet_lies else _honest
        self.biller.lies = self._liar("biller", BILLER_LIES) if biller_lies else _honest
        self.serve("wallet")
        self.serve("biller")

    def serve(self, name: str) -> None:
        """Have one of them serve again, with its books as they are."""
        url, answer = {"wallet": (WALLET_URL, self.wallet.answer), "biller": (BILLER_URL, self.biller.answer)}[name]
        self._town.net.listen(url, name, _served(answer))

    def fall_silent(self, name: str) -> None:
        """Lose one of them for now."""
        self._town.net.fall_silent(WALLET_URL if name == "wallet" else BILLER_URL)

    def come_to_truth(self) -> None:
        """Let nobody lie any more."""
        self.wallet.lies = self.biller.lies = _honest

    def _liar(self, name: str, lies: tuple[str, ...]) -> Callable[[str], Any]:
        asked: dict[str, int] = {}

        def lie(call: str) -> str | None:
            asked[call] = asked.get(call, 0) + 1
            dice = Random(f"{self._town.plan.seed} {name} {call} {asked[call]}")
            return dice.choice(lies) if dice.random() < SHARE else None

        return lie

    # --- what money is where ------------------------------------------------------------------------------------

    def came(self, bill_no: str) -> int:
        """Return how much came under a number, less what went back, in the smallest unit, by the payers' own books."""
        kinds = {1: 1, 2: -1}
        of_wallet = sum(kinds[one.kind] * int(one.amount * 100) for one in self.wallet.trans if one.bill_no == bill_no)
        signs = {"paid": 1, "refunded": -1}
        return of_wallet + sum(signs[line[2]] * line[3] for line in self.bank.lines if line[1] == bill_no)

    def is_entered(self, payment: str) -> bool:
        """Whether the biller's own books have a payment entered now."""
        return any(debt.key == payment for debt in self.biller.debts.values())

    def was_reversed(self, payment: str) -> bool:
        """Whether the biller has entered a payment, and taken it out again."""
        return any(one["kind"] == "reversed" and one.get("key") == payment for one in self.biller.changes)

    async def tell(self, bill_no: str) -> None:
        """Have the wallet tell central how a number stands, once."""
        bill, moment = self.wallet.bills[bill_no], int(self._town.loop.now.timestamp())
        said = {"billNo": bill_no, "tranId": bill.tran, "statusId": bill.status, "iat": moment, "exp": moment + 300}
        body = json.dumps({"encData": self.wallet.sealed(said)}).encode()

        async def told() -> Answer:
            headers = {"Content-Type": "application/json"}
            return await self._town.net.ask("POST", bill.callback, headers, body)

        task = asyncio.get_running_loop().create_task(told(), context=on_machine("wallet"))
        try:
            await task
        except Unheard:
            return


def _honest(_: str) -> None:
    return None


def _served(answer: Callable[[Request], Reply | None]) -> Any:
    """Return what answers on the net; where it says nothing the connection ends without a word."""

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        message = await receive()
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
        query = scope["query_string"].decode()
        path = scope["path"] + (f"?{query}" if query else "")
        reply = await blocking(answer, Request(scope["method"], path, headers, message["body"]))
        if reply is None:
            return
        kind = [(b"content-type", reply.kind.encode())]
        await send({"type": "http.response.start", "status": reply.status, "headers": kind})
        await send({"type": "http.response.body", "body": reply.body})

    return app

"""A wallet that speaks ShamCash's merchant wire, written from its public guide and not from central's own code.

`python -m demo.payments.wallet PORT FOLDER` serves it with the keys of `FOLDER`; a bill's page pays it by a click.
"""

import base64
import json
import os
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Any, Final, Literal

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from demo.payments.server import PORTAL, Reply, Request, Server

LIFE_S: Final = 600.0
_HEADER: Final = base64.urlsafe_b64encode(b'{"alg":"dir","enc":"A256GCM","cty":"json"}').rstrip(b"=")
PENDING, REFUND, EXPIRED, PAID = 1, 2, 3, 4
Lie = Literal["lost", "lost-before", "general", "portal", "error", "slow"]
"""Done without an answer; neither; 200 with an error though done; a portal's page; 500 though done; late."""


@dataclass
class Bill:
    """What the wallet knows of a number."""

    number: str
    amount: Decimal
    callback: str
    made_at: float
    status: int = PENDING
    tran: int | None = None
    said: int = 0  # how often its webhook was sent


@dataclass
class Tran:
    """A line of its books: kind 1 is a payment, 2 a refund."""

    number: int
    kind: int
    bill_no: str
    amount: Decimal
    at: float
    key: str = ""


@dataclass
class Wallet:
    """The wallet's books and what it answers. `lies` returns what is wrong with the next answer to a call."""

    key: bytes = field(default_factory=lambda: os.urandom(32))
    agent: str = "agent-1"
    lies: Callable[[str], Lie | None] = lambda _: None
    now: Callable[[], float] = time.time
    life_s: float = LIFE_S
    url: str = ""
    bills: dict[str, Bill] = field(default_factory=dict)
    trans: list[Tran] = field(default_factory=list)
    asked: dict[str, int] = field(default_factory=dict)
    slow_s: float = 0.2
    lock: threading.RLock = field(default_factory=threading.RLock)
    life: int = 0  # how often its process was lost: what one had begun the next does not end

    def answer(self, request: Request) -> Reply | None:
        """Answer a call of a merchant's, or show a bill's page."""
        if request.path.startswith("/pay/"):
            return self._page(request)
        call = request.path.rpartition("/")[2]
        with self.lock:
            life = self.life
            self.asked[call] = self.asked.get(call, 0) + 1
        lie = self.lies(call)
        if lie == "lost-before":
            return None
        if lie == "portal":
            return Reply(200, PORTAL, "text/html")
        if lie == "slow":
            time.sleep(self.slow_s)
        with self.lock:
            if life != self.life:
                return None
            result = self._do(call, request.body)
        if lie == "lost":
            return None
        if lie == "error":
            return Reply(500, b"{}")
        return Reply(200, json.dumps(_said(1000) if lie == "general" else result).encode())

    def pay(self, number: str, amount: Decimal | None = None, *, even_late: bool = False) -> int | None:
        """Let a citizen pay a bill; the number of the money, None where the wallet takes none."""
        with self.lock:
            bill = self.bills[number]
            self._expire(bill)
            if bill.status != PENDING and not even_late:
                return None
            bill.status, bill.tran = PAID, self._book(1, bill, amount or bill.amount)
            return bill.tran

    def tell(self, number: str, status: int | None = None) -> int | None:
        """Say by webhook how a bill stands; the status of the answer, None where none came."""
        with self.lock:
            bill = self.bills[number]
            bill.said += 1
            moment = int(self.now())
            said = {"billNo": number, "tranId": bill.tran, "statusId": status or bill.status}
            body = json.dumps({"encData": self.sealed(said | {"iat": moment, "exp": moment + 300})}).encode()
        return post(bill.callback, body)

    def expire_all(self) -> list[str]:
        """Let the bills end whose time is over; return their numbers."""
        with self.lock:
            return [bill.number for bill in self.bills.values() if self._expire(bill)]

    def sealed(self, payload: dict[str, Any]) -> str:
        """Return a token as the wallet makes it."""
        iv = os.urandom(12)
        data = AESGCM(self.key).encrypt(iv, json.dumps(payload).encode(), _HEADER)
        return b".".join((_HEADER, b"", _b64(iv), _b64(data[:-16]), _b64(data[-16:]))).decode()

    def _opened(self, body: bytes) -> dict[str, Any]:
        said = json.loads(body)
        if said["agentKey"] != self.agent:
            raise PermissionError
        header, _, iv, data, tag = said["encData"].encode().split(b".")
        text = AESGCM(self.key).decrypt(_raw(iv), _raw(data) + _raw(tag), header)
        found: dict[str, Any] = json.loads(text, parse_float=Decimal)
        if not found["iat"] - 30 <= self.now() <= found["exp"] + 30:
            raise ValueError("not of this time")
        return found

    def _do(self, call: str, body: bytes) -> dict[str, Any]:
        try:
            asked = self._opened(body)
        except PermissionError:
            return _said(1701)
        except Exception:  # noqa: BLE001 - whatever was sent, the wallet says one thing
            return _said(1705)
        known = self.bills.get(str(asked.get("billNo")))
        if call == "createBill":
            return _said(1704) if known is not None else self._create(asked)
        if call == "getTransactions":
            return self._books(asked["afterTranId"], asked["limit"])
        if known is None:
            return _said(1703)
        self._expire(known)
        if call == "getBillInfo":
            return _said(2500, self._info(known))
        return self._refund(known, asked) if call == "refundBill" else _said(1000)

    def _create(self, asked: dict[str, Any]) -> dict[str, Any]:
        amount = Decimal(asked["amount"])
        if asked["currencyId"] != 2 or amount != round(amount, 2) or not asked["callbackUrl"]:
            return _said(1000)
        bill = Bill(asked["billNo"], amount, asked["callbackUrl"], self.now())
        self.bills[bill.number] = bill
        return _said(2500, self._info(bill))

    def _refund(self, bill: Bill, asked: dict[str, Any]) -> dict[str, Any]:
        for tran in self.trans:
            if tran.kind == 2 and tran.key == asked["idempotencyKey"]:
                return _said(2500, {"tranId": tran.number})
        paid = sum(one.amount for one in self.trans if one.bill_no == bill.number and one.kind == 1)
        back = sum(one.amount for one in self.trans if one.bill_no == bill.number and one.kind == 2)
        if not paid:
            return _said(1707)
        if back + Decimal(asked["amount"]) > paid:
            return _said(1708)
        return _said(2500, {"tranId": self._book(2, bill, Decimal(asked["amount"]), asked["idempotencyKey"])})

    def _books(self, after: int, limit: int) -> dict[str, Any]:
        if not 10 <= limit <= 2500:
            return _said(1000)
        later = self.trans[after:]
        rows = [
            {
                "billNo": one.bill_no, "amount": float(one.amount), "currencyId": 2, "tranId": one.number,
                "tranTypeId": one.kind,
                "createdDate": time.strftime("%Y-%m-%d", time.gmtime(one.at + 3 * 3600)),
                "createdTime": time.strftime("%H:%M:%S", time.gmtime(one.at + 3 * 3600)),
            }
            for one in later[:limit]
        ]  # fmt: skip
        reached = rows[-1]["tranId"] if rows else after
        return _said(2500, {"list": rows, "hasMore": len(later) > limit, "lastReturnedTranId": reached})

    def _info(self, bill: Bill) -> dict[str, Any]:
        return {
            "statusId": bill.status, "statusName": "", "billNo": bill.number, "amount": float(bill.amount),
            "currencyId": 2, "createdDate": "", "createdTime": "", "tranId": bill.tran,
            "paymentUrl": f"{self.url}/pay/{bill.number}", "rem": "", "refunds": [],
        }  # fmt: skip

    def _book(self, kind: int, bill: Bill, amount: Decimal, key: str = "") -> int:
        self.trans.append(Tran(len(self.trans) + 1, kind, bill.number, amount, self.now(), key))
        return len(self.trans)

    def _expire(self, bill: Bill) -> bool:
        is_over = bill.status == PENDING and self.now() - bill.made_at >= self.life_s
        if is_over:
            bill.status = EXPIRED
        return is_over

    def _page(self, request: Request) -> Reply:
        number = request.path.removeprefix("/pay/")
        if number not in self.bills:
            return Reply(404, b"no such bill", "text/plain")
        if request.method == "POST" and self.pay(number) is not None:
            threading.Thread(target=self.tell, args=(number,), daemon=True).start()
        bill = self.bills[number]
        words = {PENDING: "to be paid", PAID: "paid", EXPIRED: "expired", REFUND: "given back"}[bill.status]
        button = "<form method=post><button>Pay</button></form>" if bill.status == PENDING else ""
        text = f"<title>Wallet</title><h1>{bill.amount} SYP</h1><p>{escape(number)}: {words}</p>{button}"
        return Reply(200, text.encode(), "text/html; charset=utf-8")


def post(url: str, body: bytes, within_s: float = 10.0) -> int | None:
    """Post JSON; the status that was answered, None where none was."""
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 - our own central
    try:
        with urllib.request.urlopen(request, timeout=within_s) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.request.HTTPError as error:
        return int(error.code)
    except OSError:
        return None


def _said(result: int, data: Any = None) -> dict[str, Any]:
    return {"result": result, "succeeded": result == 2500, "message": "", "data": data}


def _b64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _raw(text: bytes) -> bytes:
    return base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))


def main(port: int, folder: Path) -> None:
    """Serve until the process ends, and tell of what expires."""
    key = base64.b64decode((folder / "wallet-secret").read_text("ascii"))
    wallet = Wallet(key, (folder / "wallet-agent").read_text("ascii").strip())
    with Server(wallet.answer, port) as server:
        wallet.url = server.url
        while True:
            time.sleep(1)
            for number in wallet.expire_all():
                with suppress(OSError):
                    wallet.tell(number)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))

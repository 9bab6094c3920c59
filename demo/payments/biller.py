"""A biller of kind `http` with books of its own: who owes what, what was marked under which key, and every change.

`python -m demo.payments.biller PORT FOLDER` serves one whose subscribers 1000000 to 1000099 owe something.
"""

import json
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import parse_qs, urlsplit

from demo.payments.server import PORTAL, Reply, Request, Server

Lie = Literal["lost", "lost-before", "portal", "error", "und", "slow"]
"""Done without an answer; not done and no answer; a portal's page; 500 though done; 503 and not done; late."""
FIELDS: Final = {
    "biller": "homs-water",
    "names": {"ar": "مؤسسة المياه", "en": "Water"},
    "currency": "SYP",
    "pound": "new",
    "fields": [
        {"name": "subscriber", "pattern": "[0-9]{7}", "names": {"ar": "رقم المشترك", "en": "Subscriber's number"}}
    ],
}


@dataclass
class Debt:
    """One thing that is owed, until it is marked by a key, or paid elsewhere."""

    debt: str
    subscriber: str
    amount: int
    key: str | None = None
    receipt: str | None = None
    at: str | None = None  # when it was marked
    elsewhere: str | None = None
    refuses: bool = False


@dataclass
class Biller:
    """The biller's books and what it answers."""

    token: str = "biller-token"  # noqa: S105 - a play's
    lies: Callable[[str], Lie | None] = lambda _: None
    slow_s: float = 0.2
    names: dict[str, str] = field(default_factory=dict)
    debts: dict[str, Debt] = field(default_factory=dict)
    changes: list[dict[str, Any]] = field(default_factory=list)
    asked: dict[str, int] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    life: int = 0  # how often its process was lost: what one had begun the next does not end
    _owed: dict[str, dict[str, Debt]] = field(default_factory=dict)  # by the subscriber's number

    def owe(self, subscriber: str, debt: str, amount: int, name: str = "Rana Khalil") -> Debt:
        """Let somebody owe something."""
        with self.lock:
            self.names[subscriber] = name
            made = self.debts[debt] = Debt(debt, subscriber, amount)
            self._owed.setdefault(subscriber, {})[debt] = made
            self._note(debt, "new", amount=amount)
            return made

    def take_elsewhere(self, debt: str, by: str = "window-4") -> None:
        """Let somebody pay at the biller's own window."""
        with self.lock:
            if self.debts[debt].key is None:
                self.debts[debt].elsewhere = by
                self._note(debt, "paid-elsewhere", by=by)

    def change_amount(self, debt: str, amount: int) -> None:
        """Let a debt grow or shrink."""
        with self.lock:
            self.debts[debt].amount = amount
            self._note(debt, "amount", amount=amount)

    def reverse(self, debt: str) -> None:
        """Take a mark out again, as after a mistake at the biller's."""
        with self.lock:
            own = self.debts[debt]
            self._note(debt, "reversed", amount=own.amount, receipt=own.receipt, key=own.key)
            own.key = own.receipt = own.at = None

    def enter(self, debt: str, key: str) -> None:
        """Enter a mark by hand, beside whatever is entered: its clerks may."""
        with self.lock:
            own = self.debts[debt]
            own.key, own.receipt = key, f"W-{len(self.changes) + 1}"
            own.at = self._note(debt, "marked", amount=own.amount, receipt=own.receipt, key=key)

    def answer(self, request: Request) -> Reply | None:
        """Answer a call, or lie."""
        path = urlsplit(request.path)
        with self.lock:
            life = self.life
            self.asked[path.path] = self.asked.get(path.path, 0) + 1
        lie = self.lies(path.path)
        if lie == "lost-before":
            return None
        if lie == "portal":
            return Reply(200, PORTAL, "text/html")
        if lie == "und":
            return _json(503, {"reason": "Und"})
        if lie == "slow":
            time.sleep(self.slow_s)
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return _json(401, {})
        with self.lock:
            if life != self.life:
                return None
            reply = self._do(path.path, parse_qs(path.query), request)
        if lie == "lost":
            return None
        return Reply(500, b"{}") if lie == "error" else reply

    def _do(self, path: str, query: dict[str, list[str]], request: Request) -> Reply:
        if path == "/v1/fields":
            return _json(200, FIELDS)
        if path == "/v1/inquiries":
            return self._inquire(json.loads(request.body)["fields"]["subscriber"])
        if path == "/v1/marks":
            return self._mark(json.loads(request.body), request.headers["idempotency-key"])
        if path == "/v1/changes":
            after, limit = int(query["after"][0]), int(query["limit"][0])
            later = self.changes[after:]
            page = later[:limit]
            reached = page[-1]["seq"] if page else after
            return _json(200, {"changes": page, "next": reached, "more": len(later) > limit})
        return _json(404, {})

    def _inquire(self, subscriber: str) -> Reply:
        if subscriber not in self.names:
            return _json(404, {})
        owed = [one for one in self._owed.get(subscriber, {}).values() if not (one.key or one.elsewhere)]
        debts = [
            {"debt": one.debt, "period": "2026-10", "amount": one.amount, "currency": "SYP", "pound": "new",
             "due": "2026-12-31"}
            for one in owed
        ]  # fmt: skip
        return _json(200, {"subscriber": subscriber, "name": self.names[subscriber], "debts": debts})

    def _mark(self, asked: dict[str, Any], key: str) -> Reply:
        debt = self.debts.get(asked["debt"])
        if debt is None:
            return _json(404, {})
        if debt.key == key:
            return _json(200, self._receipt(debt))
        if debt.key or debt.elsewhere:
            return _json(409, {"reason": "Dup", "by": debt.key or debt.elsewhere})
        if debt.refuses:
            return _json(403, {"reason": "Def"})
        if debt.amount != asked["amount"]:
            return _json(409, {"reason": "Amount", "amount": debt.amount})
        self.enter(debt.debt, key)
        return _json(201, self._receipt(debt))

    def _receipt(self, debt: Debt) -> dict[str, Any]:
        return {"receipt": debt.receipt, "debt": debt.debt, "amount": debt.amount, "at": debt.at}

    def _note(self, debt: str, kind: str, **more: Any) -> str:
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self.changes.append({"seq": len(self.changes) + 1, "debt": debt, "kind": kind, "at": at} | more)
        return at


def _json(status: int, body: Any) -> Reply:
    return Reply(status, json.dumps(body).encode())


def main(port: int, folder: Path) -> None:
    """Serve until the process ends."""
    biller = Biller((folder / "biller-token").read_text("ascii").strip())
    for number in range(1_000_000, 1_000_100):
        biller.owe(str(number), f"D{number}", 1000 + 50 * (number % 100))
    with Server(biller.answer, port):
        threading.Event().wait()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))

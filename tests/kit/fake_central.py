"""A central on loopback that can be told to go wrong in every way a network knows. Judges items as the contract says.

Faults are queued for the next batches, one each: `answer` changes what is signed, `reply` what goes out after signing,
`instead` answers without the batch ever having reached central.
"""

import base64
import json
import ssl
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import UNSET

from common.protocol.central_keys import key_id
from common.protocol.envelope import (
    Batch,
    BatchAnswer,
    EnrolmentAnswer,
    EnrolmentPending,
    EnrolmentRequest,
    Item,
    ItemResult,
    TimeAnswer,
    item_hash,
)
from common.protocol.feed_message import CentralKeyRecord
from common.protocol.feed_page import FeedMessage, FeedPage, Gap
from common.protocol.message_signature import sign_response, verify_request


@dataclass(frozen=True)
class Reply:
    """What goes out on the wire. `cut`: only so many bytes of the body before the connection closes."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    cut: int | None = None


@dataclass(frozen=True)
class Fault:
    answer: Callable[[BatchAnswer], BatchAnswer] = lambda answer: answer
    reply: Callable[[Reply], Reply] = lambda reply: reply
    instead: Reply | None = None


def public_text(key: Any) -> str:
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


class FakeCentral:
    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.key = Ed25519PrivateKey.generate()
        self.kid = key_id(self.key.public_key().public_bytes_raw())
        self.sealing_key = CentralKeyRecord("5ea11ed0", base64.b64encode(b"s" * 32).decode())
        self.kiosks: dict[str, Ed25519PublicKey] = {}
        self.items: dict[str, Item] = {}
        self.refuse: dict[str, tuple[str, str]] = {}
        self.batches: list[list[str]] = []
        self.asked: list[list[str]] = []
        self.orders_asked: list[list[str]] = []
        self.tells: dict[str, Any] = {}  # order id -> the state that a kiosk which asks is told
        self.health: list[dict[str, Any]] = []
        self.messages: list[FeedMessage] = []
        self.feed_epoch = "epoch-1"
        self.marks = False  # whether answers say how far the feed goes, as central's do
        self.hears_questions = True  # an older central reads over what it does not know
        self.page_messages = 1000
        self.missing: list[Gap] = []
        self.acknowledged: dict[str, tuple[int, str]] = {}
        self.answers: deque[Callable[[bytes], Any]] = deque()  # to inquiries, one each, of what was asked
        self.calls: list[str] = []
        self.faults: deque[Fault] = deque()
        self.every: dict[str, Fault] = {}
        self.centre = "homs-main"
        self.pending: EnrolmentPending | None = None  # what a hub's enrolment is answered while nobody has confirmed it
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        if tls is not None:
            self.url = f"https://localhost:{self._server.server_port}"
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def keys(self) -> dict[str, Ed25519PublicKey]:
        return {self.kid: self.key.public_key()}

    def publish(self, kind: str, body: Any) -> None:
        self.messages.append(FeedMessage(len(self.messages) + 1, kind, msgspec.Raw(msgspec.json.encode(body))))

    def respond(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Reply:
        """Return the reply to one request, after the faults that are due."""
        url, parts = self.url + target, urlsplit(target)
        call = parts.path.rsplit("/", 1)[-1]
        self.calls.append(call)
        fault = self.faults.popleft() if call == "batches" and self.faults else self.every.get(call, Fault())
        if fault.instead is not None:
            return fault.instead
        if call == "time":
            answer: Any = TimeAnswer(parse_qs(parts.query)["nonce"][0], self.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
        elif call == "enrolments":
            request = msgspec.json.decode(body, type=EnrolmentRequest)
            key = Ed25519PublicKey.from_public_bytes(base64.b64decode(request.public_key))
            verify_request(method, url, headers, body, keys={request.public_key: key})
            answer = self.enrol(key) if self.pending is None else self.pending
        else:
            kiosk = parts.path.split("/")[3]
            verify_request(method, url, headers, body, keys={kiosk: self.kiosks[kiosk]})
            if call == "inquiries" or "/inquiries/" in parts.path:
                answer = self.answers.popleft()(body)
            else:
                answer = self.feed(parts.query) if call == "feed" else fault.answer(self.receive(kiosk, body))
        content = msgspec.json.encode(answer)
        done = 202 if answer is self.pending else 200
        signed = sign_response(
            done, content, method=method, url=url, request_headers=headers, key=self.key, keyid=self.kid
        )
        return fault.reply(Reply(done, {"Content-Type": "application/json", **signed}, content))

    def enrol(self, key: Ed25519PublicKey) -> EnrolmentAnswer:
        raw = key.public_bytes_raw()
        known = [kiosk for kiosk, public in self.kiosks.items() if public.public_bytes_raw() == raw]
        kiosk = known[0] if known else f"kiosk-{len(self.kiosks) + 1}"
        self.kiosks[kiosk] = key
        digit = list(self.kiosks).index(kiosk) + 1
        return EnrolmentAnswer(
            kiosk, self.centre, digit, self.sealing_key, [CentralKeyRecord(self.kid, public_text(self.key))]
        )

    def receive(self, kiosk: str, body: bytes) -> BatchAnswer:
        assert len(body) <= 256 * 1024
        batch = msgspec.json.decode(body, type=Batch)
        if isinstance(batch.asked, list):
            self.asked.append([one.id for one in batch.asked])
            known = [one for one in batch.asked if one.id in self.items and self.items[one.id].hash == one.hash]
            return BatchAnswer([ItemResult(one.id, "duplicate") for one in known], 0)
        self.batches.append([item.id for item in batch.items])
        if isinstance(batch.health, dict):
            self.health.append(batch.health)
        if isinstance(batch.orders_asked, list) and self.hears_questions:
            self.orders_asked.append(batch.orders_asked)
            for state in filter(None, map(self.tells.get, batch.orders_asked)):
                self.publish("order-state", state)
        mark = len(self.messages) if self.marks else UNSET
        return BatchAnswer([self.judge(kiosk, item) for item in batch.items], 0, mark)

    def judge(self, kiosk: str, item: Item) -> ItemResult:
        if item.id in self.refuse:
            return ItemResult(item.id, *self.refuse[item.id])
        if item_hash(kiosk, item) != item.hash:
            return ItemResult(item.id, "rejected", "bad-hash")
        known = self.items.setdefault(item.id, item)
        if known is item:
            return ItemResult(item.id, "applied")
        return ItemResult(item.id, "duplicate" if known.hash == item.hash else "conflict")

    def feed(self, query: str) -> FeedPage:
        """The feed in pages of `page_messages`; a cursor is the feed epoch and how many messages were heard."""
        asked = parse_qs(query)
        for epoch, seq, digest in (place.split(".") for place in asked.get("acked", [""])[0].split(",") if place):
            self.acknowledged[epoch] = (int(seq), digest)
        epoch, _, heard = asked.get("after", [""])[0].rpartition(":")
        after, snapshot = (int(heard), False) if epoch == self.feed_epoch else (0, True)
        if epoch == f"{self.feed_epoch}/snapshot":
            after, snapshot = int(heard), True
        found = [message for message in self.messages if message.id > after]
        page, more = found[: self.page_messages], len(found) > self.page_messages
        reached = page[-1].id if more else len(self.messages)
        cursor = f"{self.feed_epoch}{'/snapshot' if snapshot and more else ''}:{reached}"
        part = after // self.page_messages if snapshot else 0
        end = len(self.messages) if snapshot else reached
        return FeedPage(page, cursor, self.feed_epoch, end, snapshot, part, more, self.missing)


def _handler(central: FakeCentral) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 5

        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = central.respond(self.command, self.path, headers, self.rfile.read(length))
            if reply.status == 0:  # a connection that ends without a word
                self.close_connection = True
                return
            self.send_response_only(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body if reply.cut is None else reply.body[: reply.cut])
            self.close_connection = reply.cut is not None

        do_GET = do_POST = answer  # noqa: N815 - the library's names

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    return Handler


DROPPED = Reply(0)
PORTAL = Reply(200, {"Content-Type": "text/html"}, b"<html><h1>Welcome to Lobby-WiFi</h1></html>")


def status(code: int, retry_after: str | None = None, detail: str = "") -> Fault:
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    problem = {"type": f"/problems/status-{code}", "title": "no", "status": code, "detail": detail}
    return Fault(instead=Reply(code, headers, json.dumps(problem).encode()))

"""What central answers to kiosks, hubs, other systems and anybody, whole: bodies and the headers that matter.

What was read and found good is in `told.txt` beside this file, a short hash an answer (`tests/kit/told.py`);
`TOLD=record .venv/bin/pytest -p no:randomly tests/central/server/api/test_whole_calls.py` takes it as it is now.
"""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx2
import msgspec
import pytest

from central.base import clock
from central.base.config import CentralConfig
from central.base.database.engine import open_engine
from central.insight.visits import projection
from central.offices.integrations import systems
from common.protocol.envelope import QueueBody, TicketBody
from common.protocol.queue.call import WaitingList, WaitingTicket
from tests.central.conftest import URL
from tests.central.offices.test_whole_pages import client, plain  # noqa: F401 - a fixture is had by its name
from tests.central.offices.town import KEYS, NOW
from tests.kit import told
from tests.kit.sender import Sender

pytestmark = pytest.mark.usefixtures("core_alone")

RECORD: Final = told.Record(Path(__file__).with_name("told.txt"))
TOKEN, ORDER, UUID = "0123456789abcdef" * 2, "fedcba9876543210" * 2, "00000000-0000-4000-8000-00000000000"
MACHINES: Final = {name: Sender(name, URL, KEYS[name], epoch=f"{UUID}9") for name in KEYS}
CLAIM = {"centre": "homs-main", "service": "civil-affairs", "at": "2026-11-26T10:30", "who": "rana"}
DIES = clock.as_text(NOW + timedelta(seconds=20))
_SECRET: Final = re.compile(
    r'"(code|digits|pin_hash|sign|sealed|signature|public_key|cursor)":"[^"]+"|\b[0-9a-f]{12,31}\b|(?<=")clerk-\w+'
)
_NOT_HELD: Final = {"signature", "signature-input", "content-digest", "content-length", "etag"}

Call = tuple[str, str, str, Any, dict[str, str]]


def _ask(number: int, kind: str, body: Any, **more: Any) -> dict[str, Any]:
    return {"id": f"{UUID}{number}", "kind": kind, "dies_at": DIES, "body": body} | more


def _batches() -> list[Call]:
    kiosk, hub = MACHINES["k1"], MACHINES["h1"]
    tickets = [
        kiosk.item(TicketBody(f"A101{n}", "civil-affairs", "2026-11-25", token=TOKEN if not n else None), "ticket",
                   f"{UUID}{n}") for n in range(3)
    ]  # fmt: skip
    called = [hub.item(QueueBody(name, "k1", f"{UUID}1", "A1011", counter=2), "queue") for name in ("called", "came")]
    waiting = WaitingList(
        clock.as_text(NOW), "2026-11-25", 1, {"A": 5}, [WaitingTicket(tickets[0].id, before=4, low_s=600, high_s=1500)]
    )
    wrong = kiosk.rehashed(tickets[0], wall_time="2027")
    k1, h1 = "/v1/kiosks/k1/batches", "/v1/kiosks/h1/batches"
    return [
        ("k1", "POST", k1, kiosk.batch(tickets[:2]), {}), ("k1", "POST", k1, kiosk.batch(tickets[1:]), {}),
        ("k1", "POST", k1, kiosk.batch([wrong]), {}), ("h1", "POST", h1, hub.batch(called, waiting=waiting), {}),
        ("k1", "POST", k1, kiosk.batch([], health={"version": "1.3"}, orders_asked=[ORDER]), {}),
        ("k1", "POST", k1, b'{"items": [%s]}' % b",".join([b"{}"] * 101), {}), ("k1", "POST", k1, b"{", {}),
        ("k2", "POST", k1, kiosk.batch([]), {}), ("", "POST", k1, b"{}", {}), ("k5", "POST", k1, b"{}", {}),
        ("k5", "POST", "/v1/kiosks/k5/batches", MACHINES["k5"].batch([MACHINES["k5"].audit()]), {}),
        ("k1", "POST", "/v1/kiosks/none/batches", b"{}", {}),
    ]  # fmt: skip


def _calls() -> list[Call]:
    feed, asked = "/v1/kiosks/k1/feed", "/v1/kiosks/h1/inquiries"
    day = {"day": "2026-11-26", "group": "A"}
    states = {"states": [{"order": ORDER, "state": "in_progress"}, {"order": ORDER, "state": "ready"}]}
    page, other = f"/t/{TOKEN}", CLAIM | {"at": "2026-11-26T11:15", "who": "layla"}
    return [
        *_batches(),
        *[(who, "GET", f"/v1/kiosks/{who}/feed", None, {}) for who in ("k1", "k4", "h1", "k5")],
        ("k1", "GET", f"{feed}?after=none", None, {}), ("k1", "GET", f"{feed}?acked=x", None, {}),
        ("k1", "GET", f"{feed}?acked={UUID}9.9.{'0' * 64}", None, {}), ("k2", "GET", feed, None, {}),
        ("h1", "GET", "/v1/kiosks/h1/queue", None, {}), ("k1", "GET", "/v1/kiosks/k1/queue", None, {}),
        ("k5", "GET", "/v1/kiosks/k5/queue", None, {}), ("", "GET", "/v1/time?nonce=n", None, {}),
        ("", "GET", "/v1/time?nonce=%20", None, {}), ("h1", "POST", asked, _ask(1, "day-seats", day), {}),
        ("h1", "POST", asked, _ask(2, "capacity", day | {"seats": 3, "by": "x", "at": "10:30"}), {}),
        ("h1", "POST", asked, _ask(2, "capacity", day | {"seats": 3, "by": "x", "at": "10:30"}), {}),
        ("h1", "POST", asked, _ask(2, "capacity", day | {"seats": 4, "by": "x"}), {}),
        ("h1", "POST", asked, _ask(2, "capacity", {}, undo=True), {}),
        ("h1", "POST", asked, _ask(3, "claim", CLAIM), {}), ("h1", "POST", asked, _ask(4, "claim", {"who": "x"}), {}),
        ("h1", "POST", asked, _ask(5, "seats", {"service": "civil-affairs", "from": "2026-11-26T11:00"}), {}),
        ("h1", "POST", asked, _ask(6, "of-tomorrow", {}), {}), ("h1", "POST", asked, b"{}", {}),
        ("k1", "POST", "/v1/kiosks/k1/inquiries", _ask(7, "day-seats", day), {}),
        ("k1", "POST", "/v1/kiosks/k1/inquiries", _ask(8, "capacity", day | {"seats": 3, "by": "x"}), {}),
        *[("visits", "GET", f"/v1/visits?after={'x' * length}", None, {}) for length in (55, 56)],
        ("h1", "GET", f"{asked}/{UUID}3?after=0", None, {}), ("h1", "GET", f"{asked}/{UUID}8", None, {}),
        ("k5", "POST", "/v1/kiosks/k5/inquiries", _ask(1, "day-seats", day), {}),
        ("orders", "POST", "/v1/order-states", states, {}), ("orders", "POST", "/v1/order-states", states, {}),
        ("orders", "POST", "/v1/order-states", {"states": [{"order": "x", "state": "ready"}]}, {}),
        ("orders", "POST", "/v1/order-states", {"states": [{"order": ORDER, "state": "ready", "centre": "none"}]}, {}),
        ("k1", "POST", "/v1/kiosks/k1/batches", MACHINES["k1"].batch([], orders_asked=[ORDER]), {}),
        ("", "POST", "/v1/payments/x/y", b"{}", {}), ("orders", "GET", "/v1/order-states", None, {}),
        ("orders", "GET", "/v1/order-states?after=none", None, {}),
        ("claims", "GET", "/v1/order-states", None, {}), ("", "GET", "/v1/order-states", None, {}),
        ("visits", "GET", "/v1/visits", None, {}), ("none", "GET", "/v1/visits", None, {}),
        ("claims", "GET", "/v1/seats?centre=homs-main&service=civil-affairs", None, {}),
        ("claims", "GET", "/v1/seats?centre=homs-main&service=civil-affairs&from=2026-11-26T11:30", None, {}),
        ("claims", "GET", "/v1/seats?centre=none&service=civil-affairs", None, {}),
        ("claims", "GET", "/v1/seats?centre=homs-main&service=civil-affairs&from=soon", None, {}),
        ("claims", "POST", "/v1/holds", CLAIM | {"at": "2026-11-26T11:00"}, {}),
        ("claims", "POST", "/v1/holds", {}, {}),
        ("claims", "POST", "/v1/claims", other | {"phone": "+963944000111"}, {"Idempotency-Key": "a"}),
        ("claims", "POST", "/v1/claims", other | {"phone": "+963944000111"}, {"Idempotency-Key": "a"}),
        ("claims", "POST", "/v1/claims", CLAIM, {"Idempotency-Key": "a"}), ("claims", "POST", "/v1/claims", CLAIM, {}),
        ("claims", "POST", "/v1/claims", CLAIM | {"who": "b"}, {"Idempotency-Key": "a b"}),
        ("claims", "POST", "/v1/claims", {"hold": TOKEN}, {}), ("claims", "GET", "/v1/claims", None, {}),
        ("claims", "DELETE", "/v1/claims/none", None, {}),
        ("orders", "PUT", f"/v1/orders/{ORDER}/contact", {"phone": "+963944000111"}, {}),
        ("orders", "PUT", f"/v1/orders/{ORDER}/contact", {"phone": None}, {}),
        ("orders", "PUT", "/v1/orders/x/contact", {"phone": None}, {}),
        ("orders", "PUT", f"/v1/orders/{ORDER}/contact", {"phone": "12"}, {}),
        ("orders", "PUT", f"/v1/orders/{ORDER}/contact", b"{", {}),
        ("orders", "POST", "/v1/watches", {"token": TOKEN}, {}),
        ("orders", "POST", "/v1/watches", {"token": TOKEN}, {}), ("orders", "POST", "/v1/watches", {"token": "x"}, {}),
        ("visits", "POST", "/v1/watches", {"token": TOKEN}, {}), ("orders", "GET", "/v1/messages", None, {}),
        *[("", "GET", path, None, {}) for path in (page, f"{page}?lang=en", "/t/none", "/t/-/none", "/v1/centres")],
        ("", "POST", page, {"stop": True}, {}), ("", "POST", page, {"stop": True}, {}), ("", "GET", page, None, {}),
        ("", "POST", page, {"served": "yes", "face": 1}, {}), ("", "POST", page, {"served": "yes"}, {}),
        ("", "POST", "/t/none", {"stop": True}, {}), ("orders", "POST", "/v1/watches", {"token": TOKEN}, {}),
        ("h1", "POST", "/v1/kiosks/h1/batches", _over(), {}), ("", "GET", f"{page}?lang=en", None, {}),
        ("", "POST", page, {"served": "yes", "face": 1}, {}), ("", "POST", page, {"served": "yes", "face": 1}, {}),
        ("orders", "POST", "/v1/watches", {"token": TOKEN}, {}), ("visits", "GET", "/v1/visits", None, {}),
        *[("", "GET", path, None, {}) for path in ("/v1/centres/homs-main/usual", "/v1/centres/none/usual")],
        *[("", "GET", path, None, {}) for path in ("/centres?lang=en", "/centres/homs-main", "/centres/none")],
        *[("", "GET", path, None, {}) for path in ("/centres.atom?lang=en", "/t/-/none")],
        *[("", "GET", path, None, {}) for path in ("/healthz", "/readyz", "/none", "/v1/payments/x/y")],
    ]  # fmt: skip


def _over() -> bytes:
    hub = MACHINES["h1"]
    done = [
        hub.item(QueueBody(name, "k1", f"{UUID}0", "A1010", counter=1), "queue") for name in ("called", "came", "done")
    ]
    return hub.batch(done)


@pytest.fixture
async def tokens(config: CentralConfig, client: httpx2.AsyncClient) -> dict[str, str]:  # noqa: F811
    """The token of a system of each kind; the chain of every machine begins."""
    engine, found = open_engine(config.database_url), {"none": "x"}
    for machine in MACHINES.values():
        machine.seq, machine.head = 0, "0" * 64
    async with engine.begin() as connection:
        for name, may in (("orders", "order-states"), ("claims", "claims"), ("visits", "visits")):
            found[name] = await systems.give(connection, name, may)  # type: ignore[arg-type]
    await engine.dispose()
    return found


@pytest.mark.parametrize("config", ["sqlite"], indirect=True)  # the other database has a clock of its own
async def test_each_call_is_answered_as_was_read_and_found_good(
    client: httpx2.AsyncClient,  # noqa: F811
    tokens: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(projection, "EVERY_S", 0.0)  # pages read at once what came
    said = []
    for number, (who, method, path, asked, more) in enumerate(_calls()):
        body = asked if isinstance(asked, bytes) else b"" if asked is None else msgspec.json.encode(asked)
        headers = {"Origin": URL, "Content-Type": "application/json"} | more
        if who in MACHINES:
            headers |= MACHINES[who].signature(method, path, body)
        elif who:
            headers["Authorization"] = f"Bearer {tokens[who]}"
        answer = await client.request(method, path, content=body, headers=headers)
        kept = {name: value for name, value in sorted(answer.headers.items()) if name not in _NOT_HELD}
        text = told.whole(f"{answer.status_code} {kept}\n{plain(answer.text)}")
        said.append((f"{number} {who} {method} {path}", _SECRET.sub(r'"\1"', text)))
    RECORD.compare("calls", said)

"""The played wallet, call by call: what it answers, what its books say, when a bill is over; no network."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from central.payments.payers import jwe
from demo.payments import wallet as played
from demo.payments.server import PORTAL, Reply, Request
from demo.payments.wallet import EXPIRED, PAID, PENDING, Bill, Tran, Wallet

NOW = 1_795_597_200.0  # 2026-11-25, 12:00 in Damascus
KEY = bytes(range(32))


class Shop:
    """A merchant of the wallet's, with a clock that the test moves."""

    def __init__(self) -> None:
        self.moment = NOW
        self.wallet = Wallet(KEY, "agent", now=lambda: self.moment, url="http://wallet.test", slow_s=0.0)

    def send(self, call: str, asked: dict[str, Any], agent: str = "agent", key: bytes = KEY) -> Reply | None:
        """Ask; an answer as it comes."""
        times = {"iat": int(self.moment), "exp": int(self.moment) + 300}
        sealed = jwe.seal(key, json.dumps(times | asked).encode())
        body = json.dumps({"agentKey": agent, "encData": sealed}).encode()
        return self.wallet.answer(Request("POST", f"/api/ElectronicPayment/{call}", {}, body))

    def ask(self, call: str, **asked: Any) -> tuple[int, Any]:
        """Ask; the result and what it holds."""
        reply = self.send(call, asked)
        assert reply is not None
        assert (reply.status, reply.kind) == (200, "application/json")
        said = json.loads(reply.body)
        assert said["succeeded"] is (said["result"] == 2500)
        return said["result"], said["data"]

    def create(self, number: str = "B1", amount: float = 125.5, **more: Any) -> tuple[int, Any]:
        asked = {"billNo": number, "amount": amount, "currencyId": 2, "callbackUrl": "http://central.test/h"}
        return self.ask("createBill", **(asked | more))

    def refund(self, amount: float, key: str, number: str = "B1") -> tuple[int, Any]:
        return self.ask("refundBill", billNo=number, amount=amount, idempotencyKey=key)


@pytest.fixture
def shop() -> Shop:
    return Shop()


def info(**changed: Any) -> dict[str, Any]:
    return {
        "statusId": 1, "statusName": "", "billNo": "B1", "amount": 125.5, "currencyId": 2, "createdDate": "",
        "createdTime": "", "tranId": None, "paymentUrl": "http://wallet.test/pay/B1", "rem": "", "refunds": [],
    } | changed  # fmt: skip


def test_a_bill_is_made_once_and_read_until_its_time_is_over(shop: Shop) -> None:
    assert shop.create() == (2500, info())
    assert shop.create() == (1704, None)
    assert shop.wallet.bills == {"B1": Bill("B1", Decimal("125.5"), "http://central.test/h", NOW)}
    shop.moment += 599.9
    assert shop.ask("getBillInfo", billNo="B1") == (2500, info())
    shop.moment += 0.1
    assert shop.ask("getBillInfo", billNo="B1") == (2500, info(statusId=3))
    assert shop.ask("getBillInfo", billNo="B2") == (1703, None)
    assert shop.wallet.asked == {"createBill": 2, "getBillInfo": 3}


@pytest.mark.parametrize("odd", [{"currencyId": 1}, {"amount": 0.005}, {"callbackUrl": ""}])
def test_a_bill_that_the_wallet_does_not_take_is_an_error(shop: Shop, odd: dict[str, Any]) -> None:
    assert (shop.create(**odd), shop.wallet.bills) == ((1000, None), {})


def test_what_was_paid_stands_in_its_books_and_is_paid_once(shop: Shop) -> None:
    shop.create()
    shop.create("B2", 10)
    assert (shop.wallet.pay("B1"), shop.wallet.pay("B1"), shop.wallet.pay("B1", even_late=True)) == (1, None, 2)
    shop.moment += 600
    assert (shop.wallet.pay("B2"), shop.wallet.bills["B2"].status) == (None, EXPIRED)
    assert shop.wallet.pay("B2", Decimal(7), even_late=True) == 3
    assert (shop.wallet.bills["B2"].status, shop.wallet.bills["B2"].tran) == (PAID, 3)
    assert shop.wallet.trans == [
        Tran(1, 1, "B1", Decimal("125.5"), NOW), Tran(2, 1, "B1", Decimal("125.5"), NOW),
        Tran(3, 1, "B2", Decimal(7), NOW + 600),
    ]  # fmt: skip
    assert shop.ask("getBillInfo", billNo="B1") == (2500, info(statusId=4, tranId=2))


def test_its_books_are_read_in_pages(shop: Shop) -> None:
    shop.create(amount=1)
    for _ in range(12):
        shop.wallet.pay("B1", even_late=True)
    shop.refund(1, "k1")

    def page(after: int, limit: int) -> tuple[list[int], bool, int]:
        result, data = shop.ask("getTransactions", afterTranId=after, limit=limit)
        assert result == 2500
        return [one["tranId"] for one in data["list"]], data["hasMore"], data["lastReturnedTranId"]

    assert page(0, 10) == ([*range(1, 11)], True, 10)
    assert page(3, 10) == ([*range(4, 14)], False, 13)
    assert page(13, 10) == ([], False, 13)
    _, data = shop.ask("getTransactions", afterTranId=11, limit=10)
    when = {"billNo": "B1", "amount": 1.0, "currencyId": 2, "createdDate": "2026-11-25", "createdTime": "12:00:00"}
    assert data["list"] == [when | {"tranId": 12, "tranTypeId": 1}, when | {"tranId": 13, "tranTypeId": 2}]
    assert [shop.ask("getTransactions", afterTranId=0, limit=n)[0] for n in (9, 10, 2500, 2501)] == [
        1000, 2500, 2500, 1000,
    ]  # fmt: skip


def test_no_more_is_given_back_than_came_and_once_by_a_key(shop: Shop) -> None:
    shop.create()
    assert shop.refund(1, "k0") == (1707, None)
    shop.wallet.pay("B1")
    assert shop.refund(100, "k1") == (2500, {"tranId": 2})
    assert shop.refund(100, "k1") == (2500, {"tranId": 2})
    assert shop.refund(25.51, "k2") == (1708, None)
    assert shop.refund(25.5, "k2") == (2500, {"tranId": 3})
    assert [(one.kind, one.amount, one.key) for one in shop.wallet.trans] == [
        (1, Decimal("125.5"), ""), (2, Decimal(100), "k1"), (2, Decimal("25.5"), "k2"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "agent", "key", "result"),
    [
        ({}, "agent", KEY, 2500), ({}, "another", KEY, 1701), ({}, "agent", bytes(32), 1705),
        ({"iat": NOW + 30}, "agent", KEY, 2500), ({"iat": NOW + 31}, "agent", KEY, 1705),
        ({"exp": NOW - 30}, "agent", KEY, 2500), ({"exp": NOW - 31}, "agent", KEY, 1705),
    ],
)  # fmt: skip
def test_it_believes_its_merchants_own_words_of_this_time(
    shop: Shop, asked: dict[str, Any], agent: str, key: bytes, result: int
) -> None:
    shop.create()
    reply = shop.send("getBillInfo", {"billNo": "B1"} | asked, agent, key)
    assert reply is not None
    assert json.loads(reply.body)["result"] == result


def test_a_call_that_it_does_not_know_is_an_error(shop: Shop) -> None:
    shop.create()
    assert shop.ask("somethingElse", billNo="B1") == (1000, None)


@pytest.mark.parametrize(
    ("lie", "is_done", "expected"),
    [
        ("lost", True, None), ("lost-before", False, None), ("portal", False, Reply(200, PORTAL, "text/html")),
        ("error", True, Reply(500, b"{}")),
    ],
)  # fmt: skip
def test_it_lies_as_it_was_told(shop: Shop, lie: Any, is_done: bool, expected: Reply | None) -> None:
    shop.wallet.lies = lambda _: lie
    asked = {"billNo": "B1", "amount": 1, "currencyId": 2, "callbackUrl": "x"}
    assert shop.send("createBill", asked) == expected
    assert bool(shop.wallet.bills) is is_done


def test_a_general_error_comes_though_it_is_done_and_a_slow_answer_is_whole(shop: Shop) -> None:
    shop.wallet.lies = lambda _: "general"
    assert (shop.create(), "B1" in shop.wallet.bills) == ((1000, None), True)
    shop.wallet.lies = lambda _: "slow"
    assert shop.ask("getBillInfo", billNo="B1") == (2500, info())


def test_what_was_begun_before_its_process_was_lost_is_not_ended(shop: Shop) -> None:
    def lost(_: str) -> None:
        shop.wallet.life += 1

    shop.wallet.lies = lost
    assert shop.send("createBill", {"billNo": "B1", "amount": 1, "currencyId": 2, "callbackUrl": "x"}) is None
    assert shop.wallet.bills == {}


def test_bills_end_by_themselves_once(shop: Shop) -> None:
    shop.create("B1")
    shop.create("B2")
    shop.wallet.pay("B2")
    shop.moment += 599
    assert shop.wallet.expire_all() == []
    shop.moment += 1
    assert (shop.wallet.expire_all(), shop.wallet.expire_all()) == (["B1"], [])
    assert {one.number: one.status for one in shop.wallet.bills.values()} == {"B1": EXPIRED, "B2": PAID}


def test_its_webhook_says_how_a_bill_stands(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    posted: list[tuple[str, Any]] = []

    def post(url: str, body: bytes) -> int:
        posted.append((url, json.loads(jwe.opened(KEY, json.loads(body)["encData"]))))
        return 204

    monkeypatch.setattr(played, "post", post)
    shop.create()
    shop.moment += 0.9
    assert (shop.wallet.tell("B1"), shop.wallet.tell("B1", EXPIRED)) == (204, 204)
    said = {"billNo": "B1", "tranId": None, "iat": int(NOW), "exp": int(NOW) + 300}
    url = "http://central.test/h"
    assert posted == [(url, said | {"statusId": PENDING}), (url, said | {"statusId": EXPIRED})]
    assert shop.wallet.bills["B1"].said == 2


def test_a_bill_s_page_pays_it_by_a_click(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[tuple[Callable[..., Any], tuple[Any, ...], bool]] = []

    class Thread:
        def __init__(self, target: Callable[..., Any], args: tuple[Any, ...], daemon: bool) -> None:
            begun.append((target, args, daemon))

        def start(self) -> None:
            """Begin nothing: what is told is tried elsewhere."""

    monkeypatch.setattr("threading.Thread", Thread)
    shop.create("B<1")

    def page(method: str, number: str = "B<1") -> tuple[int, str, str]:
        reply = shop.wallet.answer(Request(method, f"/pay/{number}"))
        assert reply is not None
        return reply.status, reply.kind, reply.body.decode()

    head, kind = "<title>Wallet</title><h1>125.5 SYP</h1><p>B&lt;1: ", "text/html; charset=utf-8"
    button = "<form method=post><button>Pay</button></form>"
    assert page("GET") == (200, kind, f"{head}to be paid</p>{button}")
    assert (page("POST"), begun) == ((200, kind, f"{head}paid</p>"), [(shop.wallet.tell, ("B<1",), True)])
    assert (page("POST"), len(begun)) == ((200, kind, f"{head}paid</p>"), 1)
    assert page("GET", "B9") == (404, "text/plain", "no such bill")
    assert shop.wallet.asked == {"createBill": 1}

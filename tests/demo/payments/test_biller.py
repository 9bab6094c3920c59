"""The played biller and bank, call by call: what they answer, what their books say; no network."""

import json
from typing import Any

import pytest

from demo.payments.bank import Bank, NoCode
from demo.payments.biller import FIELDS, Biller, Debt
from demo.payments.server import PORTAL, Reply, Request
from tests.central.payments.test_wires import GOLDEN

OURS = GOLDEN["emv_ours"]
NO_CODE = "the checksum is wrong"


class Office:
    """Somebody who asks the biller."""

    def __init__(self) -> None:
        self.biller = Biller("token", slow_s=0.0)
        self.biller.owe("1", "D1", 100)
        self.biller.owe("1", "D2", 200)
        self.biller.owe("2", "D3", 300, "Samer")

    def send(self, path: str, body: Any = None, **headers: str) -> Reply | None:
        known = {"authorization": "Bearer token", "idempotency-key": "k1"} | headers
        return self.biller.answer(Request("POST", path, known, json.dumps(body).encode()))

    def ask(self, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        reply = self.send(path, body, **headers)
        assert reply is not None
        return reply.status, json.loads(reply.body)

    def mark(self, debt: str = "D1", amount: int = 100, key: str = "k1") -> tuple[int, Any]:
        return self.ask("/v1/marks", {"debt": debt, "amount": amount}, **{"idempotency-key": key})

    def owed(self, subscriber: str = "1") -> list[str]:
        _, found = self.ask("/v1/inquiries", {"fields": {"subscriber": subscriber}})
        return [one["debt"] for one in found["debts"]]

    def books(self, after: int = 0, limit: int = 500) -> Any:
        return self.ask(f"/v1/changes?after={after}&limit={limit}")[1]


@pytest.fixture
def office() -> Office:
    return Office()


def test_it_says_what_it_asks_for_and_what_somebody_owes(office: Office) -> None:
    assert office.ask("/v1/fields") == (200, FIELDS)
    usual = {"period": "2026-10", "currency": "SYP", "pound": "new", "due": "2026-12-31"}
    debts = [{"debt": "D1", "amount": 100} | usual, {"debt": "D2", "amount": 200} | usual]
    expected = {"subscriber": "1", "name": "Rana Khalil", "debts": debts}
    assert office.ask("/v1/inquiries", {"fields": {"subscriber": "1"}}) == (200, expected)
    assert office.ask("/v1/inquiries", {"fields": {"subscriber": "9"}}) == (404, {})
    assert office.ask("/v1/else") == (404, {})
    assert office.biller.asked == {"/v1/fields": 1, "/v1/inquiries": 2, "/v1/else": 1}


def test_a_debt_is_marked_once_by_a_key(office: Office) -> None:
    status, done = office.mark()
    assert (status, done | {"at": ""}) == (201, {"receipt": "W-4", "debt": "D1", "amount": 100, "at": ""})
    assert office.mark() == (200, done)
    assert office.mark(key="k2") == (409, {"reason": "Dup", "by": "k1"})
    assert office.owed() == ["D2"]
    assert office.mark("D9") == (404, {})
    assert office.mark("D2") == (409, {"reason": "Amount", "amount": 200})
    office.biller.debts["D2"].refuses = True
    assert office.mark("D2", 200) == (403, {"reason": "Def"})
    office.biller.take_elsewhere("D3")
    assert office.mark("D3", 300) == (409, {"reason": "Dup", "by": "window-4"})
    office.biller.take_elsewhere("D1")
    assert (office.biller.debts["D1"].elsewhere, office.owed("2")) == (None, [])


def test_each_change_stands_in_its_books_under_the_next_number(office: Office) -> None:
    office.mark()
    office.biller.change_amount("D2", 250)
    office.biller.reverse("D1")
    office.biller.enter("D1", "by-hand")
    office.biller.take_elsewhere("D3", "window-1")
    whole = office.books()
    assert (whole["next"], whole["more"]) == (8, False)
    assert [{name: value for name, value in one.items() if name != "at"} for one in whole["changes"]] == [
        {"seq": 1, "debt": "D1", "kind": "new", "amount": 100},
        {"seq": 2, "debt": "D2", "kind": "new", "amount": 200},
        {"seq": 3, "debt": "D3", "kind": "new", "amount": 300},
        {"seq": 4, "debt": "D1", "kind": "marked", "amount": 100, "receipt": "W-4", "key": "k1"},
        {"seq": 5, "debt": "D2", "kind": "amount", "amount": 250},
        {"seq": 6, "debt": "D1", "kind": "reversed", "amount": 100, "receipt": "W-4", "key": "k1"},
        {"seq": 7, "debt": "D1", "kind": "marked", "amount": 100, "receipt": "W-7", "key": "by-hand"},
        {"seq": 8, "debt": "D3", "kind": "paid-elsewhere", "by": "window-1"},
    ]
    of_hand = office.biller.debts["D1"]
    assert of_hand == Debt("D1", "1", 100, "by-hand", "W-7", whole["changes"][6]["at"])
    office.biller.reverse("D1")
    assert office.biller.debts["D1"] == Debt("D1", "1", 100)


@pytest.mark.parametrize(
    ("after", "limit", "expected"),
    [(0, 2, ([1, 2], 2, True)), (1, 2, ([2, 3], 3, False)), (3, 2, ([], 3, False)), (0, 3, ([1, 2, 3], 3, False))],
)
def test_its_books_are_read_in_pages(
    office: Office, after: int, limit: int, expected: tuple[list[int], int, bool]
) -> None:
    page = office.books(after, limit)
    assert ([one["seq"] for one in page["changes"]], page["next"], page["more"]) == expected


@pytest.mark.parametrize(
    ("lie", "is_done", "expected"),
    [
        ("lost", True, None), ("lost-before", False, None), ("portal", False, Reply(200, PORTAL, "text/html")),
        ("error", True, Reply(500, b"{}")), ("und", False, Reply(503, b'{"reason": "Und"}')),
    ],
)  # fmt: skip
def test_it_lies_as_it_was_told(office: Office, lie: Any, is_done: bool, expected: Reply | None) -> None:
    office.biller.lies = lambda path: lie if path == "/v1/marks" else None
    assert office.send("/v1/marks", {"debt": "D1", "amount": 100}) == expected
    assert (office.biller.debts["D1"].key == "k1") is is_done
    office.biller.lies = lambda _: "slow"
    assert office.owed("2") == ["D3"]


def test_nobody_else_is_answered_nor_what_was_begun_before_its_process_was_lost(office: Office) -> None:
    assert office.ask("/v1/fields", authorization="Bearer other") == (401, {})

    def lost(_: str) -> None:
        office.biller.life += 1

    office.biller.lies = lost
    assert office.send("/v1/marks", {"debt": "D1", "amount": 100}) is None
    assert office.biller.debts["D1"].key is None


def test_a_bank_s_app_pays_what_a_code_says_and_its_file_holds_all_that_came() -> None:
    bank, fields = Bank(now=lambda: 1_795_597_200.5), OURS["fields"]
    asked = round(float(fields["amount"]) * 100)
    assert (bank.pay(OURS["text"]), bank.pay(OURS["text"], 7), bank.give_back("B9", 3, "USD")) == (
        "B000001", "B000002", "B000003",
    )  # fmt: skip
    at, number = "2026-11-25T09:00:00.500000+00:00", fields["bill_no"]
    assert bank.file() == (
        "receipt,bill_no,kind,amount,currency,at\n"
        f"B000001,{number},paid,{asked},SYP,{at}\n"
        f"B000002,{number},paid,7,SYP,{at}\n"
        f"B000003,B9,refunded,3,USD,{at}\n"
    )


@pytest.mark.parametrize(
    "code", ["", "6304", OURS["text"][:-1] + "!", OURS["text"].replace("6304", "6305"), "63040000"]
)
def test_what_is_no_code_is_not_paid(code: str) -> None:
    bank = Bank()
    with pytest.raises(NoCode, match=NO_CODE):
        bank.pay(code)
    assert bank.lines == []

"""The wallet's interface word by word: what each call asks, and what each answer is taken for; no network."""

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from central.payments.payers import jwe, shamcash
from central.payments.payers.shamcash import ShamCash
from central.payments.ports.calling import Answer
from central.payments.ports.errors import AnswerLost, Forged, Refused
from central.payments.ports.opening import Means
from central.payments.ports.payer import Entries, Entry, Heard, Opened, Standing, Wanted
from common.machine.errors import ConfigError
from tests.central.payments.conftest import secret

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
MOMENT = int(NOW.timestamp())
KEY = bytes(range(32))
URL = "https://wallet.example/pay"
SHOW = "https://wallet.example/b/1"
WANTED = Wanted("B1", 12_550, "SYP", NOW, "https://central.example/h", "https://central.example/")


class Wallet:
    """Answers as it was told; what it was asked stands opened."""

    def __init__(self, folder: Path, **section: Any) -> None:
        secret(folder / "agent", "our-agent")
        secret(folder / "secret", base64.b64encode(KEY).decode())
        known = {"url": URL + "/", "agent_key_file": "agent", "secret_key_file": "secret"} | section
        nothing = cast("Any", None)
        self.port = ShamCash(Means("shamcash", known, folder, "new", nothing, nothing, lambda: NOW))
        self.answers: list[Answer] = []
        self.asked: list[tuple[str, Any]] = []

    def says(self, result: int = 2500, data: Any = None, status: int = 200) -> None:
        """Answer once more."""
        self.answers.append(Answer(status, msgspec.json.encode({"result": result, "data": data})))

    async def call(self, method: str, url: str, body: bytes) -> Answer:
        said = msgspec.json.decode(body)
        assert (method, said["agentKey"], url.startswith(URL + "/api/ElectronicPayment/")) == (
            "POST",
            "our-agent",
            True,
        )
        self.asked.append((url.rpartition("/")[2], msgspec.json.decode(jwe.opened(KEY, said["encData"]))))
        return self.answers.pop(0)


@pytest.fixture
def wallet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Wallet:
    made = Wallet(tmp_path)
    monkeypatch.setattr(shamcash, "call", made.call)
    return made


def bill(**more: Any) -> dict[str, Any]:
    return {"billNo": "B1", "statusId": 1, "paymentUrl": SHOW} | more


SIGNED = {"iat": MOMENT, "exp": MOMENT + 300}


async def test_a_bill_is_made_in_whole_pounds_and_shows_its_address(wallet: Wallet) -> None:
    wallet.says(data=bill())
    assert await wallet.port.open(WANTED) == Opened(SHOW)
    assert wallet.asked == [
        ("createBill", SIGNED | {
            "billNo": "B1", "amount": 125.5, "currencyId": 2, "callbackUrl": "https://central.example/h",
            "redirectUrl": "https://central.example/",
        })
    ]  # fmt: skip


async def test_of_dollars_and_without_an_own_address_it_asks_so(wallet: Wallet) -> None:
    wallet.says(data=bill())
    await wallet.port.open(Wanted("B1", 100, "USD", NOW, None, "https://back.example/"))
    _, asked = wallet.asked[0]
    assert (asked["currencyId"], asked["amount"], asked["callbackUrl"]) == (1, 1, "https://back.example/")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (bill(amount="125.50"), Opened(SHOW)),
        (bill(amount="125.51"), Refused("another-amount")),
        (bill(amount="125.50", currencyId=3), AnswerLost("no amount")),
        (bill(amount="0"), AnswerLost("no amount")),
        (bill(billNo="B2"), AnswerLost("another bill, or no address")),
        (bill(paymentUrl=""), AnswerLost("another bill, or no address")),
        (bill(paymentUrl="http://wallet.example"), AnswerLost("another bill, or no address")),
        (bill(paymentUrl="http://127.0.0.1:1/"), Opened("http://127.0.0.1:1/")),
        (bill(paymentUrl="http://localhost/"), Opened("http://localhost/")),
        (bill(paymentUrl="https://" + "x" * 592), Opened("https://" + "x" * 592)),
        (bill(paymentUrl="https://" + "x" * 593), AnswerLost("another bill, or no address")),
        (bill(paymentUrl="https://محفظة"), AnswerLost("another bill, or no address")),
        ({"billNo": "B1"}, AnswerLost("another shape")),
    ],
)
async def test_a_bill_that_exists_is_read_and_another_one_is_not_shown(
    wallet: Wallet, data: dict[str, Any], expected: Any
) -> None:
    wallet.says(1704)
    wallet.says(data=data)
    if isinstance(expected, Opened):
        assert await wallet.port.open(WANTED) == expected
    else:
        with pytest.raises(type(expected), match=str(expected)):
            await wallet.port.open(WANTED)
    assert [name for name, _ in wallet.asked] == ["createBill", "getBillInfo"]
    assert wallet.asked[1][1] == SIGNED | {"billNo": "B1"}


@pytest.mark.parametrize(
    ("result", "data", "expected"),
    [
        (1703, None, Standing("none")),
        (2500, bill(), Standing("open")),
        (2500, bill(statusId=3), Standing("expired")),
        (2500, bill(statusId=4, tranId=7, amount="1.25", currencyId=1), Standing("paid", "7", 125)),
        (2500, bill(statusId=4), Standing("paid")),
        (2500, bill(statusId=2), Refused("status-2")),
        (2500, bill(billNo="B2"), AnswerLost("another bill")),
        (1000, None, AnswerLost("result 1000")),
        (1001, None, Refused("result-1001")),
        (1704, None, Refused("result-1704")),
    ],
)
async def test_a_number_stands_as_the_wallet_says(wallet: Wallet, result: int, data: Any, expected: Any) -> None:
    wallet.says(result, data)
    if isinstance(expected, Standing):
        assert await wallet.port.state("B1") == expected
    else:
        with pytest.raises(type(expected), match=str(expected)):
            await wallet.port.state("B1")


@pytest.mark.parametrize("answer", [Answer(201, b'{"result":2500}'), Answer(200, b"<html>"), Answer(200, b'{"a":1}')])
async def test_what_is_no_answer_of_the_wallet_s_is_lost(wallet: Wallet, answer: Answer) -> None:
    wallet.answers.append(answer)
    with pytest.raises(AnswerLost):
        await wallet.port.state("B1")


def row(tran: int, **more: Any) -> dict[str, Any]:
    known = {"billNo": f"B{tran}", "amount": "125.50", "currencyId": 2, "tranTypeId": 1, "tranId": tran}
    return known | {"createdDate": "2026-11-25", "createdTime": "11:59:00"} | more


async def test_its_books_are_read_after_a_number_a_page_at_a_time(wallet: Wallet) -> None:
    at = datetime(2026, 11, 25, 8, 59, tzinfo=UTC)  # its clock is Syria's
    rows = [
        row(8), row(9, tranTypeId=2, currencyId=1), row(10, tranTypeId=3), row(11, currencyId=3), row(12, amount="0"),
        row(13, createdDate="x"), row(14, createdTime="12:00:31"), row(15, createdTime="12:00:30"),
        row(16, createdTime="12:01:00+03:30"), row(17, createdDate="0001-01-01"), row(18, amount="1E999990"),
        row(19, amount="1E999999"),
    ]  # fmt: skip
    wallet.says(data={"list": rows, "hasMore": True, "lastReturnedTranId": 19})
    found = await wallet.port.changes("7")
    assert wallet.asked == [("getTransactions", SIGNED | {"afterTranId": 7, "limit": 500})]

    def entry(tran: int, when: datetime, **more: Any) -> Entry:
        return Entry(str(tran), more.get("kind", "paid"), f"B{tran}", 12_550, more.get("currency", "SYP"), when)

    soon = NOW + timedelta(seconds=30)
    entries = [
        entry(8, at), entry(9, at, kind="refunded", currency="USD"), entry(13, NOW), entry(14, soon), entry(15, soon),
        entry(16, NOW - timedelta(minutes=29)), entry(17, NOW),
    ]  # fmt: skip
    assert found == Entries(entries, "19", more=True, unread=["10", "11", "12", "18", "19"])


@pytest.mark.parametrize(
    ("last", "trans", "has_more", "expected"),
    [
        (9, [8], True, Entries([], "9", more=True)),
        (0, [8, 9], False, Entries([], "9")),
        (7, [], True, Entries([], "7")),  # no farther than before: asking again would not end
        (3, [], False, Entries([], "7")),
    ],
)
async def test_its_place_never_goes_back(
    wallet: Wallet, last: int, trans: list[int], has_more: bool, expected: Entries
) -> None:
    rows = [row(tran, amount="0") for tran in trans]
    wallet.says(data={"list": rows, "hasMore": has_more, "lastReturnedTranId": last})
    found = await wallet.port.changes("7")
    assert (found.cursor, found.more, found.unread) == (expected.cursor, expected.more, [str(one) for one in trans])


async def test_its_books_are_read_from_the_first_where_nothing_was(wallet: Wallet) -> None:
    wallet.says(data={"list": [], "hasMore": False, "lastReturnedTranId": 0})
    assert await wallet.port.changes(None) == Entries([], "0", unread=[])
    assert wallet.asked[0][1]["afterTranId"] == 0


async def test_money_is_given_back_under_a_key(wallet: Wallet) -> None:
    wallet.says(data={"tranId": 77})
    assert await wallet.port.refund("B1", 12_550, "SYP", "p1") == "77"
    assert wallet.asked == [("refundBill", SIGNED | {"billNo": "B1", "amount": 125.5, "idempotencyKey": "p1"})]


def webhook(**more: Any) -> bytes:
    said = {"billNo": "B1", "statusId": 4, "tranId": 7, "iat": MOMENT, "exp": MOMENT} | more
    return msgspec.json.encode({"encData": jwe.seal(KEY, msgspec.json.encode(said))})


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, Heard("B1", "paid", "7")),
        ({"tranId": None}, Heard("B1", "paid", None)),
        ({"statusId": 3}, Heard("B1", "expired", "7")),
        ({"statusId": 1}, "another state"),
        ({"statusId": 9}, "another state"),
        ({"iat": MOMENT + 30}, Heard("B1", "paid", "7")),
        ({"iat": MOMENT + 31}, "not of this time"),
        ({"exp": MOMENT - 30}, Heard("B1", "paid", "7")),
        ({"exp": MOMENT - 31}, "not of this time"),
        ({"billNo": 1}, "ValidationError"),
    ],
)
def test_what_it_tells_unasked_holds_for_its_time(wallet: Wallet, said: dict[str, Any], expected: Any) -> None:
    if isinstance(expected, Heard):
        assert wallet.port.heard(webhook(**said), NOW) == expected
    else:
        with pytest.raises(Forged, match=expected):
            wallet.port.heard(webhook(**said), NOW)


def test_what_its_section_does_not_say_is_usual(tmp_path: Path) -> None:
    usual, own = Wallet(tmp_path).port, Wallet(tmp_path, bill_life_s=60, names={"ar": "م", "en": "W"}).port
    assert (usual.names, usual.bill_life_s, usual.late_days) == ({"ar": "شام كاش", "en": "Sham Cash"}, 600, 0)
    assert (own.names, own.bill_life_s) == ({"ar": "م", "en": "W"}, 60)


@pytest.mark.parametrize(
    ("section", "why"),
    [
        ({"bill_life_s": 59}, r"bill_life_s"), ({"bill_life_s": 3601}, r"bill_life_s"),
        ({"url": "http://wallet.example"}, r"\[payers.shamcash\]: url says no https"), ({"more": 1}, r"more"),
    ],
)  # fmt: skip
def test_a_section_that_does_not_hold_is_refused(tmp_path: Path, section: dict[str, Any], why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        Wallet(tmp_path, **section)


@pytest.mark.parametrize("text", ["x", base64.b64encode(bytes(31)).decode(), base64.b64encode(bytes(33)).decode()])
def test_a_secret_key_of_another_length_is_refused(tmp_path: Path, text: str) -> None:
    secret(tmp_path / "short", text)
    with pytest.raises(ConfigError, match=r"\[payers.shamcash\]: the secret key is no base64 of 32 bytes"):
        Wallet(tmp_path, secret_key_file="short")

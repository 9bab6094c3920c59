"""What every payer and biller promises: any adapter has to pass this, and ours pass it over their real wires."""

import base64
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from central.base import clock
from central.payments.billers import file
from central.payments.ports.biller import Biller, Mark
from central.payments.ports.errors import AnswerLost, ByHand, Forged, MarkRefused, NotReached, Refused
from central.payments.ports.opening import Means, opener
from central.payments.ports.payer import Payer, Wanted
from central.payments.running import BILLERS, PAYERS
from common.machine.errors import ConfigError
from demo.payments.biller import Biller as PlayedBiller
from demo.payments.server import PORTAL, Reply, Request, Server
from demo.payments.wallet import Wallet
from tests.central.payments.conftest import secret

HEAD = "subscriber,name,debt,period,amount,currency,pound,due\n"


@dataclass
class PayerCase:
    payer: Payer
    pay: Callable[[str], int | None] | None


@dataclass
class BillerCase:
    biller: Biller
    elsewhere: Callable[[str], Awaitable[None]]


@pytest.fixture(params=sorted(PAYERS))
def payer(request: pytest.FixtureRequest, means: Callable[..., Means], settings: Path) -> Any:
    if request.param == "emv-static":
        section = {"scheme": "sy.gov.example", "account": "1", "merchant": "HOMS", "city": "HOMS"}
        yield PayerCase(PAYERS["emv-static"](means("bank", section)), None)
        return
    wallet = Wallet()
    secret(settings / "agent", wallet.agent)
    secret(settings / "secret", base64.b64encode(wallet.key).decode())
    with Server(wallet.answer) as server:
        wallet.url = server.url
        section = {"url": server.url, "agent_key_file": "agent", "secret_key_file": "secret"}
        yield PayerCase(PAYERS["shamcash"](means("shamcash", section)), wallet.pay)


@pytest.fixture(params=["file", "http"])
async def biller(request: pytest.FixtureRequest, means: Callable[..., Means], settings: Path) -> Any:
    if request.param == "file":
        own = means("power", {"names": {"ar": "الكهرباء", "en": "Power"}})
        text = HEAD + "1234567,Rana Khalil,D-1,2026-10,12500,SYP,new,2026-12-31\n"
        async with own.engine.begin() as connection:
            await file.take_debts(connection, own.ring.vault(), "power", "new", text)

        async def gone(_: str) -> None:
            async with own.engine.begin() as connection:
                await file.take_debts(connection, own.ring.vault(), "power", "new", HEAD)

        yield BillerCase(BILLERS["file"](own), gone)
        return
    played = PlayedBiller()
    played.owe("1234567", "D-1", 12_500)
    secret(settings / "token", played.token)

    async def paid(debt: str) -> None:
        played.take_elsewhere(debt)

    with Server(played.answer) as server:
        yield BillerCase(BILLERS["http"](means("water", {"url": server.url, "token_file": "token"})), paid)


def wanted(number: str = "261128-AAAA-BBBB-CCCC", amount: int = 12_550) -> Wanted:
    return Wanted(number, amount, "SYP", clock.now() + timedelta(minutes=10), "https://central.example/x", "https://x/")


async def test_a_sum_is_opened_once_however_often_it_is_asked_for(payer: PayerCase) -> None:
    first = await payer.payer.open(wanted())
    assert await payer.payer.open(wanted()) == first
    assert (await payer.payer.state("261128-AAAA-BBBB-CCCC")).state == "open"
    with pytest.raises(Refused):
        await payer.payer.open(Wanted("261128-X", 1, "XXX", clock.now(), None, "https://x/"))


async def test_what_was_paid_stands_in_its_books_once(payer: PayerCase) -> None:
    await payer.payer.open(wanted())
    if payer.pay is None:
        assert (await payer.payer.changes(None)).entries == ()
        return
    tran = payer.pay("261128-AAAA-BBBB-CCCC")
    page = await payer.payer.changes(None)
    (entry,) = page.entries
    assert (entry.receipt, entry.bill_no, entry.amount, entry.currency) == (
        str(tran), "261128-AAAA-BBBB-CCCC", 12_550, "SYP",
    )  # fmt: skip
    assert abs(entry.at - clock.now()) < timedelta(minutes=1)
    assert (await payer.payer.changes(page.cursor)).entries == []
    found = await payer.payer.state("261128-AAAA-BBBB-CCCC")
    assert (found.state, found.receipt, found.amount) == ("paid", str(tran), 12_550)


async def test_a_refund_is_made_once_by_its_key_or_by_a_person(payer: PayerCase) -> None:
    await payer.payer.open(wanted())
    if payer.pay is None:
        with pytest.raises(ByHand):
            await payer.payer.refund("261128-AAAA-BBBB-CCCC", 12_550, "SYP", "key-0123456789")
        return
    payer.pay("261128-AAAA-BBBB-CCCC")
    first = await payer.payer.refund("261128-AAAA-BBBB-CCCC", 12_550, "SYP", "key-0123456789")
    assert await payer.payer.refund("261128-AAAA-BBBB-CCCC", 12_550, "SYP", "key-0123456789") == first
    with pytest.raises(Refused):
        await payer.payer.refund("261128-AAAA-BBBB-CCCC", 1, "SYP", "another-0123456789")


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"encData":1}', b'{"encData":"a.b.c.d.e"}', b"\xff" * 99])
def test_what_a_payer_did_not_say_is_forged(payer: PayerCase, body: bytes) -> None:
    with pytest.raises(Forged):
        payer.payer.heard(body, clock.now())


def mark(key: str | None = None, **changes: Any) -> Mark:
    said: dict[str, Any] = {
        "debt": "D-1",
        "amount": 12_500,
        "currency": "SYP",
        "payer": "shamcash",
        "bill_no": "261128-A",
    } | changes
    return Mark(key=key or str(uuid.uuid4()), paid_at=clock.now(), **said)


async def test_what_is_owed_is_marked_once_by_its_key(biller: BillerCase) -> None:
    fields = await biller.biller.fields()
    name = fields.fields[0].name
    owed = await biller.biller.inquire({name: "1234567"})
    assert owed is not None
    assert [(one.debt, one.amount, one.pound) for one in owed.debts] == [("D-1", 12_500, "new")]
    nobody = await biller.biller.inquire({name: "9999999"})
    assert nobody is None or nobody.debts == []
    one = mark()
    first = await biller.biller.mark(one)
    assert await biller.biller.mark(one) == first
    with pytest.raises(MarkRefused) as refused:
        await biller.biller.mark(mark())
    assert (refused.value.reason, refused.value.by) == ("paid-elsewhere", one.key)
    again = await biller.biller.inquire({name: "1234567"})
    assert again is None or again.debts == []


async def test_its_books_name_each_mark_once_by_key(biller: BillerCase) -> None:
    one = mark()
    done = await biller.biller.mark(one)
    page = await biller.biller.changes(0)
    marks = [found for found in page.changes if found.kind == "marked"]
    assert [(found.key, found.receipt, found.debt, found.amount) for found in marks] == [
        (one.key, done.receipt, "D-1", 12_500)
    ]
    assert list((await biller.biller.changes(page.next)).changes) == []


async def test_what_changed_or_is_paid_is_a_clear_no(biller: BillerCase) -> None:
    with pytest.raises(MarkRefused) as refused:
        await biller.biller.mark(mark(amount=1))
    assert refused.value.reason == "amount-changed"
    with pytest.raises(MarkRefused) as refused:
        await biller.biller.mark(mark(debt="NOBODY"))
    assert refused.value.reason == "not-taken"
    await biller.elsewhere("D-1")
    with pytest.raises(MarkRefused) as refused:
        await biller.biller.mark(mark())
    assert refused.value.reason == "paid-elsewhere"


ODD = [
    Reply(200, PORTAL, "text/html"),
    Reply(302, b""),
    Reply(500, b"{}"),
    Reply(200, b"{" * 100_000),
    Reply(200, b'{"a":1}'),
    Reply(200, b"x" * 2_000_000),
    None,
]


@pytest.mark.parametrize("odd", range(len(ODD)))
async def test_no_odd_answer_is_taken_for_a_no(odd: int, means: Callable[..., Means], settings: Path) -> None:
    """A portal, a redirection, an answer without end or none: nobody knows what became of it."""
    for name in ("agent", "token"):
        secret(settings / name, "x")
    secret(settings / "secret", base64.b64encode(bytes(32)).decode())

    def answer(_: Request) -> Reply | None:
        return ODD[odd]

    with Server(answer) as server:
        section = {"url": server.url, "agent_key_file": "agent", "secret_key_file": "secret"}
        payer = PAYERS["shamcash"](means("shamcash", section))
        biller = BILLERS["http"](means("water", {"url": server.url, "token_file": "token"}))
        for work in (
            payer.open(wanted()), payer.state("A"), payer.changes(None), payer.refund("A", 1, "SYP", "k" * 10),
            biller.fields(), biller.inquire({"subscriber": "1"}), biller.mark(mark()), biller.changes(0),
        ):  # fmt: skip
            with pytest.raises(AnswerLost):
                await work
    with pytest.raises(NotReached):
        await payer.open(wanted())


@pytest.mark.parametrize("url", ["http://wallet.example", "ftp://wallet.example", "https://u:p@wallet.example", "x"])
def test_no_secret_goes_over_a_line_in_the_clear(url: str, means: Callable[..., Means], settings: Path) -> None:
    secret(settings / "token", "x")
    with pytest.raises(ConfigError, match="url"):
        BILLERS["http"](means("water", {"url": url, "token_file": "token"}))


def test_a_kind_that_nobody_installed_is_named() -> None:
    with pytest.raises(ConfigError, match="bank-of-nowhere"):
        opener(PAYERS, "homs_kiosk.payers", "bank-of-nowhere")

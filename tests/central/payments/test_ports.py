"""What every payer and biller promises: any adapter has to pass this, and ours pass it over their real wires."""

import asyncio
import base64
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.config import CentralConfig
from central.base.database.engine import open_engine
from central.base.tables.paid.books import kept_marks
from central.keys.keys import KeyRing
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


@pytest.fixture
async def means(config: CentralConfig, settings: Path) -> AsyncIterator[Callable[[str, dict[str, Any]], Means]]:
    engine = open_engine(config.database_url)
    yield lambda name, section: Means(name, section, settings, "new", engine, KeyRing(config.keys_dir))
    await engine.dispose()


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


async def test_each_row_of_a_file_that_does_not_fit_is_named_and_the_others_are_taken(
    means: Callable[..., Means],
) -> None:
    own = means("power", {})
    rows = [
        "1,A,D-1,2026-10,100,SYP,new,2026-12-31",
        "1,A,D-1,2026-11,100,SYP,new,2026-12-31",
        "1,A,D-2,2026-10,100,SYP,old,",
        "1,A,D-3,2026-10,-5,SYP,new,",
        "1,A,D-4,2026-10,1.5,SYP,new,",
        "1,A,D-5",
        "S P A C E,A,D-6,2026-10,100,SYP,new,",
        "2,B,D-7,,100,SYP,new,",
    ]
    async with own.engine.begin() as connection:
        taken = await file.take_debts(connection, own.ring.vault(), "power", "new", HEAD + "\n".join(rows))
        with pytest.raises(ValueError, match="head"):
            await file.take_debts(connection, own.ring.vault(), "power", "new", "a;b\n")
    assert taken.debts == 2
    assert [one.split(":")[0] for one in taken.bad] == [f"line {number}" for number in (3, 4, 5, 6, 7, 8)]
    assert "S P A C E" not in str(taken.bad)


@pytest.mark.parametrize("n", [5, 9_999])
async def test_a_row_whose_quotes_stay_open_takes_no_other_with_it(means: Callable[..., Means], n: int) -> None:
    own = means("power", {})
    rows = ["1,A,D-1,,100,SYP,new,", '2,"B,D-2,,100,SYP,new,', *(f"{at},C,D-{at},,100,SYP,new," for at in range(3, n))]
    async with own.engine.begin() as connection:
        taken = await file.take_debts(connection, own.ring.vault(), "power", "new", HEAD + "\r\n".join(rows))
    assert (taken.debts, taken.bad) == (n - 2, ["line 3: 2 cells, 8 are right"])


async def test_marks_go_out_once_and_stay_marked_whatever_a_later_file_says(means: Callable[..., Means]) -> None:
    own = means("power", {"names": {"ar": "ك", "en": "P"}})
    vault, text = own.ring.vault(), HEAD + "7,A,D-1,,100,SYP,new,\n"
    biller, one = BILLERS["file"](own), mark(amount=100)
    async with own.engine.begin() as connection:
        await file.take_debts(connection, vault, "power", "new", text)
    done = await biller.mark(one)
    async with own.engine.begin() as connection:
        out = await file.give_marks(connection, vault, "power")
        assert await file.give_marks(connection, vault, "power") == "debt,amount,currency,payment,at\n"
        assert await file.give_marks(connection, vault, "power", again=True) == out
        await file.take_debts(connection, vault, "power", "new", text)
    assert out == f"debt,amount,currency,payment,at\nD-1,100,SYP,{one.key},{done.at}\n"
    assert await biller.inquire({"subscriber": "7"}) is None


async def test_no_receipt_is_given_twice_not_even_by_a_central_that_was_set_back(means: Callable[..., Means]) -> None:
    own = means("power", {"names": {"ar": "ك", "en": "P"}})
    biller, receipts = BILLERS["file"](own), []
    for _ in range(2):
        async with own.engine.begin() as connection:
            await connection.execute(delete(kept_marks))  # the copy is of before
            await file.take_debts(connection, own.ring.vault(), "power", "new", HEAD + "7,A,D-1,,100,SYP,new,\n")
        receipts.append((await biller.mark(mark(amount=100))).receipt)
    assert receipts[0] != receipts[1]


class _Between:
    """A connection beside which something happens once it has read."""

    def __init__(self, connection: AsyncConnection, happens: Callable[[], Awaitable[object]]) -> None:
        self._connection, self._happens = connection, [happens]

    async def execute(self, statement: Any) -> Any:
        found = await self._connection.execute(statement)
        if self._happens:
            await self._happens.pop()()
        return found


async def test_a_mark_that_is_kept_while_the_file_is_written_goes_out_with_the_next(
    means: Callable[..., Means], config: CentralConfig
) -> None:
    if not config.is_postgres:
        pytest.skip("SQLite lets nobody write in between")
    own = means("power", {"names": {"ar": "ك", "en": "P"}})
    vault, text = own.ring.vault(), HEAD + "7,A,D-1,,100,SYP,new,\n8,B,D-2,,100,SYP,new,\n"
    biller = BILLERS["file"](own)
    async with own.engine.begin() as connection:
        await file.take_debts(connection, vault, "power", "new", text)
    await biller.mark(mark(amount=100))
    async with own.engine.begin() as connection:
        late = _Between(connection, lambda: biller.mark(mark(amount=100, debt="D-2")))
        assert "D-1," in await file.give_marks(cast("AsyncConnection", late), vault, "power")
    async with own.engine.begin() as connection:
        assert "D-2," in await file.give_marks(connection, vault, "power")


def onto_a_full_disk(command: list[str]) -> int:
    """Run a command whose output finds no room; return its exit status."""
    with Path("/dev/full").open("wb") as full:
        return subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False, timeout=60).returncode


async def test_marks_that_the_disk_did_not_take_are_not_given_out(
    means: Callable[..., Means], config: CentralConfig
) -> None:
    own = means("power", {"names": {"ar": "ك", "en": "P"}})
    vault = own.ring.vault()
    async with own.engine.begin() as connection:
        await file.take_debts(connection, vault, "power", "new", HEAD + "7,A,D-1,,100,SYP,new,\n")
    await BILLERS["file"](own).mark(mark(amount=100))
    where = ["--data", str(config.data_dir)]
    if config.is_postgres:
        where += ["--database", config.database_url.replace("+asyncpg", "")]
    command = [sys.executable, "-m", "central", "payments", "give-out", "power", *where]
    assert await asyncio.to_thread(onto_a_full_disk, command) != 0
    async with own.engine.begin() as connection:
        assert "D-1," in await file.give_marks(connection, vault, "power")

"""`kiosk pay` says a line a state and ends by how it ended; `kiosk verify` says what a receipt's code is."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from common.protocol.envelope import decode_body
from common.protocol.payments.answers import PaymentBody
from kiosk.commands import paying as commands
from kiosk.commands.cli import cli
from kiosk.desk.payments.paying import Paying
from offline_store.disk import tables
from offline_store.disk.database import Store
from tests.kit import payments as kit
from tests.kit.answering_rows import AnsweringRows, Said
from tests.kit.clock import HandClock
from tests.kit.desk import open_store
from tests.kit.payments import PAYMENT, SUBSCRIBER, bill, payment

FIELDS = json.dumps({"subscriber": SUBSCRIBER})


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def store(tmp_path: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    with open_store(tmp_path / "data", clock) as opened:

        @contextmanager
        def open_paying(*_: object, printing: bool) -> Iterator[Paying]:
            del printing
            yield Paying(opened, clock)

        monkeypatch.setattr(commands, "open_paying", open_paying)
        monkeypatch.setattr(commands, "Settings", lambda path: path)
        yield opened


@pytest.fixture
def rows(store: Store) -> Iterator[AnsweringRows]:
    kit.make_known(store)
    answering = AnsweringRows(store, {"bill": bill(), "payment-state": payment("opened", ends=True)})
    yield answering
    answering.close()


def run(*words: str, given: str = "") -> tuple[int, list[dict[str, Any]]]:
    done = CliRunner().invoke(cli, list(words), input=given)
    return done.exit_code, [json.loads(line) for line in done.stdout.splitlines()]


PAY = ("pay", "--biller", "homs-water", "--payer", "shamcash", "--fields", "-")


def test_each_state_is_a_line_and_told_ends_it_well(store: Store, rows: AnsweringRows) -> None:
    rows.steps["payment"] = [payment("opened"), payment("paid"), payment("marked")]
    status, lines = run(*PAY, given=FIELDS)
    assert (status, [line["state"] for line in lines]) == (0, ["opened", "paid", "marked", "told"])
    first, last = lines[0], lines[-1]
    assert {"payment", "bill_no", "amount", "currency", "show"} <= set(first)
    assert "receipt" not in first
    assert (last["payment"], last["receipt"], last["amount"]) == (PAYMENT, "W-2026-118842", 4_250_000)
    assert rows.asked[0] == ("bill", {"biller": "homs-water", "fields": {"subscriber": SUBSCRIBER}})
    with store.read() as connection:
        found = connection.execute(select(tables.items.c.body).where(tables.items.c.kind == "payment")).scalars()
        bodies = [decode_body("payment", body) for body in found]
    assert [body.told for body in bodies if isinstance(body, PaymentBody)] == ["marked"]


@pytest.mark.parametrize(
    ("said", "state"),
    [
        (payment("expired"), "expired"),
        (payment("refund-due", reason="twice"), "refund-due"),
        (payment("refunded"), "refunded"),
        (payment("withdrawn"), "withdrawn"),
        (payment("unknown", ends=True), "unknown"),
        (payment("paid", ends=True), "unknown"),
    ],
)
def test_any_other_end_is_no_success(rows: AnsweringRows, said: Said, state: str) -> None:
    rows.steps["payment"] = [payment("opened"), said]
    status, lines = run(*PAY, given=FIELDS)
    assert (status, lines[-1]["state"]) == (1, state)


@pytest.mark.parametrize("why", ["no-network", "not-set-up"])
def test_no_payment_now_is_a_status_of_its_own(store: Store, rows: AnsweringRows, why: str) -> None:
    if why == "not-set-up":
        kit.make_known(store, kit.setup_of(payers=[]))
    rows.answers["bill"] = ("failed", {"reason": "no-network"}, {})
    assert run(*PAY, given=FIELDS) == (2, [])


def test_a_refused_payment_is_none_now(rows: AnsweringRows) -> None:
    rows.steps["payment"] = [("refused", {"reason": "being-paid"}, {})]
    assert run(*PAY, given=FIELDS) == (2, [])


def test_an_orders_fee(rows: AnsweringRows) -> None:
    rows.steps["payment"] = [payment("opened", biller="orders"), payment("marked", biller="orders")]
    status, _ = run("pay", "--order", "ab" * 16)
    assert status == 0
    assert rows.asked == [("payment", {"payer": "shamcash", "order": "ab" * 16})]


@pytest.mark.parametrize(
    ("words", "given"),
    [
        (("pay",), ""),
        (("pay", "--biller", "b"), ""),
        (("pay", "--biller", "b", "--fields", "x"), ""),
        (("pay", "--biller", "b", "--fields", "-", "--order", "ab" * 16), ""),
        (("pay", "--biller", "b", "--fields", "-"), "no json"),
        (("pay", "--biller", "b", "--fields", "-"), '{"subscriber": 5}'),
    ],
)
def test_wrong_usage_asks_for_nothing(rows: AnsweringRows, words: tuple[str, ...], given: str) -> None:
    assert run(*words, given=given) == (2, [])
    assert rows.asked == []


@pytest.mark.parametrize(
    ("code", "status", "verdict"),
    [
        (kit.seal(), 0, "genuine"),
        (kit.seal(kit.STRANGER), 1, "forged"),
        (kit.seal()[:-4] + "0000", 1, "forged"),
        ("SY1:JUNK", 4, "unreadable"),
        ("", 4, "unreadable"),
    ],
)
def test_a_receipts_code_is_judged_without_a_network(rows: AnsweringRows, code: str, status: int, verdict: str) -> None:
    for words, given in ((("verify", code), ""), (("verify", "-"), f"{code}\r\n"), (("verify",), f"{code}\n")):
        got, (line,) = run(*words, given=given)
        assert (got, line["verdict"]) == (status, verdict)
    assert rows.asked == []


def test_a_receipt_of_a_key_that_is_not_known_here_claims_and_is_not_genuine(store: Store) -> None:
    status, (line,) = run("verify", kit.seal())
    assert (status, line["verdict"], line["reason"]) == (3, "unverified", "unknown-key")
    assert line["claimed"]["amount"] == 4_250_000


def test_a_genuine_one_says_what_was_paid(rows: AnsweringRows) -> None:
    _, (line,) = run("verify", kit.seal())
    assert (line["receipt"], line["payer_receipt"], line["pound"]) == ("W-2026-118842", "TX-90871", "new")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", line["paid_at"])

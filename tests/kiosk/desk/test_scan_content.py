"""What each code is taken for by its form alone, at every bound; and which receipts may print."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert
from structlog.testing import capture_logs

from common.protocol.codes.receipt_code import Receipt, compose_receipt_code
from common.protocol.codes.signed_code import compose
from common.protocol.payments.answers import PaymentNow
from common.protocol.queue.claim import TicketClaim, token_digest
from devices.protocols import Scan
from kiosk.desk.payments import receipts
from kiosk.desk.scan_content import (
    KINDS,
    ClaimScan,
    ForeignScan,
    IdentityCardScan,
    NoiseScan,
    OrderCodeScan,
    OrderNumberScan,
    PaymentScan,
    ReceiptScan,
    ScanContent,
    TicketScan,
    WrongLayoutScan,
    content_of,
)
from offline_store.disk import tables
from offline_store.disk.database import Store
from tests.kit.clock import HandClock
from tests.kit.desk import App, open_store

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
ID = "5b1f6f0a-1111-4c3e-9d2a-000000000001"
TOKEN = "0123456789abcdef" * 2
FOREIGN, NOISE = ForeignScan(), NoiseScan()


def code(issuer: str, **more: int) -> str:
    return compose({1: issuer, **{int(name[1:]) * -1: value for name, value in more.items()}}, b"\x01\x02\x03\x04", KEY)


def ticket(**by: str) -> TicketScan:
    return TicketScan(TicketClaim("carried", **by))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (b"SY1:", OrderCodeScan("SY1:")),
        (b"SY1:\xff", OrderCodeScan("SY1:�")),
        (code("app").encode(), OrderCodeScan(code("app"))),
        (code("claims").encode(), ClaimScan(code("claims"))),
        (code("claims").encode() + b"\r\n", ClaimScan(code("claims") + "\r\n")),
        (code("receipts").encode(), ReceiptScan(code("receipts"))),
        (code("sandbox").encode(), ClaimScan(code("sandbox"))),
        (code("sandbox", _70202=1).encode(), ReceiptScan(code("sandbox", _70202=1))),
        (code("app", _70202=1).encode(), OrderCodeScan(code("app", _70202=1))),
        (b"SY1P:" + ID.encode() + b"\r\n", PaymentScan(ID)),
        (b"SY1P:" + ID.encode() + b"0", FOREIGN),
        (b"SY1T:" + ID.encode(), ticket(id=ID)),
        (b"SY1T:" + ID.encode()[:20], FOREIGN),
        (b"SY1P;" + ID.encode(), WrongLayoutScan()),
        (f"https://page.example/t/{TOKEN}".encode(), ticket(token_sha256=token_digest(TOKEN))),
        (f"https://page.example/{TOKEN}/{TOKEN}".encode(), FOREIGN),
        (f"https://e.sy/{TOKEN}/".encode().ljust(508, b"z"), ticket(token_sha256=token_digest(TOKEN))),
        (f"https://e.sy/{TOKEN}/".encode().ljust(508, b"z") + b"\r" * 92, ticket(token_sha256=token_digest(TOKEN))),
        (f"https://e.sy/{TOKEN}/".encode().ljust(508, b"z") + b"\r" * 93, FOREIGN),
        (b"1234567890", OrderNumberScan("1234567890")),
        ("١٢٣٤٥٦٧٨٩٠".encode(), OrderNumberScan("1234567890")),
        (b"12 345-67890\r\n", OrderNumberScan("1234567890")),
        (b"1234567890".ljust(40), OrderNumberScan("1234567890")),
        (b"1234567890".ljust(41), FOREIGN),
        (b"123456789", FOREIGN),
        (b"12345678901", FOREIGN),
        *(
            (typed.encode(), WrongLayoutScan())
            for typed in (
                "ٍإ1:x",
                "سغ١:x",
                "ٍإ!x",
                "SZ1:x",
                "sz!x",
                "Sy&x",
                "SY&x",
                "Sy1:x",
                "sy1x",
                "sY!x",
                "SY!x",
                "SY1;x",
                "SY1x",
            )
        ),
        ("سغ1:".encode("cp1256"), WrongLayoutScan()),
        (b"SX1:x", FOREIGN),
        (b"xSz1:", FOREIGN),
        (b"https://example.sy", FOREIGN),
        ("براءة ذمة".encode(), FOREIGN),
        ("براءة ذمة".encode("cp1256"), FOREIGN),
        (b"abcd", FOREIGN),
        (b"abc", NOISE),
        (b"", NOISE),
        *((b"ab" + bytes([byte]) + b"cd", NOISE) for byte in (0x00, 0x09, 0x0B, 0x0C, 0x0E, 0x1B, 0x7F)),
        *((b"ab" + bytes([byte]) + b"cd", FOREIGN) for byte in (0x0A, 0x0D, 0x1C, 0x1F, 0x20)),
        (b"a" * 63 + b"\x00", NOISE),
        (b"a" * 64 + b"\x00", FOREIGN),
        (b"\xc8" * 14 + b"\x80" * 2, FOREIGN),
        (b"\xc8" * 13 + b"\x80" * 3, NOISE),
        (b"\xc8" * 56 + b"\xbf" * 8 + b"\x80" * 9, FOREIGN),
        (b"\xc8" * 55 + b"\xbf" * 9, NOISE),
        (b"\xc8" * 13 + b"\xc0" * 3, FOREIGN),
    ],
)
def test_a_code_is_taken_for_what_its_form_says(payload: bytes, expected: ScanContent) -> None:
    assert content_of(Scan(payload)) == expected


def test_an_identity_card_is_one_by_its_fields_and_each_kind_has_its_word() -> None:
    card = content_of(Scan("سلمى#حداد#سمير#رنا#حمص 1990/1/1#04010012345".encode("cp1256")))
    assert isinstance(card, IdentityCardScan)
    assert KINDS[type(card)] == "identity-card"
    assert KINDS[TicketScan] == "ticket"
    assert len(set(KINDS.values())) == len(KINDS) == 10


# --- receipts -------------------------------------------------------------------------------------------------------

SAID = Receipt(ID.replace("-", ""), "water", "W-7", "bank", "P-9", "B-1", 500, "SYP", "new", 1_764_000_000)
NOW = PaymentNow(
    ID, "marked", "B-1", "water", "bank", 500, "SYP", "new", "2026-11-25T09:10:00Z", "2026-11-25T09:00:00Z",
    receipt="W-7", payer_receipt="P-9", seal=compose_receipt_code(SAID, b"\x01\x02\x03\x04", KEY),
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "data", HandClock()) as store:
        yield store


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, None),
        ({"state": "told"}, None),
        ({"state": "paid"}, ""),
        ({"state": "refunded"}, ""),
        ({"receipt": None}, ""),
        ({"payer_receipt": None}, ""),
        ({"seal": None}, ""),
        ({"seal": "SY1:"}, "Unreadable"),
        ({"bill_no": "B-2"}, "of another payment"),
        ({"payment": ID.replace("0001", "0002")}, "of another payment"),
        ({"amount": 501}, "of another payment"),
        ({"currency": "USD"}, "of another payment"),
        ({"pound": "old"}, "of another payment"),
        ({"receipt": "W-8"}, "of another payment"),
        ({"payer_receipt": "P-8"}, "of another payment"),
    ],
)
def test_a_receipt_prints_only_once_marked_with_both_numbers_and_its_own_seal(
    store: Store, changes: dict[str, Any], verdict: str | None
) -> None:
    now = msgspec.structs.replace(NOW, **changes)
    with capture_logs() as logs:
        assert receipts.may_print(store, now) is (verdict is None)
    bad = {"event": "receipt-seal-bad", "payment": now.payment, "verdict": verdict, "log_level": "error"}
    assert logs == ([bad] if verdict else [])


@pytest.mark.parametrize("kid", ["revoked", "known"])
def test_a_seal_by_a_key_of_the_app_is_forged(store: Store, kid: str) -> None:
    app = App(kid=b"\x01\x02\x03\x04")
    if kid == "known":
        app.make_known(store)
    else:
        with store.write() as connection:
            connection.execute(insert(tables.app_keys).values(kid="01020304", revoked_at=1))
    with capture_logs() as logs:
        assert receipts.may_print(store, NOW) is False
    assert [log["verdict"] for log in logs] == ["Forged"]

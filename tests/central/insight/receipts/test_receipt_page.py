"""A receipt's page: every state in words, without a script, and nothing that names a person."""

import re
from typing import Any, Final

import pytest
from sqlalchemy import insert, update

from central.base.tables.paid.payments import payments
from central.insight.public.texts import tell
from central.keys import issuer_keys
from central.keys.receipt_keys import Proof, keep_proof, page_digest
from tests.central.conftest import Stage
from tests.central.insight.receipts.phone import GOLDEN
from tests.central.payments.flow.rows import rows_of

TOKEN: Final = "0123456789abcdef0123456789abcdef"
ID: Final = "01010101-0101-4101-8101-010101010101"
SEAL: Final = GOLDEN["codes"][0]["code"]


async def paid(stage: Stage, state: str, **more: Any) -> None:
    """Lay a payment down as central's own rows have it."""
    at = "2026-11-28T08:50:00.000000Z"
    values = {
        "id": ID, "bill_no": "M1-261128-0007-1", "extra": 0, "debt_mark": "d" * 32, "biller": "homs-water",
        "payer": "shamcash", "kiosk": "kiosk-1", "centre": "homs-main", "amount": 4_250_000, "currency": "SYP",
        "pound": "new", "state": state, "payer_receipt": "88001234", "receipt": "W-2026-000123",
        "proof": keep_proof(stage.ring.vault(), ID, Proof(TOKEN, SEAL)), "page_sha256": page_digest(TOKEN),
        "at": at, "dies_at": "2099-11-28T09:00:00.000000Z", "paid_at": at, "tries": 0,
    }  # fmt: skip
    async with stage.engine.begin() as connection:
        for table, row in rows_of(values | more):
            await connection.execute(insert(table).values(row))


async def changed(stage: Stage, **values: Any) -> None:
    async with stage.engine.begin() as connection:
        await connection.execute(update(payments).values(**values))


@pytest.mark.parametrize("state", ["marked", "told"])
async def test_a_receipt_is_shown_with_both_numbers_and_its_code(stage: Stage, state: str) -> None:
    await paid(stage, state)
    response = await stage.client.get(f"/r/{TOKEN}?lang=en")
    assert response.status_code == 200
    numbers = "42,500 new Syrian pounds", "W-2026-000123", "88001234"
    for said in ("Paid and entered", *numbers, "/v?lang=en#SY1%3A", "<svg"):
        assert said in response.text
    assert "refresh" not in response.headers
    assert response.headers["x-robots-tag"] == "noindex, nofollow"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert "<script" not in response.text


@pytest.mark.parametrize("state", ["inquired", "opened", "paid", "unknown", "expired", "refund-due", "refunded"])
async def test_no_other_state_shows_a_receipt_whatever_the_row_holds(stage: Stage, state: str) -> None:
    await paid(stage, state)
    text = (await stage.client.get(f"/r/{TOKEN}?lang=en")).text
    assert "W-2026-000123" not in text
    assert "<svg" not in text
    assert "#SY1" not in text
    assert "Paid and entered" not in text


async def test_a_time_that_is_over_is_no_word_that_nothing_was_paid(stage: Stage) -> None:
    await paid(stage, "opened", dies_at="2026-01-01T00:00:00.000000Z")
    await changed(stage, paid_at=None, payer_receipt=None)
    response = await stage.client.get(f"/r/{TOKEN}?lang=en")
    assert "We do not know yet whether it was paid" in response.text
    assert "Paid to" not in response.text
    assert "Paid through" not in response.text
    assert response.headers["refresh"] == "20"


async def test_money_that_goes_back_says_why_and_how_it_comes(stage: Stage) -> None:
    await paid(stage, "refund-due", reason="paid-elsewhere")
    text = (await stage.client.get(f"/r/{TOKEN}")).text
    assert tell("ar", "receipt.why_paid-elsewhere") in text
    assert tell("ar", "receipt.refund-due_means", payer="shamcash") in text


@pytest.mark.parametrize("token", ["f" * 32, "x", "f" * 200, "%00", TOKEN.upper()])
async def test_a_stranger_s_token_opens_nothing(stage: Stage, token: str) -> None:
    await paid(stage, "marked")
    response = await stage.client.get(f"/r/{token}?lang=en")
    assert response.status_code == 404
    assert "M1-261128" not in response.text


async def test_the_page_that_checks_is_served_with_the_keys_of_its_hour(stage: Stage) -> None:
    async with stage.engine.begin() as connection:
        await issuer_keys.ensure(connection, stage.ring, issuer_keys.RECEIPTS)
        await issuer_keys.ensure(connection, stage.ring, issuer_keys.CLAIMS)
        kid = await issuer_keys.newest(connection, issuer_keys.RECEIPTS)
        of_claims = await issuer_keys.newest(connection, issuer_keys.CLAIMS)
    response = await stage.client.get("/v?lang=en")
    assert re.findall('"kid":"([^"]+)"', response.text) == [kid]
    assert f'"others":["{of_claims}"]' in response.text, "what signs for others signs no receipt"
    assert re.search(r"script-src 'sha256-[^']+'", response.headers["content-security-policy"])
    again = await stage.client.get("/v?lang=en", headers={"If-None-Match": response.headers["etag"]})
    assert again.status_code in (200, 304)  # it bears the minute

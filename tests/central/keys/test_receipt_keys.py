"""Keys that sign receipts: told by the feed, rotated and retired as those of claims, and never one for the other."""

from dataclasses import replace

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from central.base import clock
from central.base.tables.keys import central_keys
from central.keys import issuer_keys, receipt_keys
from central.keys.issuer_keys import CLAIMS, RECEIPTS
from central.keys.receipt_keys import NoReceiptKeyError
from common.protocol.codes.issued import Forged, Genuine, Unverified
from common.protocol.codes.receipt_code import Receipt, compose_receipt_code, read_receipt_code
from common.protocol.payments.setup import ReceiptKeyRecord
from tests.central.conftest import Stage

RECEIPT = Receipt(
    payment="01" * 16,
    biller="homs-water",
    biller_receipt="W-77120",
    payer="shamcash",
    payer_receipt="88120",
    bill_no="M1-261128-0007-1",
    amount=1250000,
    currency="SYP",
    pound="new",
    paid=1795800000,
)


async def sealed(stage: Stage, receipt: Receipt = RECEIPT) -> str:
    async with stage.engine.begin() as connection:
        return await receipt_keys.seal(connection, stage.ring, receipt)


async def judged(stage: Stage, code: str) -> object:
    async with stage.engine.begin() as connection:
        return read_receipt_code(code, keys=await receipt_keys.public_keys(connection))


async def made(stage: Stage) -> None:
    async with stage.engine.begin() as connection:
        await issuer_keys.ensure(connection, stage.ring, RECEIPTS)


async def test_without_payments_no_key_signs_receipts(stage: Stage) -> None:
    with pytest.raises(NoReceiptKeyError):
        await sealed(stage)
    assert await stage.all(select(central_keys).where(central_keys.c.purpose == "receipts")) == []


async def test_the_first_key_is_made_once_and_told_by_the_feed(stage: Stage) -> None:
    await made(stage)
    await made(stage)
    ((kid,),) = await stage.all(select(central_keys.c.kid).where(central_keys.c.purpose == "receipts"))
    kiosk = await stage.enrolled()
    await stage.deliver(kiosk, health={"version": "1.1.0"})
    told = [one.body for one in (await stage.feed(kiosk)).messages if one.kind == "receipt-key"]
    assert [msgspec.json.decode(one, type=ReceiptKeyRecord).kid for one in told] == [kid]
    assert await judged(stage, await sealed(stage)) == Genuine(RECEIPT)


async def test_a_rotated_key_s_receipts_stay_good_and_it_signs_no_more(stage: Stage) -> None:
    await made(stage)
    later = replace(RECEIPT, paid=int(clock.now().timestamp()) + issuer_keys.IN_FLIGHT_S + 1)
    before, too_late = await sealed(stage), await sealed(stage, later)
    await stage.publish("central-keys", {"rotate": ["receipts"]})
    assert await judged(stage, before) == Genuine(RECEIPT)
    assert await judged(stage, too_late) == Forged("key-rotated")
    assert await judged(stage, await sealed(stage, later)) == Genuine(later)


async def test_only_a_rotated_key_is_retired_and_its_receipts_are_not_judged(stage: Stage) -> None:
    await made(stage)
    async with stage.engine.begin() as connection:
        kid = await issuer_keys.newest(connection, RECEIPTS)
    code = await sealed(stage)
    with pytest.raises(ValueError, match="signs receipts now"):
        await stage.publish("central-keys", {"retire": [kid]})
    await stage.publish("central-keys", {"rotate": ["receipts"]})
    await stage.publish("central-keys", {"retire": [kid]})
    found = await judged(stage, code)
    assert isinstance(found, Unverified)
    assert found.reason == "key-retired"


async def test_a_claims_key_signs_no_receipt(stage: Stage) -> None:
    await made(stage)
    async with stage.engine.begin() as connection:
        await issuer_keys.ensure(connection, stage.ring, CLAIMS)
        found = await issuer_keys.signing(connection, stage.ring, CLAIMS)
        assert found is not None
        kid = bytes.fromhex(await issuer_keys.newest(connection, RECEIPTS) or "")
    claims_kid, claims_key = found
    code = compose_receipt_code(RECEIPT, claims_kid, claims_key)
    found_code = await judged(stage, code)
    assert isinstance(found_code, Unverified)
    stolen_name = compose_receipt_code(RECEIPT, kid, Ed25519PrivateKey.generate())
    assert await judged(stage, stolen_name) == Forged("signature")


async def test_another_machine_of_central_s_gets_the_key_and_signs(stage: Stage) -> None:
    await made(stage)
    async with stage.engine.begin() as connection:
        kid = await issuer_keys.newest(connection, RECEIPTS)
    (stage.config.keys_dir / f"{kid}.receipts").unlink()
    assert await judged(stage, await sealed(stage)) == Genuine(RECEIPT)


async def test_both_issuers_are_not_rotated_at_once(stage: Stage) -> None:
    with pytest.raises(ValueError, match="alone"):
        await stage.publish("central-keys", {"rotate": ["receipts", "claims"]})

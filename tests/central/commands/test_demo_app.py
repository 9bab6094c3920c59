"""The order code that stands in for the app's: signed by the demo key, with what was asked for and nothing else."""

from datetime import UTC, datetime
from typing import Any

import cbor2
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.config import CentralConfig
from central.base.tables.told import feed
from central.commands import demo_app
from central.commands.demo_app import Wanted, mint
from central.intake.orders.order_code import CLAIM_PAID, Order, seal_info, take_apart, verify
from central.keys import key_chain
from central.keys.keys import SEAL_SUITE, KeyRing

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
AT = int(NOW.timestamp())
DAYS_30 = 30 * 86_400
PAID = {1: "Demo Bank", 2: "DEMO-0001", 3: 50_000, 4: "SYP"}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted("clearance", "homs-main"), ("clearance", "homs-main", AT, AT + DAYS_30, PAID)),
        (Wanted("clearance", "post", is_paid=False, expires_in_s=90), ("clearance", "post", AT, AT + 90, None)),
        (Wanted("clearance", "x", expires_in_s=60), ("clearance", "x", AT, AT + 60, PAID)),
        (Wanted("clearance", "x", expires_in_s=59), ("clearance", "x", AT - 1, AT + 59, PAID)),
        (Wanted("clearance", "x", expires_in_s=-5), ("clearance", "x", AT - 65, AT - 5, PAID)),
    ],
)
async def test_a_code_says_what_was_asked_for(
    connection: AsyncConnection, config: CentralConfig, wanted: Wanted, expected: tuple[Any, ...]
) -> None:
    ring = KeyRing(config.keys_dir)
    code, order_id = await mint(connection, ring, wanted)
    kid, key, is_new = ring.demo_app()
    apart = take_apart(code)
    found = verify(apart, key.public_key().public_bytes_raw())
    service, destination, issued_at, expires_at, payment = expected
    assert found == Order(bytes.fromhex(order_id), found.number, service, 1, destination, issued_at, expires_at)
    assert cbor2.loads(apart.payload).get(CLAIM_PAID) == payment
    assert (len(found.number), found.number.isdecimal(), is_new) == (10, True, False)
    assert kid.startswith(apart.kid.hex())
    await mint(connection, ring, wanted)
    assert len((await connection.execute(select(feed).where(feed.c.kind == "app-key"))).all()) == 1, "told once"


async def test_what_is_sealed_opens_with_central_s_key_alone(
    connection: AsyncConnection, config: CentralConfig
) -> None:
    ring = KeyRing(config.keys_dir)
    code, order_id = await mint(connection, ring, Wanted("clearance", "homs-main", sealed_text="ليلى"))
    found = verify(take_apart(code), ring.demo_app()[1].public_key().public_bytes_raw())
    own = ring.sealing((await key_chain.newest(connection, "sealing")).kid)
    assert found.personal is not None
    assert SEAL_SUITE.decrypt(found.personal, own, seal_info(bytes.fromhex(order_id))).decode() == "ليلى"


@pytest.mark.parametrize("word", ["", "-a", "a b", "a" * 65, "قيد", "a\n"])
@pytest.mark.parametrize("option", ["--service", "--centre"])
async def test_a_word_that_no_kiosk_could_read_is_refused(
    connection: AsyncConnection, config: CentralConfig, option: str, word: str
) -> None:
    service, centre = (word, "homs-main") if option == "--service" else ("clearance", word)
    with pytest.raises(ValueError, match=option) as refused:
        await mint(connection, KeyRing(config.keys_dir), Wanted(service, centre))
    assert str(refused.value) == (
        f"{option}: found {word[:60]!r}, expected a code of up to 64 letters, digits and hyphens"
    )
    assert demo_app.CODE_WORD.fullmatch("A.b_c-" + "9" * 58)

"""Central's chain of keys by rows: who vouches for whom, who is taken back, what kiosks are told, which key answers."""

import base64
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.config import CentralConfig
from central.base.database.engine import open_engine
from central.base.tables.keys import central_keys
from central.base.tables.told import feed
from central.keys import issuer_keys, key_chain
from central.keys.issuer_keys import CLAIMS, IN_FLIGHT_S, RECEIPTS
from central.keys.keys import KeyRing
from common.protocol.central_keys import endorsement, retirement_text

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


class Desk:
    """Central's database and keys, in one transaction."""

    def __init__(self, connection: AsyncConnection, ring: KeyRing) -> None:
        self.connection, self.ring = connection, ring

    async def rows(self, purpose: str = "signing") -> list[Any]:
        query = select(central_keys).where(central_keys.c.purpose == purpose).order_by(central_keys.c.id)
        return list(await self.connection.execute(query))

    async def kids(self, purpose: str = "signing") -> list[str]:
        return [row.kid for row in await self.rows(purpose)]

    async def told(self) -> list[tuple[int, str, str, Any]]:
        rows = await self.connection.execute(select(feed).order_by(feed.c.id))
        return [(row.id, row.kind, row.key, msgspec.json.decode(row.body)) for row in rows]

    async def rotate(self, **which: bool) -> int:
        return await key_chain.rotate(self.connection, self.ring, **({"signing": True, "sealing": False} | which))

    def is_signed(self, by: Any, word: str, text: bytes) -> bool:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(by.public_key))
        key.verify(base64.b64decode(word), text)
        return True


@pytest.fixture
async def desk(config: CentralConfig, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    engine = open_engine(config.database_url)
    async with engine.begin() as connection:
        yield Desk(connection, KeyRing(config.keys_dir))
    await engine.dispose()


async def test_a_new_signing_key_is_vouched_for_by_the_one_before_and_told(desk: Desk) -> None:
    number = await desk.rotate()
    first, second = await desk.rows()
    assert (second.signed_by, second.feed_id, first.signed_by, first.feed_id) == (first.kid, number, None, None)
    assert desk.is_signed(first, second.signature, endorsement(second.kid, second.public_key))
    (sealing,) = await desk.rows("sealing")
    chain = [
        {"kid": row.kid, "public_key": row.public_key}
        | ({} if row.signed_by is None else {"signed_by": row.signed_by, "signature": row.signature})
        for row in (first, second)
    ]
    (told,) = await desk.told()
    assert told[:3] == (number, "central-keys", "")
    found = [{name: value for name, value in one.items() if value is not None} for one in told[3]["signing"]]
    assert (told[3]["sealing"], found) == ({"kid": sealing.kid, "public_key": sealing.public_key}, chain)


async def test_only_what_is_wanted_is_made_again(desk: Desk) -> None:
    number = await desk.rotate(signing=False, sealing=True)
    assert (len(await desk.kids()), len(await desk.kids("sealing"))) == (1, 2)
    old, new = await desk.rows("sealing")
    assert (old.feed_id, new.feed_id, new.signed_by) == (None, number, None)
    assert (await desk.told())[-1][3]["sealing"]["kid"] == new.kid
    assert await key_chain.sealing_kids(desk.connection) == [new.kid, old.kid]
    both = await desk.rotate(sealing=True)
    assert {row.feed_id for purpose in ("signing", "sealing") for row in (await desk.rows(purpose))[-1:]} == {both}


async def test_a_key_is_taken_back_by_the_word_of_the_newest(desk: Desk) -> None:
    for _ in range(2):
        await desk.rotate()
    first, second, newest = await desk.rows()
    number = await key_chain.retire(desk.connection, desk.ring, [second.kid])
    kept = {row.kid: (row.retired_by, row.retirement) for row in await desk.rows()}
    by, word = kept.pop(second.kid)
    assert (by, set(kept.values())) == (newest.kid, {(None, None)})
    assert desk.is_signed(newest, word, retirement_text(second.kid))
    assert (await desk.told())[-1][:2] == (number, "central-keys")
    assert [one.kid for one in await key_chain.signing_keys(desk.connection)] == [newest.kid, first.kid]
    for kid, why in (
        (newest.kid, f"{newest.kid} is the newest signing key: rotate first"),
        (second.kid, f"found '{second.kid}', expected the id of a signing key in use: {first.kid}, {newest.kid}"),
        ("x" * 20, f"found {'x' * 16!r}, expected the id"),
    ):
        with pytest.raises(ValueError, match=re.escape(f"retire: {why}")):
            await key_chain.retire(desk.connection, desk.ring, [kid])


async def test_an_answer_is_signed_with_the_newest_key_that_the_caller_knows(desk: Desk) -> None:
    for _ in range(2):
        await desk.rotate()
    first, second, newest = await desk.kids()
    for known, expected in (
        ([first, second], second),
        ([second, newest, first], newest),
        ([], newest),
        (["x"], newest),
    ):
        assert await key_chain.kid_for(desk.connection, known) == expected
    await key_chain.retire(desk.connection, desk.ring, [second])
    assert await key_chain.kid_for(desk.connection, [first, second]) == first


async def test_a_kiosk_surely_knows_the_keys_of_its_enrolment_and_those_that_it_has_heard_of(desk: Desk) -> None:
    told = [await desk.rotate() for _ in range(2)]
    first, second, third = await desk.kids()
    for after, enrolled, expected in (
        (None, first, first), (None, second, second), (None, "x", first), (told[0] - 1, first, first),
        (told[0], first, second), (told[1] - 1, first, second), (told[1], first, third), (told[0], third, third),
    ):  # fmt: skip
        assert await key_chain.confirmed_kid(desk.connection, after, enrolled) == expected


async def test_as_many_signing_keys_are_told_as_an_enrolment_holds_and_always_the_first(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_chain, "MAX_SIGNING_KEYS", 3)
    for _ in range(4):
        await desk.rotate()
    first, *_, fourth, fifth = await desk.kids()
    assert [one.kid for one in await key_chain.signing_keys(desk.connection)] == [fifth, fourth, first]


async def test_the_first_keys_are_made_once(desk: Desk) -> None:
    before = [row.kid for purpose in ("signing", "sealing") for row in await desk.rows(purpose)]
    await key_chain.ensure_keys(desk.connection, desk.ring)
    assert [row.kid for purpose in ("signing", "sealing") for row in await desk.rows(purpose)] == before
    assert await key_chain.has_keys(desk.connection)
    assert (await key_chain.newest(desk.connection, "signing")).kid == before[0]


@pytest.mark.parametrize("issuer", [CLAIMS, RECEIPTS])
async def test_a_key_for_codes_is_made_once_replaced_and_taken_back(desk: Desk, issuer: issuer_keys.Issuer) -> None:
    connection, ring = desk.connection, desk.ring
    assert await issuer_keys.newest(connection, issuer) is None
    assert await issuer_keys.signing(connection, ring, issuer) is None
    for _ in range(2):
        await issuer_keys.ensure(connection, ring, issuer)
    (first,) = await desk.kids(issuer.purpose)
    last = await issuer_keys.rotate(connection, ring, issuer)
    old, new = await desk.rows(issuer.purpose)
    assert (old.kid, old.ended_at, new.ended_at) == (first, int(NOW.timestamp()) + IN_FLIGHT_S, None)
    found = await issuer_keys.signing(connection, ring, issuer)
    assert found is not None
    assert (found[0].hex(), await issuer_keys.newest(connection, issuer)) == (new.kid, new.kid)
    assert base64.b64encode(found[1].public_key().public_bytes_raw()).decode() == new.public_key
    assert [(kind, key) for _, kind, key, _ in await desk.told()] == [
        (issuer.kind, first), (issuer.kind, first), (issuer.kind, new.kid),
    ]  # fmt: skip
    assert (await desk.told())[-1][0] == last
    with pytest.raises(ValueError, match=f'{new.kid} signs {issuer.purpose} now: rotate "{issuer.purpose}" first'):
        await issuer_keys.retire(connection, [new.kid])
    number = await issuer_keys.retire(connection, [first])
    assert ((await desk.rows(issuer.purpose))[0].retired_by, (await desk.told())[-1][0]) == (first, number)
    for kids, expected in (([first, new.kid], True), ([first, "x"], False), ([], False)):
        assert await issuer_keys.are_of_issuers(connection, kids) is expected
    with pytest.raises(ValueError, match=f"found {'x' * 16!r}, expected the id of a key that signs claims or receipts"):
        await issuer_keys.retire(connection, ["x" * 20])

"""The samples of items, batches, answers, feed and export that both ends read, and that no change may break."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from central.feed.cursor import Cursor
from central.intake.receiving.delivery import examine, read_batch
from common.protocol.envelope import BODIES, FIRST_PREV_HASH, Asked, Batch, BatchAnswer, Item, decode_body, item_hash
from common.protocol.export_part import open_export_part, read_export_part
from common.protocol.feed_page import FeedPage, read_places
from common.protocol.message_signature import SignatureRefused, verify_request, verify_response
from tests.golden.add_item import file_of

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
GOLDEN = Path(__file__).parents[2] / "golden"


def sample(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((GOLDEN / name).read_text(encoding="utf-8"))
    return read


def key(text: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(text))


# Those that the kiosk signed, in batch and export; a new kind's item comes after them.
SENT = [msgspec.convert(item, Item) for item in sample("items.json")["items"][:4]]


@pytest.mark.parametrize("file", sorted({file_of(kind) for kind in BODIES}), ids=lambda file: file.parent.name)
def test_the_chain_of_items_holds_and_has_each_kind_that_is_told_there(file: Path) -> None:
    sample = json.loads(file.read_text(encoding="utf-8"))
    items, before = [msgspec.convert(item, Item) for item in sample["items"]], FIRST_PREV_HASH
    for item in items:
        assert item.prev_hash == before
        assert item.hash == item_hash(sample["kiosk"], item)
        assert isinstance(decode_body(item.kind, item.body), BODIES[item.kind])
        before = item.hash
    assert {item.kind for item in items} == {kind for kind in BODIES if file_of(kind) == file}


@pytest.mark.parametrize("name", ["batch.json", "feed.json"])
def test_request_and_answer_verify_and_no_byte_may_change(name: str) -> None:
    said = sample(name)
    body, answer = said["request_body"].encode(), said["response_body"].encode()
    kiosk_keys, central_keys = {said["kiosk"]: key(said["kiosk_key"])}, {said["central_kid"]: key(said["central_key"])}
    target = {"method": said["method"], "url": said["url"], "request_headers": said["request_headers"]}
    verify_request(said["method"], said["url"], said["request_headers"], body, keys=kiosk_keys)
    verify_response(said["status"], said["response_headers"], answer, **target, keys=central_keys)
    with pytest.raises(SignatureRefused):
        verify_request(said["method"], said["url"], said["request_headers"], body + b" ", keys=kiosk_keys)
    with pytest.raises(SignatureRefused):
        verify_response(said["status"], said["response_headers"], answer[:-1], **target, keys=central_keys)


def test_central_reads_the_batch_as_the_kiosk_wrote_it() -> None:
    said = sample("batch.json")
    arrivals, health = read_batch(said["kiosk"], said["request_body"].encode(), NOW)
    assert [arrival.id for arrival in arrivals] == [item.id for item in SENT]
    assert health is not None
    assert arrivals == [examine(said["kiosk"], item, NOW) for item in SENT]


class OlderBatch(msgspec.Struct):
    """A batch as central read it before kiosks asked for orders."""

    items: list[msgspec.Raw]
    health: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    asked: list[Asked] = []


def test_a_batch_that_asks_for_orders_is_read_by_an_older_central_and_one_that_does_not_by_this_one() -> None:
    said, orders = sample("batch.json"), ["0f" * 16]
    asking = msgspec.json.encode(Batch(SENT, orders_asked=orders))
    older = msgspec.json.decode(asking, type=OlderBatch)
    assert [msgspec.json.decode(item, type=Item) for item in older.items] == SENT
    assert read_batch(said["kiosk"], asking, NOW)[1].orders_asked == orders
    assert read_batch(said["kiosk"], said["request_body"].encode(), NOW)[1].orders_asked == []


def test_the_kiosk_reads_answer_and_feed() -> None:
    answer = msgspec.json.decode(sample("batch.json")["response_body"], type=BatchAnswer)
    assert [result.id for result in answer.results] == [item.id for item in SENT]
    assert [result.result for result in answer.results] == ["applied", "duplicate", "applied", "quarantined"]
    page = msgspec.json.decode(sample("feed.json")["response_body"], type=FeedPage)
    assert (page.through, page.snapshot, page.messages[0].kind) == (8, False, "business-day")
    assert page.cursor.startswith(f"{page.epoch}.8.")
    assert [gap.after for gap in page.missing] == [38]


def test_central_reads_what_the_kiosk_asks_the_feed_with() -> None:
    asked = parse_qs(urlsplit(sample("feed.json")["url"]).query)
    cursor = Cursor.read(asked["after"][0])
    assert cursor is not None
    assert (cursor.id, str(cursor)) == (7, asked["after"][0])
    (place,) = read_places(asked["acked"][0])
    assert (place.seq, str(place)) == (41, asked["acked"][0])


def test_the_export_opens_with_the_kiosk_s_key() -> None:
    said = sample("export.json")
    part = read_export_part(said["line"].encode())
    assert open_export_part(part, key(said["kiosk_key"])).items == SENT

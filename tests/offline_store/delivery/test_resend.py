"""What central had acknowledged and lost goes out again by itself, or when a technician says so."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from common.protocol.envelope import ItemResult, decode_body
from common.protocol.feed_page import Gap
from offline_store.chain.epoch import reopen_tickets
from offline_store.delivery.connection.uplink import HttpUplink
from offline_store.delivery.outbox import Waiting, apply_results, list_items, waiting_items
from offline_store.delivery.resend import acknowledged_places, resend_since
from offline_store.disk import tables
from offline_store.identity import Identity
from tests.kit.delivering import Delivering


def events(kiosk: Delivering) -> list[str]:
    query = select(tables.items.c.body).where(tables.items.c.kind == "audit")
    with kiosk.store.read() as connection:
        return [decode_body("audit", body).event for body in connection.scalars(query)]  # type: ignore[union-attr]


def test_each_call_says_what_central_has_acknowledged(kiosk: Delivering) -> None:
    kiosk.tickets(3)
    kiosk.forwarder.run_once()
    last = list_items(kiosk.store, include_acknowledged=True)[-1]
    (place,) = acknowledged_places(kiosk.store)
    assert (place.epoch, place.seq) == (kiosk.store.epoch, last.seq)
    assert kiosk.central.acknowledged == {place.epoch: (place.seq, place.hash)}


@pytest.mark.parametrize("result", ["quarantined", "duplicate"])
def test_what_central_keeps_unread_names_no_place_of_the_chain(kiosk: Delivering, result: str) -> None:
    kiosk.tickets(3)
    *_, before, last = [one.item for one in _waiting(kiosk)]
    with kiosk.store.write() as connection:
        results = [ItemResult(one.id, "applied") for one in (before,)]
        apply_results(connection, [*results, ItemResult(last.id, result, "unreadable-item")], kiosk.clock.now())
    (place,) = acknowledged_places(kiosk.store)
    assert (place.seq, place.hash) == (before.seq, before.hash)


def _waiting(kiosk: Delivering) -> list[Waiting]:
    with kiosk.store.read() as connection:
        return waiting_items(connection)


def test_what_central_lacks_is_sent_again_and_nothing_else(kiosk: Delivering) -> None:
    kiosk.tickets(5)
    kiosk.forwarder.run_once()
    sent = [row.id for row in list_items(kiosk.store, include_acknowledged=True)]
    for lost in sent[3:]:
        del kiosk.central.items[lost]
    kiosk.central.batches.clear()
    kiosk.central.missing = [Gap(kiosk.store.epoch, 3)]
    kiosk.forwarder.run_once()
    assert kiosk.central.batches == [sent[3:]]
    assert set(kiosk.central.items) == set(sent)
    kiosk.forwarder.run_once()  # central asks still: once an hour is often enough
    assert len(kiosk.central.batches) == 1
    kiosk.clock.sleep(3601)
    kiosk.forwarder.run_once()
    assert kiosk.central.batches == [sent[3:], sent[3:]]


def test_the_same_gap_is_filled_again_where_central_is_set_back_again(kiosk: Delivering) -> None:
    kiosk.tickets(5)
    kiosk.forwarder.run_once()
    for epoch in ("epoch-2", "epoch-3"):  # within the hour: a copy was brought back, and then another one
        lost = [row.id for row in list_items(kiosk.store, include_acknowledged=True)][3:]
        for one in lost:
            kiosk.central.items.pop(one, None)
        kiosk.central.feed_epoch = epoch
        kiosk.central.missing = [Gap(kiosk.store.epoch, 3)]
        kiosk.forwarder.run_once()
        kiosk.central.missing = []
        kiosk.forwarder.run_once()
        assert set(lost) <= set(kiosk.central.items), epoch


def test_a_new_feed_epoch_is_said_in_the_chain_and_on_the_screen(kiosk: Delivering) -> None:
    kiosk.central.publish("settings", {"volume": 1})
    kiosk.forwarder.run_once()
    kiosk.central.feed_epoch = "epoch-2"
    kiosk.central.messages.clear()
    kiosk.forwarder._hear_page()
    assert "feed-epoch-changed" in events(kiosk)
    assert kiosk.alarms() == {"feed-went-back"}
    with kiosk.store.read() as connection:
        assert connection.execute(select(tables.settings)).all() == []
        assert connection.scalar(select(tables.feed.c.epoch)) == "epoch-2"
    kiosk.forwarder.run_once()
    assert kiosk.waiting() == []
    assert kiosk.alarms() == set()


def test_items_of_a_former_identity_go_out_again_in_a_new_feed_epoch(kiosk: Delivering) -> None:
    kiosk.tickets(2)
    kiosk.forwarder.run_once()
    of_former = [row.id for row in list_items(kiosk.store, include_acknowledged=True)]
    key = Ed25519PrivateKey.generate()
    kiosk.central.kiosks["kiosk-0002"] = key.public_key()
    identity = Identity("kiosk-0002", "homs-main", 3, kiosk.identity.central_keys)
    reopen_tickets(kiosk.store, identity, "b" * 64, kiosk.clock.now())
    new = HttpUplink(kiosk.central.url, kiosk="kiosk-0002", key=key, signing_keys=lambda: kiosk.central.keys)
    forwarder = kiosk.new_forwarder({"kiosk-0001": kiosk.uplink, "kiosk-0002": new}.get)
    forwarder.run_once()
    kiosk.central.items.clear()
    kiosk.central.feed_epoch = "epoch-2"
    forwarder.run_once()
    new.close()
    assert set(of_former) <= set(kiosk.central.items)


@pytest.mark.parametrize(("since", "expected"), [(None, 6), (1, 6), (4, 3), (6, 1), (7, 0)])
def test_a_technician_may_send_again_from_a_seq_on(kiosk: Delivering, since: int | None, expected: int) -> None:
    kiosk.tickets(4)
    kiosk.forwarder.run_once()
    assert len(kiosk.states()) == 6  # the store's opening, the day's, and four tickets
    assert resend_since(kiosk.store, since) == expected
    assert len(kiosk.waiting()) == expected
    kiosk.forwarder.run_once()
    assert set(kiosk.states().values()) == {"acknowledged"}
    reasons = [row.reason for row in list_items(kiosk.store, include_acknowledged=True)]
    assert reasons.count("duplicate") == expected


def test_what_central_refused_is_not_sent_again_by_this(kiosk: Delivering) -> None:
    ticket = kiosk.tickets(1)[0]
    kiosk.central.refuse[ticket] = ("conflict", "id-taken")
    kiosk.forwarder.run_once()
    resend_since(kiosk.store, None)
    assert kiosk.states()[ticket] == "dead"

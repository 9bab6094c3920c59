"""A kiosk that enrols at another central or in another centre forgets what only the former one said."""

import base64
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from common.machine.errors import PlainError, StoreUnavailable
from common.protocol.feed_message import DEMO_KEY_UNTIL, AppKey, AppKeyRevoked, BusinessDay, OrderState, Technician
from kiosk.delivery.enrolment import load
from kiosk.delivery.forwarding import open_forwarder
from kiosk.settings.sections import CentralSection, KioskConfig, KioskSection
from offline_store.chain.audit import record
from offline_store.delivery.order_questions import note_question
from offline_store.delivery.outbox import list_items
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.feed.feed_keys import is_demo_key_known, signing_keys
from offline_store.issuing.intake import TicketRequest, accept_ticket
from offline_store.opening import open_store_in
from tests.kiosk.delivery.test_enrolment import (
    HERE,
    _cheap_hashes,  # noqa: F401 - a fixture for all here
    _enrol,
)
from tests.kit.clock import HandClock
from tests.kit.fake_central import FakeCentral


def _hear(data_dir: Path, central: FakeCentral) -> Store:
    """Deliver and hear the feed of `central`; the open store."""
    config = KioskConfig(
        kiosk=KioskSection(centre="homs-main", data_dir=str(data_dir)), central=CentralSection(url=central.url)
    )
    store = open_store_in(data_dir, load(data_dir).identity, stamp=HandClock().now(), machine=HERE)
    with open_forwarder(config, store, HandClock()) as forwarder:
        forwarder.run_once()
    return store


def _publish(central: FakeCentral) -> None:
    public = base64.b64encode(b"k" * 32).decode()
    central.publish("app-key", AppKey("00aa", public, 0, DEMO_KEY_UNTIL))
    central.publish("technician", Technician("t1", "Rana", "homs-main", "manager", "$argon2id$x"))
    central.publish("catalogue", {"services": [{"code": "clearance"}]})
    central.publish("settings", {"screen.brightness": 30})
    central.publish("order-state", OrderState("ab" * 16, "ready"))
    central.publish("business-day", BusinessDay("2026-11-26", 900))


ASKED = "cd" * 16


FEED_TABLES = (
    tables.app_keys, tables.technicians, tables.catalogue, tables.settings, tables.order_states,
    tables.order_questions,
)  # fmt: skip


def _counts(store: Store) -> list[int]:
    with store.read() as connection:
        return [len(connection.execute(table.select()).all()) for table in FEED_TABLES]


def test_a_kiosk_that_enrols_at_another_central_forgets_all_that_the_first_one_said(
    tmp_path: Path, central: FakeCentral
) -> None:
    data, pilot = tmp_path / "var", FakeCentral()
    _enrol(data, pilot)
    _publish(pilot)
    with _hear(data, pilot) as store:
        note_question(store, ASKED)
        assert _counts(store) == [1, 1, 1, 1, 1, 1]
        with store.read() as connection:
            assert is_demo_key_known(connection)
        waiting = record(store, "late", HandClock().now())
    pilot.close()
    _enrol(data, central)
    central.publish("business-day", BusinessDay("2026-11-27", 1))
    with _hear(data, central) as store:
        assert _counts(store) == [0, 0, 0, 0, 0, 0]
        assert set(signing_keys(store)) == {central.kid}
        with store.read() as connection:
            assert not is_demo_key_known(connection)
            assert connection.execute(tables.feed.select()).one().through == 1
            assert "2026-11-27" in set(connection.scalars(select(tables.business_days.c.date)))
        states = {row.id: (row.state, row.reason) for row in list_items(store, include_acknowledged=True)}
        assert states[waiting] == ("dead", "former-central")
    # Nor does it lie about for a salvage to find.
    left = (
        (data / "store.db").read_bytes() + (data / "store.db-wal").read_bytes()
        if (data / "store.db-wal").exists()
        else (data / "store.db").read_bytes()
    )
    assert pilot.kid.encode() not in left


def test_a_kiosk_that_moves_to_another_centre_keeps_revoked_keys_and_forgets_its_people(
    tmp_path: Path, central: FakeCentral
) -> None:
    data = tmp_path / "var"
    _enrol(data, central)
    _publish(central)
    central.publish("app-key-revoked", AppKeyRevoked("00aa", 5))
    with _hear(data, central) as store:
        note_question(store, ASKED)
    central.centre = "homs-new"
    _enrol(data, central, centre="homs-new")
    with open_store_in(data, load(data).identity, stamp=HandClock().now(), machine=HERE) as store:
        assert _counts(store) == [1, 0, 0, 0, 0, 0]
        with store.read() as connection:
            assert connection.scalar(select(tables.app_keys.c.revoked_at)) == 5
            assert connection.scalar(select(tables.feed.c.cursor)) is None


def test_enrolling_again_at_the_same_central_keeps_what_it_said(tmp_path: Path, central: FakeCentral) -> None:
    data = tmp_path / "var"
    _enrol(data, central)
    _publish(central)
    with _hear(data, central) as store:
        note_question(store, ASKED)
    _enrol(data, central)
    with open_store_in(data, load(data).identity, stamp=HandClock().now(), machine=HERE) as store:
        assert _counts(store) == [1, 1, 1, 1, 1, 1]


def test_a_running_kiosk_gives_no_number_once_central_has_moved_it_to_another_centre(
    tmp_path: Path, central: FakeCentral
) -> None:
    _enrol(tmp_path, central)
    stamp = HandClock().now()
    with open_store_in(tmp_path, load(tmp_path).identity, stamp=stamp, machine=HERE) as running:
        give = partial(accept_ticket, running, TicketRequest("clearance", "B"), stamp=stamp)
        assert give(intention="before").number == "B1001"
        central.centre = "homs-new"  # central frees the digit here for another kiosk
        with pytest.raises(PlainError, match="correct the settings"):
            _enrol(tmp_path, central, centre="homs-main")
        assert load(tmp_path).centre == "homs-new"
        with pytest.raises(StoreUnavailable, match="replaced meanwhile"):
            give(intention="after")

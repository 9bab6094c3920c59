"""Kiosk and central as they are, over HTTP: what one says the other takes, once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.delivery.enrolment import load, signing_key
from offline_store.chain.audit import record
from offline_store.delivery.connection.delivery_error import DeliveryRejected
from offline_store.delivery.export import export_backlog
from offline_store.feed.feed_keys import signing_keys
from offline_store.issuing.sealing import current_sealing_key
from offline_store.opening import open_store_in
from tests.kiosk.delivery.live import EnrolledKiosk, RealCentral


@pytest.fixture(scope="module")
def central(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealCentral]:
    running = RealCentral(tmp_path_factory.mktemp("central"))
    yield running
    running.close()


@pytest.fixture
def kiosk(tmp_path: Path, central: RealCentral) -> Iterator[EnrolledKiosk]:
    enrolled = EnrolledKiosk(tmp_path / "kiosk", central)
    yield enrolled
    enrolled.store.close()
    central.run("revoke", enrolled.said.kiosk)  # nine digits a centre and day are soon used up


def test_a_day_s_items_are_applied_once_each(kiosk: EnrolledKiosk, central: RealCentral) -> None:
    tickets = {kiosk.ticket() for _ in range(130)}
    assert kiosk.forward() == len(kiosk.states())
    applied = [row["id"] for row in central.run("inbox") if row["kiosk"] == kiosk.said.kiosk]
    assert len(applied) == len(set(applied))
    assert tickets < set(applied) == set(kiosk.states())
    assert kiosk.forward() == 0


def test_what_went_by_stick_is_a_duplicate_by_network(
    kiosk: EnrolledKiosk, central: RealCentral, tmp_path: Path
) -> None:
    ticket = kiosk.ticket()
    path, count = export_backlog(kiosk.store, tmp_path, lambda name: signing_key(kiosk.folder, name), kiosk.clock.now())
    central.run("import", str(path))
    assert len([row for row in central.run("inbox") if row["kiosk"] == kiosk.said.kiosk]) == count
    assert kiosk.states()[ticket] == ("waiting", None)
    kiosk.forward()
    assert kiosk.states()[ticket] == ("acknowledged", "duplicate")


def test_central_s_keys_may_change_while_the_kiosk_is_away(kiosk: EnrolledKiosk, central: RealCentral) -> None:
    before = set(signing_keys(kiosk.store))
    old_item = kiosk.ticket()
    for _ in range(2):
        central.run("publish", "central-keys", "-", given={"rotate": ["signing", "sealing"]})
    kiosk.forward()
    assert len(set(signing_keys(kiosk.store)) - before) == 2
    with kiosk.store.read() as connection:
        sealing = current_sealing_key(connection).kid
    assert sealing != load(kiosk.folder).sealing_key.kid
    new_item = kiosk.ticket()
    kiosk.forward()
    assert {kiosk.states()[one][0] for one in (old_item, new_item)} == {"acknowledged"}
    assert not [row for row in central.run("findings") if row.get("kiosk") == kiosk.said.kiosk]


def test_a_signing_key_is_taken_back_and_the_kiosk_goes_on(kiosk: EnrolledKiosk, central: RealCentral) -> None:
    kiosk.forward()
    before = set(signing_keys(kiosk.store))
    central.run("publish", "central-keys", "-", given={"rotate": ["signing"]})
    central.run("publish", "central-keys", "-", given={"retire": sorted(before)})
    kiosk.ticket()
    kiosk.forward()  # hears of both at once, from a key that it then believes no more
    kiosk.ticket()
    kiosk.forward()
    assert not before & set(signing_keys(kiosk.store))
    assert {state for state, _ in kiosk.states().values()} == {"acknowledged"}


def test_a_kiosk_whose_store_was_lost_verifies_central_also_after_its_key_changed(
    kiosk: EnrolledKiosk, central: RealCentral
) -> None:
    central.run("publish", "central-keys", "-", given={"rotate": ["signing"]})
    for _ in range(2):  # by the second one central knows that the new key is known
        kiosk.forward()
    kiosk.store.close()
    for file in kiosk.folder.glob("store.db*"):
        file.unlink()
    kiosk.store = open_store_in(kiosk.folder, load(kiosk.folder).identity, stamp=kiosk.clock.now())
    assert kiosk.forward() == len(kiosk.states()) > 0
    assert {state for state, _ in kiosk.states().values()} == {"acknowledged"}


def test_a_revoked_kiosk_s_late_backlog_is_taken_into_quarantine(kiosk: EnrolledKiosk, central: RealCentral) -> None:
    kiosk.forward()
    late = record(kiosk.store, "late", kiosk.clock.now())
    central.run("revoke", kiosk.said.kiosk)
    with pytest.raises(DeliveryRejected):  # it gets no feed any more, and says so
        kiosk.forward()
    assert kiosk.states()[late] == ("acknowledged", "quarantined: kiosk-revoked")

"""A revoked kiosk closes on central's signed word, on no other; its digit rests; what it may still say is bounded."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from common.machine.errors import TicketsClosed
from common.protocol.envelope import decode_body
from kiosk.delivery.enrolment import enrol, load
from offline_store.delivery.connection.delivery_error import DeliveryRejected
from offline_store.disk import tables
from offline_store.issuing.intake import OrderRequest, accept_order
from tests.kiosk.delivery.live import EnrolledKiosk, RealCentral
from tests.kit.delivering import Delivering
from tests.kit.fake_central import FakeCentral, Fault, Reply, status


@pytest.fixture(scope="module")
def central(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealCentral]:
    running = RealCentral(tmp_path_factory.mktemp("central"))
    yield running
    running.close()


def events(kiosk: EnrolledKiosk) -> list[str]:
    query = select(tables.items.c.body).where(tables.items.c.kind == "audit").order_by(tables.items.c.row)
    with kiosk.store.read() as connection:
        return [decode_body("audit", body).event for body in connection.scalars(query)]  # type: ignore[union-attr]


def test_tickets_and_orders_close_and_the_digit_is_free_once_the_kiosk_has_said_so(
    central: RealCentral, tmp_path: Path
) -> None:
    kiosk = EnrolledKiosk(tmp_path / "kiosk", central)
    kiosk.ticket()
    kiosk.forward()
    central.run("revoke", kiosk.said.kiosk)
    kiosk.ticket()  # it has not heard of it yet
    for _ in range(2):
        with pytest.raises(DeliveryRejected, match="revoked"):
            kiosk.forward()
    with pytest.raises(TicketsClosed, match="kiosk-revoked"):
        kiosk.ticket()
    with pytest.raises(TicketsClosed, match="kiosk-revoked"):
        accept_order(
            kiosk.store,
            OrderRequest(outcome="accepted", code="SY1:X", order_id="ab" * 16),
            intention="scan",
            stamp=kiosk.clock.now(),
        )
    assert events(kiosk).count("kiosk-revoked") == 1
    kept = [row for row in central.run("quarantine") if row["kiosk"] == kiosk.said.kiosk]
    assert [row["kind"] for row in kept] == ["ticket", "audit"]
    kiosk.store.close()
    code = central.run("enrolment-code", "--centre", "homs-main")[0]["code"]
    said = enrol(kiosk.folder, url=central.url, code=code, centre="homs-main", clock=kiosk.clock)
    assert said.kiosk != kiosk.said.kiosk
    again = EnrolledKiosk.__new__(EnrolledKiosk)
    again.folder, again.clock, again.said, again.config = kiosk.folder, kiosk.clock, said, kiosk.config
    again.store = again.open(load(kiosk.folder).identity)
    again.ticket()
    again.forward()
    again.store.close()


def test_what_was_said_to_the_revoked_kiosk_alone_is_not_the_new_one_s(central: RealCentral, tmp_path: Path) -> None:
    kiosk = EnrolledKiosk(tmp_path / "kiosk", central)
    central.run("publish", "settings", "-", "--kiosk", kiosk.said.kiosk, given={"screen.brightness": 20})
    kiosk.forward()
    central.run("revoke", kiosk.said.kiosk)
    again = kiosk.enrol(central)
    kiosk.store.close()
    kiosk.store = kiosk.open(load(kiosk.folder).identity)
    kiosk.forward()
    with kiosk.store.read() as connection:
        held = list(connection.scalars(select(tables.settings.c.key)))
    kiosk.store.close()
    assert (held, central.run("settings", "--kiosk", again.kiosk)) == ([], [{}])


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[Delivering]:
    central = FakeCentral()
    delivering = Delivering(tmp_path, central)
    yield delivering
    delivering.close()
    central.close()


def revoked(reply: Reply) -> Reply:
    return replace(reply, status=403, body=b'{"type":"/problems/kiosk-revoked","detail":"no"}')


@pytest.mark.parametrize("code", [401, 403])
def test_a_word_that_central_did_not_sign_closes_nothing(fake: Delivering, code: int) -> None:
    for fault in (status(code), Fault(instead=revoked(Reply())), Fault(reply=revoked)):
        fake.central.every["feed"] = fault
        with pytest.raises(DeliveryRejected):
            fake.forwarder.run_once()
    assert len(fake.tickets(1)) == 1
    with fake.store.read() as connection:
        assert connection.scalar(select(tables.store.c.tickets_closed)) is None

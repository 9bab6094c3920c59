"""A kiosk whose disk was put back to a copy: its places in the chain are taken, until it is enrolled again."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from offline_store.delivery.outbox import retry
from offline_store.disk import tables
from tests.kiosk.delivery.live import EnrolledKiosk, RealCentral


@pytest.fixture
def central(tmp_path: Path) -> Iterator[RealCentral]:
    (tmp_path / "central").mkdir()
    central = RealCentral(tmp_path / "central")
    yield central
    central.close()


def test_a_kiosk_put_back_to_a_copy_delivers_again_once_it_is_enrolled_again(
    central: RealCentral, tmp_path: Path
) -> None:
    kiosk = EnrolledKiosk(tmp_path / "kiosk", central)
    kiosk.ticket()
    kiosk.forward()
    kiosk.store.close()
    shutil.copytree(tmp_path / "kiosk", tmp_path / "copy")
    kiosk.store = kiosk.open(kiosk.store.identity)
    for _ in range(5):
        kiosk.ticket()
    kiosk.forward()
    given = set(numbers(kiosk))
    kiosk.store.close()
    shutil.rmtree(tmp_path / "kiosk")
    shutil.copytree(tmp_path / "copy", tmp_path / "kiosk")

    kiosk.store = kiosk.open(kiosk.store.identity)
    lost = kiosk.ticket()
    kiosk.forward()
    assert kiosk.states()[lost] == ("dead", "conflict: sequence-taken")
    retry(kiosk.store, lost)  # as a technician tries
    kiosk.forward()
    assert kiosk.states()[lost] == ("dead", "conflict: sequence-taken"), "refused as before, and kept"
    kiosk.store.close()
    again = kiosk.enrol(central)
    assert again.kiosk == kiosk.said.kiosk
    kiosk.store = kiosk.open(kiosk.store.identity)
    before = set(numbers(kiosk))
    taken = kiosk.ticket()
    kiosk.forward()
    assert kiosk.states()[taken] == ("acknowledged", None)
    assert not (set(numbers(kiosk)) - before) & given, "no number of the time behind the copy is given again"
    kiosk.store.close()


def numbers(kiosk: EnrolledKiosk) -> list[str]:
    with kiosk.store.read() as connection:
        return list(connection.scalars(select(tables.tickets.c.number)))

"""What runs beside delivery goes on after a fault of the disk: its thread is begun by nobody else."""

import threading
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.machine.records.keys import write_key
from common.protocol.feed_message import HubRecord
from offline_store import beside as besides
from offline_store.beside import beside
from offline_store.delivery.enrolment import make_folder, signing_key
from offline_store.queue.hub_client import HubCalls
from offline_store.queue.listener import HubListener
from tests.offline_store.queue.hubs import Place

pytestmark = pytest.mark.timeout(60)


def test_a_hub_is_told_again_once_the_disk_gives_the_key(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(besides, "AGAIN_S", 0.01)
    make_folder(tmp_path)
    key = tmp_path / "keys" / "kiosk-1.key"
    key.mkdir()  # as a sector that does not read
    was_asked, told = threading.Event(), threading.Event()

    def client_of(hub: HubRecord) -> HubCalls:
        try:
            signing_key(tmp_path, "kiosk-1")
        finally:
            was_asked.set()
        return place.hubs[hub.id]

    listener = HubListener(place.store, client_of, place.clock)
    place.clock.while_sleeping = lambda: told.set() if place.hubs["hub-1"].told else None
    number = place.give()
    with beside("hub-listener", listener.run):
        assert was_asked.wait(20)
        key.rmdir()
        write_key(key, Ed25519PrivateKey.generate())
        assert told.wait(20)
    assert place.hubs["hub-1"].told == [number]

"""The hub's forwarder as it is put together: with its own key, and what it says of itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import update

from common.messages.modem_note import FILE, ModemSaid
from common.messages.settings import ModemSection
from hub.delivery import forwarding
from hub.settings import CentralSection, HubConfig, HubSection
from offline_store.alarms import raise_alarm
from offline_store.disk import tables
from offline_store.inquiries.carrier import PATIENCE
from offline_store.printed import tallies
from tests.hub.hall import CENTRE, Hall

URL = "https://central.example"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the parts were made of, in their order."""
    noted: list[Any] = []

    @contextmanager
    def open_uplinks(*given: Any) -> Iterator[str]:
        noted.append(("uplinks", *given[:4], given[4]("hub-0001"), *given[5:]))
        yield "uplinks"
        noted.append("uplinks closed")

    class Watch:
        def __init__(self, store: object) -> None:
            noted.append(("watch", store))

        def close(self) -> None:
            noted.append("watch closed")

    monkeypatch.setattr(forwarding, "open_uplinks", open_uplinks)
    monkeypatch.setattr(forwarding, "DeliveryWatch", Watch)
    monkeypatch.setattr(forwarding, "signing_key", lambda folder, hub: f"key of {hub} in {folder}")
    monkeypatch.setattr(forwarding, "_answers", lambda *given: noted.append(("asked", *given)))
    monkeypatch.setattr(forwarding, "machine_pepper", lambda: b"pepper")
    monkeypatch.setattr(forwarding, "ask_again_for_pins", lambda *given: noted.append(("pins", *given)))
    monkeypatch.setattr(forwarding, "update_of", lambda name: {"of": name})
    monkeypatch.setattr(forwarding, "lacking", lambda data_dir, _now: {"10.0.0.9": "timer"} if data_dir else {})
    monkeypatch.setattr(forwarding, "Forwarder", lambda *given, **named: noted.append(("forwarder", *given, named)))
    monkeypatch.setattr(forwarding, "Carrier", lambda *given: noted.append(("carrier", *given)))
    return noted


def test_a_forwarder_tells_of_health_and_who_waits_and_lets_all_go(hall: Hall, made: list[Any]) -> None:
    ca_file = "/ca.pem"
    config = HubConfig(
        hub=HubSection(centre=CENTRE, data_dir="/var/hub"), central=CentralSection(url=URL, ca_file=ca_file)
    )
    store, key = hall.hub.store, "key of hub-0001 in /var/hub"
    uplinks = ("uplinks", store, hall.clock, URL, Path(ca_file), key)
    with forwarding.open_forwarder(config, hall.hub, hall.clock):
        pass
    named = made[3][-1]
    health, waiting = named.pop("health"), named.pop("waiting")
    assert made[:3] == [("pins", store, b"pepper"), ("watch", store), uplinks]
    assert made[3][:-1] == ("forwarder", store, "uplinks", hall.clock)
    assert list(named) == ["watch"]
    with store.write() as connection:
        tallies.add(connection, "restarts", 3)
    assert health() == {
        "version": version("homs-kiosk"),
        "update": {"of": "hub"},
        "boards": {"10.0.0.9": "timer"},
        "alarms": [],
        "tallies": {"restarts": 3},
    }
    assert waiting._hub is hall.hub
    assert made[4:] == ["uplinks closed", "watch closed", ("asked", config, hall.hub)]
    made.clear()
    with forwarding.open_carrier(config, hall.hub, hall.clock):
        pass
    assert made == [(*uplinks, PATIENCE), ("carrier", store, "uplinks", hall.clock), "uplinks closed"]


@pytest.mark.parametrize(
    ("said", "alarms"),
    [
        (ModemSaid("", "Online", "ready", "", True), []),
        (ModemSaid("", "Offline", "ready", "", False), ["modem-down"]),
        (ModemSaid("", "Online", "locked", "", False), ["modem-down", "pin-tries-0"]),
        (ModemSaid("", "Online", "pin", "", False), ["pin-wanted"]),
        (ModemSaid("", "Online", "pin", "", False, detail="sim-pin-refused", pin_tries_left=2),
         ["pin-refused", "pin-tries-2"]),
        (ModemSaid("", "Online", "pin", "", False, detail="sim-pin-refused", pin_tries_left=9),
         ["pin-refused", "pin-tries-3"]),
    ],
)  # fmt: skip
def test_central_hears_what_keeps_texts_from_going_out(
    hall: Hall, tmp_path: Path, said: ModemSaid, alarms: list[str]
) -> None:
    def told(**sections: Any) -> object:
        section, central = HubSection(centre=CENTRE, data_dir=str(tmp_path)), CentralSection(url=URL)
        return forwarding._health(HubConfig(hub=section, central=central, **sections), hall.hub.store, hall.clock)[
            "alarms"
        ]

    (tmp_path / FILE).write_bytes(msgspec.json.encode(said))
    assert told(modem=ModemSection(port="/dev/ttyUSB0")) == alarms
    assert told() == [], "what a modem that is set up no more once said"


def test_central_hears_of_refused_items_and_alarms_of_the_store(hall: Hall) -> None:
    config = HubConfig(hub=HubSection(centre=CENTRE), central=CentralSection(url=URL))
    with hall.hub.store.write() as connection:
        raise_alarm(connection, "feed-went-back", "", hall.clock.now())
        connection.execute(update(tables.items).values(state="dead"))
    found = forwarding._health(config, hall.hub.store, hall.clock)["alarms"]
    assert found == ["feed-went-back", "dead-letters"]

"""The kiosk's forwarder, its carrier and its listener as they are put together: of which key, address and authority."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from common.protocol.feed_message import HubRecord
from kiosk.delivery import forwarding
from kiosk.settings.sections import CentralSection, KioskConfig, KioskSection
from offline_store.inquiries.carrier import PATIENCE
from tests.kit.clock import HandClock

URL = "https://central.example"
STORE: Any = SimpleNamespace(identity=SimpleNamespace(kiosk="kiosk-1"))
CLOCK = HandClock()


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the parts were made of, in their order."""
    noted: list[Any] = []

    @contextmanager
    def open_uplinks(*given: Any) -> Iterator[str]:
        noted.append(("uplinks", *given[:4], given[4]("kiosk-1"), *given[5:]))
        yield "uplinks"
        noted.append("uplinks closed")

    @contextmanager
    def beside(name: str, work: Any) -> Iterator[None]:
        noted.append((name, work))
        yield
        noted.append(f"{name} ended")

    class Watch:
        def __init__(self, store: object) -> None:
            noted.append(("watch", store))

        def close(self) -> None:
            noted.append("watch closed")

    def make(name: str, result: Any = None) -> Any:
        def part(*given: Any, **named: Any) -> Any:
            noted.append((name, *given, *([named] if named else [])))
            return result

        return part

    monkeypatch.setattr(forwarding, "open_uplinks", open_uplinks)
    monkeypatch.setattr(forwarding, "beside", beside)
    monkeypatch.setattr(forwarding, "DeliveryWatch", Watch)
    monkeypatch.setattr(forwarding, "signing_key", lambda folder, name: None if name == "lost" else f"{name}@{folder}")
    monkeypatch.setattr(forwarding, "machine_pepper", lambda: b"pepper")
    monkeypatch.setattr(forwarding, "ask_again_for_pins", make("pins"))
    monkeypatch.setattr(forwarding, "Forwarder", make("forwarder"))
    monkeypatch.setattr(forwarding, "Carrier", make("carrier"))
    monkeypatch.setattr(forwarding, "HttpHub", lambda *given: given)
    monkeypatch.setattr(forwarding, "HubListener", make("listener", SimpleNamespace(run="run")))
    return noted


def settings(ca_file: str | None = "/ca.pem") -> KioskConfig:
    kiosk = KioskSection(centre="homs-main", data_dir="/var/kiosk")
    return KioskConfig(kiosk=kiosk, central=CentralSection(url=URL, ca_file=ca_file))


@pytest.mark.parametrize("ca_file", ["/ca.pem", None])
def test_a_forwarder_reports_health_and_a_carrier_is_patient(made: list[Any], ca_file: str | None) -> None:
    config = settings(ca_file)
    uplinks = ("uplinks", STORE, CLOCK, URL, None if ca_file is None else Path(ca_file), "kiosk-1@/var/kiosk")
    with forwarding.open_forwarder(config, STORE, CLOCK):
        pass
    *parts, named = made[3]
    assert made[:3] == [("pins", STORE, b"pepper"), ("watch", STORE), uplinks]
    assert parts == ["forwarder", STORE, "uplinks", CLOCK]
    assert sorted(named) == ["health", "watch"]
    assert list(named["health"]()) == ["version"], "before the kiosk ever ran"
    assert made[4:] == ["uplinks closed", "watch closed"]
    made.clear()
    with forwarding.open_carrier(config, STORE, CLOCK):
        pass
    assert made == [(*uplinks, PATIENCE), ("carrier", STORE, "uplinks", CLOCK), "uplinks closed"]


def test_the_hub_is_told_beside_delivery_with_the_kiosk_s_key_and_what_it_needs_somebody_for(
    made: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = iter([None, {"paper": "Out"}])
    monkeypatch.setattr(forwarding, "health_report", lambda _folder: lambda: next(reports))
    with forwarding.hubs_told(settings(), STORE, CLOCK):
        (name, store, client_of, clock, needs) = made[0]
        assert (name, store, clock, made[1:]) == ("listener", STORE, CLOCK, [("hub-listener", "run")])
    assert made[2:] == ["hub-listener ended"]
    assert (needs(), needs()) == ([], ["paper-out"])
    hub = HubRecord("hub-1", "https://hub", "key")
    assert client_of(hub) == (hub, "kiosk-1", "kiosk-1@/var/kiosk")
    lost = cast("Any", SimpleNamespace(identity=SimpleNamespace(kiosk="lost")))
    made.clear()
    with (
        forwarding.hubs_told(settings(), lost, CLOCK),
        pytest.raises(ValueError, match="the key of kiosk lost is not on this disk: enrol it again"),
    ):
        made[0][2](hub)

"""The forwarder put together: this kiosk's keys, central's address and pinned CA, the clock, the health report."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import msgspec

from common.machine.pepper import machine_pepper
from common.machine.stamp import Clock
from common.protocol.feed_message import HubRecord
from common.protocol.queue.call import KioskNeed
from kiosk.health import FILE as HEALTH_FILE
from kiosk.settings.sections import KioskConfig
from offline_store.beside import beside
from offline_store.delivery.connection.uplinks import open_uplinks
from offline_store.delivery.delivery_watch import DeliveryWatch
from offline_store.delivery.enrolment import signing_key
from offline_store.delivery.forwarder import Forwarder
from offline_store.disk.database import Store
from offline_store.feed.pins import ask_again_for_pins
from offline_store.inquiries.carrier import PATIENCE, Carrier
from offline_store.queue.hub_client import HttpHub
from offline_store.queue.listener import HubListener
from offline_store.serving import ServingWatch, is_served

MAX_HEALTH_BYTES: Final = 64 * 1024


@contextlib.contextmanager
def open_forwarder(config: KioskConfig, store: Store, clock: Clock) -> Iterator[Forwarder]:
    """Make the forwarder of an open store; its connections close when the block ends.

    Raises:
        ValueError: central's address is not https with a CA, nor http on loopback.
    """
    central, ca_file = config.central.url, config.central.ca_file
    key_of = partial(signing_key, config.data_dir)
    ask_again_for_pins(store, machine_pepper())
    with (
        contextlib.closing(DeliveryWatch(store)) as watch,
        open_uplinks(store, clock, central, None if ca_file is None else Path(ca_file), key_of) as uplink_of,
    ):
        report, serves = (
            health_report(config.data_dir),
            ServingWatch(partial(is_served, config.data_dir), clock.boottime),
        )
        yield Forwarder(store, uplink_of, clock, health=lambda: serves.told(report()), watch=watch)


@contextlib.contextmanager
def open_carrier(config: KioskConfig, store: Store, clock: Clock) -> Iterator[Carrier]:
    """Make the carrier of an open store's inquiries; its connections close when the block ends. Raises ValueError."""
    ca_file = config.central.ca_file
    path, key_of = None if ca_file is None else Path(ca_file), partial(signing_key, config.data_dir)
    with open_uplinks(store, clock, config.central.url, path, key_of, PATIENCE) as uplink_of:
        yield Carrier(store, uplink_of, clock)


@contextlib.contextmanager
def hubs_told(config: KioskConfig, store: Store, clock: Clock) -> Iterator[None]:
    """Tell the centre's hub of this kiosk's tickets while the block runs, in a thread that delivery never waits for."""

    def client_of(hub: HubRecord) -> HttpHub:
        kiosk = store.identity.kiosk
        key = signing_key(config.data_dir, kiosk)
        if key is None:
            raise ValueError(f"the key of kiosk {kiosk} is not on this disk: enrol it again")
        return HttpHub(hub, kiosk, key)

    report = health_report(config.data_dir)
    listener = HubListener(store, client_of, clock, lambda: needs_of(report() or {}))
    with beside("hub-listener", listener.run):
        yield


def needs_of(report: Mapping[str, Any]) -> list[str]:
    """Return for what a kiosk needs somebody of its centre, by what it last said of itself."""
    devices, said = report.get("devices"), dict[KioskNeed, bool]()
    is_broken = isinstance(devices, dict) and devices.get("printer") == "HardwareError"
    said["paper-out"] = report.get("paper") == "Out"
    said["printer-cutter"] = is_broken or report.get("paper") == "Jammed"
    said["on-battery"] = report.get("power") == "battery"
    return [name for name, is_so in said.items() if is_so]


def health_report(data_dir: Path) -> Callable[[], dict[str, Any] | None]:
    """Return a reader of the newest health report that the kiosk's process wrote; it opens the file only on change.

    Before that process ever ran the report says the version alone, so that central tells what this version knows.
    """
    path = data_dir / HEALTH_FILE
    seen: tuple[int, int] = (0, 0)
    report: dict[str, Any] | None = {"version": version("homs-kiosk")}

    def read() -> dict[str, Any] | None:
        nonlocal seen, report
        try:
            state = path.stat()
            if (state.st_mtime_ns, state.st_ino) != seen and state.st_size <= MAX_HEALTH_BYTES:
                report = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
                seen = (state.st_mtime_ns, state.st_ino)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return report  # none yet, or just being replaced
        return report

    return read

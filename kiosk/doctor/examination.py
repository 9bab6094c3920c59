"""All checks in the order in which a person mends things: settings, software, machine, disk, identity, store, rest."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import structlog

from common.machine.clock import SystemClock
from common.machine.doctor.finding import Finding, ok, problem, skipped
from common.machine.errors import ConfigError, NotEnrolled, PlainError, StoreError
from kiosk.delivery import enrolment
from kiosk.delivery.enrolment import Enrolment
from kiosk.doctor.disk import check_disk
from kiosk.doctor.guide import INSTALLED, check_machine
from kiosk.doctor.hardening import check_encryption, check_hardening, check_sockets_of
from kiosk.doctor.machine import Machine
from kiosk.doctor.outside import (
    check_central,
    check_clock,
    check_devices,
    check_headset,
    check_power,
    check_service_key,
    port_names,
)
from kiosk.doctor.software import check_software, check_tiles
from kiosk.doctor.stored import check_machine_id, check_store
from kiosk.runtime.parts import CurrentCatalogue, OpenStore, open_store
from kiosk.settings.config import load
from kiosk.settings.sections import KioskConfig
from offline_store.delivery.connection.uplink import HttpUplink
from offline_store.feed.feed_keys import signing_keys

_log = structlog.get_logger(__name__)


def examine(config_path: Path, data_dir: Path | None = None) -> Iterator[Finding]:
    """Look at everything that this kiosk needs, one finding after the other as it is made.

    A check that fails in a way nobody foresaw is a finding too, and the others go on.

    Args:
        config_path: the settings.
        data_dir: a copy of the data folder to look at instead of the one in the settings.
    """
    try:
        config = load(config_path)
    except ConfigError as error:
        yield problem("settings", str(error), "correct this line")
        return
    if data_dir is not None:
        config = msgspec.structs.replace(
            config, kiosk=msgspec.structs.replace(config.kiosk, data_dir=str(data_dir.absolute()))
        )
    yield ok("settings", f"{config_path} reads")
    yield from _guarded("software", lambda: check_software(config))
    yield from _guarded("machine", check_machine)
    yield from _guarded("disk", lambda: check_disk(config.data_dir))
    yield from _guarded("identity", lambda: _check_enrolled(config))
    yield from _guarded("hardening", lambda: _check_theft(config))
    yield from _guarded("devices", lambda: check_devices(config))
    yield from _guarded("service key", lambda: iter([check_service_key(config)]))
    yield from _guarded("headset", lambda: iter([check_headset(config)]))
    yield from _guarded("battery", lambda: iter([check_power(config)]))


def _check_theft(config: KioskConfig) -> Iterator[Finding]:
    machine = Machine()
    if machine.exists(INSTALLED):
        yield from check_hardening(machine)
        yield check_sockets_of(port_names(config))
        yield check_encryption(config.data_dir)


def _check_enrolled(config: KioskConfig) -> Iterator[Finding]:
    """Look at everything that needs to know who this kiosk is."""
    try:
        own = enrolment.load(config.data_dir)
    except NotEnrolled as error:
        yield problem("identity", str(error), "kiosk enrol --central URL --code CODE")
        yield check_clock(SystemClock())
        yield skipped("store", "there is none before enrolment")
        yield skipped("central", "it answers no kiosk that it doesn't know")
        return
    except PlainError as error:
        yield problem("identity", str(error), "owner and mode of data_dir: the kiosk's user, 0600")
        return
    yield from _check_identity(config, own)
    yield check_machine_id()
    try:
        with open_store(config) as opened:
            yield from check_store(opened.store, opened.clock.now())
            yield check_tiles(config.kiosk.tiles, CurrentCatalogue(opened.store)())
            yield check_clock(opened.clock)
            yield from _ask_central(config, own, opened)
    except StoreError as error:
        yield problem("store", str(error), "free space, owner, mount and disk of data_dir; what else holds it")


def _check_identity(config: KioskConfig, own: Enrolment) -> Iterator[Finding]:
    if own.centre != config.kiosk.centre:
        yield problem(
            "identity",
            f'kiosk.centre is "{config.kiosk.centre}", but this kiosk was enrolled for "{own.centre}"',
            f'kiosk.centre = "{own.centre}", or kiosk enrol with a new code for "{config.kiosk.centre}"',
        )
        return
    yield ok("identity", f"kiosk {own.kiosk}, centre {own.centre}, digit {own.digit}")


def _ask_central(config: KioskConfig, own: Enrolment, opened: OpenStore) -> Iterator[Finding]:
    try:
        key = enrolment.signing_key(config.data_dir, own.kiosk)
    except PlainError as error:
        yield problem("keys", str(error), "owner and mode of data_dir and its keys: the kiosk's user, 0700 and 0600")
        return
    if key is None:
        yield problem("keys", "the signing key is missing or damaged", "kiosk enrol --central URL --code CODE")
        return
    ca_file = Path(config.central.ca_file) if config.central.ca_file else None
    uplink = HttpUplink(
        config.central.url,
        kiosk=own.kiosk,
        key=key,
        signing_keys=lambda: signing_keys(opened.store),
        ca_file=ca_file,
    )
    with contextlib.closing(uplink):
        yield from check_central(config, uplink)


def _guarded(check: str, look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from look()
    except Exception as error:  # noqa: BLE001 (the edge of one check: named, and the other checks go on)
        _log.exception("doctor-check-failed", check=check)
        yield problem(check, f"this check itself failed ({type(error).__name__})", "the log says more; report it")

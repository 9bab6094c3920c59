"""All checks in the order in which a person mends things: settings, identity, store, centre, other hubs, central."""

import os
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import structlog

from common.machine.doctor.finding import Finding, ok, problem, skipped, warning
from common.machine.errors import ConfigError, NotEnrolled, PlainError, StoreError
from common.machine.pepper import machine_pepper
from hub.delivery.certificate import own_certificate
from hub.delivery.enrolment import KEYS, load_enrolment, signing_key
from hub.doctor.boards import check_boards
from hub.doctor.messages import check_messages
from hub.doctor.queue import check_centre, check_queue
from hub.doctor.services import check_services
from hub.engine.act import FOLLOWING
from hub.opened import OpenHub, opened
from hub.place.power import is_on_battery
from hub.settings import HubConfig, load
from hub.takeover.peers import Peer, PeerSilent
from offline_store.alarms import list_alarms
from offline_store.chain import audit
from offline_store.delivery import outbox
from offline_store.delivery.connection.delivery_error import DeliveryError
from offline_store.delivery.connection.uplink import HttpUplink
from offline_store.disk.integrity import check_whole
from offline_store.feed.feed_keys import signing_keys

ENOUGH_BYTES: Final = 1_000_000_000
LEAST_BYTES: Final = 200_000_000
CERTIFICATE_DUE: Final = timedelta(days=30)
_TPM: Final = Path("/sys/class/tpm/tpm0")

_log = structlog.get_logger(__name__)


def examine(config_path: Path, data_dir: Path | None = None) -> Iterator[Finding]:
    """Look at everything that this hub needs, one finding after the other as it is made.

    Args:
        config_path: the settings file.
        data_dir: a copy of the data folder to look at instead of the one in the settings.
    """
    try:
        config = load(config_path, data_dir)
    except ConfigError as error:
        yield problem("settings", str(error), "correct this line")
        return
    yield ok("settings", f"{config_path} reads")
    yield from _guarded("disk", lambda: _check_disk(config.data_dir))
    yield from _guarded("identity", lambda: _check_identity(config))
    yield from _guarded("services", check_services)
    yield from _guarded("power", lambda: iter([_check_power()]))
    try:
        with opened(config_path, data_dir=data_dir) as parts:
            yield from _guarded("store", lambda: _check_store(parts))
            yield from _guarded("pins", lambda: iter([_check_pins()]))
            yield from _guarded("clock", lambda: iter([_check_clock(parts)]))
            yield from _guarded("centre", lambda: check_centre(parts.hub))
            yield from _guarded("boards' updates", lambda: check_boards(parts.config.data_dir, parts.clock.now()))
            yield from _guarded("queue", lambda: check_queue(parts.hub))
            yield from _guarded("messages", lambda: iter([check_messages(parts)]))
            yield from _guarded("address", lambda: iter([_check_address(parts)]))
            yield from _guarded("other hubs", lambda: _check_others(parts))
            yield from _guarded("central", lambda: _check_central(parts))
    except NotEnrolled:
        yield skipped("store", "there is none before enrolment")
        yield skipped("central", "it answers no hub that it doesn't know")
    except (PlainError, StoreError) as error:
        yield problem("store", str(error), "free space, mount, owner and disk of data_dir")


def _guarded(check: str, look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """Make a finding of a check that fails in a way nobody foresaw; the others go on."""
    try:
        yield from look()
    except Exception as error:  # noqa: BLE001 - a doctor that falls helps nobody
        _log.error("check-failed", check=check, problem=type(error).__name__)
        yield problem(check, f"can't be looked at ({type(error).__name__})", "report it with the line in the log")


def _check_disk(data_dir: Path) -> Iterator[Finding]:
    if not data_dir.is_dir():
        yield problem("data folder", f"{data_dir} is missing", "make it, owned by the hub's user, mode 0750")
        return
    secrets = [*sorted((data_dir / KEYS).glob("*.key*")), *sorted(data_dir.glob("enrolment*.json"))]
    readable = [path.name for path in secrets if stat.S_IMODE(path.stat().st_mode) & 0o077]
    if readable:
        yield problem("keys", f"others may read {', '.join(readable)}", f"chmod 600 in {data_dir}")
    else:
        yield ok("keys", "only the hub's user reads them")
    disk = os.statvfs(data_dir)
    free = disk.f_bavail * disk.f_frsize
    text, todo = f"{free / 1e9:.1f} GB free", "journalctl --vacuum-size=100M; remove what is not the hub's"
    if free < LEAST_BYTES:
        yield problem("free disk", text, todo)
    elif free < ENOUGH_BYTES:
        yield warning("free disk", text, todo)
    else:
        yield ok("free disk", text)


def _check_power() -> Finding:
    if is_on_battery():
        return warning("power", "on battery", "the mains; with no counter's page the centre is told to stand still")
    return ok("power", "not on battery")


def _check_identity(config: HubConfig) -> Iterator[Finding]:
    try:
        own = load_enrolment(config.data_dir)
    except NotEnrolled as error:
        yield problem("identity", str(error), "hub enrol --central URL --code CODE")
        return
    if own.centre != config.hub.centre:  # `hub enrol` refuses this disk for any other centre, whatever the code
        found = f'enrolled for "{own.centre}", the settings say "{config.hub.centre}"'
        todo = f'hub.centre = "{own.centre}"; for another: central revoke {own.hub}, put data_dir aside, hub enrol'
        yield problem("identity", found, todo)
    elif signing_key(config.data_dir, own.hub) is None:
        yield problem("identity", f"the key of {own.hub} is lost", "hub enrol with a new code; central revokes the old")
    else:
        yield ok("identity", f"{own.hub} of {own.centre}")
    if config.is_secure:
        yield _certificate(config)
    elif config.address.startswith("http://"):
        yield warning("address", f"{config.address} serves this machine alone", "https with this machine's address")


def _certificate(config: HubConfig) -> Finding:
    own = own_certificate(config)
    text = f"good until {own.ends_at:%Y-%m-%d}, SHA-256 {own.sha256[:16]}…, which kiosks pin"
    left = own.ends_at - datetime.now(UTC)
    if not own.is_signed:
        todo = "hub forward --once and a restart; where that does not help: hub enrol with a new code"
        return warning("certificate", f"not signed by central, so browsers do not trust it; {text}", todo)
    if left < timedelta(0):
        return problem("certificate", f"expired: kiosks go on, browsers refuse; {text}", "hub forward --once")
    if left < CERTIFICATE_DUE:
        return warning("certificate", f"central should have renewed it; {text}", "hub forward --once")
    return ok("certificate", f"signed by central, {text}")


def _check_store(parts: OpenHub) -> Iterator[Finding]:
    store = parts.hub.store
    damage = check_whole(store)
    if damage:
        yield problem("store", f"damaged: {damage[0]}", "restart the hub: it salvages what reads; then check the disk")
    else:
        yield ok("store", f"whole, epoch {store.epoch[:8]}")
    faults = audit.verify_chain(store)
    if faults:
        yield problem("chain", f"{len(faults)} places do not hold", "tell central's operator; keep the disk as it is")
    else:
        yield ok("chain", "every item follows the one before")
    with store.read() as connection:
        waiting, dead = outbox.count_waiting(connection), outbox.count_dead(connection)
    if dead:
        todo = "tell central's operator; a disk that was put back to a copy: hub enrol, with a new code"
        yield problem("outbox", f"central refused {dead} items", todo)
    else:
        yield ok("outbox", f"{waiting} items wait for central")
    for alarm in list_alarms(store):
        yield warning("alarm", f"{alarm.code}: {alarm.detail}", "hub forward --once says what central answers")


def _check_pins() -> Finding:
    if not _TPM.exists():
        return skipped("pins", "this machine has no TPM: a stolen disk gives away hashes of clerks' PINs")
    if machine_pepper() is None:
        todo = "hub-setup, then systemctl restart hub-pepper hub hub-forward"
        return warning("pins", "a stolen disk gives away hashes of clerks' PINs, though there is a TPM", todo)
    return ok("pins", "hashes of clerks' PINs are worth nothing without this machine's TPM")


def _check_clock(parts: OpenHub) -> Finding:
    stamp = parts.clock.now()
    text = f"{stamp.wall_time:%Y-%m-%d %H:%M:%S} UTC, {stamp.trust}"
    if not stamp.tells_time:
        return problem("clock", text, "a time server (timedatectl), or central once: hub forward --once")
    if not stamp.is_sure:
        return warning("clock", text, "a time server of the centre, or central, makes it synced")
    return ok("clock", text)


def _check_address(parts: OpenHub) -> Finding:
    """Compare the settings with what central tells kiosks and pages of this hub: where they differ, nobody finds it."""
    with parts.hub.read() as look:
        own = look.centre.hubs.get(look.hub_id)
    told, here = None if own is None else own.address, parts.config.address
    if told is None:
        return skipped("address", "central has not told yet where this hub is")
    if told.rstrip("/") != here.rstrip("/"):
        todo = "put hub.address right; where the hub has moved: hub enrol again, with a new code"
        return problem("address", f"the settings say {here}, and kiosks are told {told}", todo)
    return ok("address", f"kiosks are told {told}")


def _check_others(parts: OpenHub) -> Iterator[Finding]:
    """Ask the other hubs: a standby that nobody started is no standby."""
    with parts.hub.read() as look:
        records = [one for one in look.centre.hubs.values() if one.id != look.hub_id and not one.revoked]
        role, term, own = look.role, look.term, look.hub_id
    key = signing_key(parts.config.data_dir, own)
    yield ok("role", f"{role}, term {term}")
    if not records and role != FOLLOWING:
        yield warning("standby", "this centre has no second hub", "enrol one beforehand: a dead hub would stop calling")
    for record in records:
        if key is None:
            continue
        peer = Peer(record, own, key)
        try:
            said = peer.statement()
        except PeerSilent as error:
            yield warning("other hub", str(error), f"power, network and hub.service on {record.address}")
        else:
            yield ok("other hub", f"{record.id} {'leads' if said.leading else 'follows'}, term {said.term}")
        finally:
            peer.close()


def _check_central(parts: OpenHub) -> Iterator[Finding]:
    store, url = parts.hub.store, parts.config.central.url
    key = signing_key(parts.config.data_dir, store.identity.kiosk)
    if key is None:
        return
    uplink = HttpUplink(
        url,
        kiosk=store.identity.kiosk,
        key=key,
        signing_keys=lambda: signing_keys(store),
        ca_file=parts.config.ca_file,
    )
    try:
        moment = uplink.time()
    except DeliveryError as error:
        yield warning("central", f"{url}: {error}", "network of the centre; calling goes on, and everything is kept")
    else:
        yield ok("central", f"{url} answered, signed, {moment:%Y-%m-%d %H:%M:%S} UTC")
    finally:
        uplink.close()

"""Who this hub is: its key, its certificate and `enrolment.json`, made once with a one-time code.

On the same disk enrolling again keeps the key, and with it the hub.
"""

import re
from pathlib import Path
from typing import Final

import msgspec
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.machine.durable_file import PRIVATE, sync
from common.machine.errors import CannotBeDone, NotEnrolled, PlainError
from common.machine.records import record
from common.machine.records.keys import read_key, write_key
from common.machine.stamp import Clock
from common.protocol.envelope import FormerPlace
from common.protocol.feed_message import CentralKeyRecord
from hub.delivery.certificate import own_certificate
from hub.engine.act import FOLLOWING, LEADING
from hub.engine.opening import open_hub
from hub.settings import HubConfig
from offline_store.chain.epoch import reopen_tickets
from offline_store.delivery.connection.delivery_error import DeliveryRejected
from offline_store.delivery.connection.uplink import HubDescription
from offline_store.delivery.introduction import introduce
from offline_store.identity import CentralKey, Identity
from offline_store.opening import open_store_in

ENROLMENT: Final = "enrolment.json"
KEYS: Final = "keys"
PENDING: Final = "pending"
_CODE: Final = re.compile(r"[0-9A-Za-z -]{1,64}")

_log = structlog.get_logger(__name__)


class Enrolment(msgspec.Struct, frozen=True, kw_only=True):
    """What enrolment.json holds. `term`: what central gave; 0 for a standby."""

    hub: str
    centre: str
    central: str
    term: int
    sealing_key: CentralKeyRecord
    signing_keys: list[CentralKeyRecord]

    @property
    def identity(self) -> Identity:
        """The identity as the store needs it."""
        sealing = CentralKey(self.sealing_key.kid, "sealing", self.sealing_key.public_key)
        signing = (CentralKey(key.kid, "signing", key.public_key) for key in self.signing_keys)
        return Identity(self.hub, self.centre, 0, (sealing, *signing))


class Enrolled(msgspec.Struct, frozen=True):
    """What `hub enrol` says."""

    hub: str
    centre: str
    term: int


def load_enrolment(data_dir: Path) -> Enrolment:
    """Read who this hub is. Raises NotEnrolled, PlainError."""
    path = data_dir / ENROLMENT
    try:
        kept = record.recall(path)
        if kept is None:
            raise NotEnrolled("this hub is not enrolled: run `hub enrol` with a code from central")
        return msgspec.convert(kept, Enrolment)
    except OSError as error:
        raise PlainError(f"{path} cannot be read: {error.strerror}") from error
    except (record.RecordDamaged, msgspec.ValidationError) as error:
        raise NotEnrolled(f"{path} is damaged ({error}): run `hub enrol` with a new code from central") from error


def signing_key(data_dir: Path, hub: str) -> Ed25519PrivateKey | None:
    """Return the key that signs as a hub id of this disk, None where it is lost. Raises PlainError."""
    path = data_dir / KEYS / f"{hub}.key"
    try:
        return read_key(path)
    except OSError as error:
        raise PlainError(f"the key {path} can't be read: {error.strerror}") from error


def own_key(data_dir: Path) -> Ed25519PrivateKey:
    """Return this hub's key. Raises NotEnrolled where it is lost."""
    key = signing_key(data_dir, load_enrolment(data_dir).hub)
    if key is None:
        raise NotEnrolled("this hub's key is lost: run `hub enrol` with a new code from central")
    return key


def enrol(config: HubConfig, url: str, code: str, clock: Clock, machine: str | None) -> Enrolled:
    """Spend a code, write down who this hub is, and make its store. May be repeated with the same code.

    Raises:
        CannotBeDone: the code is refused, or is for another centre.
        DeliveryDeferred: central cannot be reached.
        StoreError: the store does not work.
    """
    if not _CODE.fullmatch(code):
        raise CannotBeDone("the code is 16 letters and digits, as `central enrolment-code` said it")
    keys = config.data_dir / KEYS
    config.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys.mkdir(exist_ok=True, mode=0o700)
    key, former = _key(config.data_dir)
    description = HubDescription(config.address)
    if config.is_secure:
        certificate = own_certificate(config)
        description = HubDescription(config.address, certificate.sha256, certificate.public_key)
    try:
        answer, moment = introduce(url, code, key, config.ca_file, clock, description, former)
    except DeliveryRejected as error:
        raise CannotBeDone(f"the hub was not enrolled: {error}") from error
    except ValueError as error:
        raise CannotBeDone(str(error)) from error
    if answer.centre != config.hub.centre:
        raise CannotBeDone(
            f'the code is for centre "{answer.centre}", but the settings say hub.centre = "{config.hub.centre}": '
            "correct the settings and enrol again with the same code"
        )
    term = answer.term if isinstance(answer.term, int) else 0
    enrolment = Enrolment(
        hub=answer.kiosk,
        centre=answer.centre,
        central=url,
        term=term,
        sealing_key=answer.sealing_key,
        signing_keys=answer.signing_keys,
    )
    write_key(keys / f"{enrolment.hub}.key", key)
    record.keep(config.data_dir / ENROLMENT, msgspec.to_builtins(enrolment), mode=PRIVATE)
    for pending in keys.glob(f"{PENDING}.*"):
        pending.unlink()
    sync(keys)
    with open_store_in(config.data_dir, enrolment.identity, stamp=moment, machine=machine) as store:
        reopen_tickets(store, enrolment.identity, machine, moment)
        store.note_trusted_time(moment.wall_time, boot_time_ns=moment.boot_time_ns, boot_id=moment.boot_id)
        open_hub(store, clock, term=term, role=LEADING if term else FOLLOWING)
    _log.info("enrolled", hub=enrolment.hub, centre=enrolment.centre, term=term)
    return Enrolled(enrolment.hub, enrolment.centre, term)


def _key(data_dir: Path) -> tuple[Ed25519PrivateKey, FormerPlace | None]:
    """Return key and place of this disk's last enrolment, or a new key, on disk before central hears of it."""
    try:
        hub = load_enrolment(data_dir).hub
        former = signing_key(data_dir, hub)
        if former is not None:
            return former, FormerPlace(hub, 0)
    except NotEnrolled:
        pass
    path = data_dir / KEYS / f"{PENDING}.key"
    key = read_key(path)
    if key is None:
        key = Ed25519PrivateKey.generate()
        write_key(path, key)
    return key, None

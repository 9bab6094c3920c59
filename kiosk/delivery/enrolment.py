"""Who this kiosk is: its keys and `enrolment.json`, made once with a one-time code and kept outside the database.

A salvaged store so keeps its identity. On the machine that was enrolled, enrolling again keeps the key and with it the
kiosk; on another machine it makes a new key, for the disk's twin may go on with the old one. Keys of former enrolments
stay: items recorded under them are delivered under them.
"""

import re
import secrets
from pathlib import Path
from typing import Final

import msgspec
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.machine.durable_file import PRIVATE, sync
from common.machine.errors import NotEnrolled, PlainError
from common.machine.records import record as kept_record
from common.machine.records.keys import read_key, write_key
from common.machine.secret_hash import hash_secret
from common.machine.stamp import Clock, Stamp
from common.protocol.envelope import EnrolmentAnswer, FormerPlace
from common.protocol.feed_message import CentralKeyRecord
from kiosk.records.names import ENROLMENT, KEYS
from offline_store.chain.epoch import reopen_tickets
from offline_store.delivery.connection.delivery_error import DeliveryRejected
from offline_store.delivery.introduction import introduce
from offline_store.identity import CentralKey, Identity
from offline_store.opening import open_store_in

PENDING: Final = "pending"
PIN_DIGITS: Final = 8
_CODE: Final = re.compile(r"[0-9A-Za-z -]{1,64}")  # as somebody types it: central reads past spaces and hyphens

_log = structlog.get_logger(__name__)


class Enrolment(msgspec.Struct, frozen=True, kw_only=True):
    """What enrolment.json holds. `machine`: the mark of the machine it was made on, None where it has none."""

    kiosk: str
    centre: str
    digit: int
    central: str
    sealing_key: CentralKeyRecord
    signing_keys: list[CentralKeyRecord]
    first_pin_hash: str
    machine: str | None = None

    @property
    def identity(self) -> Identity:
        """The identity as the store needs it."""
        sealing = CentralKey(self.sealing_key.kid, "sealing", self.sealing_key.public_key)
        signing = (CentralKey(key.kid, "signing", key.public_key) for key in self.signing_keys)
        return Identity(self.kiosk, self.centre, self.digit, (sealing, *signing))


class Enrolled(msgspec.Struct, frozen=True):
    """What `kiosk enrol` says. The PIN is said this once and kept only as an argon2id hash."""

    kiosk: str
    centre: str
    digit: int
    pin: str


def load(data_dir: Path) -> Enrolment:
    """Read who this kiosk is.

    Raises:
        NotEnrolled: there is no enrolment here, or it is damaged.
        PlainError: it may not be read.
    """
    path = data_dir / ENROLMENT
    try:
        record = kept_record.recall(path)
        if record is None:
            raise NotEnrolled("this kiosk is not enrolled: run `kiosk enrol` with a code from central")
        return msgspec.convert(record, Enrolment)
    except OSError as error:
        raise PlainError(f"{path} cannot be read: {error.strerror}") from error
    except (kept_record.RecordDamaged, msgspec.ValidationError) as error:
        raise NotEnrolled(f"{path} is damaged ({error}): run `kiosk enrol` with a new code from central") from error


def signing_key(data_dir: Path, kiosk: str) -> Ed25519PrivateKey | None:
    """Return the key that signs as a kiosk id that this disk has or had, None where it is lost.

    Raises:
        PlainError: the disk does not give it now.
    """
    return _read_key(data_dir / KEYS / f"{kiosk}.key")


def enrol(
    data_dir: Path,
    *,
    url: str,
    code: str,
    centre: str | None,
    clock: Clock,
    ca_file: Path | None = None,
    machine: str | None = None,
) -> Enrolled:
    """Spend a code, take central's signed time, and write down who this kiosk is. May be repeated with the same code.

    Args:
        data_dir: where keys, enrolment and store lie.
        url: central's address.
        code: from `central enrolment-code`.
        centre: this centre as the settings name it; the code must be for it. None takes the code's.
        clock: this machine's clock.
        ca_file: the pinned CA as PEM; None for http on loopback.
        machine: the mark of this machine, see offline_store.identity.machine_hash.

    Raises:
        PlainError: the code is refused, or is for another centre.
        DeliveryDeferred: central cannot be reached.
        StoreError: the store does not work.
    """
    if not _CODE.fullmatch(code):
        raise PlainError("the code is 16 letters and digits, as `central enrolment-code` said it")
    _make_folder(data_dir / KEYS)
    former = _former(data_dir)
    same_machine = former is not None and former.machine == machine
    key = signing_key(data_dir, former.kiosk) if former is not None and same_machine else None
    place = FormerPlace(former.kiosk, former.digit) if former is not None and key is not None else None
    answer, moment, key = _introduce(data_dir, key, place, url, code, ca_file, clock)
    centre = centre or answer.centre
    elsewhere = PlainError(
        f'the code is for centre "{answer.centre}", but the settings say kiosk.centre = "{centre}": '
        "correct the settings and enrol again with the same code"
    )
    # Where central has moved this very kiosk, its digit is no longer its own: then that is written down all the same.
    if answer.centre != centre and (former is None or former.kiosk != answer.kiosk):
        raise elsewhere
    pin = f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}}"
    enrolment = Enrolment(
        kiosk=answer.kiosk,
        centre=answer.centre,
        digit=answer.digit,
        central=url,
        sealing_key=answer.sealing_key,
        signing_keys=answer.signing_keys,
        first_pin_hash=hash_secret(pin),
        machine=machine,
    )
    _write_down(data_dir, enrolment, key)
    with open_store_in(data_dir, enrolment.identity, stamp=moment, machine=machine) as store:
        reopen_tickets(store, enrolment.identity, machine, moment)
        store.note_trusted_time(moment.wall_time, boot_time_ns=moment.boot_time_ns, boot_id=moment.boot_id)
    if answer.centre != centre:
        raise elsewhere
    _log.info("enrolled", kiosk=answer.kiosk, centre=answer.centre, digit=answer.digit)
    return Enrolled(answer.kiosk, answer.centre, answer.digit, pin)


def _introduce(
    data_dir: Path,
    key: Ed25519PrivateKey | None,
    place: FormerPlace | None,
    url: str,
    code: str,
    ca_file: Path | None,
    clock: Clock,
) -> tuple[EnrolmentAnswer, Stamp, Ed25519PrivateKey]:
    """Spend the code with the key that this kiosk has, or with a new one where it has none or that was revoked."""
    asking = key or _pending_key(data_dir)
    try:
        answer, moment = introduce(url, code, asking, ca_file, clock, former=place)
    except DeliveryRejected as error:
        if key is not None and error.problem == "key-revoked":
            return _introduce(data_dir, None, None, url, code, ca_file, clock)
        raise PlainError(f"the kiosk was not enrolled: {error}") from error
    except ValueError as error:
        raise PlainError(str(error)) from error
    return answer, moment, asking


def _former(data_dir: Path) -> Enrolment | None:
    try:
        return load(data_dir)
    except NotEnrolled:
        return None


def _write_down(data_dir: Path, enrolment: Enrolment, key: Ed25519PrivateKey) -> None:
    """Put key and enrolment on the disk; a power cut at any step leaves the old identity or the new one whole.

    Each kiosk id has a key file of its own, so that none takes the place of another, whatever else is damaged.
    """
    keys = data_dir / KEYS
    write_key(keys / f"{enrolment.kiosk}.key", key)
    kept_record.keep(data_dir / ENROLMENT, msgspec.to_builtins(enrolment), mode=PRIVATE)
    for pending in keys.glob(f"{PENDING}.*"):  # its copy, and what a power cut left of writing either
        pending.unlink()
    sync(keys)


def _pending_key(data_dir: Path) -> Ed25519PrivateKey:
    """Make a key for an enrolment, on disk before central hears of it: a lost answer is asked for again with it."""
    path = data_dir / KEYS / f"{PENDING}.key"
    key = _read_key(path)
    if key is None:
        key = Ed25519PrivateKey.generate()
        write_key(path, key)
    return key


def _read_key(path: Path) -> Ed25519PrivateKey | None:
    try:
        return read_key(path)
    except OSError as error:
        raise PlainError(f"the key {path} can't be read: {error.strerror}") from error


def _make_folder(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.mkdir(exist_ok=True, mode=0o700)

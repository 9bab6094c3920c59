"""Who this kiosk is: its keys and `enrolment.json`, made once with a one-time code and kept outside the database.

A salvaged store so keeps its identity. On the machine that was enrolled, enrolling again keeps the key and with it the
kiosk; on another machine it makes a new key, for the disk's twin may go on with the old one. Keys of former enrolments
stay: items recorded under them are delivered under them.
"""

import secrets
from pathlib import Path
from typing import Final

import msgspec
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.machine.errors import CannotBeDone, NotEnrolled
from common.machine.secret_hash import hash_secret
from common.machine.stamp import Clock, Stamp
from common.protocol.envelope import EnrolmentAnswer, FormerPlace
from common.protocol.feed_message import CentralKeyRecord
from offline_store.delivery import enrolment as shared
from offline_store.delivery.connection.delivery_error import DeliveryRejected
from offline_store.delivery.enrolment import signing_key
from offline_store.identity import Identity
from offline_store.opening import open_store_in

__all__ = ["Enrolled", "Enrolment", "enrol", "load", "signing_key"]

PIN_DIGITS: Final = 8

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
        keys = shared.central_keys(self.sealing_key, self.signing_keys)
        return Identity(self.kiosk, self.centre, self.digit, keys)


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
    return shared.recall(data_dir, Enrolment, "kiosk")


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
        CannotBeDone: the code is refused, or is for another centre.
        DeliveryDeferred: central cannot be reached.
        StoreError: the store does not work.
    """
    shared.check_code(code)
    shared.make_folder(data_dir)
    former = _former(data_dir)
    same_machine = former is not None and former.machine == machine
    key = signing_key(data_dir, former.kiosk) if former is not None and same_machine else None
    place = FormerPlace(former.kiosk, former.digit) if former is not None and key is not None else None
    answer, moment, key = _introduce(data_dir, key, place, url, code, ca_file, clock)
    centre = centre or answer.centre
    elsewhere = shared.of_another_centre("kiosk", answer.centre, centre)
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
    shared.write_down(data_dir, enrolment.kiosk, enrolment, key)
    with open_store_in(data_dir, enrolment.identity, stamp=moment, machine=machine) as store:
        shared.settle(store, enrolment.identity, machine, moment)
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
    offered = key or shared.pending_key(data_dir)
    try:
        return *shared.introduce(url, code, offered, ca_file, clock, former=place), offered
    except DeliveryRejected as error:
        if key is not None and error.problem == "key-revoked":
            return _introduce(data_dir, None, None, url, code, ca_file, clock)
        raise CannotBeDone(f"the kiosk was not enrolled: {error}") from error
    except ValueError as error:
        raise CannotBeDone(str(error)) from error


def _former(data_dir: Path) -> Enrolment | None:
    try:
        return load(data_dir)
    except NotEnrolled:
        return None

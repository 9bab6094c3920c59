"""Who this hub is: its key, its certificate and `enrolment.json`, made once with a one-time code.

On the same disk enrolling again keeps the key, and with it the hub.
"""

from pathlib import Path

import msgspec
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.machine.errors import CannotBeDone, NotEnrolled
from common.machine.stamp import Clock
from common.protocol.envelope import FormerPlace
from common.protocol.feed_message import CentralKeyRecord
from hub.delivery.certificate import own_certificate
from hub.engine.act import FOLLOWING, LEADING
from hub.engine.opening import open_hub
from hub.settings import HubConfig
from offline_store.delivery import enrolment as shared
from offline_store.delivery.connection.delivery_error import DeliveryRejected
from offline_store.delivery.connection.uplink import HubDescription
from offline_store.delivery.enrolment import signing_key
from offline_store.identity import ENROLMENT, KEYS, Identity
from offline_store.opening import open_store_in

__all__ = ["ENROLMENT", "KEYS", "Enrolled", "Enrolment", "enrol", "load_enrolment", "own_key", "signing_key"]

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
        return Identity(self.hub, self.centre, 0, shared.central_keys(self.sealing_key, self.signing_keys))


class Enrolled(msgspec.Struct, frozen=True):
    """What `hub enrol` says."""

    hub: str
    centre: str
    term: int


def load_enrolment(data_dir: Path) -> Enrolment:
    """Read who this hub is. Raises NotEnrolled, PlainError."""
    return shared.recall(data_dir, Enrolment, "hub")


def own_key(data_dir: Path) -> Ed25519PrivateKey:
    """Return this hub's key. Raises NotEnrolled where it is lost."""
    key = signing_key(data_dir, load_enrolment(data_dir).hub)
    if key is None:
        raise NotEnrolled("this hub's key is lost: run `hub enrol` with a new code from central")
    return key


def enrol(config: HubConfig, url: str, code: str, clock: Clock, machine: str | None) -> Enrolled:
    """Spend a code, write down who this hub is, and make its store. May be repeated with the same code.

    Raises:
        CannotBeDone: the code is refused, or is for another centre, or this disk has the log of another centre's hub or
            of one that was revoked.
        DeliveryDeferred: central cannot be reached.
        StoreError: the store does not work.
    """
    shared.check_code(code)
    shared.make_folder(config.data_dir)
    key, former = _key(config.data_dir, config.hub.centre)
    description = HubDescription(config.address)
    if config.is_secure:
        certificate = own_certificate(config)
        description = HubDescription(config.address, certificate.sha256, certificate.public_key)
    try:
        answer, moment = shared.introduce(url, code, key, config.ca_file, clock, description, former)
    except DeliveryRejected as error:
        if error.problem == "key-revoked":
            raise CannotBeDone(
                f"this hub was revoked, and no other hub goes on with what it has written: put {config.data_dir} aside "
                f"and enrol with the same code; where another hub leads the day comes from it"
            ) from error
        raise CannotBeDone(f"the hub was not enrolled: {error}") from error
    except ValueError as error:
        raise CannotBeDone(str(error)) from error
    if answer.centre != config.hub.centre:
        raise shared.of_another_centre("hub", answer.centre, config.hub.centre)
    term = answer.term if isinstance(answer.term, int) else 0
    enrolment = Enrolment(
        hub=answer.kiosk,
        centre=answer.centre,
        central=url,
        term=term,
        sealing_key=answer.sealing_key,
        signing_keys=answer.signing_keys,
    )
    shared.write_down(config.data_dir, enrolment.hub, enrolment, key)
    with open_store_in(config.data_dir, enrolment.identity, stamp=moment, machine=machine) as store:
        shared.settle(store, enrolment.identity, machine, moment)
        open_hub(store, clock, term=term, role=LEADING if term else FOLLOWING)
    _log.info("enrolled", hub=enrolment.hub, centre=enrolment.centre, term=term)
    return Enrolled(enrolment.hub, enrolment.centre, term)


def _key(data_dir: Path, centre: str) -> tuple[Ed25519PrivateKey, FormerPlace | None]:
    """Return key and place of this disk's last enrolment, or a new key, on disk before central hears of it.

    Raises CannotBeDone where that was for another centre: its log and term would lead this one, and call its people.
    """
    try:
        known = load_enrolment(data_dir)
        if known.centre != centre:
            raise CannotBeDone(
                f'this disk has the log of {known.hub} of centre "{known.centre}", with which no other centre may go '
                f"on: have it deliver all that waits and be revoked there (`central revoke {known.hub}`), put "
                f"{data_dir} aside and enrol as a new hub"
            )
        hub = known.hub
        former = signing_key(data_dir, hub)
        if former is not None:
            return former, FormerPlace(hub, 0)
    except NotEnrolled:
        pass
    return shared.pending_key(data_dir), None

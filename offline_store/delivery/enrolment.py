"""Enrolment as a kiosk and a hub do it alike: a code against an identity, which is kept outside the database.

Keys of former enrolments stay: items recorded under them are delivered under them.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct

from common.machine.durable_file import PRIVATE, sync
from common.machine.errors import CannotBeDone, NotEnrolled, PlainError
from common.machine.records import record
from common.machine.records.keys import read_key, write_key
from common.machine.stamp import Clock, Stamp
from common.protocol.envelope import EnrolmentAnswer, FormerPlace
from common.protocol.feed_message import CentralKeyRecord
from offline_store.chain.epoch import reopen_tickets
from offline_store.delivery.connection.uplink import HttpUplink, HubDescription, public_keys
from offline_store.disk.database import Store
from offline_store.feed.told import keep_told_again
from offline_store.identity import ENROLMENT, KEYS, CentralKey, Identity

PENDING: Final = "pending"
_CODE: Final = re.compile(r"[0-9A-Za-z -]{1,64}")  # as somebody types it: central reads past spaces and hyphens


def recall[E: Struct](data_dir: Path, shape: type[E], program: str) -> E:
    """Read who this machine is to central.

    Raises:
        NotEnrolled: there is no enrolment here, or it is damaged.
        PlainError: it may not be read.
    """
    path = data_dir / ENROLMENT
    try:
        kept = record.recall(path)
        if kept is None:
            raise NotEnrolled(f"this {program} is not enrolled: run `{program} enrol` with a code from central")
        return msgspec.convert(kept, shape)
    except OSError as error:
        raise PlainError(f"{path} cannot be read: {error.strerror}") from error
    except (record.RecordDamaged, msgspec.ValidationError) as error:
        raise NotEnrolled(f"{path} is damaged ({error}): run `{program} enrol` with a new code from central") from error


def central_keys(sealing: CentralKeyRecord, signing: Sequence[CentralKeyRecord]) -> tuple[CentralKey, ...]:
    """Return central's keys of an enrolment as the store takes them."""
    return (
        CentralKey(sealing.kid, "sealing", sealing.public_key),
        *(CentralKey(key.kid, "signing", key.public_key) for key in signing),
    )


def signing_key(data_dir: Path, name: str) -> Ed25519PrivateKey | None:
    """Return the key that signs as an id that this disk has or had, None where it is lost.

    Raises:
        PlainError: the disk does not give it now.
    """
    return _read(data_dir / KEYS / f"{name}.key")


def check_code(code: str) -> None:
    """See that a code has the form of one. Raises CannotBeDone."""
    if not _CODE.fullmatch(code):
        raise CannotBeDone("the code is 16 letters and digits, as `central enrolment-code` said it")


def make_folder(data_dir: Path) -> None:
    """Make the folder of keys, for its owner alone. Raises OSError."""
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    (data_dir / KEYS).mkdir(exist_ok=True, mode=0o700)


def pending_key(data_dir: Path) -> Ed25519PrivateKey:
    """Make a key for an enrolment, on disk before central hears of it: a lost answer is asked for again with it."""
    path = data_dir / KEYS / f"{PENDING}.key"
    key = _read(path)
    if key is None:
        key = Ed25519PrivateKey.generate()
        write_key(path, key)
    return key


def write_down(data_dir: Path, name: str, enrolment: Struct, key: Ed25519PrivateKey) -> None:
    """Put key and enrolment on the disk; a power cut at any step leaves the old identity or the new one whole.

    Each id has a key file of its own, so that none takes the place of another, whatever else is damaged.
    """
    keys = data_dir / KEYS
    write_key(keys / f"{name}.key", key)
    record.keep(data_dir / ENROLMENT, msgspec.to_builtins(enrolment), mode=PRIVATE)
    for pending in keys.glob(f"{PENDING}.*"):  # its copy, and what a power cut left of writing either
        pending.unlink()
    sync(keys)


def settle(store: Store, identity: Identity, machine: str | None, moment: Stamp) -> None:
    """Have the store belong to this identity from central's signed time on. Raises StoreError."""
    reopen_tickets(store, identity, machine, moment)
    keep_told_again(store)  # what another central said lies beside the store too
    store.note_trusted_time(moment.wall_time, boot_time_ns=moment.boot_time_ns, boot_id=moment.boot_id)


def of_another_centre(program: str, of_code: str, of_settings: str) -> CannotBeDone:
    """Say that the code is for another centre than the settings."""
    return CannotBeDone(
        f'the code is for centre "{of_code}", but the settings say {program}.centre = "{of_settings}": '
        "correct the settings and enrol again with the same code"
    )


def introduce(
    url: str,
    code: str,
    key: Ed25519PrivateKey,
    ca_file: Path | None,
    clock: Clock,
    hub: HubDescription | None = None,
    former: FormerPlace | None = None,
) -> tuple[EnrolmentAnswer, Stamp]:
    """Enrol a key at central and take its time, signed by the keys that the enrolment gave.

    Raises:
        ValueError: the address is not https with a CA, nor http on loopback.
        DeliveryDeferred: central cannot be reached.
        DeliveryRejected: central refuses the code.
    """
    first = HttpUplink(url, kiosk="unenrolled", key=key, signing_keys=dict, ca_file=ca_file)
    try:
        answer = first.enrol(code, hub, former)
    finally:
        first.close()
    uplink = HttpUplink(
        url, kiosk=answer.kiosk, key=key, signing_keys=lambda: public_keys(answer.signing_keys), ca_file=ca_file
    )
    began = clock.boottime()
    moment = uplink.time()
    half_way_ns = int((began + clock.boottime()) / 2 * 1e9)
    return answer, Stamp(moment, half_way_ns, clock.now().boot_id, "synced")


def _read(path: Path) -> Ed25519PrivateKey | None:
    try:
        return read_key(path)
    except OSError as error:
        raise PlainError(f"the key {path} can't be read: {error.strerror}") from error

"""This kiosk's private keys as they lie on its disk: a file a kiosk id, so that none takes the place of another.

Any 32 bytes are an Ed25519 key, so one with a turned bit signs what central refuses for ever. Hence a second file with
the key and its SHA-256: it says which of the two is whole, and a key that is lost takes what it signed with it.
"""

import hashlib
from pathlib import Path
from typing import Final

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.machine.durable_file import PRIVATE, replace_file
from common.machine.records.record import copy_of

_KEY_BYTES: Final = 32
_log = structlog.get_logger(__name__)


def write_key(path: Path, key: Ed25519PrivateKey) -> None:
    """Put a key on the disk, twice, where only its owner reads it. Raises OSError."""
    raw = key.private_bytes_raw()
    replace_file(copy_of(path), raw + hashlib.sha256(raw).digest(), mode=PRIVATE)
    replace_file(path, raw, mode=PRIVATE)


def read_key(path: Path) -> Ed25519PrivateKey | None:
    """Return the key of a file; None where it is missing or damaged, and its copy too.

    Raises:
        OSError: neither can be read.
    """
    faults: list[OSError] = []
    for read in (_read_copy, _read_raw):
        try:
            raw = read(path)
        except FileNotFoundError:
            continue
        except OSError as error:
            faults.append(error)
            continue
        if raw is not None:
            return Ed25519PrivateKey.from_private_bytes(raw)
        _log.error("key-damaged", file=path.name)
    if faults:
        raise faults[-1]
    return None


def is_whole(path: Path) -> bool:
    """Whether file and copy hold the same key."""
    try:
        return _read_copy(path) == _read_raw(path) is not None
    except OSError:
        return False


def mend_keys(folder: Path) -> None:
    """Give every key its second file again, from the one that holds. A disk that refuses is named in the log."""
    for path in kept_in(folder):
        try:
            key = read_key(path)
            if key is not None and not is_whole(path):
                write_key(path, key)
                _log.warning("key-mended", file=path.name)
        except OSError as error:
            _log.error("key-not-mended", file=path.name, reason=error.strerror)


def kept_in(folder: Path) -> list[Path]:
    """Name the keys of a folder, also one of which only the copy is there."""
    names = {path.name.replace(".copy.key", ".key") for path in folder.glob("*.key")}
    return [folder / name for name in sorted(names)]


def _read_copy(path: Path) -> bytes | None:
    data = copy_of(path).read_bytes()
    raw, check = data[:_KEY_BYTES], data[_KEY_BYTES:]
    return raw if hashlib.sha256(raw).digest() == check and len(raw) == _KEY_BYTES else None


def _read_raw(path: Path) -> bytes | None:
    raw = path.read_bytes()
    return raw if len(raw) == _KEY_BYTES else None

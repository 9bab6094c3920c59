"""Checks of the machine: room on the disk, the folder of keys, the certificate that kiosks meet, hubs' authority."""

import shutil
import stat
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from central.base.certificate import ends_at
from central.base.config import CentralConfig
from central.keys import centre_ca
from common.machine.doctor.finding import Finding, ok, problem, skipped, warning

ENOUGH_BYTES: Final = 20_000_000_000
LEAST_BYTES: Final = 2_000_000_000
CERTIFICATE_DUE: Final = timedelta(days=30)
AUTHORITY_DUE: Final = timedelta(days=365)
AUTHORITY_KEYS: Final = ("ca-key.pem", "ca.key")  # as the installation guide calls it, and as others do


def disk(config: CentralConfig) -> Finding:
    """Whether the data folder's disk has room."""
    free = shutil.disk_usage(config.data_dir).free
    said = f"{free / 1e9:.1f} GB free under {config.data_dir}"
    if free < LEAST_BYTES:
        return problem("disk", said, "make room now: a full disk takes no item")
    if free < ENOUGH_BYTES:
        return warning("disk", said, "make room or give it a larger disk")
    return ok("disk", said)


def key_folder(config: CentralConfig) -> Finding:
    """Whether central's owner alone reads its keys."""
    open_ones = [
        path.name
        for path in (config.keys_dir, *config.keys_dir.glob("*"))
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    if open_ones:
        todo = f"chmod 0700 {config.keys_dir}; chmod 0600 {config.keys_dir}/*"
        return problem("key folder", f"others may read {', '.join(open_ones[:5])}", todo)
    return ok("key folder", "nobody but its owner reads it")


def certificate(path: Path, now: datetime) -> Finding:
    """Whether the TLS certificate that kiosks meet lasts."""
    try:
        end = ends_at(path)
    except FileNotFoundError:
        return skipped("certificate", f"{path} is not here: give --certificate where kiosks come by TLS")
    except (OSError, ValueError) as error:
        return problem("certificate", f"{path} cannot be read ({type(error).__name__})", "put it right")
    left = end - now
    said = f"good until {end:%Y-%m-%d}"
    if left < timedelta():
        return problem("certificate", f"ended on {end:%Y-%m-%d}", "renew it today")
    if left < CERTIFICATE_DUE:
        return warning("certificate", said, "renew it: kiosks refuse an old one")
    return ok("certificate", said)


def authority_key(certificate: Path) -> Finding:
    """Whether the private key of the CA lies beside the certificate: who has it is central for every kiosk."""
    folder = certificate.parent
    found = [name for name in AUTHORITY_KEYS if (folder / name).exists()]
    if not found:
        return ok("CA key", f"no CA's private key lies in {folder}")
    todo = f"put it into the safe, then shred -u {folder / found[0]}; a backup of /etc/central has it too"
    return warning("CA key", f"{folder / found[0]} is the CA's private key", todo)


def authority(config: CentralConfig, now: datetime) -> Finding:
    """Whether the authority for centres lasts: every office PC needs its next file before it ends."""
    path = config.keys_dir / centre_ca.FILE
    if not path.exists():
        return skipped("authority", "no hub has a certificate of this central yet")
    try:
        end = centre_ca.authority(config.keys_dir, now).certificate.not_valid_after_utc
    except (OSError, centre_ca.AuthorityUnusable) as error:
        return problem("authority", str(error), "hubs get no certificates meanwhile")
    said = f"signs hubs' certificates until {end:%Y-%m-%d}"
    if end - now < AUTHORITY_DUE:
        todo = "central centre-ca --renew > centre-ca.crt, and put the file onto every office PC and board"
        return warning("authority", said, todo) if end > now else problem("authority", said, todo)
    return ok("authority", said)

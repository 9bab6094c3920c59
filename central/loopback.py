"""Whether a central serves this machine alone: only then may it stand in for the citizen's app."""

import ipaddress
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from central.config import CentralConfig
from central.console import CannotBeDone
from central.keys.private_file import write_private


def note(config: CentralConfig) -> None:
    """Write down whom a central serves that starts now."""
    write_private(_file(config), msgspec.json.encode({"loopback": config.is_loopback}))


def serves_loopback_only(config: CentralConfig) -> bool:
    """Whether the central of this data folder, when last started, was for this machine alone.

    Raises:
        CannotBeDone: what was written down of it is damaged, so nobody knows.
        OSError: it cannot be read.
    """
    try:
        return msgspec.json.decode(_file(config).read_bytes(), type=dict[str, bool])["loopback"]
    except FileNotFoundError:
        return True
    except (msgspec.MsgspecError, UnicodeDecodeError, KeyError, RecursionError) as error:
        raise CannotBeDone(f"{_file(config)} is damaged: start the server again, which writes it anew") from error


def has_served(config: CentralConfig) -> bool:
    """Whether a central was ever started on this data folder."""
    return _file(config).exists()


def host_of(url: str) -> str:
    """The host that a URL names."""
    return urlsplit(url).hostname or ""


def is_loopback(host: str) -> bool:
    """Whether `host` can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _file(config: CentralConfig) -> Path:
    return config.data_dir / "serving.json"

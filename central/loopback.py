"""Whether a central serves this machine alone: only then may it stand in for the citizen's app."""

import contextlib
import ipaddress
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from central.config import CentralConfig


def note(config: CentralConfig) -> None:
    """Write down whom a central serves that starts now."""
    _file(config).write_bytes(msgspec.json.encode({"loopback": config.is_loopback}))


def serves_loopback_only(config: CentralConfig) -> bool:
    """Whether the central of this data folder, when last started, was for this machine alone."""
    with contextlib.suppress(FileNotFoundError, msgspec.DecodeError):
        return msgspec.json.decode(_file(config).read_bytes(), type=dict[str, bool])["loopback"]
    return True


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

"""The version of what is installed here: which one central wants, and how the last update went.

Root installs what central wants at night, if it is signed, and leaves a note of how that went for what a kiosk or hub
says of itself.
"""

import re
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy import select

from common.machine.doctor.updates import lacks
from common.machine.stamp import Stamp
from offline_store.disk import tables
from offline_store.disk.database import Store

PREFIX: Final = "update."
"""Settings of the feed that begin so are read here, and are no settings of the screen."""
_VERSION: Final = re.compile(r"[0-9][0-9A-Za-z.+~]{0,60}")
RESULTS: Final = {name: Path(f"/var/lib/{name}-update/result.json") for name in ("kiosk", "hub")}
_MOST_BYTES: Final = 4096
_LONGEST: Final = 300


class WantedVersion(msgspec.Struct, frozen=True):
    """A version, and whether it is time for it."""

    version: str | None
    due: bool


def wanted_version(store: Store, now: Stamp) -> WantedVersion:
    """Read what central said last. Without a clock that can be trusted no time has come."""
    query = select(tables.settings.c.key, tables.settings.c.value).where(tables.settings.c.key.startswith(PREFIX))
    with store.read() as connection:
        told: dict[str, Any] = {row.key: msgspec.json.decode(row.value) for row in connection.execute(query)}
    version, due_from = told.get(f"{PREFIX}version"), told.get(f"{PREFIX}from")
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        return WantedVersion(None, due=False)
    try:
        moment = datetime.fromisoformat(str(due_from))
        is_due = now.tells_time and moment <= now.wall_time
    except (ValueError, TypeError):  # no time, or one without a zone
        is_due = False
    return WantedVersion(version, is_due)


def update_of(name: str) -> dict[str, str]:
    """Return how the last update of `kiosk` or `hub` went, and in `lacks` what keeps further ones away."""
    lack = lacks(name)
    return read_update(RESULTS[name]) | ({} if lack is None else {"lacks": lack})


def read_update(path: Path) -> dict[str, str]:
    """Return version, outcome, time and reason; nothing where no update was tried, or what lies there is no result.

    `trial`: the version in service has yet to show that it comes up, and may go again.
    """
    return _result(path) | _trial(path.with_name("trial"))


def _result(path: Path) -> dict[str, str]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            return {}
        found = msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return {}
    return {name: found[name][:_LONGEST] for name in ("version", "outcome", "at", "why") if name in found}


def _trial(path: Path) -> dict[str, str]:
    try:
        with path.open("rb") as file:
            tried, _, _before = file.read(_MOST_BYTES).decode().partition(" ")
    except (OSError, UnicodeDecodeError):
        return {}
    return {"trial": tried} if _VERSION.fullmatch(tried) else {}

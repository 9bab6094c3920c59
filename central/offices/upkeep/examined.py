"""What central's doctor found when it looked last by itself, kept in a file beside the keys until it looks again."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from central.base import clock
from central.base.config import CentralConfig
from central.offices.upkeep.todo import Todo
from common.machine.doctor.finding import Finding, Verdict
from common.machine.durable_file import replace_file

FILE: Final = "doctor.json"
LOOKS_WITHIN: Final = timedelta(hours=1)  # a timer has it look each ten minutes
_NAMED_BY_ITSELF: Final = ("disk", "certificate", "authority", "backup", "retention", "machines", "roll-out")
"""What the list of needs knows without the doctor."""
_ALSO_AS_WARNING: Final = ("address", "timers", "firewall", "packages")
"""What somebody has to see to though central serves; other warnings are advice."""


class Fault(Struct, frozen=True):
    """One thing that the doctor found, and since when it has."""

    check: str
    since: str


class Examination(Struct, frozen=True):
    """When the doctor looked, and the faults that it found then."""

    at: str
    faults: list[Fault] = []


def keep(config: CentralConfig, found: Iterable[Finding], now: datetime) -> None:
    """Keep what was found, each fault with the moment at which it was found first. Raises OSError."""
    former = _read(config.data_dir / FILE)
    since = {} if former is None else {one.check: one.since for one in former.faults}
    at = clock.as_text(now)
    checks = dict.fromkeys(one.check for one in found if _is_fault(one))
    said = Examination(at, [Fault(check, since.get(check, at)) for check in checks])
    replace_file(config.data_dir / FILE, msgspec.json.encode(said))


def faults(config: CentralConfig, now: datetime) -> list[Todo]:
    """Return what the doctor found, or that it has not looked; nothing where it never did, as on a laptop."""
    said = _read(config.data_dir / FILE)
    if said is None:
        return []
    if now - datetime.fromisoformat(said.at) > LOOKS_WITHIN:
        return [Todo(kind="doctor-old", since=said.at)]
    return [
        Todo(kind="doctor", since=one.since, detail={"check": one.check}, said=[("check", one.check)])
        for one in said.faults
    ]


def _is_fault(one: Finding) -> bool:
    if one.check in _NAMED_BY_ITSELF:
        return False
    return one.is_bad or (one.verdict is Verdict.WARNING and one.check in _ALSO_AS_WARNING)


def _read(path: Path) -> Examination | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Examination)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None

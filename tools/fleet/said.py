"""What passes between the season and a centre at the beginning and at the end."""

from collections import Counter
from dataclasses import dataclass

from tools.fleet.citizens import Told
from tools.fleet.counters import Staff
from tools.fleet.machines import Kept


@dataclass(frozen=True)
class SetUp:
    """What an installer brings into a centre."""

    centre: str
    central: str
    codes: tuple[str, ...]  # the hub's first
    staff: Staff
    app_key: bytes
    version: str
    citizens: int
    seed: int


@dataclass(frozen=True)
class Reckoned:
    """What a centre says at the end: what was told, made, how each ticket ended, and what does not fit."""

    told: list[Told]
    kept: Kept
    ends: dict[str, str | None]
    adopted: set[str]  # tickets of which the hub knows from central, since the one before it died
    living: list[str]
    events: Counter[str]
    faults: list[str]

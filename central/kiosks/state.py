"""What a kiosk last said of itself, read without trusting it, and how much it needs somebody."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, unique
from importlib.metadata import version
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct

from central.kiosks.machine import is_silent
from common.machine.doctor.updates import STICK, WENT_BACK

_LOW_PAPER_M: Final = 8
_MANY_WAITING: Final = 200
_MOST_WORDS: Final = 60
_LOW_DISK_BYTES: Final = 1_000_000_000  # below it the kiosk's own doctor warns
_NO_PAPER: Final = ("Out", "Jammed")
_AT_WORK: Final = frozenset({"Online", "DeviceBusy", "Starting", ""})
_ON_BATTERY: Final = "battery"
_MOST_BEHIND: Final = 1  # minor versions that it may be behind central's
_OWN: Final = version("homs-kiosk")
_VERSION: Final = re.compile(r"(\d{1,4})\.(\d{1,4})\b")
BOTH: Final = ("kiosk", "hub")
_RESTARTS: Final = ("restarts", "power_cuts", "crashes", "watchdogs", "updates")
STOPPED: Final = "stopped"
"""What a forwarder says in the place of the process beside it: nothing serves people there."""


class _Tallied(Struct):
    tallies: dict[str, Annotated[int, Meta(ge=0, lt=2**53)]] = {}


class KioskState(Struct, frozen=True, kw_only=True):
    """The parts of a report that people look at. Words are the kiosk's own, cut to a bearable length."""

    out_of_service: str | None = None
    devices: dict[str, str] = {}
    paper: str | None = None
    paper_left_m: int | None = None
    waiting: int = 0
    dead: int = 0
    clock: str = ""
    power: str = ""
    charge_percent: int | None = None
    alarms: list[str] = []
    version: str = ""
    left_out: dict[str, str] = {}
    is_disk_low: bool = False
    update_lacks: str | None = None
    boards_lack: dict[str, str] = {}

    @property
    def failing(self) -> dict[str, str]:
        """Return the devices that do not work, each with its state."""
        return {name: word for name, word in self.devices.items() if word not in _AT_WORK}

    @property
    def says_how_it_is(self) -> bool:
        """Return whether it says more than its version, which a forwarder tells before any screen ran."""
        return self != KioskState(version=self.version)


@unique
class Need(IntEnum):
    """How soon somebody has to look, the most urgent first."""

    SILENT = 0  # nothing was heard for ten minutes
    CLOSED = 1  # its screen says that it is out of service, or nothing serves people there
    BROKEN = 2  # a device fails, or there is no paper or little room on the disk
    ALARMED = 3  # it raised an alarm, or can't use what was published
    SOON = 4  # paper runs low, items wait, on battery
    WELL = 5
    MUTED = 6  # somebody is working on it
    REVOKED = 7


@dataclass(frozen=True, slots=True)
class Symptom:
    """Something about which a machine of these roles says that somebody has to see to it."""

    name: str
    need: Need
    is_so: Callable[[KioskState], bool]
    roles: tuple[str, ...] = ("kiosk",)


SYMPTOMS: Final = (
    Symptom("stopped", Need.CLOSED, lambda state: state.out_of_service == STOPPED, BOTH),
    Symptom("closed", Need.CLOSED, lambda state: state.out_of_service not in (None, STOPPED)),
    Symptom("paper", Need.BROKEN, lambda state: state.paper in _NO_PAPER),
    Symptom("device", Need.BROKEN, lambda state: bool(state.failing)),
    Symptom("disk", Need.BROKEN, lambda state: state.is_disk_low),
    Symptom("alarm", Need.ALARMED, lambda state: bool(state.alarms or state.dead), BOTH),
    Symptom("left-out", Need.ALARMED, lambda state: bool(state.left_out)),
    Symptom("paper-low", Need.SOON, lambda state: state.paper not in _NO_PAPER and _is_paper_low(state)),
    Symptom("updates", Need.SOON, lambda state: state.update_lacks not in (None, STICK, WENT_BACK), BOTH),
    Symptom("went-back", Need.SOON, lambda state: state.update_lacks == WENT_BACK, BOTH),
    Symptom("stick", Need.SOON, lambda state: state.update_lacks == STICK and _is_behind(state.version, _OWN), BOTH),
    Symptom("board", Need.SOON, lambda state: bool(state.boards_lack), ("hub",)),
    Symptom("battery", Need.SOON, lambda state: state.power == _ON_BATTERY),
    Symptom("backlog", Need.SOON, lambda state: state.waiting > _MANY_WAITING),
)
"""The most urgent first."""


def read_state(report: str | None) -> KioskState:
    """Read a report; whatever in it isn't as expected is left out."""
    try:
        said = msgspec.json.decode(report or "{}")
    except msgspec.DecodeError:
        said = {}
    said = said if isinstance(said, dict) else {}
    outbox = said.get("outbox")
    outbox = outbox if isinstance(outbox, dict) else {}
    alarms, update, free = said.get("alarms"), said.get("update"), _whole(said.get("disk_free_bytes"))
    return KioskState(
        out_of_service=_word(said.get("out_of_service")),
        devices=_words(said.get("devices")),
        paper=_word(said.get("paper")),
        paper_left_m=_whole(said.get("paper_left_m")),
        waiting=_whole(outbox.get("waiting")) or 0,
        dead=_whole(outbox.get("dead")) or 0,
        clock=_word(said.get("clock")) or "",
        power=_word(said.get("power")) or "",
        charge_percent=_whole(said.get("charge_percent")),
        alarms=[word for one in list(alarms if isinstance(alarms, list) else ())[:50] if (word := _word(one))],
        version=_word(said.get("version")) or "",
        left_out=_words(said.get("left_out")),
        is_disk_low=free is not None and free < _LOW_DISK_BYTES,
        update_lacks=_word(update.get("lacks")) if isinstance(update, dict) else None,
        boards_lack=_words(said.get("boards")),
    )


def restarts_of(report: str | None) -> dict[str, int]:
    """Return how often a machine's program has begun since it was set up, and why, as far as known; empty if unsaid."""
    try:
        said = msgspec.json.decode(report or "{}", type=_Tallied).tallies
    except msgspec.MsgspecError:
        return {}
    return {name: said.get(name, 0) for name in _RESTARTS} if _RESTARTS[0] in said else {}


def news_of(state: KioskState) -> KioskState:
    """Return a state without what only counts on: two of these that differ are a change."""
    return msgspec.structs.replace(state, waiting=0, paper_left_m=None, charge_percent=None)


def need_of(state: KioskState, heard_at: str | None, now: datetime, role: str = "kiosk") -> Need:
    """Return how soon somebody has to look at a machine in service. `heard_at` is when it was last heard."""
    if is_silent(heard_at, now):
        return Need.SILENT
    return min((one.need for one in symptoms_of(state, role)), default=Need.WELL)


def symptoms_of(state: KioskState, role: str = "kiosk") -> list[Symptom]:
    """Return all that is wrong with a machine by its own word, the most urgent first.

    Where nothing serves people there, what its process said before is no word of now. What means nothing of a machine
    of this role, as a word of a newer version may, is left out: it has no place on the list of needs.
    """
    found = [one for one in SYMPTOMS if role in one.roles and one.is_so(state)]
    return found[:1] if state.out_of_service == STOPPED else found


def _is_paper_low(state: KioskState) -> bool:
    return state.paper == "Low" or (state.paper_left_m is not None and state.paper_left_m < _LOW_PAPER_M)


def _is_behind(said: str, own: str) -> bool:
    """Return whether a version is another major one, or too many minor ones behind; of one that has none, never."""
    here, there = _VERSION.match(own), _VERSION.match(said)
    if here is None or there is None:
        return False
    (major, minor), (its_major, its_minor) = (tuple(map(int, one.groups())) for one in (here, there))
    return its_major < major or (its_major == major and its_minor < minor - _MOST_BEHIND)


def _words(value: Any) -> dict[str, str]:
    """Return some words by their names, as many as a page bears."""
    named = list(value.items() if isinstance(value, dict) else ())[:20]
    return {str(name)[:_MOST_WORDS]: _word(word) or "" for name, word in named}


def _word(value: Any) -> str | None:
    return value[:_MOST_WORDS] if isinstance(value, str) and value else None


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53 else None

"""The services that a centre offers, as data: the shipped `services.toml`, changed and extended by central's feed.

One bad entry disables that entry, with a line in the log, never the kiosk.
"""

import functools
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NamedTuple

import msgspec
import structlog
from msgspec import Meta, Struct

from common.city.brand.brand import brand
from common.city.groups import DeskEntry, Group, GroupMark, Letter, Names, Words, require_both

SHIPPED: Final = Path(__file__).with_name("services.toml")
MAIN_TILES: Final = 6
INFORMATION: Final = "information"  # the desk a help ticket leads to
CASHIER: Final = "cashier"  # the desk of an unpaid order

_log = structlog.get_logger(__name__)

Code = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}\Z")]
_LONGEST_CODE: Final = 40  # of a longer one the beginning could be another's code
TimeOfDay = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z")]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_WEEK: Final[tuple[Weekday, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class CatalogueError(Exception):
    """The shipped catalogue can't be read at all; the message says why."""


class Fee(Struct, frozen=True):
    """What the service costs, in minor units of the currency; 0 is free.

    Without a currency it is the brand's. Where an older money of that code circulates too (since January 2026 one new
    Syrian pound is a hundred old ones, and both are SYP) an amount says which it means.
    """

    amount_minor: Annotated[int, Meta(ge=0, le=10**12)]
    currency: Annotated[str, Meta(pattern=r"^([A-Z]{3})?\Z")] = ""
    pound: Literal["new", "old"] | None = None

    def __post_init__(self) -> None:
        brand().currency.check(self.amount_minor, self.currency, self.pound)

    @property
    def due_minor(self) -> int:
        """What is to be paid, in minor units; of two moneys of one code in the new one."""
        return brand().currency.due(self.amount_minor, self.pound)


class Hours(Struct, frozen=True):
    """When the service is open, by the clock on the wall; `days` are the days it opens at all."""

    opens: TimeOfDay
    closes: TimeOfDay
    days: tuple[Weekday, ...] = _WEEK

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError(f"opens {self.opens} is not before closes {self.closes}")
        if not self.days:
            raise ValueError("days is empty")

    def is_open(self, now: datetime) -> bool:
        """Return whether it is open at this local moment."""
        return _WEEK[now.weekday()] in self.days and self.opens <= f"{now:%H:%M}" < self.closes

    def opens_on(self, day: date) -> bool:
        """Return whether it opens on this day at all."""
        return _WEEK[day.weekday()] in self.days

    def next_opening(self, now: datetime) -> date:
        """Return the day of the next opening after this local moment."""
        day = now.date() if f"{now:%H:%M}" < self.opens else now.date() + timedelta(days=1)
        while _WEEK[day.weekday()] not in self.days:
            day += timedelta(days=1)
        return day


class Document(Struct, frozen=True):
    """One of the documents that a service issues; `fee` where it differs from the service's."""

    code: Code
    names: Names
    fee: Fee | None = None

    def __post_init__(self) -> None:
        require_both(self.names)


class Service(Struct, frozen=True, kw_only=True):
    """One service. What nobody has said is None or empty, and is left out on screen and paper."""

    code: Code
    group: Annotated[str, Meta(min_length=1, max_length=20)]
    prefix: Annotated[str, Meta(pattern=r"^[A-Z]?\Z")]
    names: Names
    papers: Annotated[tuple[Names, ...], Meta(max_length=12)] = ()
    documents: Annotated[tuple[Document, ...], Meta(max_length=12)] = ()
    fee: Fee | None = None
    hours: Hours | None = None
    daily_quota: Annotated[int, Meta(ge=1, le=9999)] | None = None
    numbers: Literal["warn", "stop"] = "warn"
    orderable: bool = False
    main: bool = False
    offered: bool = True

    def __post_init__(self) -> None:
        for names in (self.names, *self.papers):
            require_both(names)

    def document_names(self, code: str | None) -> Words:
        """Return the names of one of its documents, or its own where it has no such document."""
        return next((one.names for one in self.documents if one.code == code), self.names)

    def fee_of(self, document: str | None) -> Fee | None:
        """Return what one copy of a document costs: its own fee, or the service's; None where nobody has said."""
        own = next((one.fee for one in self.documents if one.code == document), None)
        return self.fee if own is None else own

    @property
    def queue(self) -> str:
        """The letter that counters call it by: that of its numbers, else its group; empty without any."""
        letter = (self.prefix or self.group).upper()
        return letter if len(letter) == 1 and letter.isalpha() else ""

    @property
    def is_described(self) -> bool:
        """Whether anything is known of it that a citizen could read: papers, fee or hours."""
        return bool(self.papers) or self.fee is not None or self.hours is not None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The services in the order they are shown, and the names of their groups, of centres and of desks."""

    services: tuple[Service, ...]
    groups: Mapping[str, Words]
    centres: Mapping[str, Words]
    desks: Mapping[str, Service]
    known: Mapping[str, Service]  # all that a ticket may name: desks, and services that are not offered any more, too
    disabled: Mapping[str, str]  # code of a bad entry -> what is wrong with it
    marks: Mapping[str, GroupMark]  # by the group's letter
    reasons: Mapping[str, Words]  # why a service may stand still, by code

    def get(self, code: str) -> Service | None:
        """Return an offered service or a desk by its code."""
        return self.desks.get(code) or next((one for one in self.services if one.code == code), None)

    def names(self, code: str) -> Words:
        """Return the names of a service or desk, or its code where nothing else is known."""
        found = self.get(code)
        return found.names if found else {"ar": code, "en": code}

    def centre_names(self, code: str) -> Words:
        """Return the names of a centre, or its code where nothing else is known."""
        return self.centres.get(code, {"ar": code, "en": code})

    def main(self, tiles: Sequence[str] = ()) -> tuple[Service, ...]:
        """Return at most six services for the start screen: those the settings name, or marked `main`, or first."""
        chosen = [found for code in tiles if (found := self.get(code)) is not None]
        return tuple(chosen or [one for one in self.services if one.main] or self.services)[:MAIN_TILES]

    @property
    def orderable(self) -> tuple[Service, ...]:
        """The services that the app can order."""
        return tuple(one for one in self.services if one.orderable)

    @property
    def free(self) -> frozenset[str]:
        """Codes of the services that are known to cost nothing."""
        return frozenset(one.code for one in self.services if one.fee is not None and one.fee.amount_minor == 0)


class Published(NamedTuple):
    """What the feed says of a catalogue: services field by field, groups by letter, desks by code."""

    services: Sequence[Mapping[str, Any]] = ()
    groups: Mapping[str, Any] = {}
    desks: Mapping[str, Any] = {}


_read: Final = functools.lru_cache(maxsize=2)(tomllib.loads)  # each word of the feed lays the same file out again


def load_catalogue(overlay: Published | Iterable[Mapping[str, Any]] = (), path: Path = SHIPPED) -> Catalogue:
    """Read the shipped catalogue and lay the feed's entries over it, by code.

    Args:
        overlay: what the feed says, or entries of services alone.
        path: the shipped file.

    Raises:
        CatalogueError: the shipped file can't be read, or is no TOML.
    """
    try:
        shipped = _read(path.read_text(encoding="utf-8"))
        groups = msgspec.convert(shipped.get("groups", {}), dict[str, Names])
        centres = msgspec.convert(shipped.get("centres", {}), dict[str, Names])
        desks = msgspec.convert(shipped.get("desks", {}), dict[Code, DeskEntry])
        marks = msgspec.convert(shipped.get("marks", {}), dict[Letter, GroupMark])
        reasons = msgspec.convert(shipped.get("reasons", {}), dict[Code, Names])
        for names in (*groups.values(), *centres.values(), *reasons.values()):
            require_both(names)
    except (OSError, ValueError, msgspec.ValidationError) as error:
        raise CatalogueError(f"{path.name} can't be read: {error}") from error
    told = overlay if isinstance(overlay, Published) else Published(tuple(overlay))
    disabled: dict[str, str] = {}
    for letter, group in _usable(told.groups, Letter, Group, disabled):
        groups |= {letter: group.names} if group.names else {}
        marks |= {letter: group.mark} if group.mark else {}
    desks |= dict(_usable(told.desks, Code, DeskEntry, disabled))
    desks_by_code = {
        code: Service(code=code, group=desk.prefix, prefix=desk.prefix, names=desk.names)
        for code, desk in desks.items()
    }
    services: dict[str, Service] = {}
    known: dict[str, Service] = {}
    entries = shipped.get("services", ())
    if shipped.get("currency") != brand().currency.code:
        entries = [_without_fees(entry) for entry in entries]
    for code, entry in _merge(entries, told.services).items():
        try:
            service = msgspec.convert(entry, Service)
        except msgspec.ValidationError as error:
            _disable(disabled, code, error)
            continue
        known[code] = service
        if service.offered and service.code not in desks:
            services[code] = service
    return Catalogue(
        services=tuple(services.values()),
        groups=groups,
        centres=centres,
        desks=desks_by_code,
        known=known | desks_by_code,
        disabled=disabled,
        marks=marks,
        reasons=reasons,
    )


def _usable[T](
    entries: Mapping[str, Any], key: Any, kind: type[T], disabled: dict[str, str]
) -> Iterator[tuple[str, T]]:
    """Return what can be used of published groups or desks; what is wrong leaves the shipped ones as they are."""
    for name, entry in entries.items():
        try:
            yield msgspec.convert(name, key), msgspec.convert(entry, kind)
        except msgspec.ValidationError as error:
            _disable(disabled, f"{kind.__name__} {name[:40]}", error)


def _disable(disabled: dict[str, str], what: str, error: msgspec.ValidationError) -> None:
    disabled[what] = str(error)
    # Only names of fields and the rule are in msgspec's words, so the line is bounded and holds no content.
    _log.error("catalogue-entry-disabled", service=what, problem=str(error)[:200])


def _without_fees(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what a service costs: in a town with another money nobody has said it."""
    kept = {name: value for name, value in entry.items() if name != "fee"}
    return kept | {"documents": [_without_fees(one) for one in kept["documents"]]} if "documents" in kept else kept


def _merge(shipped: object, overlay: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the entries by code, in order; an entry without a usable code is kept under a name that tells where."""
    merged: dict[str, dict[str, Any]] = {}
    for source, entries in (("shipped", shipped), ("feed", overlay)):
        for position, entry in enumerate(entries if isinstance(entries, Iterable) else (), 1):
            fields = dict(entry) if isinstance(entry, Mapping) else {}
            code = fields.get("code")
            is_named = isinstance(code, str) and len(code) <= _LONGEST_CODE and code.isprintable()
            key = str(code) if is_named else f"{source} entry {position}"
            merged[key] = {**merged.get(key, {}), **fields}
    return merged

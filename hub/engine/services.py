"""The services that tickets name, as far as a queue needs them: names and the queue that each waits in."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, select

from common.city.catalogue import SHIPPED
from offline_store.disk import tables

# Desks without a letter of their own in the table: the letters that counters call them by.
DESK_QUEUES: Final = {"information": "X", "cashier": "Y"}
DEFAULT_MINUTES: Final = 5.0

Names = dict[str, str]


class KnownService(Struct, frozen=True):
    """One service or desk: what people call it, the letter of its queue, and how long one takes at a counter."""

    code: str
    names: Names
    queue: str
    minutes: float


def known_services(connection: Connection) -> Mapping[str, KnownService]:
    """Read the shipped table with central's entries laid over it, by code. An entry that cannot be read is left out."""
    columns = tables.catalogue.c
    entries = connection.execute(select(columns.entry).order_by(columns.position)).scalars()
    merged = {code: dict(fields) for code, fields in _shipped().items()}
    for entry in entries:
        fields = msgspec.json.decode(entry, type=dict[str, Any])
        merged[str(fields.get("code"))] = merged.get(str(fields.get("code")), {}) | fields
    return {code: found for code, fields in merged.items() if (found := _service(code, fields)) is not None}


def centre_name(code: str) -> Names:
    """Return a centre's name in each language, its code where nobody has said one."""
    table = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    return _texts(table.get("centres", {}).get(code, {"ar": code, "en": code}))


def group_colours() -> Mapping[str, str]:
    """Return each group's colour as the kiosk's tiles and tickets have it, `#RRGGBB` by letter; white is read on it."""
    table = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    return {letter: mark["colour"] for letter, mark in table["marks"].items()}


@cache
def _shipped() -> Mapping[str, Mapping[str, Any]]:
    table = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    services: dict[str, Mapping[str, Any]] = {one["code"]: one for one in table.get("services", ())}
    for code, desk in table.get("desks", {}).items():
        names = desk.get("names", desk)
        services[code] = {"code": code, "prefix": desk.get("prefix", DESK_QUEUES.get(code, "X")), "names": names}
    return services


def _service(code: str, fields: Mapping[str, Any]) -> KnownService | None:
    names, prefix = fields.get("names"), fields.get("prefix") or fields.get("group")
    minutes = fields.get("minutes", DEFAULT_MINUTES)
    if not isinstance(names, dict) or not isinstance(prefix, str) or len(prefix) != 1 or not prefix.isalpha():
        return None
    is_time = isinstance(minutes, int | float) and 0 < minutes <= 480
    return KnownService(code, _texts(names), prefix.upper(), float(minutes) if is_time else DEFAULT_MINUTES)


def _texts(names: Iterable[Any] | Mapping[Any, Any]) -> Names:
    return {str(key): str(value) for key, value in dict(names).items() if isinstance(value, str)}

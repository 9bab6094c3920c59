"""What a kiosk's first screen offers by a catalogue: for somebody about to publish one.

The rule is the kiosk's own (`common.city.catalogue`), over the services that kiosks of this version bring; a test
holds both equal. What a kiosk's own file says of its tiles, central doesn't know.
"""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

import msgspec
from msgspec import Struct

from central.publishing.service_entry import ServiceEntry
from common.city.catalogue import SHIPPED

MOST_TILES: Final = 6


class Tile(Struct, frozen=True):
    """One service on the first screen: its names by language, and the letter of its numbers."""

    code: str
    names: dict[str, str]
    letter: str


def tiles_of(entries: Iterable[Mapping[str, Any]], named: Iterable[object] = ()) -> tuple[Tile, ...]:
    """Return what the first screen offers where these entries are published, in its order.

    An entry that kiosks can't use is left out, as they leave it out.

    Args:
        entries: as `central publish catalogue` takes them.
        named: codes of services, as the setting `kiosk.tiles` may name them.
    """
    merged: dict[str, dict[str, Any]] = {}
    for entry in (*_shipped(), *entries):
        code = str(entry.get("code"))
        merged[code] = {**merged.get(code, {}), **entry}
    offered = [one for one in merged.values() if one.get("offered", True) and _is_usable(one)]
    by_code = {one["code"]: one for one in offered}
    chosen = [by_code[code] for code in named if code in by_code]
    chosen = chosen or [one for one in offered if one.get("main")] or offered
    return tuple(Tile(str(one["code"]), one["names"], str(one["prefix"])) for one in chosen[:MOST_TILES])


def _is_usable(entry: Mapping[str, Any]) -> bool:
    try:
        service = msgspec.convert(entry, ServiceEntry)
    except (msgspec.ValidationError, ValueError):
        return False
    return bool(service.names) and isinstance(service.group, str) and isinstance(service.prefix, str)


@cache
def _shipped() -> tuple[dict[str, Any], ...]:
    return tuple(tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["services"])

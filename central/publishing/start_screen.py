"""What a kiosk's first screen offers by a catalogue: for somebody about to publish one.

The rule is the kiosk's own, over the services that kiosks of this version bring. What a kiosk's own file says of its
tiles, central doesn't know.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from common.city.catalogue import load_catalogue


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
    chosen = load_catalogue(entries).main([str(code) for code in named])
    return tuple(Tile(one.code, dict(one.names), one.prefix) for one in chosen)

"""Services as tiles: which are offered now, and how they fall into pages."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from functools import partial

from common.city.catalogue import Catalogue, Service
from kiosk.desk.desk import Desk, Refusal
from kiosk.flows.context import Hall
from kiosk.prompts.choosing import Tile, TileGroup
from kiosk.prompts.ui import OFFERED, Availability, Text

TILES_A_PAGE = 8
type Pages = tuple[tuple[TileGroup, ...], ...]
"""Groups of services, in pages of at most 8 tiles."""

_WHY = {Refusal.CLOSED: "service.closed_now", Refusal.QUOTA_FULL: "service.quota_full"}


def tile(service: Service, desk: Desk, hall: Hall, *, leads_on: bool = False) -> Tile:
    """Return a service as a tile; one that gives no number now, stands still, or may not be served today says so.

    `leads_on`: to an appointment or a payment as well, so that one without numbers can be touched too.
    """
    refused, stopped = desk.availability(service), hall.stopped.get(service.code)
    tile = Tile(service.code, service.names, OFFERED, service.prefix)
    if refused is not None and refused.reason in _WHY:
        why = Text(_WHY[refused.reason])
        return replace(tile, note=why) if leads_on else replace(tile, availability=Availability(False, why))
    if stopped is not None:
        return replace(tile, note=stopped.why, brief=stopped.brief)
    tile = replace(tile, waiting=hall.waiting.get(service.code))
    if service.code in hall.doubtful:
        return replace(tile, note=Text("service.may_not_be_today"), brief=Text("service.maybe_not_today"))
    return tile


def pages_to_take(
    catalogue: Catalogue, desk: Desk, hall: Hall, left_out: Collection[str], leading: Collection[str] = ()
) -> Pages:
    """Return the services that are not left out, each with whether it gives a number now.

    `leading`: those that lead on, too. A group stays together where that costs no further page: any service is three
    touches away at most.
    """

    def as_tile(service: Service) -> Tile:
        return tile(service, desk, hall, leads_on=service.code in leading)

    return _pages(catalogue, as_tile, left_out)


def pages_of_all(catalogue: Catalogue, desk: Desk, hall: Hall, main: Collection[Service]) -> Pages:
    """Return all services to take a number of, the main ones first on a page of their own."""
    as_tile = partial(tile, desk=desk, hall=hall)
    first = TileGroup("main", {}, tuple(map(as_tile, main)))
    rest = _pages(catalogue, as_tile, {service.code for service in main})
    return ((first,), *rest) if main else rest


def pages_to_read(catalogue: Catalogue, main: Collection[Service], *, books: bool = False) -> Pages:
    """Return all services of which something is known, the main ones first on a page of their own, closed ones too.

    `books`: appointments are given, and are on the page of each.
    """
    known = [service for service in main if books or service.is_described]
    silent = {service.code for service in catalogue.services if not (books or service.is_described)}
    first = TileGroup("main", {}, tuple(map(_plain, known)))
    rest = _pages(catalogue, _plain, silent | {service.code for service in main})
    return ((first,), *rest) if known else rest


def _plain(service: Service) -> Tile:
    return Tile(service.code, service.names, letter=service.prefix)


def _pages(catalogue: Catalogue, as_tile: Callable[[Service], Tile], left_out: Collection[str]) -> Pages:
    groups: dict[str, list[Tile]] = {}
    for service in catalogue.services:
        if service.code not in left_out:
            groups.setdefault(service.group, []).append(as_tile(service))
    named = [TileGroup(code, catalogue.groups.get(code, {}), tuple(tiles)) for code, tiles in groups.items()]
    fewest = -(-sum(len(group.tiles) for group in named) // TILES_A_PAGE)
    whole = _fill(named)
    return whole if len(whole) <= fewest and all(map(_fits, whole)) else _fill(_split(named))


def _fill(groups: Iterable[TileGroup]) -> Pages:
    pages: list[list[TileGroup]] = []
    for group in groups:
        if pages and _fits([*pages[-1], group]):
            pages[-1].append(group)
        else:
            pages.append([group])
    return tuple(tuple(page) for page in pages)


def _fits(page: Collection[TileGroup]) -> bool:
    return sum(len(group.tiles) for group in page) <= TILES_A_PAGE


def _split(groups: Iterable[TileGroup]) -> Iterable[TileGroup]:
    """Cut groups where a page ends."""
    room = TILES_A_PAGE
    for group in groups:
        tiles = group.tiles
        while tiles:
            yield TileGroup(group.group, group.names, tiles[:room])
            used = min(room, len(tiles))
            tiles, room = tiles[room:], room - used
            room = room or TILES_A_PAGE

"""The start screen in large letters: fewer things on a page, each with its picture and its reason."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kiosk.prompts.choosing import TakeNumber, Tile
from screens.citizen.paged import PagedScreen
from screens.citizen.tiles import TILE_LABEL
from screens.icons import of_service
from screens.look.frame import Box
from screens.widgets.face import (
    LIP_MM,
    CountPlace,
    Face,
    best_arrangement,
    count_size,
    even_faces,
    icon_column,
    inside,
    needed_height,
    set_words,
)

_MOST = 6
_MOST_PAGES = 3
"""Each of so many pages is one touch away."""
_LEAST_W_MM, _LEAST_H_MM, _MOST_H_MM = 60.0, 25.0, 92.0


@dataclass(frozen=True)
class Entry:
    """One thing to touch."""

    name: str
    face: Face
    answer: object
    enabled: bool = True
    selected: bool = False


type _Page = tuple[list[Entry], list[Box]]


class LargeStart(PagedScreen):
    """Draws entries on as few pages as leave each of them its whole name beside its picture."""

    def tile_entry(self, tile: Tile) -> Entry:
        """Return the entry that takes a number, with the reason where it gives none now."""
        name, reason, waiting = self.frame.words(tile.names), self._reason(tile), self._waiting(tile)
        beside, tint = reason or waiting, self.frame.theme.mark_colour(tile.letter)
        spoken, count = f"{name}. {beside}" if beside else "", str(tile.waiting) if waiting else ""
        icon = of_service(tile.service)
        face = Face(name, icon, reason, "tile", "row", TILE_LABEL, spoken=spoken, tint=tint, count=count)
        return Entry(f"tile:{tile.service}", face, TakeNumber(tile.service), tile.availability.is_offered)

    def entries(self, entries: list[Entry], box: Box) -> None:
        """Draw the present page of these: as a grid, or one below the other where that takes fewer pages."""
        pages = self._counted(entries, box)
        self._page = min(self._page, len(pages) - 1)
        if len(pages) > 1:
            self.turners(len(pages), box)
        shown, cells = pages[self._page]
        for entry, face, cell in zip(shown, even_faces(self.frame, [e.face for e in shown], cells), cells, strict=True):
            self.button(entry.name, cell, face, entry.answer, entry.enabled, entry.selected)

    def shape(self, entries: list[Entry], box: Box) -> tuple[int, float, bool]:
        """Return how many pages these take, how wide each of them is, and whether it says how many wait."""
        pages = self._counted(entries, box)
        return *_shape(pages), bool(pages[0][0][0].face.count)

    def _counted(self, entries: list[Entry], box: Box) -> list[_Page]:
        """Return the pages, with how many wait where that costs no page, no picture and no width."""
        bare = self._pages([_with_count(entry, "", "icon") for entry in entries], box)
        places: tuple[CountPlace, ...] = ("end", "icon")
        for place in places:
            pages = self._pages([_with_count(entry, entry.face.count, place) for entry in entries], box)
            if _shape(pages) == _shape(bare) and all(self._keeps_pictures(page) for page in pages):
                return pages
        return bare

    def _pages(self, entries: list[Entry], box: Box) -> list[_Page]:
        """Return the pages of letters half as large again, or nearly so, where there are not too many of them."""
        nearly = [_with_least(entry, self.frame.nearly(entry.face.style).wish_px) for entry in entries]
        pages = self._fewest(nearly, box)
        if len(pages) <= _MOST_PAGES and all(self._keeps_pictures(page) for page in pages):
            return pages
        return self._fewest(entries, box)

    def _fewest(self, entries: list[Entry], box: Box) -> list[_Page]:
        paged = Box(box.x, box.y, box.w, box.h - self.turner_px - self.frame.mm(4))
        grid, stack = self._grid(entries, box, paged), self._stack(entries, box, paged)
        large = self._stack(entries, box, paged, as_wished=True)
        ways = sorted((large, grid, stack), key=len)
        whole = (pages for pages in ways if all(self._keeps_pictures(page) for page in pages))
        return next(whole, ways[0]) if len(large) > 1 else next(whole, self._stacked(entries, paged, True))

    def _keeps_pictures(self, page: _Page) -> bool:
        entries, cells = page
        if not all(self._leaves_room(entry.face, cell) for entry, cell in zip(entries, cells, strict=True)):
            return False
        evened = even_faces(self.frame, [entry.face for entry in entries], cells)
        return all(self._keeps_picture(face, cell) for face, cell in zip(evened, cells, strict=True))

    def _keeps_picture(self, face: Face, cell: Box) -> bool:
        """Return whether words stand beside the picture, with the plate's lip and in colours that have none."""
        flat = inside(self.frame, Box(0, 0, cell.w, cell.h))
        rooms = self._inner(cell), flat  # a higher plate has a wider picture, and less room for words
        return face.icon is not None and all(best_arrangement(self.frame, face, room) != "words" for room in rooms)

    def _leaves_room(self, face: Face, cell: Box) -> bool:
        """Return whether an icon and the count below it stand in a cell without growing out of it."""
        inner = self._inner(cell)
        high = count_size(self.frame, face.count)[1] if face.count_at == "icon" else 0
        return icon_column(self.frame, face, inner.w, inner.h)[0] + high <= inner.h

    def _grid(self, entries: list[Entry], whole: Box, paged: Box) -> list[_Page]:
        """Return pages of equal cells."""
        gap = self.frame.mm(self.frame.theme.gap_mm)
        columns, rows = self._way(entries, whole, paged)
        box = whole if columns * rows >= len(entries) else paged
        high = min(box.h, rows * self.frame.mm(_MOST_H_MM) + (rows - 1) * gap)
        cells, pages = box.centred(box.w, high).grid(columns, rows, gap), []
        for start in range(0, len(entries), columns * rows):
            shown = entries[start : start + columns * rows]
            pages.append((shown, cells[: len(shown)]))
        return pages

    def _stack(self, entries: list[Entry], box: Box, paged: Box, *, as_wished: bool = False) -> list[_Page]:
        """Return pages of cells one below the other, each as high as its own words need, or wish."""
        pages = self._stacked(entries, box, as_wished)
        return pages if len(pages) == 1 else self._stacked(entries, paged, as_wished)

    def _stacked(self, entries: list[Entry], box: Box, as_wished: bool) -> list[_Page]:
        gap, least = self.frame.mm(self.frame.theme.gap_mm), self.frame.mm(_LEAST_H_MM)
        pages: list[list[tuple[Entry, float]]] = []
        for entry in entries:
            wished = _with_least(entry, self.frame.type(entry.face.style).wish_px) if as_wished else entry
            need = max(least, needed_height(self.frame, wished.face, box.w))
            if pages and sum(high + gap for _, high in pages[-1]) + need <= box.h:
                pages[-1].append((entry, need))
            else:
                pages.append([(entry, need)])
        return [self._spread(page, box) for page in pages]

    def _spread(self, page: list[tuple[Entry, float]], box: Box) -> _Page:
        """Share out what is left of a page's height among its cells."""
        rest, gap = Box(box.x, box.y, box.w, box.h), self.frame.mm(self.frame.theme.gap_mm)
        spare = (box.h - sum(high for _, high in page) - gap * (len(page) - 1)) / len(page)
        more = max(0, min(spare, self.frame.mm(_LEAST_H_MM)))
        return [entry for entry, _ in page], [rest.cut_top(high + more, gap) for _, high in page]

    def _way(self, entries: list[Entry], whole: Box, paged: Box) -> tuple[int, int]:
        """Return columns and rows of a page: the most in which all entries fit."""
        ways = list(self._ways(entries, whole, paged))
        fitting = (way for way, box in ways if all(self._fits(entry.face, box, way) for entry in entries))
        return next(fitting, (1, 1))

    def _ways(self, entries: list[Entry], whole: Box, paged: Box) -> Iterator[tuple[tuple[int, int], Box]]:
        ways = [(columns, rows) for columns in (1, 2, 3) for rows in (1, 2, 3, 4, 5, 6) if columns * rows <= _MOST]
        for columns, rows in sorted(ways, key=lambda way: (-way[0] * way[1], way[0])):
            box = whole if columns * rows >= len(entries) else paged
            cell = box.grid(columns, rows, self.frame.mm(self.frame.theme.gap_mm))[0]
            if cell.w >= self.frame.mm(_LEAST_W_MM) and cell.h >= self.frame.mm(_LEAST_H_MM):
                yield (columns, rows), box

    def _fits(self, face: Face, box: Box, way: tuple[int, int]) -> bool:
        cell = box.grid(*way, self.frame.mm(self.frame.theme.gap_mm))[0]
        return set_words(self.frame, face, face.arrangement, self._inner(cell)).fits

    def _inner(self, cell: Box) -> Box:
        """Return the room within a cell's plate."""
        return inside(self.frame, Box(0, 0, cell.w, cell.h - self.frame.mm(LIP_MM)))


def _shape(pages: list[_Page]) -> tuple[int, float]:
    return len(pages), pages[0][1][0].w


def _with_count(entry: Entry, count: str, at: CountPlace) -> Entry:
    return replace(entry, face=replace(entry.face, count=count, count_at=at))


def _with_least(entry: Entry, least_px: int) -> Entry:
    return replace(entry, face=replace(entry.face, least_px=least_px))

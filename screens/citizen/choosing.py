"""C2 and C3: services in groups, a service's page, documents to order, priority."""

import math
from collections.abc import Iterable
from dataclasses import replace

from kiosk.prompts.choosing import AboutServices, ChoosePriority, MoreServices, ServiceInfo, TakeNumber, Tile, TileGroup
from kiosk.prompts.order import ChooseDocument
from kiosk.prompts.ui import Priority
from screens.articles.story import Action, Article
from screens.citizen.order import offered
from screens.citizen.paged import PagedScreen
from screens.citizen.ticket import another_day
from screens.citizen.tiles import LARGE_MM, TILE_LABEL
from screens.icons import of_service
from screens.look.frame import STRONG, TITLE, Box, Frame
from screens.look.text import LINE_EM, fitted

_MOST_MM, _MOST_IN_LIST_MM = 92.0, 46.0
_LIST = 3
"""So few documents stand one below the other on an upright panel."""
_MOST_LINES, _MOST_LARGE_LINES = 3, 5
"""A name of the feed may have 80 characters: for more lines than these no other service goes to a later page."""
_HEADING_LINES = 2
_FEW_PAGES = 3
"""Each of so many pages is one touch away on every panel but the smallest."""
_MOST_PAGES = 5
"""So many pages have a button each, whatever the panel; more than these nobody looks through for larger letters."""
_HEADING_GAP_MM = 2.0
"""Between a heading and its tiles there is room for the ring of the focus."""

type Page = tuple[TileGroup, ...]


class PagedTiles(PagedScreen):
    """Tiles under headings, in pages turned by buttons: nothing scrolls."""

    def __init__(self) -> None:
        super().__init__()
        self._width = 0.0
        self._row_px = 0
        self._least_px = 0
        self._is_list = False
        self._columns = 1

    def arrange(self, prompt: MoreServices | AboutServices | ChooseDocument, box: Box) -> None:
        """Lay out the present page; a small panel splits a page that doesn't fit."""
        frame = self.frame
        self._width = box.w
        takes = isinstance(prompt, MoreServices)
        self._is_list = isinstance(prompt, ChooseDocument) and not frame.theme.wide and len(prompt.tiles) <= _LIST
        title = frame.tell(prompt.title) if isinstance(prompt, AboutServices) else frame.say(f"{prompt.name}.title")
        is_large = frame.theme.easy and not frame.theme.tiny  # there the names need its room
        high, look = min(frame.mm(26), box.h * 0.14), frame.type(TITLE) if is_large else frame.least(TITLE)
        head = box.cut_top(max(high, fitted(title, int(box.w), 10_000, look).height_px), frame.mm(2))
        asked: tuple[Page, ...] = (
            ((TileGroup("", {}, prompt.tiles),),) if isinstance(prompt, ChooseDocument) else prompt.pages
        )
        area = Box(box.x, box.y, box.w, box.h)
        if frame.theme.low:
            top = max(box.y, frame.theme.height_px - frame.theme.reach_px)
            area = Box(box.x, top, box.w, box.y + box.h - top)
        # So small a panel says it once: on every page it would take a tile's place.
        once = head.h + frame.mm(2) if frame.theme.tiny and frame.theme.easy else 0
        area.y, area.h = area.y - once, area.h + once
        pages = self._pages(asked, area, once)
        self._page = min(self._page, len(pages) - 1)
        if len(pages) > 1:
            self.turners(len(pages), area)
        elif not frame.theme.low:  # a page alone stands a little above the middle, with its heading
            spare = max(0, area.h - self._need(pages[0], self._tall(pages[0], area))) * 0.42
            head.y += spare
            area.cut_top(spare)
        if self._page == 0 or not once:
            area.cut_top(once)
            self.label("title", head, title, TITLE)
        self._groups(pages[self._page], area, takes)

    def _pages(self, asked: tuple[Page, ...], area: Box, once: float) -> list[Page]:
        """Return the pages; large letters have their whole size where that leaves few enough to choose from."""
        large, tiles = self.frame.theme.easy, [tile for page in asked for group in page for tile in group.tiles]
        most = self._most_columns(tiles)
        # Upright, large letters one below the other have their names on few lines.
        columns = range(1, most + 1) if large and not self.frame.theme.wide else (most,)
        wish, best = self.frame.type(TILE_LABEL).wish_px, (list[Page](), 0)
        ways = ((wish, _FEW_PAGES), (self._nearly_px, _MOST_PAGES)) if large else ()
        for self._least_px, enough in (*ways, (0, 99)):
            best = min(((self._in_columns(count, asked, area, once), count) for count in columns), key=_pages_of)
            if _pages_of(best) <= enough and self._holds_rows(best, area, once):
                break
        return self._in_columns(best[1], asked, area, once)

    def _holds_rows(self, way: tuple[list[Page], int], area: Box, once: float) -> bool:
        """Return whether a page has room for the highest row: a name of the feed may be too long for it."""
        room = area.h - self.turner_px - self.frame.mm(4) - once
        self._columns = way[1]
        groups = (group for page in way[0] for group in page)
        return all(self._heading(group) + self._row_of(group) <= room for group in groups)

    def _in_columns(self, count: int, asked: tuple[Page, ...], area: Box, once: float) -> list[Page]:
        """Return the pages with so many tiles side by side."""
        self._columns = count
        self._row_px = self._least_row([group for page in asked for group in page])
        return self._fitting(asked, area, once)

    def _fitting(self, pages: tuple[Page, ...], area: Box, once: float) -> list[Page]:
        """Split pages into what fits above the page buttons at the least tile height; `once` is off the first page."""
        whole = area.h - self.turner_px - self.frame.mm(4)
        fitting: list[Page] = []
        for page in pages:
            groups: Page = ()
            for piece in (piece for group in page for piece in self._pieces(group, whole, once)):
                both = (*groups, piece)
                room = whole if fitting else whole - once
                if groups and self._need(both, max(map(self._row_of, both))) > room:
                    fitting.append(groups)
                    both = (piece,)
                groups = both
            fitting.append(groups)
        return fitting

    def _least_row(self, groups: Iterable[TileGroup]) -> int:
        frame, gap = self.frame, self.frame.mm(4)
        cell = Box(0, 0, (self._width - gap * (self._columns - 1)) / self._columns, frame.mm(25))
        tiles = tuple(tile for group in groups for tile in group.tiles)
        lines = _MOST_LARGE_LINES if frame.theme.easy else _MOST_LINES
        return self.least_height(tiles, cell.w, lines, self._least_px)

    def _row_of(self, group: TileGroup) -> int:
        """Return the least height of a group's tiles: all alike, but for large letters, where that costs pages."""
        return self._least_row([group]) if self.frame.theme.easy else self._row_px

    def _pieces(self, group: TileGroup, room: float, once: float) -> list[TileGroup]:
        """Split a group into what a page holds; where each row is dear, its heading is on the first of them alone."""
        pieces, rest, room = list[TileGroup](), group, room - once
        while rest.tiles:
            rows = max(1, int((room - self._heading(rest)) // (self._row_of(group) + self.frame.mm(4))))
            count = rows * self._columns
            pieces.append(replace(rest, tiles=rest.tiles[:count]))
            rest = replace(rest, names={} if once else group.names, tiles=rest.tiles[count:])
            room += once if len(pieces) == 1 else 0
        return pieces

    def _most_columns(self, tiles: list[Tile]) -> int:
        """Return how many tiles stand side by side; in large letters as many as leave each word room at its picture."""
        if self._is_list:
            return 1
        theme, gap = self.frame.theme, self.frame.mm(4)
        least = theme.mm(LARGE_MM if theme.easy else 60)
        columns = max(1, min(3 if theme.wide else 2, int((self._width + gap) // (least + gap))))
        while theme.easy and columns > 1 and not self.fit_beside(tiles, (self._width + gap) / columns - gap):
            columns -= 1
        return columns

    def _heading(self, group: TileGroup) -> float:
        if not group.names:
            return 0
        side = self.frame.mm(10)  # its sign and the space after it
        name = fitted(self.frame.words(group.names), int(self._width - side), 10_000, self.frame.least(STRONG))
        high = min(name.height_px, _HEADING_LINES * math.ceil(name.size_px * LINE_EM))
        return max(self.frame.mm(13), high) + self.frame.mm(_HEADING_GAP_MM)

    def _rows(self, page: Page) -> int:
        return sum(-(-len(group.tiles) // self._columns) for group in page)

    def _need(self, page: Page, row_px: float) -> float:
        return sum(self._heading(group) for group in page) + self._rows(page) * (row_px + self.frame.mm(4))

    def _tall(self, page: Page, area: Box) -> float:
        """Return the height of a page's tiles: what there is, but no more than looks like a tile."""
        headings, rows = sum(self._heading(group) for group in page), max(1, self._rows(page))
        most = self.frame.mm(_MOST_IN_LIST_MM if self._is_list else _MOST_MM)
        least = max(map(self._row_of, page))
        return min((area.h - headings) / rows - self.frame.mm(4), max(least, most))

    def _groups(self, page: Page, area: Box, takes: bool) -> None:
        """Draw the tiles of a page; a touch takes a number of a service, or opens its page."""
        frame, columns = self.frame, self._columns
        gap, tall = frame.mm(4), self._tall(page, area)
        for group in page:
            if group.names:
                head = area.cut_top(self._heading(group) - frame.mm(_HEADING_GAP_MM), frame.mm(_HEADING_GAP_MM))
                mark, colour = frame.theme.mark_of(group.group), frame.theme.mark_colour(group.group)
                if mark is not None:
                    side = min(head.h, frame.mm(7))
                    place = head.cut_start(side, frame.mm(3))
                    self.icon(f"sign:{group.group}", place.centred(side, side), f"sign-{mark.sign}", colour)
                self.label(f"heading:{group.group}", head, frame.words(group.names), STRONG, colour)
            self._tile_px = self._row_of(group) if frame.theme.easy else 0
            count = -(-len(group.tiles) // columns)
            block = area.cut_top(count * (tall + gap))
            block.h -= gap
            alike = tuple(tile for each in page for tile in each.tiles)
            self.tiles(group.tiles, block.grid(columns, count, gap), reads=not takes, alike=alike)


def _pages_of(way: tuple[list[Page], int]) -> int:
    return len(way[0])


def service_info(prompt: ServiceInfo, frame: Frame) -> Article:
    """C3. Papers, fee and hours, and what can be done from here."""
    facts = []
    if prompt.papers:
        facts.append((frame.say("service.papers"), "\n".join(f"• {frame.words(paper)}" for paper in prompt.papers)))
    if prompt.fee is not None:
        facts.append((frame.say("service.fee"), frame.tell(prompt.fee)))
    if prompt.hours is not None:
        facts.append((frame.say("service.hours"), frame.tell(prompt.hours)))
    take = frame.say("service.take")
    actions = [offered(frame, "take", take, TakeNumber(prompt.service), "ticket", prompt.take, "main")]
    if prompt.phone is not None:
        actions.append(offered(frame, "phone", frame.say("service.phone"), "phone", "phone", prompt.phone))
    if prompt.card is not None:
        actions.append(offered(frame, "card", frame.say("service.card"), "card", "card", prompt.card))
    actions += another_day(frame, prompt.has_another_day)
    lines = () if prompt.ask is None else (frame.tell(prompt.ask),)
    icon = of_service(prompt.service)
    return Article(icon, frame.words(prompt.names), lines=lines, facts=tuple(facts), actions=tuple(actions))


def choose_priority(prompt: ChoosePriority, frame: Frame) -> Article:
    """Who is called first."""
    icons = {Priority.NONE: "person"}
    actions = tuple(
        Action(
            f"priority:{priority.value}",
            frame.say(f"priority.{priority.value}"),
            priority,
            icons.get(priority, priority.value),
            selected=priority is prompt.current,
        )
        for priority in Priority
    )
    return Article("elderly", frame.say("priority.title"), actions=actions)

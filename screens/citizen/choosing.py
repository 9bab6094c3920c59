"""C2 and C3: services in groups, a service's details, documents to order, priority."""

import math
from functools import partial

from kiosk.prompts import (
    AboutServices,
    ChooseDocument,
    ChoosePriority,
    MoreServices,
    Priority,
    ServiceInfo,
    TakeNumber,
    TileGroup,
)
from screens.articles.story import Action, Article
from screens.citizen.order import offered
from screens.citizen.start import TileScreen
from screens.look.frame import BUTTON, SMALL, STRONG, TITLE, Box, Frame
from screens.look.text import LINE_EM
from screens.widgets.face import Face, even_faces

_MOST_MM, _MOST_IN_LIST_MM = 92.0, 46.0
_LIST = 3
"""So few documents stand one below the other on an upright panel."""
_MOST_LINES = 3
"""A name of the feed may have 80 characters: for more lines than these no other service goes to a later page."""
_HEADING_GAP_MM = 2.0
"""Between a heading and its tiles there is room for the ring of the focus."""

_NUMBER_MM, _NUMBER_GAP_MM, _NEXT_MM = 20.0, 3.0, 42.0
"""The buttons of page numbers are as small as a target may be (A1), so that five stand beside "next" on 10 inches."""

type Page = tuple[TileGroup, ...]


class PagedTiles(TileScreen):
    """Tiles under headings, in pages turned by buttons: nothing scrolls."""

    def __init__(self) -> None:
        super().__init__()
        self._page = 0
        self._width = 0.0
        self._row_px = 0
        self._is_list = False

    def resume(self) -> None:
        """Begin at the first page."""
        self._page = 0

    def arrange(self, prompt: MoreServices | AboutServices | ChooseDocument, box: Box) -> None:
        """Lay out the present page; a small panel splits a page that doesn't fit."""
        frame = self.frame
        self._width = box.w
        takes = isinstance(prompt, MoreServices)
        self._is_list = isinstance(prompt, ChooseDocument) and not frame.theme.wide and len(prompt.tiles) <= _LIST
        head = box.cut_top(min(frame.mm(26), box.h * 0.14), frame.mm(2))
        asked: tuple[Page, ...] = (
            ((TileGroup("", {}, prompt.tiles),),) if isinstance(prompt, ChooseDocument) else prompt.pages
        )
        area = Box(box.x, box.y, box.w, box.h)
        if frame.theme.easy:
            top = max(box.y, frame.theme.height_px - frame.theme.reach_px)
            area = Box(box.x, top, box.w, box.y + box.h - top)
        details = takes and any(tile.has_details for page in asked for group in page for tile in group.tiles)
        self._row_px = self._least_row(asked, details)
        pages = self._fitting(asked, area)
        self._page = min(self._page, len(pages) - 1)
        if len(pages) > 1:
            self._turners(len(pages), area)
        elif not frame.theme.easy:  # a page alone stands a little above the middle, with its heading
            spare = max(0, area.h - self._need(pages[0], self._tall(pages[0], area))) * 0.42
            head.y += spare
            area.cut_top(spare)
        self.label("title", head, frame.say(f"{prompt.name}.title"), TITLE)
        self._groups(pages[self._page], area, takes, details)

    def _fitting(self, pages: tuple[Page, ...], area: Box) -> list[Page]:
        """Split pages into what fits above the page buttons at the least tile height."""
        frame = self.frame
        room = area.h - frame.mm(24)
        fitting: list[Page] = []
        for page in pages:
            taken = 0.0
            groups: list[TileGroup] = []
            for group in page:
                for piece in self._pieces(group, room):
                    need = self._need((piece,), self._row_px)
                    if groups and taken + need > room:
                        fitting.append(tuple(groups))
                        taken, groups = 0.0, []
                    taken += need
                    groups.append(piece)
            fitting.append(tuple(groups))
        return fitting

    def _least_row(self, pages: tuple[Page, ...], details: bool) -> int:
        frame, gap = self.frame, self.frame.mm(4)
        cell = Box(0, 0, (self._width - gap * (self._columns - 1)) / self._columns, frame.mm(25))
        tiles = tuple(tile for page in pages for group in page for tile in group.tiles)
        return self.least_height(tiles, self.split(cell, details)[0].w, _MOST_LINES)

    def _pieces(self, group: TileGroup, room: float) -> list[TileGroup]:
        rows = max(1, int((room - self._heading(group)) // (self._row_px + self.frame.mm(4))))
        count = rows * self._columns
        return [
            TileGroup(group.group, group.names, group.tiles[start : start + count])
            for start in range(0, len(group.tiles), count)
        ]

    @property
    def _columns(self) -> int:
        if self._is_list:
            return 1
        theme = self.frame.theme
        fits = int((self._width + theme.mm(4)) // (theme.mm(60) + theme.mm(4)))
        return max(1, min(3 if theme.wide else 2, fits))

    def _heading(self, group: TileGroup) -> float:
        line = math.ceil(self.frame.type(STRONG).floor_px * LINE_EM)  # more than that for eyes that are far away
        high = max(self.frame.mm(13 + _HEADING_GAP_MM), line + self.frame.mm(_HEADING_GAP_MM))
        return high if group.names else 0

    def _rows(self, page: Page) -> int:
        return sum(-(-len(group.tiles) // self._columns) for group in page)

    def _need(self, page: Page, row_px: float) -> float:
        return sum(self._heading(group) for group in page) + self._rows(page) * (row_px + self.frame.mm(4))

    def _tall(self, page: Page, area: Box) -> float:
        """Return the height of a page's tiles: what there is, but no more than looks like a tile."""
        headings, rows = sum(self._heading(group) for group in page), max(1, self._rows(page))
        most = self.frame.mm(_MOST_IN_LIST_MM if self._is_list else _MOST_MM)
        return min((area.h - headings) / rows - self.frame.mm(4), max(self._row_px, most))

    def _groups(self, page: Page, area: Box, takes: bool, details: bool) -> None:
        """Draw the tiles of a page; where a touch takes a number, each has its details beside it if there is room."""
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
            count = -(-len(group.tiles) // columns)
            block = area.cut_top(count * (tall + gap))
            block.h -= gap
            alike = tuple(tile for each in page for tile in each.tiles)
            self.tiles(group.tiles, block.grid(columns, count, gap), details, not takes, alike)

    def _turners(self, count: int, area: Box) -> None:
        """Draw the buttons that turn the page, with the page number between them."""
        frame = self.frame
        row = area.cut_bottom(frame.mm(20), frame.mm(4))
        numbers = count * frame.mm(_NUMBER_MM) + (count - 1) * frame.mm(_NUMBER_GAP_MM)
        width = (row.w - frame.mm(8)) * 0.34
        beside = min(width, row.w - frame.mm(4) - numbers)
        if count > 2 and beside >= frame.mm(_NEXT_MM):
            self._page_numbers(count, row.cut_start(numbers))
            previous, following = None, row.cut_end(beside)
        else:
            previous, following = row.cut_start(width, frame.mm(4)), row.cut_end(width, frame.mm(4))
            text = frame.say("common.page", page=self._page + 1, pages=count)
            self.label("page", row, text, SMALL, align="centre")
        faces = [
            Face(frame.say(f"common.{words}_page"), icon, "", "plain", "centre", BUTTON)
            for words, icon in (("previous", "back"), ("next", "next"))
        ]
        back, on = even_faces(frame, faces, [previous or following, following])
        if previous is not None:
            self.button("previous_page", previous, back, lambda: self._turn(-1), self._page > 0)
        self.button("next_page", following, on, lambda: self._turn(1), self._page < count - 1)

    def _page_numbers(self, count: int, row: Box) -> None:
        """Draw a button for each page: from the third page on, turning one by one takes too many touches (issue 6)."""
        for page, cell in enumerate(row.grid(count, 1, self.frame.mm(_NUMBER_GAP_MM))):
            spoken = self.frame.say("common.page", page=page + 1, pages=count)
            face = Face(str(page + 1), None, "", "plain", "words", BUTTON, spoken=spoken, ltr=True)
            self.button(
                f"page:{page + 1}", cell, face, partial(self._turn, page - self._page), selected=page == self._page
            )

    def _turn(self, by: int) -> None:
        self._page += by


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
    lines = () if prompt.ask is None else (frame.tell(prompt.ask),)
    return Article(prompt.service, frame.words(prompt.names), lines=lines, facts=tuple(facts), actions=tuple(actions))


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

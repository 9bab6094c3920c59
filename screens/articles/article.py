"""One thing said well: a sign, a heading, a few lines, a number or a code, and what can be done next.

Most prompts are such an article, so they all look alike. `screens.citizen` turns a prompt into an `Article`; this
module lays it out: upright in one column, lying in two, the actions always at the bottom where a hand reaches them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from screens.articles import showpieces
from screens.articles.column import SMALLEST, Block, Column, Letters
from screens.articles.composing import compose
from screens.articles.story import Action, Article, joined, pieces_of, splits_of
from screens.look.frame import BODY, BUTTON, MAIN, STRONG, TITLE, TITLE_MM, Box, Frame, Style
from screens.look.text import FIRST_STEP
from screens.look.theme import BIG_TEXT
from screens.screen import Screen
from screens.widgets.face import LIP_MM, Face, even_faces, inside, needed_height, set_words

type _Layout = list[Column]
type _Placed = tuple[Action, Face, Box]
_TWO_ROWS = {4: 2, 5: 3, 6: 3}
"""So many actions may stand in two rows, of so many each."""
_SHARES = (
    ((1.0, FIRST_STEP), (0.99, FIRST_STEP)),
    ((FIRST_STEP, FIRST_STEP),),
    ((0.98, 0.0),),
    ((0.85, 0.0),),
    ((1 / BIG_TEXT, 0.0),),
)
"""How much of half as large again large letters keep at least, in what is said and on buttons: tried in this order.

Of those tried together that which takes fewer pages is taken; at last none is smaller than it usually is.
"""
_LARGE_MAIN = Style(TITLE_MM, "semibold")
_TARGET_MM = 20.0
"""No button is lower than a target must be (A1): what a page has no room for so stands on the next one."""


@dataclass(frozen=True)
class _Page:
    """What one page says, where it lies, and what can be done there; `fits` is all of it together."""

    article: Article
    columns: _Layout
    fits: bool


class ArticleScreen(Screen):
    """Draws whatever `tell` makes of a prompt."""

    def __init__(self, tell: Callable[[Any, Frame], Article]) -> None:
        super().__init__()
        self._tell = tell
        self._page = 0
        self._least, self._number_w = Letters(), 0.0

    def resume(self) -> None:
        """Begin at the first page."""
        self._page = 0

    def forget(self) -> None:
        """Drop the words by which large letters were reckoned, too: names may be among them."""
        self._least = Letters()
        super().forget()

    def arrange(self, prompt: Any, box: Box) -> None:
        """Lay out the article; what a small panel has no room for comes on further pages."""
        pages = self._best(self._tell(prompt, self.frame), box)
        self._page = min(self._page, len(pages) - 1)
        page = pages[self._page]
        for action, face, cell in self._placed(page, box, self._page, len(pages)):
            self.button(action.name, cell, face, action.answer, action.enabled, action.selected)
        for column in page.columns:
            column.draw()

    def _placed(self, page: _Page, box: Box, at: int, count: int) -> list[_Placed]:
        """Return what can be done on the page `at` of so many, its words of even sizes, below what is said."""
        turner = () if count < 2 else (self._turner(1 if at + 1 < count else -at),)
        actions, room = (*page.article.actions, *turner), Box(box.x, box.y, box.w, box.h)
        cut = self._cut_actions(actions, room, has_room=not page.article.shows)
        cells = [cell for _, _, cell in cut]
        if len(page.columns) == 1:
            cells = compose(self.frame, page.columns[0], cells, box.y + box.h)
        faces = even_faces(self.frame, [face for _, face, _ in cut], cells)
        return [(action, face, cell) for (action, _, _), face, cell in zip(cut, faces, cells, strict=True)]

    def _best(self, article: Article, box: Box) -> list[_Page]:
        """Return the pages; in large letters with each text half as large again as it usually is, or nearly so."""
        self._least, self._number_w = Letters(), 0.0
        if not self.frame.theme.easy:
            return self._whole(article, box)
        usual, self._number_w = self._usual(article, self.usual_box)

        def keeping(said: float, on_buttons: float) -> list[_Page]:
            self._least = usual.larger(said, on_buttons)
            return self._laid_out(article, box)

        for alike in _SHARES:
            kept = [pages for share in alike if _fit(pages := keeping(*share))]
            if kept:
                return min(kept, key=len)
        return self._whole(article, box)

    def _whole(self, article: Article, box: Box) -> list[_Page]:
        """Return the pages, without what can be done without where there is no room for all."""
        pages = self._laid_out(article, box)
        if not _fit(pages):  # why something isn't offered comes after all that is
            article = replace(article, actions=tuple(replace(action, note="") for action in article.actions))
            pages = self._laid_out(article, box)
        if not _fit(pages) and article.steps:  # the ways on come before how it is done, which is spoken too
            pages = self._laid_out(replace(article, steps=()), box)
        return pages

    def _laid_out(self, article: Article, box: Box) -> list[_Page]:
        pages = self._pages(article, box)
        return pages if _fit(pages) or not self.frame.theme.easy else self._packed(article, box)

    def _pages(self, article: Article, box: Box) -> list[_Page]:
        """Return each page's columns, their scales found, on as few pages as it fits on."""
        pages: list[_Page] = []
        for split in splits_of(article):
            pages = [self._page_of(page, box, len(split) > 1) for page in split]
            if _fit(pages):
                break
        return pages

    def _packed(self, article: Article, box: Box) -> list[_Page]:
        """Return pages with as much on each as it holds: with all that can be done, or that on the last ones alone."""
        pages = self._fill(pieces_of(article), box)
        if _fit(pages):
            return pages
        quiet, bare = replace(article, actions=()), Article(article.icon, "", article.tone)
        deeds = [replace(bare, actions=(action,)) for action in article.actions]
        return [*self._fill(pieces_of(quiet), box), *self._fill(deeds, box)]

    def _fill(self, pieces: list[Article], box: Box) -> list[_Page]:
        pages: list[_Page] = []
        for piece in pieces:
            both = self._page_of(joined(pages[-1].article, piece), box, True) if pages else None
            if both is not None and both.fits:
                pages[-1] = both
            else:
                pages.append(self._page_of(piece, box, True))
        return pages

    def _page_of(self, article: Article, box: Box, is_turned: bool) -> _Page:
        """Lay out a page with its actions, one of which turns to the next where there are several."""
        room = Box(box.x, box.y, box.w, box.h)
        actions = (*article.actions, self._turner(1)) if is_turned else article.actions
        cut = self._cut_actions(actions, room, has_room=not article.shows)
        columns = self._layout(article, room)
        has_words = all(self._holds(face, cell) and cell.h >= self.frame.mm(_TARGET_MM) for _, face, cell in cut)
        theme = self.frame.theme
        is_reached = not theme.low or all(cell.y + 1 >= theme.height_px - theme.reach_px for _, _, cell in cut)
        return _Page(article, columns, has_words and is_reached and all(column.fits for column in columns))

    def _holds(self, face: Face, cell: Box) -> bool:
        inner = inside(self.frame, Box(0, 0, cell.w, cell.h - self.frame.mm(LIP_MM)))
        return set_words(self.frame, face, "words", inner).fits

    def _usual(self, article: Article, box: Box) -> tuple[Letters, float]:
        """Return the letters and a number's width as they are without large letters."""
        easy, scales, said, letters = self.frame, dict[str, float](), dict[str, float](), dict[str, int]()
        self.frame = easy.without_easy()
        try:
            pages = self._whole(article, box)
            for at, page in enumerate(pages):
                for column, block in [(beside, one) for beside in page.columns for one in beside.blocks]:
                    scales[block.name] = max(scales.get(block.name, SMALLEST), column.scale)
                    said |= block.letters(column.box.w, column.scale)
                for action, face, _ in self._placed(page, box, at, len(pages)):
                    letters[action.name] = min(face.size_px or 0, letters.get(action.name, face.size_px or 0))
        finally:
            self.frame = easy
        columns = [column for page in pages for column in page.columns]
        number_w = max((column.box.w for column in columns if _has_number(column.blocks)), default=0.0)
        return Letters(scales, said, letters), number_w

    def _turner(self, by: int) -> Action:
        """Return the button that turns the pages of an article too long for one."""
        on = by > 0
        words = self.frame.say("common.next_page" if on else "common.previous_page")
        return Action("next_page" if on else "previous_page", words, lambda: self._turn(by), "next" if on else "back")

    def _turn(self, by: int) -> None:
        self._page += by

    def _layout(self, article: Article, box: Box) -> _Layout:
        """Return the first of the ways to lay this out in which everything fits, the best-looking first."""
        first: _Layout | None = None
        for way in self._ways(article, box):
            if all(column.fits for column in way):
                return way
            first = first or way
        return first or []

    def _ways(self, article: Article, box: Box) -> Iterator[_Layout]:
        """Yield the ways to lay this out: which blocks go into which column."""
        said, shown = self._words(article), self._showpieces(article)
        is_one = len(shown) == 1 and all(block.is_ornament for block in said)
        if not self.frame.theme.wide or not shown or is_one:
            yield [self._column(said + shown, box)]
            return
        gap = self.frame.mm(4 if self.frame.theme.tiny else 8)
        moved = len(shown) > 1 and (article.code is not None or len(shown) > 2)
        first = (said + shown[-1:], shown[:-1]) if moved else (said, shown)
        shares = [(first, 0.5), ((said + shown[:1], shown[1:]), 0.42), ((said + shown[:1], shown[1:]), 0.5)]
        if len(shown) > 1:
            shares.append(((said + shown[-1:], shown[:-1]), 0.5))
        shares.append(((said, shown), 0.36))
        for (one, other), share in shares:
            rest = Box(box.x, box.y, box.w, box.h)
            start = rest.cut_start((box.w - gap) * share, gap)
            if other:
                yield [self._column(one, start), self._column(other, rest)]
        yield [self._column(said + shown, box)]

    def _column(self, blocks: list[Block], box: Box) -> Column:
        least_w = self._number_w if _has_number(blocks) else 0.0
        return Column(list(blocks), Box(box.x, box.y, box.w, box.h), self._least, least_w).fit(self.frame)

    def _action_cells(self, faces: list[Face], box: Box) -> list[Box]:
        """Cut the actions off the box: stacked upright, side by side lying; the main one is the highest."""
        frame, gap = self.frame, self.frame.mm(4)
        if not faces:
            return []
        if frame.theme.wide:
            columns, high = min(self._rows_of(faces, box.w), key=lambda way: way[1] * -(-len(faces) // way[0]))
            rows = -(-len(faces) // columns)
            width = min(box.w, frame.mm(150) * columns)
            area = box.cut_bottom(high * rows + gap * (rows - 1), frame.mm(5))
            return area.centred(width, area.h).grid(columns, rows, gap)[: len(faces)]
        least = [frame.mm(32 if face.kind == "main" and frame.theme.tall else 24) for face in faces]
        heights = [max(low, needed_height(frame, face, box.w)) for low, face in zip(least, faces, strict=True)]
        area = box.cut_bottom(sum(heights) + gap * (len(faces) - 1), frame.mm(6))
        return [area.cut_top(high, gap) for high in heights]

    def _rows_of(self, faces: list[Face], width: float) -> Iterator[tuple[int, float]]:
        """Yield the ways to set actions side by side: how many in a row, and how high a row must be then."""
        frame, count = self.frame, len(faces)
        for columns in range(1, count + 1) if frame.theme.easy else {count, _TWO_ROWS.get(count, count)}:
            each = (min(width, frame.mm(150) * columns) - frame.mm(4) * (columns - 1)) / columns
            high = max(frame.mm(24), *(needed_height(frame, face, each) for face in faces))
            if columns > 4 and high > each and not frame.theme.easy:  # a word a line
                continue
            # Names that come as data may have a word wider than a narrow button: then there are two rows.
            must_hold = frame.theme.easy or (frame.theme.tiny and columns == count and count in _TWO_ROWS)
            if columns == 1 or not must_hold or all(self._holds(face, Box(0, 0, each, high)) for face in faces):
                yield columns, high

    def _cut_actions(self, actions: tuple[Action, ...], box: Box, *, has_room: bool) -> list[tuple[Action, Face, Box]]:
        """Cut the buttons off a box; `has_room`: their words may be larger, where the panel is upright."""
        main, plain = (_LARGE_MAIN, MAIN) if has_room and not self.frame.theme.low else (MAIN, BUTTON)
        if self.frame.theme.wide or not self.frame.theme.tall:
            main, plain = BUTTON, BUTTON
        styles, least = [main if action.kind == "main" else plain for action in actions], self._least.buttons_px
        others = min(least.values(), default=0)  # beside a button that turns the page none is smaller
        faces = [
            Face(
                a.text, a.icon, a.note, a.kind, "row" if a.note else "centre", style, least_px=least.get(a.name, others)
            )
            for a, style in zip(actions, styles, strict=True)
        ]
        return list(zip(actions, faces, self._action_cells(faces, box), strict=True))

    def _words(self, article: Article) -> list[Block]:
        blocks = [showpieces.sign(self, article)] if article.icon else []
        if article.title:
            ink = showpieces.ink_of(self, article.tone)
            blocks.append(showpieces.text(self, "title", article.title, TITLE, ink))
        if article.progress is not None:
            blocks.append(showpieces.progress(self, article.progress))
        for index, line in enumerate(article.lines):
            blocks.append(showpieces.text(self, f"line{index}", line, STRONG if index == 0 else BODY))
        return blocks

    def _showpieces(self, article: Article) -> list[Block]:
        blocks = []
        if article.number is not None:
            blocks.append(showpieces.number(self, article))
        if article.code is not None:
            blocks.append(showpieces.code(self, article.code))
        if article.facts:
            blocks.append(showpieces.facts(self, article.facts))
        if article.steps:
            blocks.append(showpieces.steps(self, article.steps, article.first_step))
        if article.slot is not None:
            blocks.append(showpieces.arrow(self, article, article.slot))
        return blocks


def _fit(pages: list[_Page]) -> bool:
    return all(page.fits for page in pages)


def _has_number(blocks: list[Block]) -> bool:
    return any(block.name == "number" for block in blocks)

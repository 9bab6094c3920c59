"""One thing said well: a sign, a heading, a few lines, a number or a code, and what can be done next.

Most prompts are such an article, so they all look alike. `screens.citizen` turns a prompt into an `Article`; this
module lays it out: upright in one column, lying in two, the actions always at the bottom where a hand reaches them.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from screens.frame import DISPLAY, SMALL, SMALL_STRONG, STRONG, TITLE, Box, Frame, Style
from screens.screen import Screen
from screens.story import Action, Article, Tone, pages_of
from screens.text import LINE_EM
from screens.theme import Rgb, Slot
from screens.widgets.face import Face, needed_height
from screens.widgets.label import height_of
from screens.widgets.picture import QrCode

_LARGEST, _SMALLEST = 1.48, 0.4
"""A tall panel has room: everything grows by up to this before space is left empty."""


@dataclass
class _Block:
    """One part of the column: how high it wants to be at a scale, and how it is drawn."""

    height: Callable[[float, float], float]
    draw: Callable[[Box, float], None]
    gap_mm: float = 5
    is_ornament: bool = False


type _Plan = list[tuple[list[_Block], Box]]


def _shrinking(style: Style, scale: float) -> Style:
    """Return a small style that gives way in the easy mode on a small panel, and never grows with the scale."""
    return replace(style, capital_mm=style.capital_mm * min(1.0, scale))


class ArticleScreen(Screen):
    """Draws whatever `tell` makes of a prompt."""

    def __init__(self, tell: Callable[[Any, Frame], Article]) -> None:
        super().__init__()
        self._tell = tell
        self._page = 0

    def resume(self) -> None:
        """Begin at the first page."""
        self._page = 0

    def arrange(self, prompt: Any, box: Box) -> None:
        """Lay out the article; what a small panel has no room for comes on further pages."""
        article = self._tell(prompt, self.frame)
        whole, before = Box(box.x, box.y, box.w, box.h), len(self._used)
        self._arrange_actions(article.actions, box)
        if self._place(article, box):
            return
        pages = pages_of(article)
        self._page = min(self._page, len(pages) - 1)
        box = whole
        del self._used[before:]
        self._arrange_actions((*article.actions, *self._turners(len(pages))), box)
        self._place(pages[self._page], box, must=True)

    def _turners(self, count: int) -> tuple[Action, ...]:
        """Return the buttons that turn the pages of an article too long for one."""
        frame = self.frame
        if self._page + 1 < count:
            return (Action("next_page", frame.say("common.next_page"), lambda: self._turn(1), "next"),)
        return (Action("previous_page", frame.say("common.previous_page"), lambda: self._turn(-self._page), "back"),)

    def _turn(self, by: int) -> None:
        self._page += by

    def _place(self, article: Article, box: Box, must: bool = False) -> bool:
        """Draw the article in the first of the ways in which it fits; tell whether one was found (or `must` be)."""
        plans = self._plans(article, box)
        chosen = next((plan for plan in plans if all(self._fits(blocks, place) for blocks, place in plan)), None)
        if chosen is None and not (must or len(pages_of(article)) < 2):
            return False
        for blocks, place in chosen or plans[0]:
            self._column(blocks, place)
        return True

    def _plans(self, article: Article, box: Box) -> list[_Plan]:
        """Return the ways to lay this out, the best-looking first: which blocks go into which column."""
        said, shown = self._words(article), self._showpieces(article)
        if not (self.frame.theme.wide and shown):
            return [[(said + shown, box)]]
        gap = self.frame.mm(4 if self.frame.theme.tiny else 8)
        moved = len(shown) > 1 and (article.code is not None or len(shown) > 2)
        first = (said + shown[-1:], shown[:-1]) if moved else (said, shown)
        ways = [(first, 0.5), ((said + shown[:1], shown[1:]), 0.42), ((said + shown[:1], shown[1:]), 0.5)]
        if len(shown) > 1:
            ways.append(((said + shown[-1:], shown[:-1]), 0.5))
        plans: list[_Plan] = []
        for (one, other), share in ways:
            rest = Box(box.x, box.y, box.w, box.h)
            start = rest.cut_start((box.w - gap) * share, gap)
            if other:
                plans.append([(one, start), (other, rest)])
        return [*plans, [(said + shown, box)]]

    def _fits(self, blocks: list[_Block], box: Box) -> bool:
        kept = [block for block in blocks if not block.is_ornament]
        _scale, heights, gaps = self._fitting(kept, box)
        return sum(heights) + sum(gaps[:-1]) <= box.h

    def _arrange_actions(self, actions: tuple[Action, ...], box: Box) -> None:
        """Stack the actions upright, set them side by side lying; the main one is the highest."""
        frame, gap = self.frame, self.frame.mm(4)
        faces = [Face(a.text, a.icon, a.note, a.kind, "row" if a.note else "centre") for a in actions]
        if not faces:
            return
        if frame.theme.wide:
            width = min(box.w, frame.mm(150) * len(faces))
            each = (width - gap * (len(faces) - 1)) / len(faces)
            high = max(frame.mm(24), *(needed_height(frame, face, each) for face in faces))
            cells = box.cut_bottom(high, frame.mm(5)).centred(width, high).grid(len(faces), 1, gap)
        else:
            least = [frame.mm(32 if face.kind == "main" and frame.theme.tall else 24) for face in faces]
            heights = [max(low, needed_height(frame, face, box.w)) for low, face in zip(least, faces, strict=True)]
            area = box.cut_bottom(sum(heights) + gap * (len(faces) - 1), frame.mm(6))
            cells = [area.cut_top(high, gap) for high in heights]
        for action, face, cell in zip(actions, faces, cells, strict=True):
            self.button(action.name, cell, face, action.answer, action.enabled, action.selected)

    def _column(self, blocks: list[_Block], box: Box) -> None:
        """Stack blocks at the largest scale at which they fit, a little above the middle of the space.

        Where even the smallest is too high, the ornament goes; whatever is left over is for the audit to find.
        """
        frame = self.frame
        for kept in (blocks, [block for block in blocks if not block.is_ornament]):
            scale, heights, gaps = self._fitting(kept, box)
            total = sum(heights) + sum(gaps[:-1])
            if total <= box.h:
                break
        box.cut_top(max(0, box.h - total) * (0.3 if frame.theme.easy else 0.42))
        squeeze = min(1, box.h / total) if total else 1
        for block, height, gap in zip(kept, heights, gaps, strict=True):
            block.draw(box.cut_top(height * squeeze, gap * squeeze), scale)

    def _fitting(self, blocks: list[_Block], box: Box) -> tuple[float, list[float], list[int]]:
        """Return the scale, and the heights and gaps of the blocks at it."""
        frame = self.frame
        scale = 1.0 if frame.theme.easy else _LARGEST
        while True:
            heights = [block.height(box.w, scale) for block in blocks]
            gaps = [frame.mm(block.gap_mm * scale) for block in blocks]
            total = sum(heights) + sum(gaps[:-1])
            if total <= box.h * (0.84 if scale > 1 else 1) or scale <= _SMALLEST:
                return scale, heights, gaps
            scale -= 0.06

    def _words(self, article: Article) -> list[_Block]:
        blocks = [self._sign(article), self._text("title", article.title, TITLE, self._ink(article.tone))]
        if article.progress is not None:
            blocks.append(self._progress(article.progress))
        for index, line in enumerate(article.lines):
            blocks.append(self._text(f"line{index}", line, STRONG if index == 0 else Style(6.1)))
        return blocks

    def _showpieces(self, article: Article) -> list[_Block]:
        blocks = []
        if article.number is not None:
            blocks.append(self._number(article))
        if article.code is not None:
            blocks.append(self._code(article.code))
        if article.facts:
            blocks.append(self._facts(article.facts))
        if article.steps:
            blocks.append(self._steps(article.steps))
        if article.slot is not None:
            blocks.append(self._arrow(article.slot, article.slot_text))
        return blocks

    def _ink(self, tone: Tone) -> Rgb:
        palette = self.frame.palette
        return {"calm": palette.ink, "good": palette.good, "warn": palette.warn, "bad": palette.bad}[tone]

    def _sign(self, article: Article) -> _Block:
        frame, palette = self.frame, self.frame.palette
        ground = {"calm": palette.tint, "good": palette.tint, "warn": palette.warn_tint, "bad": palette.bad_tint}
        ink = palette.primary if article.tone == "calm" else self._ink(article.tone)

        def draw(box: Box, _scale: float) -> None:
            side = min(box.h, box.w)
            disc = box.centred(side, side)
            self.surface("sign_ground", disc, ground[article.tone], None, side / frame.theme.px_per_mm / 2)
            self.icon("sign", disc.centred(side * 0.56, side * 0.56), article.icon, ink)

        size = 34 if article.number or article.code else 52
        return _Block(lambda _w, scale: frame.mm(max(12, size * scale * scale)), draw, 6, is_ornament=True)

    def _text(self, name: str, text: str, style: Style, colour: Rgb | None = None) -> _Block:
        def scaled(scale: float) -> Style:
            return Style(style.capital_mm * scale, style.weight, style.primary)

        return _Block(
            lambda w, scale: height_of(self.frame, text, w, scaled(scale)),
            lambda box, scale: self._put(name, box, text, scaled(scale), colour),
            4,
        )

    def _put(self, name: str, box: Box, text: str, style: Style, colour: Rgb | None) -> None:
        self.label(name, box, text, style, colour, "centre", 0.0)

    def _number(self, article: Article) -> _Block:
        """Draw the number as large as the card is wide, with its title above and its notes below."""
        frame, palette = self.frame, self.frame.palette
        number, notes = article.number or "", article.number_notes
        named = STRONG if frame.theme.tall else SMALL_STRONG
        pad = frame.mm(4 if frame.theme.tall else 2)

        def digits(scale: float) -> Style:
            least = 13.0 if frame.theme.tiny else 20.0
            return Style(max(least, min(56.0, 42.0 * scale)) / (1.5 if frame.theme.easy else 1), "bold")

        def height(w: float, scale: float) -> float:
            inner = w - 2 * frame.mm(6)
            rows = sum(height_of(frame, note, inner, Style(6.1 * scale)) for note in notes)
            head = height_of(frame, article.number_title, inner, _shrinking(named, scale))
            return head + rows + frame.type(digits(scale)).wish_px * 1.12 + 2 * pad

        def draw(box: Box, scale: float) -> None:
            self.surface("number_card", box, palette.surface, palette.edge, 6)
            inner = box.inset(frame.mm(6), pad)
            title = _shrinking(named, scale)
            head = inner.cut_top(height_of(frame, article.number_title, inner.w, title))
            self.label("number_title", head, article.number_title, title, palette.soft_ink, "centre")
            for index, note in reversed(list(enumerate(notes))):
                row = inner.cut_bottom(height_of(frame, note, inner.w, Style(6.1 * scale)))
                self.label(f"note{index}", row, note, Style(6.1 * scale), palette.ink, "centre")
            em = frame.type(digits(scale)).wish_px
            tall = Box(inner.x, inner.y + (inner.h - em * LINE_EM) / 2, inner.w, em * LINE_EM + 1)
            self.label("number", tall, number, digits(scale), palette.primary, "centre", direction="ltr", max_lines=1)

        return _Block(height, draw, 6)

    def _code(self, content: str) -> _Block:
        frame = self.frame

        def draw(box: Box, _scale: float) -> None:
            side = min(box.w, box.h)
            card = box.centred(side, side)
            self.surface("code_card", card, (1, 1, 1), frame.palette.edge, 5)
            self.part(QrCode, "code").show(frame, card.inset(frame.mm(3)), content)

        return _Block(lambda w, scale: min(w, frame.mm(max(42 if frame.theme.tiny else 56, 110 * scale))), draw, 6)

    def _facts(self, facts: tuple[tuple[str, str], ...]) -> _Block:
        """Draw pairs of a small heading and what it says on one card."""
        frame, palette = self.frame, self.frame.palette

        margin = frame.mm(7 if frame.theme.tall else 2.5)

        def rows(w: float, scale: float) -> list[tuple[int, int]]:
            inner = w - 2 * margin
            body = Style(6.4 * scale, "semibold")
            small = _shrinking(SMALL, scale)
            return [(height_of(frame, head, inner, small), height_of(frame, text, inner, body)) for head, text in facts]

        def height(w: float, scale: float) -> float:
            gaps = frame.mm(3 * scale) * (len(facts) - 1)
            return sum(head + text for head, text in rows(w, scale)) + gaps + 2 * frame.mm(5 * scale)

        def draw(box: Box, scale: float) -> None:
            self.surface("facts", box, palette.surface, palette.edge, 5)
            inner = box.inset(margin, frame.mm(5 * scale))
            for index, ((head, text), (high, low)) in enumerate(zip(facts, rows(box.w, scale), strict=True)):
                if head:
                    self.label(
                        f"fact_head{index}", inner.cut_top(high), head, _shrinking(SMALL, scale), palette.soft_ink
                    )
                place = inner.cut_top(low, frame.mm(3 * scale))
                self.label(f"fact{index}", place, text, Style(6.4 * scale, "semibold"), palette.ink, middle=0.0)

        return _Block(height, draw, 6)

    def _steps(self, steps: tuple[str, ...]) -> _Block:
        """Draw numbered steps, each with its digit on a disc."""
        frame, palette = self.frame, self.frame.palette

        tall = frame.theme.tall
        side, margin = frame.mm(12 if tall else 9.7), frame.mm(6 if tall else 2.5)
        gap = frame.mm(4 if tall else 2)

        def sizes(w: float, scale: float) -> list[float]:
            inner, style = w - side - gap - 2 * margin, Style(6.4 * scale)
            return [max(side, height_of(frame, step, inner, style)) for step in steps]

        def height(w: float, scale: float) -> float:
            return sum(sizes(w, scale)) + frame.mm(3 * scale) * (len(steps) - 1) + 2 * frame.mm(5 * scale)

        def draw(box: Box, scale: float) -> None:
            self.surface("steps", box, palette.surface, palette.edge, 5)
            inner = box.inset(margin, frame.mm(5 * scale))
            for index, (step, size) in enumerate(zip(steps, sizes(box.w, scale), strict=True)):
                row = inner.cut_top(size, frame.mm(3 * scale))
                disc = row.cut_start(side, gap)
                disc = disc.centred(side, side)
                self.surface(f"disc{index}", disc, palette.primary, None, 6)
                self.label(f"digit{index}", disc, str(index + 1), SMALL_STRONG, palette.on_primary, "centre")
                self.label(f"step{index}", row, step, Style(6.4 * scale), palette.ink)

        return _Block(height, draw, 6)

    def _arrow(self, slot: Slot, text: str) -> _Block:
        """Draw what to take and an arrow to the real slot. Left and right are the panel's own, in every language."""
        frame, palette = self.frame, self.frame.palette
        tiny = frame.theme.tiny
        margin, gap = frame.mm(2.5 if tiny else 5), frame.mm(2 if tiny else 4)

        def arrow_px(scale: float) -> int:
            return frame.mm(min(40, max(12 if tiny else 16, 28 * scale)))

        def draw(box: Box, scale: float) -> None:
            self.surface("slot", box, palette.tint, None, 5)
            inner = box.inset(margin, frame.mm(2))
            side = min(inner.h, arrow_px(scale))
            starts_left = not frame.rtl
            on_left = slot == "left"
            cut = inner.cut_start if (slot == "below" or on_left == starts_left) else inner.cut_end
            arrow = cut(side, gap)
            drawing = {"below": "down", "left": "left", "right": "right"}[slot]
            self.icon("slot_arrow", arrow.centred(side * 0.8, side * 0.8), drawing, palette.primary)
            self.label("slot_text", inner, text, Style(DISPLAY.capital_mm * 0.85 * scale, "bold"), palette.primary)

        def height(w: float, scale: float) -> float:
            style = Style(DISPLAY.capital_mm * 0.85 * scale, "bold")
            room = w - 2 * margin - gap - arrow_px(scale)
            return max(frame.mm(max(20, 32 * scale)), height_of(frame, text, room, style) + frame.mm(4) + 2)

        return _Block(height, draw, 6)

    def _progress(self, done: int) -> _Block:
        """Draw three marks in a row: those done are filled, so that nothing need move while the printer works."""
        frame, palette = self.frame, self.frame.palette

        def draw(box: Box, _scale: float) -> None:
            row = box.centred(min(box.w, frame.mm(110)), box.h)
            for index, cell in enumerate(row.grid(3, 1, frame.mm(4))):
                fill = palette.primary if index < done else palette.tint
                self.surface(f"progress{index}", cell, fill, palette.primary, 1.5)

        return _Block(lambda _w, _scale: frame.mm(4), draw, 6)

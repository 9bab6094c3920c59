"""T2 and most others: a title, lines with their signs, buttons, and the way back; what doesn't fit goes on pages."""

from dataclasses import replace

from kiosk.maintenance.prompts import Button, Line, Panel, Tone
from kiosk.prompts.ui import Text
from screens.look.frame import BODY, BUTTON, MIDDLE_MM, SMALL, SMALL_STRONG, TITLE, Box, Frame, Style
from screens.look.theme import Rgb
from screens.maintenance.footer import FOOT_MM, GAP_MM, footer
from screens.maintenance.pages import Piece, Row, pages_of, rows_of
from screens.screen import Screen
from screens.widgets.face import Face, needed_height
from screens.widgets.label import height_of, line_px

_ROW_MM, _CELL_MM, _HEADING_MM = 11.0, 20.0, 9.0
_NARROW_MM, _WIDE_MM = 72.0, 92.0  # least width of a cell, on a small panel and on a large one
_SIGN_MM = 12.0
_MANY_BUTTONS = 4  # more than these are cells of the pages
_SIGNS = {
    Tone.GOOD: "check",
    Tone.ATTENTION: "warning",
    Tone.BAD: "cross",
    Tone.UNKNOWN: "question",
    Tone.STALE: "hourglass",
}
_PLACES = {  # beside the overview's states, what leads elsewhere is known by its picture
    "paper": "roll-insert",
    "tests": "check-circle",
    "tickets": "ticket",
    "outbox": "post",
    "settings": "wrench",
    "network": "language",
    "power": "plug",
    "counters": "keypad",
    "logs": "document",
    "audit": "clearance",
    "out": "moon",
}
_SCALES = (1.5, 1.25, 1.0)  # what has room grows before space is left empty; what hasn't goes on pages
_MESSAGE = Style(MIDDLE_MM)


def colour_of(frame: Frame, tone: Tone) -> tuple[Rgb, Rgb]:
    """Return ink and ground of a tone; the sign and the word say the same without colour."""
    palette = frame.palette
    return {
        Tone.GOOD: (palette.good, palette.tint),
        Tone.ATTENTION: (palette.warn, palette.warn_tint),
        Tone.BAD: (palette.bad, palette.bad_tint),
        Tone.UNKNOWN: (palette.soft_ink, palette.surface),
        Tone.STALE: (palette.warn, palette.warn_tint),
        Tone.PLAIN: (palette.ink, palette.surface),
    }[tone]


def said(frame: Frame, words: Text | str) -> str:
    """Return a text in the present language; data stands as it is."""
    return words if isinstance(words, str) else frame.tell(words)


def age(frame: Frame, seconds: int) -> str:
    """Return how old something is, in the largest unit that fits."""
    if seconds < 1:
        return frame.say("maintenance.age.now")
    for unit, length in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= length:
            return frame.say(f"maintenance.age.{unit}", n=seconds // length)
    return frame.say("maintenance.age.seconds", n=seconds)


class PanelScreen(Screen):
    """Draws any panel."""

    def __init__(self) -> None:
        super().__init__()
        self._page = 0
        self._place = ""
        self._scale = 1.0

    def forget(self) -> None:
        """Begin at the first page the next time, wherever that is."""
        self._place = ""
        super().forget()

    def arrange(self, prompt: Panel, box: Box) -> None:
        """Lay out title and note above, buttons and way back below, lines between them.

        Another place begins at its first page; the same one, shown with newer values, stays where it was turned to.
        """
        if prompt.panel != self._place:
            self._place, self._page = prompt.panel, 0
        frame = self.frame
        side = footer(self, box)
        heading = box.cut_top(frame.mm(14), frame.mm(2))
        if prompt.note is not None and not prompt.lines and not prompt.buttons:
            self.label("title", heading, frame.tell(prompt.title), TITLE)
            self.label("message", box, frame.tell(prompt.note), _MESSAGE, align="centre", middle=0.42)
            return
        if prompt.note is not None:
            words = frame.tell(prompt.note)
            high = min(height_of(frame, words, box.w, BODY), box.h * 0.4)
            self.label("note", box.cut_top(high, frame.mm(4)), words, BODY, frame.palette.ink)
        for self._scale in _SCALES:
            buttons_high = 0.0 if self._are_cells(prompt.buttons) else self._buttons_high(prompt.buttons, box.w)
            rows = rows_of(self._pieces(prompt, box.w), self._columns(box.w))
            turners = 0.0 if side is not None else frame.mm(FOOT_MM) + frame.mm(4)
            pages = pages_of(rows, frame.mm(GAP_MM), box.h - buttons_high, turners)
            if len(pages) == 1 and not any(self._breaks(line, box.w) for line in prompt.lines):
                break
        if not self._are_cells(prompt.buttons):
            self._buttons(prompt.buttons, box)
        self._page = min(self._page, len(pages) - 1)
        if len(pages) > 1:
            self._turners(len(pages), box, side, heading)
        self.label("title", heading, frame.tell(prompt.title), TITLE)
        self._show(pages[self._page], box)

    def _pieces(self, prompt: Panel, width: float) -> list[Piece]:
        """Return the lines, and buttons that are too many for the foot, at the present scale."""
        pieces = [self._line_piece(line, width) for line in prompt.lines]
        if not self._are_cells(prompt.buttons):
            return pieces
        buttons = [self._button_piece(button, width) for button in prompt.buttons]
        if prompt.heading is None:
            return [*pieces, *buttons]
        high = max(self.frame.mm(_HEADING_MM * self._scale), line_px(self.frame, self._style(SMALL_STRONG)) + 2)
        return [*pieces, Piece(high, False, heading=prompt.heading), *buttons]

    def _breaks(self, line: Line, width: float) -> bool:
        """Return whether a plain line's label takes more than one row at the present scale."""
        if line.id is not None:
            return False
        room = width * (0.32 if self._value(line) else 0.9)
        frame, style = self.frame, self._style(SMALL_STRONG)
        return height_of(frame, said(frame, line.label), room, style) > height_of(frame, "0", room, style)

    def _style(self, style: Style) -> Style:
        return replace(style, capital_mm=style.capital_mm * self._scale)

    def _columns(self, width: float) -> int:
        gap = self.frame.mm(GAP_MM)
        least = self.frame.mm(_NARROW_MM if width < self.frame.mm(2 * _WIDE_MM + GAP_MM) else _WIDE_MM)
        return max(1, int((width + gap) // (least + gap)))

    def _cell_px(self, width: float) -> float:
        columns, gap = self._columns(width), self.frame.mm(GAP_MM)
        return (width - gap * (columns - 1)) / columns

    def _button_piece(self, button: Button, width: float) -> Piece:
        least = needed_height(self.frame, self._button_face(button), self._cell_px(width)) + self.frame.mm(1)
        return Piece(max(self.frame.mm(_CELL_MM * self._scale), least), True, button=button)

    def _line_piece(self, line: Line, width: float) -> Piece:
        frame = self.frame
        if line.id is not None:
            room = self._cell_px(width) - frame.mm(3 if line.tone is Tone.PLAIN else _SIGN_MM + 5)
            least = needed_height(frame, self._line_face(line), room) + frame.mm(1)
            return Piece(max(frame.mm(_CELL_MM * self._scale), least), True, line=line)
        value = self._value(line)
        value_high = height_of(frame, value, width * 0.52, self._style(SMALL))
        label_high = height_of(
            frame, said(frame, line.label), width * (0.32 if value else 0.9), self._style(SMALL_STRONG)
        )
        return Piece(
            max(frame.mm(_ROW_MM * self._scale), value_high + frame.mm(2), label_high + frame.mm(2)), False, line=line
        )

    def _show(self, rows: list[Row], box: Box) -> None:
        gap = self.frame.mm(GAP_MM)
        columns = self._columns(box.w)
        number = 0
        for row in rows:
            strip = box.cut_top(max(piece.height for piece in row), gap)
            cells = strip.grid(columns, 1, gap) if row[0].shares_row else [strip]
            for piece, cell in zip(row, cells, strict=False):
                number += 1
                if piece.heading is not None:
                    style, ink = self._style(SMALL_STRONG), self.frame.palette.primary
                    self.label(f"heading{number}", cell, self.frame.tell(piece.heading), style, ink, middle=0.9)
                elif piece.button is not None:
                    self._button(piece.button, cell)
                elif piece.line is not None and piece.line.id is not None:
                    self._touched_line(f"line{number}", piece.line, piece.line.id, cell)
                elif piece.line is not None:
                    self._plain_line(f"line{number}", piece.line, cell)

    def _value(self, line: Line) -> str:
        """Return value, age and note of a line as one text."""
        frame = self.frame
        value = said(frame, line.value)
        # A path keeps its first slash in front beside Arabic: marks that draw nothing say which way it runs.
        parts = [f"\u200e{value}\u200e" if value and isinstance(line.value, str) else value]
        if line.age_s is not None:
            parts.append(age(frame, line.age_s))
        if line.note is not None:
            parts.append(frame.tell(line.note))
        if line.detail:
            parts.append(f"\u200e{line.detail}\u200e")
        return "\u00a0· ".join(part for part in parts if part)  # a row begins with words, not with the dot

    def _is_data(self, line: Line) -> bool:
        return isinstance(line.value, str) and bool(line.value) and line.age_s is None and line.note is None

    def _sign(self, name: str, tone: Tone, box: Box) -> None:
        ink, ground = colour_of(self.frame, tone)
        side = min(box.w, box.h)
        self.surface(f"{name}:ground", box.centred(side, side), ground, ink, 2.5)
        self.icon(f"{name}:sign", box.centred(side * 0.66, side * 0.66), _SIGNS[tone], ink)

    def _plain_line(self, name: str, line: Line, box: Box) -> None:
        frame = self.frame
        self.surface(f"{name}:rule", Box(box.x, box.y + box.h, box.w, 1), frame.palette.edge, None, 0.1)
        if line.tone is not Tone.PLAIN:
            sign = box.cut_start(frame.mm(_SIGN_MM * 0.8), frame.mm(3))
            self._sign(name, line.tone, sign.centred(sign.w, min(sign.h, sign.w)))
        label, value = said(frame, line.label), self._value(line)
        room = box.cut_start(box.w * (0.36 if value else 1.0), frame.mm(4))
        ltr = "ltr" if isinstance(line.label, str) else None
        self.label(f"{name}:label", room, label, self._style(SMALL_STRONG), direction=ltr)
        if value:
            data = "ltr" if self._is_data(line) else None
            ink = colour_of(frame, line.tone)[0]
            self.label(f"{name}:value", box, value, self._style(SMALL), ink, "end", direction=data)

    def _touched_line(self, name: str, line: Line, answer: str, box: Box) -> None:
        frame = self.frame
        if line.tone is not Tone.PLAIN:
            self._sign(name, line.tone, box.cut_start(frame.mm(_SIGN_MM), frame.mm(2)))
        self.button(f"line:{answer}", box, self._line_face(line), answer)

    def _line_face(self, line: Line) -> Face:
        ltr = isinstance(line.label, str)
        return Face(
            said(self.frame, line.label), None, self._value(line), "plain", "words", self._style(SMALL_STRONG), ltr=ltr
        )

    def _are_cells(self, buttons: tuple[Button, ...]) -> bool:
        """Whether the buttons lie on the pages: too many for the foot, or large letters leave it no room."""
        theme = self.frame.theme
        return len(buttons) > _MANY_BUTTONS or (theme.easy and theme.tiny)

    def _buttons_high(self, buttons: tuple[Button, ...], width: float) -> float:
        """Return what the buttons at the foot take, with the space above them."""
        if not buttons:
            return 0.0
        rows = -(-len(buttons) // min(len(buttons), self._columns(width)))
        high = max(self._button_piece(button, width).height for button in buttons)
        return rows * high + (rows - 1) * self.frame.mm(GAP_MM) + self.frame.mm(5)

    def _buttons(self, buttons: tuple[Button, ...], box: Box) -> None:
        if not buttons:
            return
        frame, gap = self.frame, self.frame.mm(GAP_MM)
        columns = min(len(buttons), self._columns(box.w))
        rows = -(-len(buttons) // columns)
        area = box.cut_bottom(self._buttons_high(buttons, box.w) - frame.mm(5), frame.mm(5))
        for button, cell in zip(buttons, area.grid(columns, rows, gap), strict=False):
            self._button(button, cell)

    def _button(self, button: Button, box: Box) -> None:
        self.button(f"button:{button.id}", box, self._button_face(button), button.id, button.availability.is_offered)

    def _button_face(self, button: Button) -> Face:
        frame, why_not = self.frame, button.availability.why_not
        note = "" if button.availability.is_offered or why_not is None else frame.tell(why_not)
        icon = "warning" if button.is_grave else _PLACES.get(button.id) if self._place == "overview" else None
        return Face(frame.tell(button.label), icon, note, "plain", "row", self._style(SMALL_STRONG))

    def _turners(self, count: int, box: Box, side: Box | None, heading: Box) -> None:
        """Draw the buttons that turn the page: below, or above the controls at the end of a lying panel."""
        frame = self.frame
        high, gap = frame.mm(FOOT_MM), frame.mm(GAP_MM)
        if side is None:
            row = box.cut_bottom(high, frame.mm(4))
            width = (row.w - frame.mm(8)) * 0.36
            previous, following, page = row.cut_start(width, gap), row.cut_end(width, gap), row
        else:
            previous, following = side.cut_top(high, gap), side.cut_top(high, gap)
            page = heading.cut_end(max(frame.mm(50), heading.w * 0.5), gap)
        back = Face(frame.say("common.previous_page"), "back", "", "plain", "centre", BUTTON)
        self.button("previous_page", previous, back, lambda: self._turn(-1), self._page > 0)
        where = frame.say("common.page", page=self._page + 1, pages=count)
        self.label("page", page, where, SMALL, align="centre" if side is None else "end")
        on = Face(frame.say("common.next_page"), "next", "", "plain", "centre", BUTTON)
        self.button("next_page", following, on, lambda: self._turn(1), self._page < count - 1)

    def _turn(self, by: int) -> None:
        self._page += by

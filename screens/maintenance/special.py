"""The technician's screens that are no panel: PIN, a ticket's number, paper steps, touch and picture tests."""

from typing import Any

from kiosk.maintenance.prompts import (
    Checking,
    EnterPin,
    FindTicket,
    KeepChange,
    LockedOut,
    PaperStep,
    TestPicture,
    TouchTarget,
)
from screens.articles.article import ArticleScreen
from screens.articles.story import Action, Article
from screens.look.frame import BUTTON, STRONG, Box, Frame
from screens.look.theme import Rgb, rgb
from screens.maintenance.footer import footer
from screens.pad import Entry, PadScreen
from screens.screen import Screen
from screens.widgets.button import TouchButton
from screens.widgets.face import Face

_PIN_DIGITS = (8, 10)
_NUMBER_DIGITS = 5  # kiosk digit and counter
_COLOURS = {
    "black": rgb("#000000"),
    "white": rgb("#FFFFFF"),
    "red": rgb("#FF0000"),
    "green": rgb("#00FF00"),
    "blue": rgb("#0000FF"),
    "grid": rgb("#808080"),
}


class BackedPad(PadScreen):
    """A number pad with the technician's controls below."""

    controls_beside = False  # on a lying panel; beside, the pad is narrower and higher

    def arrange(self, prompt: Any, box: Box) -> None:
        """Lay out the pad above the controls."""
        footer(self, box, has_column=self.controls_beside)
        super().arrange(prompt, box)


class BackedArticle(ArticleScreen):
    """An article with the technician's controls below."""

    def arrange(self, prompt: Any, box: Box) -> None:
        """Lay out the article beside or above the controls."""
        footer(self, box)
        super().arrange(prompt, box)


class FindScreen(BackedPad):
    """A prefix to choose, and the digits of a ticket's number."""

    controls_beside = True

    def __init__(self) -> None:
        super().__init__(find_ticket)
        self._prefix = ""
        self._prefixes: tuple[str, ...] = ()

    def resume(self) -> None:
        """Begin with nothing chosen."""
        super().resume()
        self._prefix = ""

    def arrange(self, prompt: FindTicket, box: Box) -> None:
        """Lay out the prefixes at the top of a lying panel, on an upright one between the number and its keys."""
        self._prefixes = prompt.prefixes
        if self.frame.theme.wide:
            self._prefix_row(box.cut_top(self.frame.mm(20), self.frame.mm(3)))
        super().arrange(prompt, box)

    def heading(self, entry: Entry, box: Box) -> None:
        """Draw the prefixes below the number."""
        if not self.frame.theme.wide:
            self._prefix_row(box.cut_bottom(self.frame.mm(24), self.frame.mm(4)))
        super().heading(entry, box)

    def _prefix_row(self, row: Box) -> None:
        frame, prefixes, gap = self.frame, self._prefixes, self.frame.mm(4)
        cells = row.centred(min(row.w, frame.mm(60) * len(prefixes)), row.h).grid(len(prefixes), 1, gap)
        for prefix, cell in zip(prefixes, cells, strict=True):
            face = Face(prefix or "–", None, "", "plain", "words", BUTTON, ltr=True)
            self.button(
                f"prefix:{prefix}", cell, face, lambda chosen=prefix: self._choose(chosen), True, prefix == self._prefix
            )

    def answer(self) -> str:
        """Return the whole number."""
        return self._prefix + super().answer()

    def _choose(self, prefix: str) -> None:
        self._prefix = prefix


def enter_pin(prompt: EnterPin, frame: Frame) -> Entry:
    """T1. The PIN, covered."""
    warning = ""
    if prompt.wrong:
        warning = (
            frame.say("maintenance.pin.wrong")
            if prompt.left is None
            else frame.say("maintenance.pin.left", n=prompt.left)
        )
    return Entry(
        frame.say("maintenance.pin.title"),
        warning,
        _PIN_DIGITS[-1],
        _PIN_DIGITS[0],
        covered=True,
        delete=frame.say("type_number.delete"),
        ok=frame.say("type_number.ok"),
    )


def find_ticket(_prompt: FindTicket, frame: Frame) -> Entry:
    """T5. A ticket's number."""
    return Entry(
        frame.say("maintenance.tickets.find"),
        "",
        _NUMBER_DIGITS,
        4,
        delete=frame.say("type_number.delete"),
        ok=frame.say("type_number.ok"),
    )


def locked_out(prompt: LockedOut, frame: Frame) -> Article:
    """T13. Too many wrong PINs."""
    close = Action("close", frame.say("maintenance.leave"), "close", "check", "main")
    return Article(
        "warning",
        frame.say("maintenance.locked.title"),
        "bad",
        (frame.say("maintenance.locked.wait", n=prompt.minutes),),
        actions=(close,),
    )


def working(notice: Checking, frame: Frame) -> Article:
    """A moment."""
    return Article("hourglass", frame.tell(notice.what))


def paper_step(prompt: PaperStep, frame: Frame) -> Article:
    """T4. One step of the paper wizard."""
    offered, why_not = prompt.can_go_on.is_offered, prompt.can_go_on.why_not
    note = "" if offered or why_not is None else frame.tell(why_not)
    is_last = prompt.number == prompt.of
    words = frame.say("maintenance.paper.finish" if is_last else "maintenance.paper.next")
    lines = [frame.say(f"maintenance.paper.step_{prompt.step}"), frame.say(f"maintenance.paper.hint_{prompt.step}")]
    if prompt.state is not None:
        lines.append(frame.say("maintenance.paper.state", state=frame.tell(prompt.state)))
    title = frame.say("maintenance.paper.step", number=prompt.number, of=prompt.of)
    go_on = Action("next", words, "next", "check" if is_last else "next", "main", note, offered)
    return Article(f"roll-{prompt.step}", title, lines=tuple(lines), actions=(go_on,))


def keep_change(prompt: KeepChange, frame: Frame) -> Article:
    """T7. Keep a risky change, or have it undone."""
    return Article(
        "question",
        frame.say("maintenance.keep_title"),
        "warn",
        (
            frame.tell(prompt.what),
            frame.tell(prompt.effect),
            frame.say("maintenance.keep_note", n=prompt.seconds),
        ),
        actions=(
            Action("keep", frame.say("maintenance.keep"), "keep", "check", "main"),
            Action("undo", frame.say("maintenance.undo"), "undo", "cross"),
        ),
    )


class Glass(TouchButton):
    """A target over the whole panel that draws nothing and answers where it was touched.

    Shares of width and height from the upper left; `collide_point` is asked last with the very point of the release.
    """

    def show_over(self, frame: Frame, fixed: object = None) -> None:
        """Cover the panel; with `fixed` the answer is that, wherever it is touched."""
        self._fixed = fixed
        self.name, self.answer, self.enabled, self.selected, self._frame = "glass", fixed, True, False, frame
        self.pos, self.size = (0, 0), (frame.theme.width_px, frame.theme.height_px)

    def collide_point(self, x: float, y: float) -> bool:
        """Take every point, and keep it."""
        if self._fixed is None:
            self.answer = (x / self.width, 1 - y / self.height)
        return True

    def press(self, pressed: bool) -> None:
        """Draw nothing."""

    def focus(self, focused: bool) -> None:
        """Draw nothing."""


class _GlassScreen(Screen):
    """A screen that is one target."""

    def cover(self, fixed: object = None) -> None:
        """Put the target over all that was drawn."""
        self.part(Glass, "glass").show_over(self.frame, fixed)

    def sheet(self, colour: Rgb) -> None:
        """Fill the whole panel, its corners too."""
        theme, over = self.frame.theme, self.frame.mm(4)
        self.fill("sheet", -over, -over, theme.width_px + 2 * over, theme.height_px + 2 * over, colour)

    def fill(self, name: str, x: float, y: float, w: float, h: float, colour: Rgb) -> None:
        """Fill a rectangle by its place on the panel itself, never mirrored."""
        frame = self.frame
        start = frame.theme.width_px - x - w if frame.rtl else x
        self.surface(name, Box(start, y, w, h), colour, None, 1)


class TouchTargetScreen(_GlassScreen):
    """T3. A cross to be touched in its middle."""

    def arrange(self, prompt: TouchTarget, box: Box) -> None:  # noqa: ARG002 (the whole panel, not the box)
        """Draw the cross where it is on the panel, in every language."""
        frame, theme = self.frame, self.frame.theme
        self.sheet(frame.palette.surface)
        x, y, arm, thick = prompt.x * theme.width_px, prompt.y * theme.height_px, frame.mm(10), max(2, frame.mm(0.8))
        self.fill("across", x - arm, y - thick / 2, 2 * arm, thick, frame.palette.ink)
        self.fill("down", x - thick / 2, y - arm, thick, 2 * arm, frame.palette.ink)
        middle = Box(theme.width_px * 0.15, theme.height_px * 0.24, theme.width_px * 0.7, frame.mm(34))
        words = frame.say("maintenance.touch_here", number=prompt.number, of=prompt.of)
        self.label("words", middle, words, STRONG, align="centre")
        self.cover()


class TestPictureScreen(_GlassScreen):
    """T3. One colour, or a grid, over the whole panel."""

    __test__ = False

    def arrange(self, prompt: TestPicture, box: Box) -> None:  # noqa: ARG002 (the whole panel, not the box)
        """Fill the panel."""
        frame, theme = self.frame, self.frame.theme
        self.sheet(_COLOURS[prompt.picture])
        if prompt.picture == "grid":
            step, white = frame.mm(20), rgb("#FFFFFF")
            for number in range(theme.width_px // step + 1):
                self.fill(f"down{number}", number * step, 0, 2, theme.height_px, white)
            for number in range(theme.height_px // step + 1):
                self.fill(f"across{number}", 0, number * step, theme.width_px, 2, white)
        self.cover("next")

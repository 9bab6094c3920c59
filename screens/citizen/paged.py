"""Tiles in pages turned by buttons."""

from functools import partial

from screens.citizen.tiles import TileScreen
from screens.look.frame import BUTTON, SMALL, Box
from screens.look.text import fitted
from screens.widgets.face import Face, even_faces

_NUMBER_MM, _NUMBER_GAP_MM, _NEXT_MM = 20.0, 3.0, 42.0
"""The buttons of page numbers are as small as a target may be (A1), so that five stand beside "next" on 10 inches."""


class PagedScreen(TileScreen):
    """Tiles in pages turned by buttons: nothing scrolls."""

    def __init__(self) -> None:
        super().__init__()
        self._page = 0

    def resume(self) -> None:
        """Begin at the first page."""
        self._page = 0

    @property
    def turner_px(self) -> int:
        """Return the height of the row of buttons that turn the page."""
        return self.frame.mm(24 if self.frame.theme.easy and not self.frame.theme.tiny else 20)

    def turners(self, count: int, area: Box) -> None:
        """Draw the buttons that turn the page, with the page number between them."""
        frame = self.frame
        row = area.cut_bottom(self.turner_px, frame.mm(4))
        numbers = count * frame.mm(_NUMBER_MM) + (count - 1) * frame.mm(_NUMBER_GAP_MM)
        width = (row.w - frame.mm(8)) * (0.38 if frame.theme.easy else 0.34)
        beside = min(width, row.w - frame.mm(4) - numbers)
        if count > 2 and beside >= frame.mm(_NEXT_MM):
            self._page_numbers(count, row.cut_start(numbers))
            previous, following = None, row.cut_end(beside)
        else:
            previous, following = row.cut_start(width, frame.mm(4)), row.cut_end(width, frame.mm(4))
            text = frame.say("common.page", page=self._page + 1, pages=count)
            if not fitted(text, int(row.w), int(row.h), frame.type(SMALL)).fits:
                text = f"{self._page + 1}/{count}"
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

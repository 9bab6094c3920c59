"""T8. One part of a network address: what stands there so far, and a number pad with a dot, never mirrored."""

from kiosk.maintenance.prompts import EnterAddress
from screens.look.frame import SMALL_STRONG, STRONG, TITLE, TITLE_MM, Box, Frame, Style
from screens.maintenance.special import BackedPad
from screens.pad import Entry
from screens.widgets.face import Face
from screens.widgets.label import height_of

_LONGEST = 15  # 255.255.255.255; a prefix may be typed as a mask
_TYPED = Style(TITLE_MM, "semibold")
_COLUMNS, _ROWS = 4, 4


class AddressScreen(BackedPad):
    """Asks for digits and dots; what is there already can be erased key by key."""

    def __init__(self) -> None:
        super().__init__(enter_address)
        self._is_fresh, self._may_be_empty = True, False

    def resume(self) -> None:
        """Begin with what stands there now."""
        super().resume()
        self._is_fresh = True

    def arrange(self, prompt: EnterAddress, box: Box) -> None:
        """Lay out heading, typed address and pad."""
        if self._is_fresh:
            self._digits, self._is_fresh = prompt.typed, False
        self._may_be_empty = prompt.may_be_empty
        super().arrange(prompt, box)

    def heading(self, entry: Entry, box: Box) -> None:
        """Draw what is asked, what was wrong, and what has been typed."""
        frame, palette = self.frame, self.frame.palette
        display = box.cut_bottom(min(frame.mm(20), box.h * 0.3), frame.mm(4))
        if entry.warning:
            high = min(height_of(frame, entry.warning, box.w, STRONG), box.h * 0.55)
            self.label("warning", box.cut_bottom(high, frame.mm(3)), entry.warning, STRONG, palette.bad, "centre")
        self.label("title", box, entry.title, TITLE, align="centre", middle=0.6)
        self.surface("display_card", display, palette.surface, palette.primary, 5)
        room = display.inset(frame.mm(3), 0)
        self.label("digits", room, self._digits or "–", _TYPED, palette.primary, "centre", direction="ltr")

    def _pad(self, entry: Entry, whole: Box) -> None:
        frame = self.frame
        cells = whole.grid(_COLUMNS, _ROWS, frame.mm(3))
        cells = [frame.unmirrored(whole, cell) for cell in cells]
        is_full = len(self._digits) >= entry.length
        for row, keys in enumerate(("123", "456", "789", ".0")):
            for column, key in enumerate(keys):
                self._key(key, cells[row * _COLUMNS + column], not is_full)
        erase = Face(entry.delete, "erase", "", "quiet", "stack", SMALL_STRONG)
        self.button("delete", _over(cells[3], cells[7]), erase, self._erase, bool(self._digits))
        ok = Face(entry.ok, "check", "", "main", "stack", SMALL_STRONG)
        self.button("ok", _over(cells[11], cells[15]), ok, self.answer(), bool(self._digits) or self._may_be_empty)


def _over(top: Box, bottom: Box) -> Box:
    """Return the box from the top of one cell to the bottom of another below it."""
    return Box(top.x, top.y, top.w, bottom.y + bottom.h - top.y)


def enter_address(prompt: EnterAddress, frame: Frame) -> Entry:
    """Return which part is asked for, and what was wrong with it."""
    title = frame.say(f"maintenance.address.{prompt.part}", number=prompt.number, of=prompt.of)
    return Entry(
        title,
        "" if prompt.wrong is None else frame.tell(prompt.wrong),
        _LONGEST,
        0,
        delete=frame.say("type_number.delete"),
        ok=frame.say("type_number.ok"),
    )

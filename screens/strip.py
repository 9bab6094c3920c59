"""The strip above every screen: centre, clock, network, battery."""

from kiosk.prompts.ui import StatusStrip
from screens.look.frame import MIDDLE_MM, SMALL_MM, SMALL_STRONG, TEXT_MM, Box, Frame, Style
from screens.look.text import fitted, line_width
from screens.screen import Screen
from screens.widgets.label import height_of, line_px, width_of

_STRIP_MM, _MARK_MM = 16.0, 13.0
_SHORT_STRIP_MM, _SHORT_MARK_MM = 11.0, 11.0
_HEAD_MM, _WIDE_HEAD_MM, _BORDER_MM = 34.0, 25.0, 5.0
_CENTRE, _AUTHORITY = Style(MIDDLE_MM, "bold", primary=False), SMALL_STRONG

_SPEAKER = "speaker"
"""The mark that warns of nothing."""

type _MarkWords = tuple[str, str]
"""A mark's icon and its words."""


def strip_px(frame: Frame, strip: StatusStrip, is_head: bool = False) -> int:
    """Return the height of the strip with its marks below it; a tiny panel has them in the strip itself.

    `is_head`: whether it is the start screen's, which says, large and with the emblem, whose kiosk this is, where the
    panel has room for that.
    """
    _, below = _parted_marks(frame, strip, is_head)
    return _band_px(frame, strip, is_head) + sum(_mark_px(frame, words) for _, words in below)


def marks_of(frame: Frame, strip: StatusStrip, is_head: bool) -> list[_MarkWords]:
    """Return icon and words of each mark; that numbers go on is said where they are given, and over no closed kiosk."""
    marks = [(_SPEAKER, frame.say("strip.explores"))] if frame.explores else []
    if strip.is_offline:
        marks.append(("offline", frame.say("strip.offline" if is_head else "strip.no_internet")))
    if strip.battery_minutes is not None:
        minutes = strip.battery_minutes
        words = frame.say("strip.battery_minutes", n=minutes) if minutes else frame.say("strip.on_battery")
        marks.append(("battery", words))
    return marks


def _parted_marks(frame: Frame, strip: StatusStrip, is_head: bool) -> tuple[list[_MarkWords], list[_MarkWords]]:
    """Return the marks in the strip and those below it: on a tiny panel each row costs a tile its 25 mm.

    How to touch leaves none beside it there; large letters have the first below, and a second in the strip.
    """
    marks, theme = marks_of(frame, strip, is_head), frame.theme
    if theme.tiny and frame.explores:
        return marks[:1], []
    below = 0 if theme.tiny and not theme.easy else 1 if theme.tiny else len(marks)
    return marks[below:], marks[:below]


def _has_head(frame: Frame) -> bool:
    """Return whether the panel has room for a head: large letters and low panels need it for what can be touched."""
    return frame.theme.tall and not frame.theme.easy


def _band_px(frame: Frame, strip: StatusStrip, is_head: bool) -> int:
    """Return the height of the line with centre and clock, where large letters may need a second one."""
    if is_head and _has_head(frame):
        return frame.mm(_WIDE_HEAD_MM if frame.theme.wide else _HEAD_MM)
    usual = frame.mm(_STRIP_MM if frame.theme.tall else _SHORT_STRIP_MM)
    if not frame.theme.easy:
        return usual
    room = frame.theme.width_px - 2 * frame.mm(6) - _clock_px(frame, strip) - frame.mm(4)
    named = frame.type(_centred(frame, is_head))
    if frame.theme.tiny:
        return max(usual, line_px(frame, _named(frame)) + frame.mm(1))
    name = frame.words(strip.centre)
    return max(usual, fitted(name, int(room), 10_000, named).height_px + frame.mm(2))


def _clock_px(frame: Frame, strip: StatusStrip) -> int:
    if strip.clock is None:
        return 0
    look = frame.type(_named(frame))
    return line_width(strip.clock, look.wish_px, look.weight, "ltr") + frame.mm(4)


def _mark_px(frame: Frame, words: str) -> int:
    """Return the height of a mark below the strip; large letters may need a second line."""
    usual = frame.mm(_MARK_MM if frame.theme.tall else _SHORT_MARK_MM)
    if not frame.theme.easy:
        return usual
    room = frame.theme.width_px - frame.mm(2 * 6 + 9 + 3)
    return max(usual, height_of(frame, words, room, SMALL_STRONG) + frame.mm(1))


def _named(frame: Frame) -> Style:
    """Return how centre and clock are written: a short strip has no room for more."""
    return Style(TEXT_MM if frame.theme.tall else SMALL_MM, "semibold", primary=False)


def _centred(frame: Frame, is_head: bool) -> Style:
    """Return how the centre's name is written: large letters keep what it has in a head, where there is one."""
    return _CENTRE if is_head and frame.theme.tall else _named(frame)


class StripScreen(Screen):
    """The centre's name and the clock; a mark below it when the network or the mains are gone."""

    def __init__(self) -> None:
        super().__init__()
        self.is_head = False
        """Whether it says, large and with the emblem, whose kiosk this is."""

    def arrange(self, prompt: StatusStrip, box: Box) -> None:
        """Lay out the strip; `box` is its whole height."""
        frame, palette = self.frame, self.frame.palette
        band = box.cut_top(_band_px(frame, prompt, self.is_head))
        self.surface("band", Box(band.x - 8, band.y - 8, band.w + 16, band.h + 8), palette.band, None, 0.1)
        is_head = self.is_head and _has_head(frame)
        if is_head:
            self._border(band)
        inner = band.inset(frame.mm(6), frame.mm(0.4))
        if prompt.clock is not None:
            clock = inner.cut_end(_clock_px(frame, prompt), frame.mm(4))
            self.label("clock", clock, prompt.clock, _named(frame), palette.on_band, "end", direction="ltr")
        within, below = _parted_marks(frame, prompt, self.is_head)
        if within:
            self._marks_in_strip(within, inner)
            self._marks_below(below, box)
            return
        if frame.theme.emblem is not None and frame.theme.tall and not frame.theme.easy:
            side = inner.h * (0.8 if is_head else 0.7)
            place = inner.cut_start(side, frame.mm(5 if is_head else 3)).centred(side, side)
            self.stencil("emblem", place, frame.theme.emblem, palette.on_band)
        if is_head:
            self._owner(prompt, inner)
        else:
            self.label("centre", inner, frame.words(prompt.centre), _centred(frame, self.is_head), palette.on_band)
        self._marks_below(below, box)

    def _marks_below(self, marks: list[_MarkWords], box: Box) -> None:
        frame = self.frame
        for icon, words in marks:
            row = box.cut_top(_mark_px(frame, words))
            self._mark(
                icon, words, Box(row.x - 8, row.y, row.w + 16, row.h), 0.1, row.inset(frame.mm(6), frame.mm(0.4))
            )

    def _border(self, band: Box) -> None:
        """Draw the ornament along the lower edge, in a colour between the band's and that of its letters."""
        frame, palette = self.frame, self.frame.palette
        if frame.theme.ornament is None:
            return
        colour = tuple((3 * low + high) / 4 for low, high in zip(palette.band, palette.on_band, strict=True))
        row = band.cut_bottom(frame.mm(_BORDER_MM), frame.mm(1))
        row.h = frame.mm(_BORDER_MM) - frame.mm(0.8)
        self.stencil("ornament", row, frame.theme.ornament, (colour[0], colour[1], colour[2]), repeated=True)

    def _owner(self, prompt: StatusStrip, inner: Box) -> None:
        """Say the centre's full name, and below it whose it is."""
        frame, ink = self.frame, self.frame.palette.on_band
        name, authority = frame.words(prompt.centre), frame.words(dict(frame.theme.authority))
        whole = fitted(name, int(inner.w), int(inner.h), frame.type(_CENTRE, max_lines=1))  # smaller rather than broken
        lines = 1 if whole.fits else 2
        high = whole.height_px if whole.fits else height_of(frame, name, inner.w, _CENTRE, inner.h)
        low = height_of(frame, authority, inner.w, _AUTHORITY, inner.h - high)
        both = inner.centred(inner.w, high + low)
        self.label("centre", both.cut_top(high), name, _CENTRE, ink, max_lines=lines)
        if low:
            self.label("authority", both, authority, _AUTHORITY, ink)

    def _marks_in_strip(self, marks: list[_MarkWords], inner: Box) -> None:
        """Put marks where the centre's name was."""
        frame = self.frame
        needs = [frame.mm(13) + width_of(frame, words, SMALL_STRONG) for _, words in marks]
        spare = max(0, inner.w - frame.mm(3) * (len(marks) - 1) - sum(needs)) / len(marks)
        cells = [inner.cut_start(need + spare, frame.mm(3)) for need in needs]
        for (icon, words), cell in zip(marks, cells, strict=True):
            self._mark(icon, words, cell, 2, cell.inset(frame.mm(2), 0))

    def _mark(self, icon: str, words: str, card: Box, radius_mm: float, row: Box) -> None:
        """Draw one mark; what only says how to touch has not the colour of a warning."""
        frame, palette = self.frame, self.frame.palette
        fill, ink = (palette.tint, palette.primary) if icon == _SPEAKER else (palette.warn_tint, palette.warn)
        self.surface(f"mark {icon}", card, fill, None, radius_mm)
        sign = frame.mm(9 if radius_mm < 1 else 7)
        self.icon(f"mark_icon {icon}", row.cut_start(sign, frame.mm(3 if radius_mm < 1 else 2)), icon, ink)
        self.label(f"mark_words {icon}", row, words, SMALL_STRONG, palette.ink)

"""What frames every screen: the strip above (centre, clock, network, battery) and the controls below."""

from dataclasses import replace
from typing import Any

from kiosk.prompts import AskForHelp, Back, Home, Prompt, SetAccessible, Start, StatusStrip, SwitchLanguage
from screens.look.frame import SMALL_STRONG, Box, Frame, Style
from screens.look.text import fitted
from screens.screen import Screen
from screens.widgets.face import Face, even_faces
from screens.widgets.label import width_of

_STRIP_MM, _MARK_MM = 16.0, 13.0
_SHORT_STRIP_MM, _SHORT_MARK_MM = 11.0, 11.0
_CONTROL = Style(6.1, "semibold", primary=False)


def strip_px(frame: Frame, marks: int) -> int:
    """Return the height of the strip with this many marks below it; a tiny panel has them in the strip itself."""
    if frame.theme.tiny:
        return frame.mm(_SHORT_STRIP_MM)
    return frame.mm(_STRIP_MM if frame.theme.tall else _SHORT_STRIP_MM) + marks * frame.mm(_mark_mm(frame))


def _mark_mm(frame: Frame) -> float:
    """Return the height of a mark below the strip."""
    return _MARK_MM if frame.theme.tall else _SHORT_MARK_MM


def _named(frame: Frame) -> Style:
    """Return how centre and clock are written: a short strip has no room for more."""
    return Style(6.1 if frame.theme.tall else 5.1, "semibold", primary=False)


class StripScreen(Screen):
    """The centre's name and the clock; a mark below it when the network or the mains are gone."""

    def marks(self, strip: StatusStrip) -> list[tuple[str, str]]:
        """Return icon and words of each mark."""
        marks = []
        if strip.is_offline:
            marks.append(("offline", self.frame.say("strip.offline")))
        if strip.battery_minutes is not None:
            minutes = strip.battery_minutes
            words = (
                self.frame.say("strip.battery_minutes", n=minutes) if minutes else self.frame.say("strip.on_battery")
            )
            marks.append(("battery", words))
        return marks

    def arrange(self, prompt: StatusStrip, box: Box) -> None:
        """Lay out the strip; `box` is its whole height."""
        frame, palette = self.frame, self.frame.palette
        band = box.cut_top(strip_px(frame, 0))
        self.surface("band", Box(band.x - 8, band.y - 8, band.w + 16, band.h + 8), palette.band, None, 0.1)
        inner = band.inset(frame.mm(6), frame.mm(0.4))
        if prompt.clock is not None:
            clock = inner.cut_end(width_of(frame, prompt.clock, _named(frame)) + frame.mm(4), frame.mm(4))
            self.label("clock", clock, prompt.clock, _named(frame), palette.on_band, "end", direction="ltr")
        if frame.theme.tiny and self.marks(prompt):
            self._mark_in_strip(prompt, inner)
            return
        self.label("centre", inner, frame.words(prompt.centre), _named(frame), palette.on_band)
        for index, (icon, words) in enumerate(self.marks(prompt)):
            row = box.cut_top(frame.mm(_mark_mm(frame)))
            self.surface(f"mark{index}", Box(row.x - 8, row.y, row.w + 16, row.h), palette.warn_tint, None, 0.1)
            row = row.inset(frame.mm(6), frame.mm(0.4))
            self.icon(f"mark_icon{index}", row.cut_start(frame.mm(9), frame.mm(3)), icon, palette.warn)
            self.label(f"mark_words{index}", row, words, SMALL_STRONG, palette.ink)

    def _mark_in_strip(self, prompt: StatusStrip, inner: Box) -> None:
        """Put the marks where the centre's name was: on a tiny panel each row costs a tile its 25 mm."""
        frame, marks = self.frame, self.marks(prompt)
        needs = [frame.mm(13) + width_of(frame, words, SMALL_STRONG) for _, words in marks]
        spare = max(0, inner.w - frame.mm(3) * (len(marks) - 1) - sum(needs)) / len(marks)
        cells = [inner.cut_start(need + spare, frame.mm(3)) for need in needs]
        for index, ((icon, words), cell) in enumerate(zip(marks, cells, strict=True)):
            self.surface(f"mark{index}", cell, frame.palette.warn_tint, None, 2)
            row = cell.inset(frame.mm(2), 0)
            self.icon(f"mark_icon{index}", row.cut_start(frame.mm(7), frame.mm(2)), icon, frame.palette.warn)
            self.label(f"mark_words{index}", row, words, SMALL_STRONG, frame.palette.ink)


class FooterScreen(Screen):
    """Back, finish, the next language, large text, help: what almost every screen offers at the same place."""

    def arrange(self, prompt: Prompt[Any], box: Box) -> None:
        """Lay out the controls in one row."""
        frame = self.frame
        controls: list[tuple[str, Face, object]] = []
        if prompt.has_back:
            controls.append(("back", self._face(frame.say("common.back"), "back"), Back()))
            controls.append(("home", self._face(frame.say("common.home"), "cross"), Home()))
        if isinstance(prompt, Start) and prompt.has_about and not frame.theme.tiny:  # there it is among the actions
            controls.append(("about", self._face(frame.say("start.about"), "info"), "about"))
        if (language := frame.next_language) is not None:
            face = self._face(language.own_name, "language", ltr=language.direction == "ltr")
            controls.append((f"language:{language.code}", face, SwitchLanguage(language.code)))
        easy = frame.theme.easy
        whole = frame.say("common.accessible_on")
        short = frame.say("common.accessible_short") if frame.theme.tiny else whole
        face = self._face(frame.say("common.accessible_off") if easy else short, "accessibility")
        controls.append(("accessible", face if easy else replace(face, spoken=whole), SetAccessible(not easy)))
        if prompt.has_help:
            controls.append(("help", self._face(frame.say("common.help"), "question"), AskForHelp()))
        is_column = box.h > box.w
        if frame.theme.tiny and isinstance(prompt, Start) and prompt.notice is not None:
            self._notice(frame.tell(prompt.notice), box)
        cells = self._column(len(controls), box) if is_column else self._row([c[1] for c in controls], box)
        faces = even_faces(frame, [face for _, face, _ in controls], cells)
        for (name, _face, answer), face, cell in zip(controls, faces, cells, strict=True):
            self.button(name, cell, face, answer, selected=False)

    def _notice(self, text: str, box: Box) -> None:
        """Say beside the controls what a tiny start screen has no other room for."""
        frame, margin = self.frame, self.frame.mm(2)
        room = Box(0, 0, 0, 0)
        for share in (0.42, 0.44, 0.46):
            room = Box(0, 0, box.w * share, box.h)
            if fitted(text, int(room.w - 2 * margin), int(box.h), frame.type(SMALL_STRONG)).fits:
                break
        card = box.cut_start(room.w, frame.mm(4))
        self.surface("notice_card", card, frame.palette.warn_tint, frame.palette.warn, 4)
        self.label("notice", card.inset(margin, 0), text, SMALL_STRONG)

    def _column(self, count: int, box: Box) -> list[Box]:
        """Return cells from the bottom up to a height that a thumb likes."""
        gap = self.frame.mm(3)
        theme = self.frame.theme
        room = box.h if not theme.easy else min(box.h, theme.reach_px - (theme.height_px - box.y - box.h))
        high = min(self.frame.mm(24), (room - gap * (count - 1)) / count)
        return box.cut_bottom(high * count + gap * (count - 1)).grid(1, count, gap)

    def _row(self, faces: list[Face], box: Box) -> list[Box]:
        """Return cells as wide as their words need, the spare room shared out evenly; or what is missing, in parts."""
        frame, gap = self.frame, self.frame.mm(3)
        least, room = frame.mm(20), box.w - gap * (len(faces) - 1)
        needs = [max(least, width_of(frame, face.text, _CONTROL) + frame.mm(8)) for face in faces]
        if sum(needs) <= room:
            return [box.cut_start(need + (room - sum(needs)) / len(faces), gap) for need in needs]
        shares = [need * room / sum(needs) for need in needs]
        smallest = [max(least, width_of(frame, face.text, _CONTROL, smallest=True) + frame.mm(6.5)) for face in faces]
        if sum(smallest) <= room and any(share < low for share, low in zip(shares, smallest, strict=True)):
            return [box.cut_start(low + (room - sum(smallest)) / len(faces), gap) for low in smallest]
        return [box.cut_start(share, gap) for share in shares] if min(shares) >= least else box.grid(len(faces), 1, gap)

    def _face(self, words: str, icon: str, ltr: bool = False) -> Face:
        return Face(words, icon, "", "quiet", "stack", _CONTROL, ltr=ltr)

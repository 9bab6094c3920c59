"""What frames every screen: the strip above (centre, clock, network, battery) and the controls below."""

from typing import Any

from kiosk.language import Language
from kiosk.prompts import AskForHelp, Back, Home, Prompt, SetAccessible, StatusStrip, SwitchLanguage
from screens.frame import SMALL_STRONG, Box, Style
from screens.screen import Screen
from screens.widgets.button import Face

STRIP_MM, MARK_MM = 14.0, 11.0
_CONTROL = Style(6.1, "semibold", primary=False)


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
        band = box.cut_top(frame.mm(STRIP_MM))
        self.surface("band", Box(band.x - 8, band.y - 8, band.w + 16, band.h + 8), palette.band, None, 0.1)
        inner = band.inset(frame.mm(6), frame.mm(1.5))
        if prompt.clock is not None:
            clock = inner.cut_end(frame.mm(24), frame.mm(4))
            self.label(
                "clock", clock, prompt.clock, Style(6.1, "semibold", False), palette.on_band, "end", direction="ltr"
            )
        self.label("centre", inner, frame.words(prompt.centre), Style(6.1, "semibold", False), palette.on_band)
        for index, (icon, words) in enumerate(self.marks(prompt)):
            row = box.cut_top(frame.mm(MARK_MM))
            self.surface(f"mark{index}", Box(row.x - 8, row.y, row.w + 16, row.h), palette.warn_tint, None, 0.1)
            row = row.inset(frame.mm(6), frame.mm(1))
            self.icon(f"mark_icon{index}", row.cut_start(frame.mm(9), frame.mm(3)), icon, palette.warn)
            self.label(f"mark_words{index}", row, words, SMALL_STRONG, palette.ink)


class FooterScreen(Screen):
    """Back, finish, the other language, large text, help: what almost every screen offers at the same place."""

    def __init__(self, languages: dict[str, Language]) -> None:
        super().__init__()
        self._languages = languages

    def arrange(self, prompt: Prompt[Any], box: Box) -> None:
        """Lay out the controls in one row."""
        frame = self.frame
        controls: list[tuple[str, Face, object]] = []
        if prompt.has_back:
            controls.append(("back", self._face(frame.say("common.back"), "back"), Back()))
            controls.append(("home", self._face(frame.say("common.home"), "cross"), Home()))
        for code, language in self._languages.items():
            if code != frame.language.code:
                face = self._face(language.own_name, "language", ltr=language.direction == "ltr")
                controls.append((f"language:{code}", face, SwitchLanguage(code)))
        easy = frame.theme.easy
        words = frame.say("common.accessible_off" if easy else "common.accessible_on")
        controls.append(("accessible", self._face(words, "accessibility"), SetAccessible(not easy)))
        if prompt.name not in {"help", "help_result"}:
            controls.append(("help", self._face(frame.say("common.help"), "question"), AskForHelp()))
        for (name, face, answer), cell in zip(controls, box.grid(len(controls), 1, frame.mm(3)), strict=True):
            self.button(name, cell, face, answer, selected=False)

    def _face(self, words: str, icon: str, ltr: bool = False) -> Face:
        wide = self.frame.theme.wide
        return Face(words, icon, "", "quiet", "centre" if wide else "stack", _CONTROL, ltr=ltr)

"""The controls below every screen."""

from dataclasses import replace
from itertools import product
from math import ceil
from typing import Any

from kiosk.prompts.choosing import Start
from kiosk.prompts.state import ChooseLanguage, VoiceOptions
from kiosk.prompts.ui import (
    AdjustVoice,
    AskForHelp,
    Back,
    Home,
    OpenLanguages,
    Prompt,
    SetAccessible,
    SetLow,
    SetSpeech,
    SwitchLanguage,
)
from screens.look.frame import SMALL_STRONG, TEXT_MM, Box, Frame, Style
from screens.look.text import FIRST_STEP, Type, fitted, line_width
from screens.look.theme import BIG_TEXT
from screens.screen import Screen
from screens.widgets.face import LIP_MM, Arrangement, Face, even_faces, held, inside, needed_height, set_words
from screens.widgets.label import width_of

_ROW_MM = 26.0
_LARGE_ROW_MM = 33.0
"""A row of controls in large letters, at their least: two lines of them below a picture."""
type _Way = tuple[int, float, Arrangement]
_LARGE_WAYS: tuple[_Way, ...] = (
    *((1, high, "stack") for high in (33.0, 37.0, 40.0)),
    (2, 28.0, "centre"),
    *((2, high, "stack") for high in (33.0, 37.0, 40.0)),
)
"""How controls may stand whose letters are half as large again: in so many rows so high, with their pictures there."""
_NEARLY = 0.98
"""Sizes come in steps."""
_TWO = 2
"""So many languages change places by one button; more of them are chosen from."""
_NARROW_MM = 200.0
_CONTROL = Style(TEXT_MM, "semibold", primary=False)


class FooterScreen(Screen):
    """Back, finish, the next language, large text, help: what almost every screen offers at the same place."""

    def __init__(self) -> None:
        super().__init__()
        self._column_letters_px = 0

    def arrange(self, prompt: Prompt[Any], box: Box) -> None:
        """Lay out the controls in one row."""
        frame = self.frame
        controls = self._controls(prompt)
        is_column = box.h > box.w
        notice = prompt.notice if isinstance(prompt, Start) and not prompt.is_announced else None
        if frame.theme.tiny and notice is not None and not is_column:
            self._notice(frame.tell(notice), box)
        faces = [face for _, face, _ in controls]
        way = None if is_column else self._large_way(prompt, box.w)
        if way is not None:
            faces = [replace(face, arrangement=way[2]) for face in faces]
            cells = self._large_rows(faces, box, way)
        else:
            cells = self._column(len(controls), box) if is_column else self._rows(faces, box)
        if is_column and frame.theme.easy:
            faces = held(frame, faces, cells, self._column_letters_px)
        faces = even_faces(frame, faces, cells)
        for (name, _face, answer), face, cell in zip(controls, faces, cells, strict=True):
            self.button(name, cell, face, answer, selected=False)

    def _controls(self, prompt: Prompt[Any]) -> list[tuple[str, Face, object]]:
        frame = self.frame
        controls: list[tuple[str, Face, object]] = []
        if prompt.has_back:
            controls.append(("back", self._face(frame.say("common.back"), "back"), Back()))
            controls.append(("home", self._face(frame.say("common.home"), "cross"), Home()))
        about = prompt.about if isinstance(prompt, Start) and not frame.theme.tiny else None
        if about is not None:  # on a tiny panel it is among the actions
            controls.append(("about", self._face(frame.tell(about), "info"), "about"))
        # A tiny column has five controls, and so has a low one: who listens has chosen the language already.
        is_narrow = frame.theme.low or (frame.theme.tiny and not isinstance(prompt, Start))
        language = None if isinstance(prompt, ChooseLanguage) else frame.next_language  # there they are themselves
        if is_narrow and frame.explores:
            language = None
        if language is not None and len(frame.languages) > _TWO:
            face = self._face(f"{language.own_name}…", "language", ltr=language.direction == "ltr")
            controls.append(("languages", replace(face, spoken=frame.say("common.languages")), OpenLanguages()))
        elif language is not None:
            face = self._face(language.own_name, "language", ltr=language.direction == "ltr")
            controls.append((f"language:{language.code}", face, SwitchLanguage(language.code)))
        easy = frame.theme.easy
        letters = frame.say("common.accessible_off" if easy else "common.accessible_on")
        controls.append(("accessible", self._face(letters, "accessibility"), SetAccessible(not easy)))
        if frame.has_voice and (frame.explores or not is_narrow):
            controls.append(("voice", *self._voice(prompt)))
        if isinstance(prompt, Start) and frame.theme.tall:
            low = frame.theme.low
            whole = frame.say("common.low_off" if low else "common.low_on")
            is_short = easy or frame.theme.width_px < frame.mm(_NARROW_MM)
            short = frame.say("common.low_off_short" if low else "common.low_short") if is_short else whole
            controls.append(("low", replace(self._face(short, "disabled"), spoken=whole), SetLow(not low)))
        if prompt.has_help:
            controls.append(("help", self._face(frame.say("common.help"), "question"), AskForHelp()))
        return controls

    def _voice(self, prompt: Prompt[Any]) -> tuple[Face, object]:
        """Return what begins the voice, leads to how it speaks, or, there, ends it."""
        frame = self.frame
        if not frame.explores:
            return self._face(frame.say("common.voice_on"), "speaker"), SetSpeech(True)
        if isinstance(prompt, VoiceOptions):
            return self._face(frame.say("common.voice_off"), "speaker"), SetSpeech(False)
        words = frame.say("common.voice")
        face = self._face(frame.say("common.voice_on") if frame.theme.tiny else words, "speaker")
        return replace(face, spoken=words), AdjustVoice()

    def row_px(self, prompt: Prompt[Any], frame: Frame, width_px: float) -> int:
        """Return the height that the controls want in a row this wide, or in two where their words need more."""
        self.frame = frame
        way = self._large_way(prompt, width_px)
        faces = [face for _, face, _ in self._controls(prompt)]
        return self._least_row_px(faces, width_px) if way is None else _rows_px(frame, way)

    def _least_row_px(self, faces: list[Face], width_px: float) -> int:
        high, gap = self.frame.mm(_LARGE_ROW_MM if self.frame.theme.easy else _ROW_MM), self.frame.mm(3)
        return 2 * high + gap if self._needs_two(faces, Box(0, 0, width_px, high)) else high

    def _large_px(self, prompt: Prompt[Any], room: Box) -> int:
        """Return half as large again as these letters are usually, in a column or in rows as wide as the room."""
        easy = self.frame
        self.frame = easy.without_easy()
        try:
            faces = [face for _, face, _ in self._controls(prompt)]
            if easy.theme.wide:
                cells = self._column(len(faces), Box(0, 0, self.column_px(prompt, self.frame, room), room.h))
            else:
                cells = self._rows(faces, Box(0, 0, room.w, self._least_row_px(faces, room.w)))
            usual = min(face.size_px or 0 for face in even_faces(self.frame, faces, cells))
        finally:
            self.frame = easy
        return round(BIG_TEXT * usual)

    def _large_way(self, prompt: Prompt[Any], width_px: float) -> _Way | None:
        """Return the first way in which large letters are half as large again as usual ones; None where none is."""
        frame = self.frame
        if not frame.theme.easy or frame.theme.low:
            return None
        least, faces = self._large_px(prompt, Box(0, 0, width_px, 0)), [face for _, face, _ in self._controls(prompt)]
        for way in _LARGE_WAYS:
            arranged = [replace(face, arrangement=way[2]) for face in faces]
            cells = self._large_rows(arranged, Box(0, 0, width_px, _rows_px(frame, way)), way)
            inners = [inside(frame, Box(0, 0, cell.w, cell.h - frame.mm(LIP_MM))) for cell in cells]
            set_ = [set_words(frame, face, way[2], inner) for face, inner in zip(arranged, inners, strict=True)]
            if all(one.fits and one.size_px >= least * _NEARLY for one in set_):
                return way
        return None

    def _large_rows(self, faces: list[Face], box: Box, way: _Way) -> list[Box]:
        """Return cells as wide as the words need in the largest size in which they have room, on one line or on two."""
        frame, gap = self.frame, self.frame.mm(3)
        if way[0] > 1:
            first, upper = (len(faces) + 1) // 2, box.cut_top((box.h - gap) / 2, gap)
            one = (1, *way[1:])
            return [*self._large_rows(faces[:first], upper, one), *self._large_rows(faces[first:], box, one)]
        look, room = frame.type(_CONTROL), box.w - gap * (len(faces) - 1)
        beside = frame.mm(7.5) + (0 if way[2] == "stack" else frame.mm(20))
        sizes = [look.wish_px, (look.wish_px + look.floor_px) // 2, look.floor_px]
        for size, width in product(sizes, (_line_px, _two_lines_px)):
            needs = [max(frame.mm(20), width(face.text, look, size) + beside) for face in faces]
            if sum(needs) <= room:
                return [box.cut_start(need + (room - sum(needs)) / len(faces), gap) for need in needs]
        return box.grid(len(faces), 1, gap)

    def column_px(self, prompt: Prompt[Any], frame: Frame, room: Box) -> float:
        """Return the width of a column of controls beside a screen that has this room with it."""
        self.frame = frame
        large = self._large_px(prompt, room) if frame.theme.easy else 0
        self._column_letters_px = ceil(large * FIRST_STEP)
        usual: float = max(frame.mm(38), min(frame.mm(48), int(room.w * 0.145)))
        if not frame.theme.easy and not frame.theme.low:
            return usual
        faces = [replace(face, icon=None) for _, face, _ in self._controls(prompt)]

        look = frame.type(_CONTROL)
        sizes = {look.wish_px: 0.22, large: 0.26} if frame.theme.easy else {}

        def least(text: str) -> float:
            lengths = {_line_px(text, look, size) + frame.mm(7): share for size, share in sizes.items()}
            held = (length for length, share in lengths.items() if length <= room.w * share)
            return next(held, _line_px(text, look, look.floor_px) + frame.mm(7))

        if not frame.theme.tiny and not frame.theme.low:  # there may be room for a second line
            usual = max(usual, *(least(word) for face in faces for word in face.text.split(" ")))
            high = (room.h - frame.mm(3) * (len(faces) - 1)) / len(faces)
            faces = [face for face in faces if needed_height(frame, face, usual) > high]
        return max([usual, *(least(face.text) for face in faces)])

    def _needs_two(self, faces: list[Face], box: Box) -> bool:
        """Return whether words leave their cells in one row; usual letters do without pictures before that."""
        faces = [face if self.frame.theme.easy else replace(face, icon=None) for face in faces]
        inners = [
            inside(self.frame, Box(0, 0, cell.w, cell.h - self.frame.mm(LIP_MM)))
            for cell in self._row(faces, Box(box.x, box.y, box.w, box.h))
        ]
        pairs = zip(faces, inners, strict=True)
        return not all(set_words(self.frame, face, "stack", cell).fits for face, cell in pairs)

    def _rows(self, faces: list[Face], box: Box) -> list[Box]:
        """Return cells in one row, or in two where that is what the room was made for."""
        gap = self.frame.mm(3)
        if box.h <= 1.5 * self.frame.mm(_LARGE_ROW_MM):
            return self._row(faces, box)
        first, upper = (len(faces) + 1) // 2, box.cut_top((box.h - gap) / 2, gap)
        return [*self._row(faces[:first], upper), *self._row(faces[first:], box)]

    def _notice(self, text: str, box: Box) -> None:
        """Say beside the controls what a tiny start screen has no other room for."""
        frame, margin = self.frame, self.frame.mm(2)
        room = Box(0, 0, 0, 0)
        for share in (0.36, 0.38, 0.4, 0.42, 0.44, 0.46):
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
        room = box.h if not theme.low else min(box.h, theme.reach_px - (theme.height_px - box.y - box.h))
        high = min(self.frame.mm(40 if theme.easy else 24), (room - gap * (count - 1)) / count)
        return box.cut_bottom(high * count + gap * (count - 1)).grid(1, count, gap)

    def _row(self, faces: list[Face], box: Box) -> list[Box]:
        """Return cells as wide as their words need, the spare room shared out evenly; or what is missing, in parts."""
        frame, gap = self.frame, self.frame.mm(3)
        least, room = frame.mm(20), box.w - gap * (len(faces) - 1)
        needs = [max(least, width_of(frame, face.text, _CONTROL) + frame.mm(8)) for face in faces]
        if sum(needs) <= room:
            return [box.cut_start(need + (room - sum(needs)) / len(faces), gap) for need in needs]
        shares = [need * room / sum(needs) for need in needs]
        smallest = [max(least, width_of(frame, face.text, _CONTROL) + frame.mm(6.5)) for face in faces]
        if sum(smallest) <= room and any(share < low for share, low in zip(shares, smallest, strict=True)):
            return [box.cut_start(low + (room - sum(smallest)) / len(faces), gap) for low in smallest]
        look = frame.type(_CONTROL)
        lines = [max(least, _two_lines_px(face.text, look, look.floor_px) + frame.mm(6.5)) for face in faces]
        if sum(lines) <= room:
            return [box.cut_start(low + (room - sum(lines)) / len(faces), gap) for low in lines]
        return [box.cut_start(share, gap) for share in shares] if min(shares) >= least else box.grid(len(faces), 1, gap)

    def _face(self, words: str, icon: str, ltr: bool = False) -> Face:
        return Face(words, icon, "", "quiet", "stack", _CONTROL, ltr=ltr)


def _rows_px(frame: Frame, way: _Way) -> int:
    """Return the height of a way's rows."""
    return way[0] * frame.mm(way[1]) + (way[0] - 1) * frame.mm(3)


def _line_px(words: str, look: Type, size_px: int) -> int:
    """Return the width of a control's words on one line."""
    return line_width(words, size_px, look.weight, look.direction)


def _two_lines_px(text: str, look: Type, size_px: int) -> int:
    """Return the least width in which a control's words stand on two lines."""
    words = text.split(" ")
    halves = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))] or [(text, text)]
    return min(max(_line_px(half, look, size_px) for half in pair) for pair in halves)

"""What is on a button, and how much room it needs: reckoned here, drawn by `screens.widgets.button`."""

from dataclasses import dataclass, replace
from typing import Literal

from screens.look.frame import BUTTON, SMALL, SMALL_STRONG, Box, Frame, Style
from screens.look.text import LINE_EM, Setting, Type, fitted, typeset
from screens.look.theme import Rgb
from screens.widgets.label import height_of, width_of

Kind = Literal["main", "plain", "tile", "quiet", "ghost"]
Arrangement = Literal["row", "stack", "centre", "words"]
CountPlace = Literal["icon", "end"]

LIP_MM = 1.2
NOTE, COUNT = SMALL, SMALL_STRONG
_ICON_GAP_MM = 4
LEAST_ICON_MM = 13
"""An icon that makes room for a count below it gets no smaller."""


@dataclass(frozen=True)
class Face:
    """Words, an icon, a second line, and how they lie."""

    text: str
    icon: str | None = None
    note: str = ""
    kind: Kind = "plain"
    arrangement: Arrangement = "row"
    style: Style = BUTTON
    size_px: int | None = None
    spoken: str = ""
    """What is said instead of the words, where they are no words (a digit, a sign)."""
    ltr: bool = False
    """Whether the words keep left-to-right order in every language (digits, Latin words)."""
    tint: Rgb | None = None
    """The colour of the icon: that of a service's group."""
    words_px: int = 0
    """The least height kept for what stands below an icon, so that the icons of neighbours stand level."""
    count: str = ""
    """How many wait, in digits with the sign of a person."""
    count_at: CountPlace = "icon"
    """Where that stands: at the icon (below one beside the words, beside one above them) or after the words."""
    warns: bool = False
    """Whether the second line is to be seen before the button is touched."""
    least_px: int = 0
    """Letters get no smaller than this, where the words wish for as much: icons go and buttons grow before that."""

    def look(self, frame: Frame) -> Type:
        """Return the font sizes of the words."""
        look = frame.type(self.style, "ltr" if self.ltr else None)
        if self.size_px is None:
            return replace(look, floor_px=max(look.floor_px, min(self.least_px, look.wish_px)))
        return replace(look, wish_px=self.size_px, floor_px=min(self.size_px, look.floor_px))


def inside(frame: Frame, plate: Box) -> Box:
    """Return what a plate leaves for its contents."""
    return plate.inset(frame.mm(2 if frame.theme.tiny else 3), frame.mm(_edge_mm(frame)))


def _edge_mm(frame: Frame) -> float:
    """Return the least space between words and the upper and lower edge of a plate."""
    return 1.2 if frame.theme.tall else 0.4 if frame.theme.tiny else 0.8


def stacked_icon_px(frame: Frame, height_px: float) -> int:
    """Return the side of an icon that stands above its words, in a room of this height."""
    return int(min(frame.mm(32), height_px * 0.44))


def stack_air_px(frame: Frame, height_px: float) -> int:
    """Return the space above such an icon: as much as the last line of words leaves below it."""
    return frame.mm(1) if height_px > frame.mm(40) else 0


def row_icon_px(frame: Frame, width_px: float, height_px: float, is_tile: bool) -> int:
    """Return the side of an icon that stands beside its words."""
    if is_tile:
        return int(min(frame.mm(22), height_px * 0.84, width_px * 0.19))
    return int(min(frame.mm(16), height_px * 0.7, width_px * 0.28))


def count_size(frame: Frame, count: str) -> tuple[int, int, int]:
    """Return width and height of a count, and the side of the person in it; zeros without one."""
    if not count:
        return 0, 0, 0
    high = height_of(frame, count, frame.mm(100), COUNT)
    person = round(high * 0.72)
    return person + width_of(frame, count, COUNT) + 2, high, person


def icon_column(frame: Frame, face: Face, width_px: float, height_px: float) -> tuple[int, int]:
    """Return the side of an icon that stands beside its words, and how wide it and its count are."""
    wide, high, _ = count_size(frame, face.count if face.count_at == "icon" else "")
    side = row_icon_px(frame, width_px, height_px, face.kind == "tile")
    side = min(side, max(frame.mm(LEAST_ICON_MM), int(height_px) - high)) if high else side
    return side, max(side, wide)


def icon_gap_px(frame: Frame, arrangement: Arrangement, height_px: float) -> int:
    """Return the space between icon and words."""
    if arrangement == "stack":
        return frame.mm(2 if height_px > frame.mm(40) else 0.5)
    return frame.mm(_ICON_GAP_MM)


def words_room(frame: Frame, face: Face, arrangement: Arrangement, inner: Box) -> tuple[float, float]:
    """Return width and height left for the words by icon and second line."""
    w, h = inner.w, inner.h
    if face.icon and arrangement == "stack":
        h -= stacked_icon_px(frame, inner.h) + icon_gap_px(frame, arrangement, inner.h) + stack_air_px(frame, inner.h)
    elif face.icon and arrangement in ("row", "centre"):
        w -= icon_column(frame, face, w, h)[1] + icon_gap_px(frame, arrangement, h)
    if face.count and face.count_at == "end":
        w -= count_size(frame, face.count)[0] + icon_gap_px(frame, arrangement, h)
    return w, h - (height_of(frame, face.note, w, NOTE) if face.note else 0)


def set_words(frame: Frame, face: Face, arrangement: Arrangement, inner: Box) -> Setting:
    """Return the words as they come out in this arrangement."""
    w, h = words_room(frame, face, arrangement, inner)
    return typeset(face.text, int(w), int(h), face.look(frame))


def best_arrangement(frame: Frame, face: Face, inner: Box) -> Arrangement:
    """Return the first arrangement in which the words fit: as wanted, beside a smaller icon, without one."""
    wanted: list[Arrangement] = [face.arrangement, "row" if face.note else "centre", "words"]
    return next((way for way in wanted if set_words(frame, face, way, inner).fits), "words")


def held(frame: Frame, faces: list[Face], boxes: list[Box], least_px: int) -> list[Face]:
    """Return faces whose letters get no smaller than this, icons going first; as they are where no way is left."""
    larger = [replace(face, least_px=least_px) for face in faces]
    inners = [inside(frame, Box(0, 0, box.w, box.h - frame.mm(LIP_MM))) for box in boxes]
    ways = [best_arrangement(frame, face, inner) for face, inner in zip(larger, inners, strict=True)]
    set_ = [set_words(frame, *one) for one in zip(larger, ways, inners, strict=True)]
    return larger if all(one.fits for one in set_) else faces


def even_faces(frame: Frame, faces: list[Face], boxes: list[Box]) -> list[Face]:
    """Return faces that stand side by side in letters of one size.

    Either all of them keep their icons or none does. Words with a second line below them have less room than others,
    and words of another style other letters: neither makes those of their neighbours smaller.
    """
    inners = [inside(frame, Box(0, 0, box.w, box.h - frame.mm(LIP_MM))) for box in boxes]
    arranged = [best_arrangement(frame, face, inner) for face, inner in zip(faces, inners, strict=True)]
    if any(face.icon and way == "words" for face, way in zip(faces, arranged, strict=True)):
        faces = [replace(face, icon=None) for face in faces]
        arranged = ["words" for _ in faces]
    sizes = [set_words(frame, *set_).size_px for set_ in zip(faces, arranged, inners, strict=True)]
    evened = []
    for face, own in zip(faces, sizes, strict=True):
        alike = [size for size, other in zip(sizes, faces, strict=True) if other.style == face.style and not other.note]
        evened.append(replace(face, size_px=min([own, *alike])))
    return evened


def needed_height(frame: Frame, face: Face, width_px: float, most_lines: int = 99) -> int:
    """Return the least height of a button of this width in which words at their least size and second line fit.

    Words with more than `most_lines` are given no more room than these.
    """
    inner = inside(frame, Box(0, 0, width_px, frame.mm(300)))
    is_bare = frame.theme.tiny and not frame.theme.easy  # so small a panel gives its icons up first
    w, _ = words_room(frame, replace(face, note=""), "words" if is_bare else face.arrangement, inner)
    look = face.look(frame)
    least = fitted(face.text, int(w), 10_000, replace(look, wish_px=look.floor_px))
    words = min(least.height_px, most_lines * round(least.size_px * LINE_EM))
    note = height_of(frame, face.note, w, NOTE) if face.note else 0
    is_below = face.count and face.count_at == "icon" and face.arrangement == "row"
    column = count_size(frame, face.count)[1] + frame.mm(LEAST_ICON_MM) if is_below else 0
    return max(words + note, column) + frame.mm(LIP_MM) + frame.mm(2 * _edge_mm(frame)) + 4

"""Services as tiles: evenly lettered, with their pictures and reasons; and what turns pages of them."""

from collections.abc import Sequence
from dataclasses import replace
from operator import itemgetter
from typing import NamedTuple

from kiosk.prompts.choosing import ShowService, TakeNumber, Tile
from kiosk.prompts.ui import Text
from screens.icons import of_service
from screens.look.frame import MIDDLE_MM, TEXT_MM, Box, Style
from screens.look.text import fitted
from screens.screen import Screen
from screens.widgets.face import LIP_MM, NOTE, Arrangement, Face, inside, needed_height, set_words, words_room
from screens.widgets.label import height_of

TILE_LABEL = Style(MIDDLE_MM, "semibold")
_CLOSED_LABEL = Style(TEXT_MM, "semibold", primary=False)
_BARE = Face("", None, "", "tile")
LARGE_MM = 100.0
"""How wide a tile is whose name stands in large letters beside its picture."""


class _Count(NamedTuple):
    """How many wait for a service, in one of two ways."""

    note: str = ""
    digits: str = ""


class TileScreen(Screen):
    """Service tiles, evenly lettered."""

    def tiles(
        self, tiles: tuple[Tile, ...], cells: list[Box], *, reads: bool = False, alike: tuple[Tile, ...] = ()
    ) -> None:
        """Draw one tile a cell; with `reads` a touch opens what is known of the service, else it takes a number.

        `alike` are all the tiles that are to look like one another, where these are only some of them.
        """
        frame = self.frame
        plates = cells[: len(tiles)]
        if not plates:
            return
        plate = plates[0]
        names = [frame.words(tile.names) for tile in tiles]
        every = [frame.words(tile.names) for tile in alike or tiles]
        counts = self._counts(tiles, every, plate)
        note, digits = max((count.note for count in counts), key=len), max((count.digits for count in counts), key=len)
        model = replace(_BARE, note=note, count=digits)
        arrangement, size = self._lettering(every, plate, model)
        notes = [self._note(tile, name, body) for tile, name, body in zip(tiles, names, plates, strict=False)]
        model = replace(_BARE, icon="document", arrangement=arrangement, style=TILE_LABEL, size_px=size)
        closed = replace(model, style=_CLOSED_LABEL, size_px=None)
        faces = [
            replace(closed if note else model, text=name, note=note or count.note)
            for name, note, count in zip(names, notes, counts, strict=False)
        ]
        highs = self._heights(faces, plates)
        for tile, name, note, body, high, count in zip(tiles, names, notes, plates, highs, counts, strict=False):
            reason = self._reason(tile)
            style = _CLOSED_LABEL if note else TILE_LABEL
            beside = reason or (self._waiting(tile) if count.digits else "")
            spoken = f"{name}. {beside}" if beside else ""
            lettered = None if note else size
            tint = frame.theme.mark_colour(tile.letter)
            face = Face(
                name,
                of_service(tile.service),
                note or count.note,
                "tile",
                arrangement,
                style,
                lettered,
                spoken,
                tint=tint,
                words_px=high,
                count=count.digits,
                warns=tile.note is not None,
            )
            answer = ShowService(tile.service) if reads else TakeNumber(tile.service)
            self.button(f"tile:{tile.service}", body, face, answer, tile.availability.is_offered)

    def _reason(self, tile: Tile) -> str:
        """Return why a tile gives no number now, or what is to be known before it is touched."""
        why = tile.note if tile.availability.is_offered else tile.availability.why_not
        return "" if why is None else self.frame.tell(why)

    def _note(self, tile: Tile, name: str, body: Box) -> str:
        """Return of what is to be known as much as leaves room for the name."""
        said = [self._reason(tile), "" if tile.brief is None else self.frame.tell(tile.brief)]

        def fits(words: str) -> bool:
            icon = "document" if self.frame.theme.easy else None  # large letters keep their pictures
            face = Face(name, icon, words, "tile", style=_CLOSED_LABEL)
            return needed_height(self.frame, face, body.w) <= body.h

        return next((words for words in said if words and fits(words)), "")

    def _waiting(self, tile: Tile) -> str:
        """Return how many wait for a service, in words; nothing where it is closed or not known."""
        if tile.waiting is None or not tile.availability.is_offered or tile.note is not None:
            return ""
        return self.frame.tell(Text("start.waiting", {"n": tile.waiting}))

    def _counts(self, tiles: tuple[Tile, ...], names: list[str], plate: Box) -> list[_Count]:
        """Return how many wait for each: in words below the name, in digits at the icon, or not at all.

        All tiles say it alike, and none loses its name or icon for it.
        """
        frame, nothing = self.frame, [_Count() for _ in tiles]
        said = [self._waiting(tile) for tile in tiles]
        longest = max(said, key=len)
        if not longest:
            return nothing
        arrangement = self._lettering(names, plate)[0]
        if not frame.theme.tiny and not frame.theme.easy:
            faces = [Face(name, None, longest, "tile", style=TILE_LABEL) for name in names]
            least = max(needed_height(frame, face, plate.w) for face in faces) + frame.mm(2)
            # A picture says more to who cannot read than a number.
            if least <= plate.h and arrangement == self._lettering(names, plate, replace(_BARE, note=longest))[0]:
                return [_Count(note=words) for words in said]
        digits = [str(tile.waiting) if words else "" for tile, words in zip(tiles, said, strict=True)]
        keeps = arrangement != "words" and self._keeps(arrangement, names, plate, max(digits, key=len))
        return [_Count(digits=one) for one in digits] if keeps else nothing

    def _keeps(self, arrangement: Arrangement, names: list[str], plate: Box, count: str) -> bool:
        """Return whether the names still come out whole in this arrangement with a count at their icons."""
        frame = self.frame
        inner = inside(frame, Box(0, 0, plate.w, plate.h - frame.mm(LIP_MM)))
        faces = [
            replace(_BARE, text=name, icon="document", style=TILE_LABEL, count=count, least_px=self._nearly_px)
            for name in self._whole(names, inner)
        ]
        return all(set_words(frame, face, arrangement, inner).fits for face in faces)

    def _lettering(self, names: list[str], plate: Box, model: Face = _BARE) -> tuple[Arrangement, int]:
        """Return how words and icon lie on these tiles, and the em that suits all; words come before icons.

        `model` has the longest second line and count of all. Large letters lie as leaves them largest.
        """
        frame = self.frame
        inner = inside(frame, Box(0, 0, plate.w, plate.h - frame.mm(LIP_MM)))
        names = self._whole(names, inner)
        wanted: list[Arrangement] = ["row"]
        if plate.h >= frame.mm(40) and plate.w < 2.4 * plate.h:
            wanted.insert(0, "stack")
        for least_px in (self._nearly_px, 0):
            model = replace(model, least_px=least_px)
            ways = [(arrangement, *self._size(names, inner, model, arrangement)) for arrangement in wanted]
            fitting = [(arrangement, size) for arrangement, size, fits in ways if fits]
            if fitting:
                return max(fitting, key=itemgetter(1)) if frame.theme.easy else fitting[0]
        return "words", self._size(names, inner, model, "words")[0]

    @property
    def _nearly_px(self) -> int:
        """Return the size below which large letters come before how many wait, and other arrangements before them."""
        return self.frame.nearly(TILE_LABEL).wish_px if self.frame.theme.easy else 0

    def _size(self, names: list[str], inner: Box, model: Face, arrangement: Arrangement) -> tuple[int, bool]:
        """Return the em that suits all these names in an arrangement, and whether all of them fit in it."""
        faces = [
            replace(model, text=name, icon="document", arrangement=arrangement, style=TILE_LABEL) for name in names
        ]
        settings = [set_words(self.frame, face, arrangement, inner) for face in faces]
        return min(setting.size_px for setting in settings), all(setting.fits for setting in settings)

    def _whole(self, names: list[str], inner: Box) -> list[str]:
        """Return the names that fit at least without an icon; another one is shortened, and no measure for these."""
        faces = [Face(name, None, "", "tile", "words", TILE_LABEL) for name in names]
        whole = [face.text for face in faces if set_words(self.frame, face, "words", inner).fits]
        return whole or names

    def _heights(self, faces: list[Face], boxes: list[Box]) -> list[int]:
        """Return for each tile the height of the highest words in its row, with what stands below them."""
        frame, rows = self.frame, dict[float, int]()
        for face, box in zip(faces, boxes, strict=True):
            inner = inside(frame, Box(0, 0, box.w, box.h - frame.mm(LIP_MM)))
            high = set_words(frame, face, face.arrangement, inner).height_px
            note = height_of(frame, face.note, inner.w, NOTE) if face.note else 0
            rows[box.y] = max(rows.get(box.y, 0), high + note)
        return [rows[box.y] for box in boxes]

    def least_height(self, tiles: tuple[Tile, ...], width_px: float, most_lines: int = 99, least_px: int = 0) -> int:
        """Return the least height of tiles this wide: 25 mm, or what the longest name needs at its least size."""
        frame = self.frame
        # Large letters have pages enough for a picture and a reason on each tile.
        icon, noted = ("document", self._reason) if frame.theme.easy else (None, lambda _tile: "")
        model = replace(_BARE, icon=icon, style=TILE_LABEL, least_px=least_px)
        faces = [replace(model, text=frame.words(tile.names), note=noted(tile)) for tile in tiles]
        needs = (needed_height(frame, face, width_px, most_lines) for face in faces)
        return max([frame.mm(25), *needs])

    def fit_beside(self, tiles: Sequence[Tile], width_px: float) -> bool:
        """Return whether on tiles this wide no word of a name is wider than the room beside its picture."""
        frame, look = self.frame, self.frame.nearly(TILE_LABEL)
        inner = inside(frame, Box(0, 0, width_px, frame.mm(300)))
        room, _ = words_room(frame, replace(_BARE, icon="document"), "row", inner)
        least = replace(look, floor_px=look.wish_px)
        return all(fitted(frame.words(tile.names), int(room), 10_000, least).fits for tile in tiles)

"""C1, the start screen: the six services most asked for, usable by the first touch."""

from dataclasses import replace

from kiosk.language import parted
from kiosk.prompts import LastCall, Priority, ShowService, Start, TakeNumber, Text, Tile
from screens.look.frame import SMALL, SMALL_STRONG, Box, Style
from screens.look.text import fitted
from screens.screen import Screen
from screens.widgets.face import LIP_MM, NOTE, Arrangement, Face, inside, needed_height, row_icon_px, set_words
from screens.widgets.label import height_of, width_of

TILE_LABEL = Style(7.0, "semibold")
_CLOSED_LABEL = Style(6.1, "semibold", primary=False)
_DETAILS_MM = 22
_ROWS_APART_MM = 8.0
"""Between rows whose tiles have their details below them: what belongs together lies closer."""
_HEAD = Style(10.5, "bold")
_CALLS_MM = 9


class TileScreen(Screen):
    """Service tiles, evenly lettered, each with its details beside or below it where there is room."""

    def tiles(
        self,
        tiles: tuple[Tile, ...],
        cells: list[Box],
        details: bool,
        answer_details: bool = False,
        alike: tuple[Tile, ...] = (),
    ) -> None:
        """Draw one tile a cell; `answer_details` makes the tile itself open the service's details.

        `alike` are all the tiles that are to look like one another, where these are only some of them.
        """
        frame = self.frame
        plates = [self.split(cell, details) for cell in cells[: len(tiles)]]
        if not plates:
            return
        plate = plates[0][0]
        names = [frame.words(tile.names) for tile in tiles]
        every = [frame.words(tile.names) for tile in alike or tiles]
        counts = self._counts(tiles, every, plate)
        arrangement, size = self._lettering(every, plate, max(counts, key=len))
        highs = self._heights(names, [body for body, _ in plates], arrangement, size)
        for tile, name, (body, extra), high, count in zip(tiles, names, plates, highs, counts, strict=False):
            why = tile.availability.why_not
            says_why = why is not None and not tile.availability.is_offered
            reason = frame.tell(why) if why and says_why else ""
            room = needed_height(frame, Face(name, None, reason, "tile", style=_CLOSED_LABEL), body.w) <= body.h
            note = reason if room else ""
            style = _CLOSED_LABEL if note else TILE_LABEL
            own = note or frame.theme.easy  # large letters come before even ones
            spoken = f"{name}. {reason}" if reason else ""
            lettered = None if own else size
            tint = frame.theme.mark_colour(tile.letter)
            face = Face(
                name,
                tile.service,
                note or count,
                "tile",
                arrangement,
                style,
                lettered,
                spoken,
                tint=tint,
                words_px=high,
            )
            answer = ShowService(tile.service) if answer_details else TakeNumber(tile.service)
            self.button(f"tile:{tile.service}", body, face, answer, tile.availability.is_offered)
            if extra is not None and tile.has_details:
                stacked: Arrangement = "centre" if extra.w > 2 * extra.h else "stack"
                words = Face(frame.say("start.details"), "info", "", "ghost", stacked, SMALL, spoken=self._spoken(name))
                self.button(f"details:{tile.service}", extra, words, ShowService(tile.service))

    def _counts(self, tiles: tuple[Tile, ...], names: list[str], plate: Box) -> list[str]:
        """Return how many wait for each, in words; nothing on any tile where that would cost one its name or icon."""
        frame = self.frame
        said = [
            "" if tile.waiting is None or not tile.availability.is_offered
            else frame.tell(Text("start.waiting", {"n": tile.waiting}))
            for tile in tiles
        ]  # fmt: skip
        longest = max(said, key=len)
        if not longest or frame.theme.tiny or frame.theme.easy:
            return ["" for _ in tiles]
        faces = [Face(name, None, longest, "tile", style=TILE_LABEL) for name in names]
        least = max(needed_height(frame, face, plate.w) for face in faces) + frame.mm(2)
        # A picture says more to who cannot read than a number.
        keeps_icons = self._lettering(names, plate)[0] == self._lettering(names, plate, longest)[0]
        return said if keeps_icons and least <= plate.h else ["" for _ in tiles]

    def _lettering(self, names: list[str], plate: Box, note: str = "") -> tuple[Arrangement, int]:
        """Return how words and icon lie on these tiles, and the em that suits all; words come before icons."""
        frame = self.frame
        inner = inside(frame, Box(0, 0, plate.w, plate.h - frame.mm(LIP_MM)))
        names = self._whole(names, inner)
        wanted: list[Arrangement] = ["row", "words"]
        if plate.h >= frame.mm(40) and plate.w < 2.4 * plate.h:
            wanted.insert(0, "stack")
        for arrangement in wanted:
            faces = [Face(name, "document", note, "tile", arrangement, TILE_LABEL) for name in names]
            settings = [set_words(frame, face, arrangement, inner) for face in faces]
            if all(setting.fits for setting in settings):
                break
        return arrangement, min(setting.size_px for setting in settings)

    def _whole(self, names: list[str], inner: Box) -> list[str]:
        """Return the names that fit at least without an icon; another one is shortened, and no measure for these."""
        faces = [Face(name, None, "", "tile", "words", TILE_LABEL) for name in names]
        whole = [face.text for face in faces if set_words(self.frame, face, "words", inner).fits]
        return whole or names

    def _heights(self, names: list[str], boxes: list[Box], arrangement: Arrangement, size: int) -> list[int]:
        """Return for each tile the height of the highest words in its row."""
        frame, rows = self.frame, dict[float, int]()
        if frame.theme.easy:  # letters of several sizes are not level anyway
            return [0 for _ in names]
        for name, box in zip(names, boxes, strict=True):
            face = Face(name, "document", "", "tile", arrangement, TILE_LABEL, size)
            inner = inside(frame, Box(0, 0, box.w, box.h - frame.mm(LIP_MM)))
            rows[box.y] = max(rows.get(box.y, 0), set_words(frame, face, arrangement, inner).height_px)
        return [rows[box.y] for box in boxes]

    def least_height(self, tiles: tuple[Tile, ...], width_px: float, most_lines: int = 99) -> int:
        """Return the least height of tiles this wide: 25 mm, or what the longest name needs at its usual size."""
        frame = self.frame
        faces = [Face(frame.words(tile.names), None, "", "tile", style=TILE_LABEL) for tile in tiles]
        return max([frame.mm(25), *(needed_height(frame, face, width_px, most_lines) for face in faces)])

    def _spoken(self, name: str) -> str:
        return f"{self.frame.say('start.details')}: {name}"

    def _has_details_below(self, cell: Box) -> bool:
        """Tell whether this cell has room for the details below its tile, which then need a wider gap to the next."""
        return self.split(Box(0, 0, cell.w, cell.h), True)[0].h < cell.h

    def split(self, cell: Box, details: bool) -> tuple[Box, Box | None]:
        """Return the tile's own part of a cell and, where there is room, that of its details."""
        frame = self.frame
        if not details:
            return cell, None
        if cell.h >= frame.mm(_DETAILS_MM + (52 if frame.theme.easy else 45)):
            extra = cell.cut_bottom(frame.mm(_DETAILS_MM), frame.mm(3))
            return cell, extra
        if cell.w >= frame.mm(82 + 3 + 29):
            extra = cell.cut_end(frame.mm(29), frame.mm(3))
            return cell, extra
        return cell, None


class StartScreen(TileScreen):
    """Six tiles, the order, more services, priority."""

    def arrange(self, prompt: Start, box: Box) -> None:
        """Lay out from the bottom, where hands are, to the top, where eyes are."""
        frame = self.frame
        low, gap = frame.theme.easy, frame.mm(frame.theme.gap_mm)
        top = frame.theme.height_px - frame.theme.reach_px
        head = box.cut_top(max(0, top - box.y)) if low and top > box.y else None
        if head is not None:
            head.cut_bottom(0, gap)
        self._actions(prompt, box)
        columns, rows = (3, 2) if frame.theme.wide else (2, 3)
        if frame.theme.tiny:
            head = Box(box.x, box.y, box.w, 0)
        elif head is None:
            high = min(height_of(frame, frame.say("start.title"), box.w, _HEAD), box.h * 0.2)
            head = box.cut_top(max(high, min(frame.mm(34), box.h * 0.16)), frame.mm(3))
        least = self.least_height(prompt.tiles, (box.w - gap * (columns - 1)) / columns)
        needed = rows * least + gap * (rows - 1)
        if self._has_room_for_calls(prompt, box, columns, rows, needed):
            self._calls(prompt.calls, box)
        if not frame.theme.tiny:  # there it stands beside the controls
            self._notice(prompt, head if head.h and (low or not frame.theme.tall) else box)
        if frame.theme.tall and not low:  # names come before the heading
            missing = min(head.h, max(0, needed - box.h))
            head.h, box.y, box.h = head.h - missing, box.y - missing, box.h + missing
        apart = frame.mm(_ROWS_APART_MM)
        tall = min(box.h, rows * frame.mm(92) + (rows - 1) * apart)
        area = box if low else box.centred(box.w, tall)
        cells = area.grid(columns, rows, gap, apart)
        details = not low and any(tile.has_details for tile in prompt.tiles)
        if not details or not self._has_details_below(cells[0]):
            cells = area.grid(columns, rows, gap)
        title = frame.say("start.title")
        if head.h > 0 and fitted(title, int(head.w), int(head.h), frame.type(_HEAD)).fits:
            self.label("title", head, frame.say("start.title"), _HEAD, align="centre" if low else "start")
        self.tiles(prompt.tiles, cells, details)

    def _calls(self, calls: tuple[LastCall, ...], box: Box) -> None:
        """One line above the actions: the last numbers that were called, and where to, as many as there is room for."""
        frame = self.frame
        title = frame.say("start.calls")
        said = [
            frame.tell(Text("start.call", {"number": parted(call.number), "counter": call.counter})) for call in calls
        ]
        head_w = width_of(frame, title, SMALL) + frame.mm(3)
        each_w = max(width_of(frame, one, SMALL_STRONG) for one in said) + frame.mm(4)
        said = said[: int((box.w - head_w) / each_w)]
        if not said:
            return
        row = box.cut_bottom(height_of(frame, title, box.w, SMALL_STRONG) + 4, frame.mm(frame.theme.gap_mm))
        self.label("note calls", row.cut_start(head_w, frame.mm(2)), title, SMALL, align="start")
        for number, (one, cell) in enumerate(zip(said, row.grid(len(said), 1, frame.mm(2)), strict=True)):
            self.label(f"note call:{number}", cell, one, SMALL if number else SMALL_STRONG, align="start")

    def _has_room_for_calls(self, prompt: Start, box: Box, columns: int, rows: int, needed: float) -> bool:
        """Tell whether the tiles keep their names and icons where a line is taken from them."""
        frame, gap = self.frame, self.frame.mm(self.frame.theme.gap_mm)
        line = frame.mm(_CALLS_MM) + gap
        is_small = frame.theme.tiny or frame.theme.easy or box.h - needed < line
        if not prompt.calls or prompt.notice is not None or is_small:
            return False
        names = [frame.words(tile.names) for tile in prompt.tiles]
        plates = [Box(0, 0, box.w, high).grid(columns, rows, gap)[0] for high in (box.h, box.h - line)]
        return self._lettering(names, plates[0])[0] == self._lettering(names, plates[1])[0]

    def _actions(self, prompt: Start, box: Box) -> None:
        """Order, more services and priority: one row lying, two rows upright."""
        frame, gap = self.frame, self.frame.mm(self.frame.theme.gap_mm)
        faces = {
            "order": self._order_face(prompt),
            "more": Face(frame.say("start.more"), "more"),
            "priority": self._priority_face(prompt.priority),
        }
        if frame.theme.tiny and prompt.has_about:  # elsewhere it is a control
            faces["about"] = Face(frame.say("start.about"), "info")
        wide, rest = frame.theme.wide, len(faces) - 1
        # Wider with its reason below it: the same words on fewer lines leave the tiles their icons.
        share = 0.31 if frame.theme.tiny else 0.53 if faces["order"].note else 0.4
        first, each = (box.w - rest * gap) * share, (box.w - rest * gap) * (1 - share) / rest
        widths = [first, *[each] * rest] if wide else [box.w, *[(box.w - gap) / 2] * rest]
        # A tiny panel's tiles need what is left: its actions take no more room in the easy mode.
        plain = replace(frame, theme=frame.theme.with_easy(False)) if frame.theme.tiny else frame
        needs = [needed_height(plain, face, width) for face, width in zip(faces.values(), widths, strict=True)]
        roomy = frame.theme.tall and not frame.theme.easy
        least = frame.mm(27 if roomy else 20 if frame.theme.tiny else 24)
        row = box.cut_bottom(max(least, *needs) if wide else max(least, *needs[1:]), gap if wide else frame.mm(5))
        if wide:
            cells = [row.cut_start(first, gap), *row.grid(rest, 1, gap)]
        else:
            order = box.cut_bottom(max(needs[0], frame.mm(32 if not frame.theme.easy else 24)), gap)
            cells = [order, *row.grid(2, 1, gap)]
        order_hint = "start.order_hint" if prompt.scanner.is_offered else "hold_code.type_number"
        hints = {"order": frame.say(order_hint)}
        chosen = prompt.priority is not Priority.NONE
        offered = {"order": prompt.order.is_offered, "more": prompt.more.is_offered}
        for (name, face), cell in zip(faces.items(), cells, strict=True):
            wants_hint = name in hints and not face.note
            hinted = replace(face, note=self._hint(face, hints[name], cell)) if wants_hint else face
            self.button(name, cell, hinted, name, offered.get(name, True), chosen and name == "priority")

    def _order_face(self, prompt: Start) -> Face:
        why = prompt.order.why_not
        theme = self.frame.theme
        small = theme.tiny or (theme.easy and theme.diagonal_in < 20)
        has_room = why is not None and not prompt.order.is_offered and not small
        note = self.frame.tell(why) if why and has_room else ""
        words = self.frame.say("start.order")
        spoken = f"{words}. {self.frame.tell(why)}" if why and not prompt.order.is_offered else ""
        return Face(words, "phone", note, "main", spoken=spoken)

    def _priority_face(self, priority: Priority) -> Face:
        chosen = priority is not Priority.NONE
        if chosen:
            return Face(self.frame.say(f"priority.{priority.value}"), priority.value)
        whole = self.frame.say("start.priority")
        theme = self.frame.theme  # a small panel's tiles leave the words one line
        is_short = theme.tiny or (theme.easy and theme.diagonal_in < 20)
        return Face(self.frame.say("start.priority_short") if is_short else whole, "elderly", spoken=whole)

    def _hint(self, face: Face, text: str, box: Box) -> str:
        """Return a hint where the button has room for it in one line, else nothing."""
        frame = self.frame
        inner = inside(frame, box)
        room = inner.w - row_icon_px(frame, inner.w, inner.h, False) - frame.mm(4)
        fits = width_of(frame, text, NOTE) <= room
        return text if fits and needed_height(frame, replace(face, icon=None, note=text), room) <= box.h else ""

    def _notice(self, prompt: Start, box: Box) -> None:
        """One line above the actions, in place of the heading where a panel is short."""
        frame = self.frame
        text = frame.tell(prompt.notice) if prompt.notice is not None else ""
        if not text:
            return
        high = height_of(frame, text, box.w - frame.mm(3 + 3 + 11 + 3), SMALL_STRONG) + frame.mm(4)
        row = box.cut_bottom(high, frame.mm(frame.theme.gap_mm) if frame.theme.tall else 6)
        self.surface("notice_card", row, frame.palette.warn_tint, frame.palette.warn, 4)
        inner = row.inset(frame.mm(3), 0)
        self.icon("notice_icon", inner.cut_start(frame.mm(11), frame.mm(3)), "info", frame.palette.warn)
        self.label("notice", inner, text, SMALL_STRONG)

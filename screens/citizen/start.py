"""C1, the start screen: the six services most asked for, usable by the first touch."""

from kiosk.prompts import Priority, ShowService, Start, TakeNumber, Tile
from screens.frame import BUTTON, SMALL, SMALL_STRONG, Box, Style
from screens.screen import Screen
from screens.widgets.button import Arrangement, Face, row_icon_px, stacked_icon_px
from screens.widgets.label import common_size, height_of

TILE_LABEL = Style(7.0, "semibold")
_DETAILS_MM = 21
_HEAD = Style(10.5, "bold")


class TileScreen(Screen):
    """Service tiles, evenly lettered, each with its details beside or below it where there is room."""

    def tiles(self, tiles: tuple[Tile, ...], cells: list[Box], details: bool, answer_details: bool = False) -> None:
        """Draw one tile a cell; `answer_details` makes the tile itself open the service's details."""
        frame = self.frame
        plates = [self._split(cell, details) for cell in cells[: len(tiles)]]
        if not plates:
            return
        plate = plates[0][0]
        arrangement: Arrangement = "stack" if plate.h >= frame.mm(40) and plate.w < 2.4 * plate.h else "row"
        names = [frame.words(tile.names) for tile in tiles]
        size = common_size(frame, names, *self._label_space(plate, arrangement), TILE_LABEL)
        for tile, name, (body, extra) in zip(tiles, names, plates, strict=False):
            why = tile.availability.why_not
            note = frame.tell(why) if why and not tile.availability.is_offered else ""
            face = Face(name, tile.service, note, "tile", arrangement, TILE_LABEL, None if note else size)
            answer = ShowService(tile.service) if answer_details else TakeNumber(tile.service)
            self.button(f"tile:{tile.service}", body, face, answer, tile.availability.is_offered)
            if extra is not None:
                stacked: Arrangement = "centre" if extra.w > 2 * extra.h else "stack"
                words = Face(frame.say("start.details"), "info", "", "ghost", stacked, SMALL, spoken=self._spoken(name))
                self.button(f"details:{tile.service}", extra, words, ShowService(tile.service))

    def _spoken(self, name: str) -> str:
        return f"{self.frame.say('start.details')}: {name}"

    def _split(self, cell: Box, details: bool) -> tuple[Box, Box | None]:
        frame = self.frame
        if not details:
            return cell, None
        if cell.h >= frame.mm(_DETAILS_MM + 48):
            extra = cell.cut_bottom(frame.mm(_DETAILS_MM), frame.mm(3))
            return cell, extra
        if cell.w >= frame.mm(60 + 3 + 29):
            extra = cell.cut_end(frame.mm(29), frame.mm(3))
            return cell, extra
        return cell, None

    def _label_space(self, plate: Box, arrangement: Arrangement) -> tuple[float, float]:
        """Return the width and height that a tile's words get, as TouchButton lays them out."""
        frame = self.frame
        w, h = plate.w - 2 * frame.mm(3), plate.h - 2 * frame.mm(1.2) - frame.mm(1.2)
        if arrangement == "stack":
            return w, h - stacked_icon_px(frame, h) - frame.mm(2)
        return w - row_icon_px(frame, w, h, True) - frame.mm(4), h


class StartScreen(TileScreen):
    """Six tiles, the order, more services, priority."""

    def arrange(self, prompt: Start, box: Box) -> None:
        """Lay out from the bottom, where hands are, to the top, where eyes are."""
        frame = self.frame
        low = frame.theme.easy and frame.theme.height_px > frame.mm(200)
        whole = Box(box.x, box.y, box.w, box.h)
        gap = frame.mm(4)
        self._actions(prompt, box)
        self._notice(prompt, box)
        columns, rows = (3, 2) if frame.theme.wide else (2, 3)
        if low:
            half = frame.theme.height_px / 2
            controls = Box(box.x, half, box.w, box.y + box.h - half)
            head = Box(whole.x, whole.y, whole.w, half - whole.y - gap)
            cells = controls.grid(columns, rows, gap)
        else:
            title = min(height_of(frame, frame.say("start.title"), box.w, _HEAD), box.h * 0.2)
            head = box.cut_top(max(title, min(frame.mm(34), box.h * 0.16)), frame.mm(2))
            tall = min(box.h, rows * frame.mm(92) + (rows - 1) * gap)
            cells = box.centred(box.w, tall).grid(columns, rows, gap)
        self.label("title", head, frame.say("start.title"), _HEAD, align="centre" if low else "start")
        self.tiles(prompt.tiles, cells, details=True)

    def _actions(self, prompt: Start, box: Box) -> None:
        frame, gap = self.frame, self.frame.mm(4)
        short = frame.theme.height_px < frame.mm(200)
        height = frame.mm(20 if short else 27)
        row = box.cut_bottom(height, gap if short else frame.mm(6))
        if frame.theme.wide:
            order_box = row.cut_start((row.w - 2 * gap) * 0.4, gap)
        else:
            order_box = box.cut_bottom(frame.mm(32 if not frame.theme.easy else 27), gap)
        hint = frame.say("start.order_hint") if order_box.h >= frame.mm(26) else ""
        if prompt.order.why_not and not prompt.order.is_offered:
            hint = frame.tell(prompt.order.why_not)
        order = Face(frame.say("start.order"), "phone", hint, "main", "row", BUTTON)
        self.button("order", order_box, order, "order", prompt.order.is_offered)
        more_box, priority_box = row.grid(2, 1, gap)
        more = Face(frame.say("start.more"), "more", "", "plain", "row", BUTTON)
        self.button("more", more_box, more, "more", prompt.more.is_offered)
        self._priority(prompt.priority, priority_box)

    def _priority(self, priority: Priority, box: Box) -> None:
        frame = self.frame
        chosen = priority is not Priority.NONE
        text = frame.say(f"priority.{priority.value}" if chosen else "start.priority")
        icon = priority.value if chosen else "elderly"
        hint = "" if chosen or box.h < frame.mm(26) else frame.say("start.priority_hint")
        face = Face(text, icon, hint, "plain", "row", BUTTON)
        self.button("priority", box, face, "priority", selected=chosen)

    def _notice(self, prompt: Start, box: Box) -> None:
        """One line above the actions: paper is back, or tickets go on without paper."""
        frame = self.frame
        if prompt.reprint_number is not None:
            text = frame.say("start.reprint", number=frame.language.left_to_right(prompt.reprint_number))
            row = box.cut_bottom(frame.mm(21), frame.mm(4))
            self.button("reprint", row, Face(text, "printer", "", "main", "row", BUTTON), "reprint")
        if prompt.notice is not None:
            row = box.cut_bottom(frame.mm(16), frame.mm(4))
            self.surface("notice_card", row, frame.palette.warn_tint, frame.palette.warn, 4)
            inner = row.inset(frame.mm(3), frame.mm(1))
            self.icon("notice_icon", inner.cut_start(frame.mm(11), frame.mm(3)), "info", frame.palette.warn)
            self.label("notice", inner, frame.tell(prompt.notice), SMALL_STRONG)

"""C1, the start screen: the six services most asked for, usable by the first touch."""

from dataclasses import replace

from kiosk.language import parted
from kiosk.prompts.choosing import LastCall, Start
from kiosk.prompts.ui import Priority, Text
from screens.citizen.large_start import Entry, LargeStart
from screens.look.frame import DISPLAY, SMALL, SMALL_STRONG, TITLE, Box, Style
from screens.look.text import fitted
from screens.widgets.face import NOTE, Face, inside, needed_height, row_icon_px
from screens.widgets.label import height_of, width_of

_CALLS_MM = 9
_TALLEST_MM = 92
_ROOMY_MM = 200
_BESIDE_NOTICE_MM = 90
"""On a panel that lies: the controls beside the tiles, and the notice's icon and margins."""
_AROUND_NOTICE_MM = 32
_MOST_LINES = 2


class StartScreen(LargeStart):
    """Six tiles, the order, more services, priority."""

    def arrange(self, prompt: Start, box: Box) -> None:
        """Lay out from the bottom, where hands are, to the top, where eyes are."""
        frame = self.frame
        if frame.theme.easy:
            self._large(prompt, box)
            return
        low, gap = frame.theme.low, frame.mm(frame.theme.gap_mm)
        top = frame.theme.height_px - frame.theme.reach_px
        head = box.cut_top(max(0, top - box.y)) if low and top > box.y else None
        if head is not None:
            head.cut_bottom(0, gap)
        self._actions(prompt, box)
        columns, rows = (3, 2) if frame.theme.wide else (2, 3)
        if frame.theme.tiny:
            head = Box(box.x, box.y, box.w, 0)
        elif head is None:
            high = min(height_of(frame, self._title(prompt), box.w, self._head), box.h * 0.2)
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
        tall = min(box.h, rows * frame.mm(_TALLEST_MM) + (rows - 1) * gap)
        cells = (box if low else box.centred(box.w, tall)).grid(columns, rows, gap)
        title = self._title(prompt)
        if head.h > 0 and fitted(title, int(head.w), int(head.h), frame.type(self._head)).fits:
            self.label("title", head, title, self._head, align="centre" if low else "start")
        self.tiles(prompt.tiles, cells)

    def _large(self, prompt: Start, box: Box) -> None:
        """Lay out the large letters; a small panel has the actions on its pages too."""
        frame = self.frame
        top = max(box.y, frame.theme.height_px - frame.theme.reach_px) if frame.theme.low else box.y
        head = box.cut_top(top - box.y)
        entries = [self.tile_entry(tile) for tile in prompt.tiles]
        if self._keeps_actions:
            self._actions(prompt, box)
        else:
            entries += self._action_entries(prompt)
        title, above = self._title(prompt), head if frame.theme.low else box
        line = height_of(frame, frame.say("start.calls"), box.w, SMALL_STRONG) + 4 + frame.mm(frame.theme.gap_mm)
        calls_px = line if prompt.calls and prompt.notice is None else 0
        if self._keeps_actions:
            self._notice(prompt, above)
            room = above if frame.theme.low else self._cut_title(entries, title, calls_px, box)
            if fitted(title, int(room.w), int(room.h), frame.type(self._head)).fits:
                self.label("title", room, title, self._head, align="centre")
        elif self._page == 0:
            self._notice(prompt, box)
        if calls_px:
            less = Box(box.x, box.y, box.w, box.h - calls_px)
            if self.shape(entries, less) == self.shape(entries, box):
                self._calls(prompt.calls, box)
        self.entries(entries, box)

    def _cut_title(self, entries: list[Entry], title: str, calls_px: float, box: Box) -> Box:
        """Cut the room of the heading off; none where only without it all services, and calls, are on one page."""
        below = Box(box.x, box.y, box.w, box.h)
        room = below.cut_top(height_of(self.frame, title, box.w, self._head), self.frame.mm(4))
        less = Box(below.x, below.y, below.w, below.h - calls_px)
        if self.shape(entries, less)[0] > 1 == self.shape(entries, box)[0]:
            return Box(box.x, box.y, box.w, 0)
        box.y, box.h = below.y, below.h
        return room

    def _title(self, prompt: Start) -> str:
        """Return what to do; who has said that he has priority is not greeted again, but told that it counts."""
        return self.frame.say("start.title" if prompt.priority is Priority.NONE else "start.title_priority")

    @property
    def _head(self) -> Style:
        """How the heading is written: a low panel's tiles need its room."""
        return DISPLAY if self.frame.theme.tall else TITLE

    @property
    def _keeps_actions(self) -> bool:
        """Whether large letters leave room for the actions on each page."""
        theme = self.frame.theme
        return theme.tall and theme.width_px > theme.mm(_ROOMY_MM)

    def _action_entries(self, prompt: Start) -> list[Entry]:
        offered = {"order": prompt.order.is_offered, "more": prompt.more.is_offered}
        chosen = prompt.priority is not Priority.NONE
        return [
            Entry(name, face, name, offered.get(name, True), chosen and name == "priority")
            for name, face in self._action_faces(prompt).items()
        ]

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
        """Return whether the tiles keep their names and icons where a line is taken from them."""
        frame, gap = self.frame, self.frame.mm(self.frame.theme.gap_mm)
        line = frame.mm(_CALLS_MM) + gap
        if not prompt.calls or prompt.notice is not None or box.h - needed < line:
            return False
        names = [frame.words(tile.names) for tile in prompt.tiles]
        plates = [Box(0, 0, box.w, high).grid(columns, rows, gap)[0] for high in (box.h, box.h - line)]
        return self._lettering(names, plates[0])[0] == self._lettering(names, plates[1])[0]

    def _actions(self, prompt: Start, box: Box) -> None:
        """Order, more services and priority: one row lying, two rows upright."""
        frame, gap = self.frame, self.frame.mm(self.frame.theme.gap_mm)
        faces = self._action_faces(prompt)
        wide, rest = frame.theme.wide, len(faces) - 1
        # Wider with its reason below it: the same words on fewer lines leave the tiles their icons.
        share = 0.31 if frame.theme.tiny else 0.53 if faces["order"].note else 0.4
        first, each = (box.w - rest * gap) * share, (box.w - rest * gap) * (1 - share) / rest
        widths = [first, *[each] * rest] if wide else [box.w, *[(box.w - (rest - 1) * gap) / rest] * rest]
        needs = [needed_height(frame, face, width) for face, width in zip(faces.values(), widths, strict=True)]
        roomy = frame.theme.tall and not frame.theme.low
        least = frame.mm(27 if roomy else 20 if frame.theme.tiny else 24)
        row = box.cut_bottom(max(least, *needs) if wide else max(least, *needs[1:]), gap if wide else frame.mm(5))
        if wide:
            cells = [row.cut_start(first, gap), *row.grid(rest, 1, gap)]
        else:
            order = box.cut_bottom(max(needs[0], frame.mm(32 if not frame.theme.low else 24)), gap)
            cells = [order, *row.grid(rest, 1, gap)]
        order_hint = "start.order_hint" if prompt.scanner.is_offered else "hold_code.type_number"
        hints = {"order": frame.say(order_hint)}
        chosen = prompt.priority is not Priority.NONE
        offered = {"order": prompt.order.is_offered, "more": prompt.more.is_offered}
        for (name, face), cell in zip(faces.items(), cells, strict=True):
            wants_hint = name in hints and not face.note
            hinted = replace(face, note=self._hint(face, hints[name], cell)) if wants_hint else face
            self.button(name, cell, hinted, name, offered.get(name, True), chosen and name == "priority")

    def _action_faces(self, prompt: Start) -> dict[str, Face]:
        faces = {
            "order": self._order_face(prompt),
            "more": Face(self.frame.say("start.more"), "more"),
            "priority": self._priority_face(prompt.priority, is_one_of_many=self._is_read_apart(prompt)),
        }
        if self.frame.theme.tiny and prompt.about is not None:  # elsewhere it is a control
            faces["about"] = Face(self.frame.tell(prompt.about), "info")
        if self._is_read_apart(prompt):
            faces["announcement"] = Face(self.frame.say("start.announcement"), "info")
        return faces

    def _order_face(self, prompt: Start) -> Face:
        why = prompt.order.why_not
        theme = self.frame.theme
        small = theme.tiny and not theme.easy
        has_room = why is not None and not prompt.order.is_offered and not small
        note = self.frame.tell(why) if why and has_room else ""
        words = self.frame.say("start.order")
        spoken = f"{words}. {self.frame.tell(why)}" if why and not prompt.order.is_offered else ""
        return Face(words, "phone", note, "main", spoken=spoken)

    def _priority_face(self, priority: Priority, *, is_one_of_many: bool) -> Face:
        chosen = priority is not Priority.NONE
        if chosen:
            return Face(self.frame.say(f"priority.{priority.value}"), priority.value)
        whole = self.frame.say("start.priority")
        theme = self.frame.theme  # a small panel's tiles leave the words one line
        is_short = theme.tiny or theme.easy or is_one_of_many
        return Face(self.frame.say("start.priority_short") if is_short else whole, "elderly", spoken=whole)

    def _hint(self, face: Face, text: str, box: Box) -> str:
        """Return a hint where the button has room for it in one line, else nothing."""
        frame = self.frame
        inner = inside(frame, box)
        room = inner.w - row_icon_px(frame, inner.w, inner.h, False) - frame.mm(4)
        fits = width_of(frame, text, NOTE) <= room
        return text if fits and needed_height(frame, replace(face, icon=None, note=text), room) <= box.h else ""

    def _is_read_apart(self, prompt: Start) -> bool:
        """Whether the panel is too small for what the municipality says: then a button leads to it."""
        frame, theme = self.frame, self.frame.theme
        if prompt.notice is None or not prompt.is_announced or theme.tiny or theme.easy or theme.low:
            return prompt.is_announced and theme.tiny
        beside = _BESIDE_NOTICE_MM if theme.wide else _AROUND_NOTICE_MM
        room, text = theme.width_px - frame.mm(beside), frame.tell(prompt.notice)
        lines = round(height_of(frame, text, room, SMALL_STRONG) / height_of(frame, "0", room, SMALL_STRONG))
        return lines > (_MOST_LINES if theme.tall else 1)

    def _notice(self, prompt: Start, box: Box) -> None:
        """One line above the actions, in place of the heading where a panel is short."""
        frame = self.frame
        text = frame.tell(prompt.notice) if prompt.notice is not None else ""
        if not text or self._is_read_apart(prompt):
            return
        high = height_of(frame, text, box.w - frame.mm(3 + 3 + 11 + 3), SMALL_STRONG) + frame.mm(4)
        row = box.cut_bottom(high, frame.mm(frame.theme.gap_mm) if frame.theme.tall else 6)
        palette = frame.palette
        # What everybody may want to know warns of nothing; a bare card paints less too.
        fill, edge = (palette.ground, palette.primary) if prompt.is_announced else (palette.warn_tint, palette.warn)
        self.surface("notice_card", row, fill, edge, 4)
        inner = row.inset(frame.mm(3), 0)
        self.icon("notice_icon", inner.cut_start(frame.mm(11), frame.mm(3)), "info", edge)
        self.label("notice", inner, text, SMALL_STRONG)

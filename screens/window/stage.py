"""The root of all widgets: background, strip, the present screen, controls; and the one place where touches land."""

import logging
import time
from collections.abc import Callable
from typing import Any, Literal

from kivy.clock import Clock
from kivy.uix.widget import Widget

from kiosk.prompts.choosing import Start
from kiosk.prompts.state import StillThere
from kiosk.prompts.ui import Prompt, SetAccessible, StatusStrip
from screens.footer import FooterScreen
from screens.look.frame import Box, Frame
from screens.look.theme import Theme
from screens.screen import Screen
from screens.strip import StripScreen, strip_px
from screens.widgets.button import TouchButton
from screens.window.focus import Focus, Step
from screens.window.motion import Motion, Way
from screens.window.touch import JUMP_MM, CornerHold, TouchGate, TwoFingerHold

_log = logging.getLogger(__name__)

BEZEL_MM = 6.0
DEAF_S = 0.4
_WAY_MM = 14.0

type _Area = tuple[float, float, float, float]


class Stage(Widget):
    """Shows one screen at a time.

    `on_target` is called with the button that a citizen has touched, and tells whether another picture follows: until
    then the button stays pressed, for a frame that only let it go would hold up the one that is waited for.
    """

    def __init__(self, theme: Theme, on_target: Callable[[TouchButton], bool]) -> None:
        super().__init__(size=(theme.width_px, theme.height_px), size_hint=(None, None))
        self.on_target = on_target
        self.on_gesture: Callable[[], None] = lambda: None
        self.on_two_fingers: Callable[[], None] = lambda: None
        self.on_explored: Callable[[TouchButton], None] = lambda _target: None
        self.explores = False
        """Whether a first touch only says what it is on, and a second one takes it."""
        self.is_open = False
        self.screen: Screen | None = None
        self.strip, self.footer = StripScreen(), FooterScreen()
        self._touched: TouchButton | None = None
        self._kept: tuple[float, float, float, float] | None = None
        self._focus = Focus()
        self._drawn: tuple[Screen, object] | None = None
        self._inner = Box(0, 0, 0, 0)
        now = self._now = time.monotonic
        self._deaf, self._deaf_until_s = set[str](), 0.0
        self.motion = Motion()
        self.gate = TouchGate(theme.px_per_mm, now, self._report_stuck, lambda: Clock.frametime)
        self.corners = CornerHold(theme.mm(25), theme.width_px, theme.height_px, now)
        self.fingers = TwoFingerHold(theme.mm(JUMP_MM), self.corners.is_corner, now)
        self.add_widget(self.strip)
        self.add_widget(self.footer)

    def draw(self, screen: Screen, prompt: Any, frame: Frame, strip: StatusStrip) -> None:
        """Draw the prompt on its screen, with strip and controls around it.

        A finger that is down on a button stays on it where the same button with the same answer is drawn again.
        """
        before = self._main_areas()
        touched = self._touched if screen is self.screen else None
        area = (touched.x, touched.y, touched.right, touched.top) if touched else (0, 0, 0, 0)
        meant = (touched.name, touched.answer, touched.pressed, area) if touched else None
        self.size = (frame.theme.width_px, frame.theme.height_px)
        # The ground is what the window is wiped with: a sheet of that colour takes as long to draw as a whole screen.
        self.get_root_window().clearcolor = (*frame.palette.ground, 1)
        self.strip.is_head = isinstance(prompt, Start)
        self.draw_strip(frame, strip)
        inner, controls = self._parted(prompt, frame, strip)
        self.footer.forget() if controls is None else self.footer.draw(prompt, frame, controls)
        usual = frame.without_easy()
        screen.usual_box = self._parted(prompt, usual, strip)[0] if frame.theme.easy else inner
        if screen is not self.screen:
            self.motion.end()
            if self.screen is not None:
                self.remove_widget(self.screen)
                self.screen.forget()
            self.screen = screen
            self.add_widget(screen)
        self._inner = Box(inner.x, inner.y, inner.w, inner.h)
        screen.draw(prompt, frame, inner)
        is_again = self._drawn == (screen, prompt)  # the same question, which keeps what the keys are on
        if not is_again:
            self._focus.drop()
            self._deafen(before)
        self._drawn = (screen, prompt)
        self._focus.show(self.targets)
        self._touched, self._kept = None, None
        if meant is not None:
            self._keep(*meant, is_again)

    def move_in(self, way: Way) -> None:
        """Let the screen that has just been drawn come from where reading goes on, or from where it came from."""
        theme = self.strip.frame.theme
        if self.screen is not None and theme.moves:
            from_right = (way == "on") != self.strip.frame.rtl
            self.motion.begin(self.screen, theme.mm(_WAY_MM) * (1 if from_right else -1))

    def _main_areas(self) -> list[_Area]:
        return [(one.x, one.y, one.right, one.top) for one in self.targets if one.face.kind == "main"]

    def _deafen(self, before: list[_Area]) -> None:
        """Let a main button in another's place hear nothing for a moment: such a touch was meant for the other."""
        self._deaf_until_s = self._now() + DEAF_S
        self._deaf = {
            one.name
            for one in self.targets
            if one.face.kind == "main" and any(_overlap(area, (one.x, one.y, one.right, one.top)) for area in before)
        }

    def deaf_s(self, target: TouchButton) -> float:
        """Return for how many seconds yet a touch on this button is taken for one that was meant for another."""
        return max(0.0, self._deaf_until_s - self._now()) if target.name in self._deaf else 0.0

    def _keep(
        self, name: str, answer: object, pressed: bool, area: tuple[float, float, float, float], is_again: bool
    ) -> None:
        """Go on with a touch: the finger still means what it came down on, though that may have moved from under it."""
        target = self.find(name)
        if target is None or not target.enabled:
            return
        # What is done on the screen itself (a digit, a page) is a new callable at each drawing of the same question.
        is_local = is_again and callable(target.answer) and callable(answer)
        if is_local or target.answer == answer:
            self._touched, self._kept = target, area
            target.press(pressed)

    def _is_on(self, target: TouchButton, x: float, y: float) -> bool:
        if self._kept is not None:
            left, low, right, high = self._kept
            return left <= x <= right and low <= y <= high
        return bool(target.collide_point(x, y))

    def draw_strip(self, frame: Frame, strip: StatusStrip) -> None:
        """Draw the strip alone, so that the screen below stays."""
        self.strip.draw(strip, frame, Box(0, 0, frame.theme.width_px, strip_px(frame, strip, self.strip.is_head)))

    def redraw_screen(self, screen: Screen, prompt: Any) -> None:
        """Draw the present screen again where it is (a countdown); a finger on it stays on it."""
        touched, pressed = (self._touched.name, self._touched.pressed) if self._touched else (None, False)
        inner = self._inner
        screen.draw(prompt, screen.frame, Box(inner.x, inner.y, inner.w, inner.h))
        if self._touched is not None and self._touched.name == touched:
            self._touched.press(pressed)
        else:  # what it was is gone, and it serves for something else by the next time
            self._touched = None

    def _parted(self, prompt: Any, frame: Frame, strip: StatusStrip) -> tuple[Box, Box | None]:
        """Return the room of the screen below the strip, and that of the controls.

        They lie in a row below on an upright panel, in a column at the end on a lying one.

        The warning before a visit ends has none: one large button is all that it asks. On a tiny panel three columns
        of tiles need the whole width, so the start screen has a row there too.
        """
        high, tall = strip_px(frame, strip, isinstance(prompt, Start)), frame.theme.tall
        inner = Box(0, high, frame.theme.width_px, frame.theme.height_px - high).inset(frame.mm(BEZEL_MM), 0)
        inner.cut_bottom(0, frame.mm(BEZEL_MM if tall else 5))
        inner.cut_top(0, frame.mm(BEZEL_MM if tall else 2))
        if not isinstance(prompt, Prompt) or isinstance(prompt, StillThere) or prompt.name.startswith("maintenance"):
            return inner, None
        if frame.theme.tiny and isinstance(prompt, Start) and not frame.theme.easy:
            return inner, inner.cut_bottom(frame.mm(20), frame.mm(3))
        if frame.theme.wide:
            return inner, inner.cut_end(self.footer.column_px(prompt, frame, inner), frame.mm(5))
        return inner, inner.cut_bottom(self.footer.row_px(prompt, frame, inner.w), frame.mm(6))

    @property
    def targets(self) -> list[TouchButton]:
        """Return every button on the panel."""
        return [*(self.screen.targets if self.screen else []), *self.footer.targets]

    def find(self, name: str) -> TouchButton | None:
        """Return the button of this name, if it is on the panel."""
        return next((target for target in self.targets if target.name == name), None)

    def _at(self, x: float, y: float) -> TouchButton | None:
        return next((target for target in self.targets if target.collide_point(x, y)), None)

    def _report_stuck(self) -> None:
        _log.warning("a touch has lasted for more than 20 s and is ignored: clean the panel or check it")

    def on_touch_down(self, touch: Any) -> bool:
        """Show at once what was touched; nothing is done yet."""
        self.motion.end()
        self.corners.down(touch.uid, touch.x, touch.y)
        self.fingers.down(touch.uid, touch.x, touch.y)
        verdict = self.gate.down(touch.uid, touch.x, touch.y)
        target = self._at(touch.x, touch.y)
        if verdict == "down" and self.is_open and target is not None and target.enabled and not self.deaf_s(target):
            self._touched, self._kept = target, None
            target.press(True)
        return True

    def on_touch_move(self, touch: Any) -> bool:
        """Let go of the button where the finger leaves it or jumps."""
        self.fingers.move(touch.uid, touch.x, touch.y)
        verdict = self.gate.move(touch.uid, touch.x, touch.y)
        if self._touched is not None and verdict in ("held", "dropped"):
            inside = verdict == "held" and self._is_on(self._touched, touch.x, touch.y)
            self._touched.press(inside)
            if verdict == "dropped":
                self._touched = None
        return True

    def on_touch_up(self, touch: Any) -> bool:
        """Act on a release inside the button that was touched."""
        self.corners.up(touch.uid)
        self.fingers.up(touch.uid)
        verdict = self.gate.up(touch.uid)
        if verdict == "ignored":
            return True
        target, self._touched = self._touched, None
        if target is not None:
            may_act = self.is_open or self._kept is not None
            acts = verdict == "up" and may_act and self._is_on(target, touch.x, touch.y)
            # The way back to usual letters is one touch: nothing is lost by it.
            if acts and self.explores and not target.focused and target.answer != SetAccessible(False):
                self._focus.put(self.targets, target.name)
                self.on_explored(target)
                acts = False
            if not (acts and self.on_target(target)):
                target.press(False)
        return True

    def watch(self) -> None:
        """Look, a few times a second, for a finger that stays too long and for the technician's gesture."""
        if self.gate.watch() == "dropped" and self._touched is not None:
            self._touched.press(False)
            self._touched = None
        if self.corners.is_complete():
            self.on_gesture()
        if self.fingers.is_complete():
            if self._touched is not None:  # what the first of them came down on was not meant
                self._touched.press(False)
                self._touched = None
            self.on_two_fingers()

    def key(self, name: Step | Literal["enter"]) -> bool:
        """Move the focus, or do what a touch on the focused button would do; tell whether there was anything to do."""
        targets = [target for target in self.targets if target.enabled]
        if not targets or not self.is_open:
            return False
        if name != "enter":
            self._focus.move(targets, name, self.strip.frame.rtl)
            return True
        focused = self.focused
        if focused is not None:
            self.on_target(focused)
        return focused is not None

    @property
    def focused(self) -> TouchButton | None:
        """Return the button that the keys are on."""
        return next((target for target in self.targets if target.focused), None)


def _overlap(one: _Area, other: _Area) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]

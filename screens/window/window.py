"""KivyUi: the one bridge between flows that ask and a window that is touched.

A prompt's screen is shown, a future is completed by a touch. Input is closed from the answer until the next screen has
been drawn, so that a second tap of the same finger can never answer a question nobody has seen.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from kiosk.language import Language
from kiosk.prompts.choosing import Done
from kiosk.prompts.ui import (
    VOICE_STEPS,
    Back,
    Control,
    Home,
    Look,
    Notice,
    OpenMaintenance,
    Prompt,
    SetSpeech,
    SetVoice,
    StatusStrip,
)
from screens.look import text
from screens.look.frame import Frame
from screens.look.theme import Theme
from screens.sound.guidance import Guidance
from screens.sound.speech import Speech
from screens.widgets.button import TouchButton
from screens.window.focus import Voice, in_reading_order, key_name, voice_key, wakes_voice
from screens.window.made_screens import MadeScreens, Registry
from screens.window.motion import Way
from screens.window.panel import Panel
from screens.window.pulse import BEAT_S, Pulse, turn
from screens.window.scripted_touches import ScriptedTouches, Watched
from screens.window.stage import Stage


class KivyUi(Watched):
    """The display of a visit (`kiosk.prompts.Display`), on a real or an offscreen window.

    `screens.window.kivy_setup.prepare` must have been called. Every method but `run` is called on its event loop.

    Args:
        theme: the panel; its size is taken over from the window when it is full screen.
        languages: codes, the first is the default.
        registry: which screen draws which prompt or notice.
        speech: spoken guidance, or None.
        on_beat: called about ten times a second as long as the loop turns (watchdog).
        closable: whether the window's own close button ends `run` (demonstration only).
        is_turned: whether a panel of this width and height in pixels stands on its side; asked before each screen.
    """

    def __init__(
        self,
        theme: Theme,
        languages: Sequence[str],
        registry: Registry,
        speech: Speech | None = None,
        on_beat: Callable[[], None] = lambda: None,
        closable: bool = False,
        is_turned: Callable[[int, int], bool] = lambda _width, _height: False,
    ) -> None:
        text.self_test()
        self.on_touch: Callable[[], None] | None = None
        self.pulse = Pulse()
        self.panel = Panel(theme, is_turned)
        self.panel.on_flip = self._open_input
        self._languages = {code: Language(code) for code in languages}
        self.screens = MadeScreens(registry)
        self.guidance = Guidance(speech, self._languages)
        self._on_beat, self._closable = on_beat, closable
        self._look = Look(language=languages[0])
        self._strip = StatusStrip(centre={})
        self._shown: Prompt[Any] | Notice | None = None
        self._left: list[Prompt[Any] | Notice] = []  # what asides were asked over, the lowest first
        self._answer: asyncio.Future[Any] | None = None
        self._left_by: Way | None = None  # which way the touch led that the next screen answers
        self._touched_at = time.monotonic()
        self.touches = ScriptedTouches()
        self.stage = Stage(self.panel.theme, self._on_target)
        self.stage.on_gesture = self._open_maintenance
        self.stage.on_two_fingers = self._wake_voice
        self.stage.on_explored = self._say_touched

    # What a visit calls.

    async def ask[A](self, prompt: Prompt[A]) -> A | Control:
        """Show the prompt and return its answer or the control that was touched; cancelled, the picture stays."""
        if self._answer is not None:
            raise RuntimeError(f"{prompt.name} was asked while another prompt waits")
        answer: asyncio.Future[A | Control] = asyncio.get_running_loop().create_future()
        self._answer = answer
        try:
            self._present(prompt)
            return await answer
        finally:
            self._answer = None
            self.stage.is_open = False
            self.stage.motion.end()  # a code may have answered: what moves on costs a frame at each turn of the loop

    def show(self, notice: Notice) -> None:
        """Show the notice; nothing on it can be touched."""
        self._present(notice)

    def set_look(self, look: Look) -> None:
        """Redraw what is shown in this language and mode."""
        if look == self._look:
            return
        is_first, self._look = look.has_speech and not self._look.has_speech, look
        self.stage.explores = look.has_speech and self.guidance.is_available
        self._redraw()
        self.guidance.screen(self._shown, look, self._choices(), is_new=False, is_first=is_first)

    def set_strip(self, strip: StatusStrip) -> None:
        """Change the strip; what is being touched or typed stays."""
        if strip == self._strip:
            return
        marks = (self._strip.is_offline, self._strip.battery_minutes is None)
        self._strip = strip
        if marks != (strip.is_offline, strip.battery_minutes is None):
            self._redraw()
        elif self._shown is not None:
            self.stage.draw_strip(self._frame(), strip)

    def forget(self) -> None:
        """Clear every label, texture and measured text of the visit that has ended."""
        text.forget()
        self.stage.motion.end()
        self.screens.forget()
        self.guidance.stop()
        self._shown, self._left = None, []
        self.screens.collect()

    # What the window does.

    def _frame(self) -> Frame:
        theme = self.panel.theme.with_easy(self._look.is_accessible, self._look.is_low)
        languages = tuple(self._languages.values())
        has_voice = self.guidance.is_available
        explores = has_voice and self._look.has_speech
        return Frame(theme, self._languages[self._look.language], languages, has_voice, explores)

    def _choices(self) -> list[str]:
        """Return what can be touched, as it is said, in reading order."""
        order = in_reading_order(self.stage.targets, self._languages[self._look.language].direction == "rtl")
        return [target.spoken for target in order]

    def _present(self, shown: Prompt[Any] | Notice) -> None:
        is_new, before, self._shown = shown != self._shown, self._shown, shown
        if is_new and shown not in self._left:
            self.screens.of(shown).resume()
        if isinstance(shown, Prompt) and is_new:
            self._left = self._below(shown, before) if shown.is_aside else []
        self._redraw()
        if self._left_by is not None and type(shown) is not type(before):
            self.stage.move_in(self._left_by)
        self._left_by = None
        if is_new:
            self.guidance.screen(shown, self._look, self._choices())

    def _below(self, aside: Prompt[Any], before: Prompt[Any] | Notice | None) -> list[Prompt[Any] | Notice]:
        """Return what goes on after this aside: what it was asked over, and what that was asked over."""
        if aside in self._left:  # back to it, from what was asked over it
            return self._left[: self._left.index(aside)]
        return [*self._left, *([] if before is None else [before])]

    def _redraw(self) -> None:
        """Draw what is shown, and open the input only once that has reached the panel."""
        if self._shown is None:
            return
        self.panel.fit()
        self.stage.corners.width_px, self.stage.corners.height_px = self.panel.window.size
        self.stage.is_open = False
        self.stage.draw(self.screens.of(self._shown), self._shown, self._frame(), self._strip)
        self.panel.put()

    def _open_input(self) -> None:
        """Take touches where what is asked can be seen."""
        self.stage.is_open = self.panel.is_drawn and self._answer is not None and not self._answer.done()

    def _on_target(self, target: TouchButton) -> bool:
        """Carry out a local answer on the screen itself, or complete what is asked; tell whether a picture follows."""
        if self.on_touch is not None:
            self.on_touch()
        if callable(target.answer):
            target.answer()
            self._redraw()
            if self._shown is not None:
                self.guidance.choices(self.screens.of(self._shown).typed, self._choices(), self._look)
            return True
        return self._complete(target.answer)

    def _say_touched(self, target: TouchButton) -> None:
        """Say what a finger is on; a second touch takes it."""
        if self.on_touch is not None:
            self.on_touch()
        self.guidance.button(target, self._look)

    def _wake_voice(self) -> None:
        """Begin to speak, where a citizen is asked something and there is a voice."""
        asked = isinstance(self._shown, Prompt) and not self._shown.name.startswith("maintenance")
        if asked and self.guidance.is_available and not self._look.has_speech:
            self._complete(SetSpeech(True))

    def _complete(self, answer: object) -> bool:
        if self._answer is None or self._answer.done():
            return False
        self.stage.is_open = False
        self._left_by = "back" if isinstance(answer, Back | Home | Done) else "on"
        self._answer.set_result(answer)
        return True

    def _open_maintenance(self) -> None:
        self._complete(OpenMaintenance())

    @property
    def idle_s(self) -> float:
        """Return the seconds since anything was touched, be it a button or not."""
        return time.monotonic() - self._touched_at

    def _note_touch(self, *_: object) -> None:
        self._touched_at = time.monotonic()

    @property
    def stalls(self) -> int:
        """Return how often the loop has stood still."""
        return self.pulse.stalls

    @property
    def has_sound(self) -> bool:
        """Return whether anything would be heard."""
        return self.guidance.is_available

    def play_sample(self) -> None:
        """Let the loudspeaker be heard; may be called from any thread."""
        self.guidance.sample(self._look)

    def _beat(self, _dt: float) -> None:
        self.pulse.beat()
        self.stage.watch()
        self._on_beat()

    def _second(self, _dt: float) -> None:
        if self._shown is not None and self.screens.of(self._shown).tick():
            opened = self.stage.is_open
            self.stage.redraw_screen(self.screens.of(self._shown), self._shown)
            self.stage.is_open = opened

    def _on_key(self, _window: object, key: int, *rest: Any) -> bool:
        """Let tab, arrows, enter and space move through the buttons; every other key is dead, Escape and F1 too."""
        self._note_touch()
        modifiers = rest[-1] if rest and isinstance(rest[-1], list) else []
        if not self._look.has_speech and self.guidance.is_available and wakes_voice(key, modifiers):
            self._wake_voice()
        elif self._look.has_speech and not modifiers and (wish := voice_key(key)) is not None:
            self._adjust_voice(wish)
        name = key_name(key, modifiers)
        if name is not None and self.stage.key(name):
            if self.on_touch is not None and name != "enter":
                self.on_touch()
            self.guidance.button(self.stage.focused, self._look)
        return True

    def _adjust_voice(self, wish: Voice) -> None:
        """Speak louder, quieter, faster (at last slowly again), or once more."""
        look = self._look
        if wish == "repeat":
            self.guidance.screen(self._shown, look, self._choices(), is_new=False)
            return
        faster = 1 if look.speed < VOICE_STEPS else -2 * VOICE_STEPS
        self._complete({"louder": SetVoice(1), "quieter": SetVoice(-1), "faster": SetVoice(0, faster)}[wish])

    def _on_close(self, *_: object, **__: object) -> bool:
        return not self._closable

    def run[T](self, main: Coroutine[Any, Any, T]) -> T | None:
        """Run the window and `main` in one loop until `main` ends; its result, or None if the window was closed."""
        return asyncio.run(self._run(main))

    async def _run[T](self, main: Coroutine[Any, Any, T]) -> T | None:
        events = {
            "on_keyboard": self._on_key,
            "on_touch_down": self._note_touch,
            "on_request_close": self._on_close,
        }
        self.panel.bind()
        self.window.bind(**events)
        self.touches.attach()
        try:
            return await turn(self.stage, main, [(self._beat, BEAT_S), (self._second, 1.0)])
        finally:
            self.panel.unbind()
            self.window.unbind(**events)
            self.window.remove_widget(self.stage)
            self.guidance.close()

"""One window in which tests and the screenshot tool draw any prompt on any panel, without running the loop.

The window is as large as the longest sides of all panels, and each is drawn in its lower left corner: SDL's offscreen
driver does not enlarge its picture with the window.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from PIL import Image

from common.city.brand.brand import brand
from common.city.catalogue import load_catalogue
from kiosk.language import Language
from kiosk.prompts.ui import StatusStrip
from kiosk.settings.sections import LANGUAGES
from screens.look.frame import Frame
from screens.look.theme import Mark, Theme, rgb
from screens.window.kivy_setup import open_window, prepare

SIDE_PX = 1920
MARKS = tuple(Mark(letter, rgb(one.colour), one.sign) for letter, one in load_catalogue().marks.items())
OWN: dict[str, Any] = {
    "marks": MARKS,
    "emblem": brand().picture("emblem"),
    "ornament": brand().picture("ornament"),
    "authority": tuple((brand().authority or {}).items()),
}
"""What the composition root gives a theme of the brand in force and of the catalogue."""


class Gallery:
    """Draws prompts on a stage, in the complete languages and `more`, such as a draft."""

    def __init__(self, *more: str) -> None:
        theme = Theme(SIDE_PX, SIDE_PX)
        prepare(theme, Path(tempfile.gettempdir()) / "kiosk-screens", fullscreen=False)
        self.window: Any = open_window()
        from screens.window.stage import Stage

        self.languages = {code: Language(code) for code in (*LANGUAGES, *more)}
        self.stage = Stage(theme, lambda _button: False)
        self.window.add_widget(self.stage)
        self._screens: dict[type, Any] = {}
        self._prompt: Any = None

    def lay_out(
        self, prompt: Any, theme: Theme, language: str | Language, strip: StatusStrip, *, explores: bool = False
    ) -> Any:
        """Draw the prompt onto the stage's widgets and return its screen; nothing is rendered.

        `explores`: the voice is on.
        """
        from kivy.graphics.context import get_context

        from screens.citizen.registry import CITIZEN
        from screens.maintenance.registry import MAINTENANCE

        kind = type(prompt)
        if kind not in self._screens:
            self._screens[kind] = {**CITIZEN, **MAINTENANCE}[kind]()
        screen = self._screens[kind]
        screen.resume()
        chosen = self.languages[language] if isinstance(language, str) else language
        self._prompt = prompt
        theme = replace(theme, **OWN)
        self.stage.draw(screen, prompt, Frame(theme, chosen, tuple(self.languages.values()), explores=explores), strip)
        # Kivy frees pictures at the clock's next tick, which never comes here: thousands of screens would be gigabytes.
        get_context().gl_dealloc()
        return screen

    def pages(self) -> Iterator[int]:
        """Turn the pages of what is laid out, from the present one to the last; yield the number of each, from 0."""
        stage, screen = self.stage, self.stage.screen
        assert screen is not None
        for page in count():
            yield page
            following = stage.find("next_page")
            if following is None or not following.enabled:
                return
            assert callable(following.answer)
            following.answer()
            stage.redraw_screen(screen, self._prompt)

    def draw(self, prompt: Any, theme: Theme, language: str | Language, strip: StatusStrip) -> Image.Image:
        """Draw the prompt and return the picture."""
        self.lay_out(prompt, theme, language, strip)
        return self.again(theme)

    def again(self, theme: Theme) -> Image.Image:
        """Return the picture of what is laid out, as it is now."""
        from kivy.base import EventLoop

        from screens.window.turning import picture

        EventLoop.idle()
        return picture(self.window, (theme.width_px, theme.height_px))

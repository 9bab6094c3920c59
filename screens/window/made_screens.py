"""The screens that were made so far, one for each kind of prompt, kept from visit to visit and emptied between them."""

import gc
from collections.abc import Callable, Mapping
from typing import Any

from kiosk.prompts.ui import Notice, Prompt
from screens.screen import Screen

type Registry = Mapping[type, Callable[[], Screen]]


class MadeScreens:
    """Makes a screen when its prompt is first shown. `registry` says which one draws which prompt or notice."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self._made: dict[type, Screen] = {}
        self._frozen = 0

    def of(self, shown: Prompt[Any] | Notice) -> Screen:
        """Return the screen of a prompt or notice."""
        kind = type(shown)
        if kind not in self._made:
            self._made[kind] = self.registry[kind]()
        return self._made[kind]

    def forget(self) -> None:
        """Clear what each has shown and what was typed on it."""
        for screen in self._made.values():
            screen.forget()
            screen.resume()

    def collect(self) -> None:
        """Free what the visit has left in cycles: by itself Python would look for it after thousands of visits.

        It takes 2 ms, since what is made for good (screens, a quarter of a million objects) isn't looked through again.
        """
        if len(self._made) != self._frozen:
            self._frozen = len(self._made)
            gc.freeze()
        gc.collect()

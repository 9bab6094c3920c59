"""Every finger on the panel, each once.

SDL makes a mouse out of the first finger, and Kivy on Linux throws SDL's own finger events away (its mainloop hands
them on only on phones). So a second finger would never arrive, and with it the technician's two corners. Here SDL makes
no mouse out of fingers (SDL_TOUCH_MOUSE_EVENTS, set in screens.kivy_setup), and Kivy's own provider for fingers gets
what it was made for. A real mouse stays a mouse.
"""

from typing import Any

from kivy.core.window.window_sdl2 import SDL2MotionEventProvider

_FINGER = frozenset({"fingerdown", "fingermotion", "fingerup"})


class FingerStorage:
    """Kivy's SDL window storage, with finger events handed to the provider while Kivy polls."""

    def __init__(self, storage: Any) -> None:
        """Wrap `storage`, Kivy's `_WindowSDL2Storage`."""
        self._storage = storage

    def poll(self) -> Any:
        """Return SDL's next event as Kivy's storage does: a tuple, None, or False where there is none."""
        event = self._storage.poll()
        if isinstance(event, tuple) and event[0] in _FINGER:
            SDL2MotionEventProvider.q.appendleft(event)
        return event

    def __getattr__(self, name: str) -> Any:
        """Return everything else as it is."""
        return getattr(self._storage, name)


def hand_fingers_on(window: Any) -> None:
    """Have this window's fingers reach Kivy's event loop. Kivy has no public place to do so."""
    if not isinstance(window._win, FingerStorage):  # noqa: SLF001
        window._win = FingerStorage(window._win)  # noqa: SLF001

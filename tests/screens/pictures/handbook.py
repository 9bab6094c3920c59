"""The pictures of README and handbook: `python -m tests.screens.pictures.handbook`, under deploy/pictures."""

import os
from pathlib import Path

from PIL import Image

from kiosk.settings.sections import LANGUAGES
from screens.look.theme import Theme
from tests.screens.pictures.draw_all import states
from tests.screens.pictures.gallery import Gallery

FOLDER = Path(__file__).parents[3] / "deploy" / "pictures"
SHOWN = ("start", "take-ticket", "t1-pin", "t2-overview", "t4-paper-insert", "t5-outbox", "t5-tickets", "t8-network")
_SIZE_PX = (405, 720)
_COLOURS = 64


def main() -> None:
    """Draw them all."""
    os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")
    gallery = Gallery()
    for name, prompt, strip in states():
        if name in SHOWN:
            for language in LANGUAGES:
                picture = gallery.draw(prompt, Theme(), language, strip).resize(_SIZE_PX, Image.Resampling.LANCZOS)
                picture.quantize(_COLOURS).save(FOLDER / f"{name}-{language}.png", optimize=True)


if __name__ == "__main__":
    main()

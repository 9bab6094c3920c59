"""Draw every screen, state and language as a PNG: `python -m tests.screens.draw_all [FOLDER] [--only NAME]`.

The default panel (21.5 inches, upright) is drawn under `<folder>/<language>/<name>.png`; other panels and the easy
mode have a suffix. No display is needed: SDL draws offscreen.
"""

import argparse
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from screens.theme import Theme
from tests.screens.gallery import Gallery
from tests.screens.maintenance_samples import MAINTENANCE_SAMPLES
from tests.screens.samples import SAMPLES, STRIP, STRIPS

PANELS = {
    "": Theme(),
    "landscape": Theme(1920, 1080),
    "15in": Theme(1080, 1920, 15.6),
    "15in-landscape": Theme(1920, 1080, 15.6),
    "10in-landscape": Theme(1280, 800, 10.1, viewing_distance_mm=400),
}


def variants(every: bool = True) -> Iterator[tuple[str, Theme]]:
    """Return suffix and theme of each panel and mode."""
    for name, theme in PANELS.items():
        for easy in (False, True):
            suffix = "-".join(part for part in (name, "easy" if easy else "") if part)
            if every or not suffix:
                yield suffix, theme.with_easy(easy)


def states() -> Iterator[tuple[str, Any, Any]]:
    """Return name, prompt and strip of each state."""
    for name, prompt in SAMPLES.items():
        yield name, prompt, STRIP
    for name, prompt in MAINTENANCE_SAMPLES.items():
        yield name, prompt, STRIP
    for name, strip in STRIPS.items():
        yield name, SAMPLES["start"], strip


def main() -> None:
    """Draw all of them, or those whose file name contains a word."""
    parser = argparse.ArgumentParser(description="Draw every screen as PNG.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("build/screenshots"))
    parser.add_argument("--only", default="", help="only files whose name contains this")
    parser.add_argument("--language", choices=["ar", "en"], action="append")
    options = parser.parse_args()
    os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")
    gallery, count = Gallery(), 0
    for suffix, theme in variants():
        for language in options.language or ("ar", "en"):
            folder = options.folder / language
            folder.mkdir(parents=True, exist_ok=True)
            for name, prompt, strip in states():
                file = f"{name}-{suffix}.png" if suffix else f"{name}.png"
                if options.only in file:
                    gallery.draw(prompt, theme, language, strip).save(folder / file, compress_level=1)
                    count += 1
    print(f"{count} pictures under {options.folder}")


if __name__ == "__main__":
    main()

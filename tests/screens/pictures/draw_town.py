"""Draw another municipality by its brand alone: `python -m tests.screens.pictures.draw_town FOLDER --language L`.

Pictures lie beside the others as `town-<name>.png`; what is the brand's shows on each: names, emblem, border, colours,
the app, money. It is said which brand is in force before anything else is imported, as in service before the window.
"""

import argparse
import json
import os
from dataclasses import replace
from pathlib import Path

from common.city.brand.brand import brand, load_brand, use
from tests.screens.pictures.brands import OTHER

SHOWN = ("start", "service-info", "take-ticket", "hold-code", "confirm-identity", "closed")
CENTRE = {"ar": "مركز خدمة المواطن – المرفأ", "en": "Citizen Centre – Harbour"}


def main() -> None:
    """Draw those whose file name contains a word, and say their hashes."""
    parser = argparse.ArgumentParser(description="Draw another municipality.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--panel")
    parser.add_argument("--language", required=True)
    parser.add_argument("--brand", type=Path, default=OTHER)
    options = parser.parse_args()
    os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")
    use(load_brand(options.brand))
    centre = CENTRE if options.brand == OTHER else brand().authority or CENTRE
    from screens.look.theme import palette_of
    from tests.screens.pictures import record
    from tests.screens.pictures.draw_all import states, variants
    from tests.screens.pictures.gallery import Gallery

    gallery, hashes = Gallery(options.language), {}
    (options.folder / options.language).mkdir(parents=True, exist_ok=True)
    for suffix, theme in variants():
        if theme.easy or options.panel not in (None, suffix):
            continue
        for name, prompt, strip in states(SHOWN):
            file = f"town-{name}-{suffix}.png" if suffix else f"town-{name}.png"
            if options.only in file:
                own = replace(theme, calm=palette_of(brand().colours.look))
                picture = gallery.draw(
                    prompt,
                    own,
                    options.language,
                    replace(strip, centre=centre),
                )
                picture.save(options.folder / options.language / file, compress_level=1)
                hashes[f"{options.language}/{file}"] = record.fingerprint(picture)
    print(json.dumps({"made_by": record.made_here(), "hashes": hashes}))


if __name__ == "__main__":
    main()

"""Draw every screen, state and language as a PNG: `python -m tests.screens.pictures.draw_all [FOLDER] [--only NAME]`.

The default panel (21.5 inches, upright) is drawn under `<folder>/<language>/<name>.png`; other panels and the easy
mode have a suffix, and another municipality is drawn as `town-<name>.png`. No display is needed: SDL draws offscreen.
Each language is drawn by a process of its own, then all are compared with the record of pictures that somebody has
looked at (`--record` writes it again).
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from kiosk.settings.sections import DRAFTS, LANGUAGES
from screens.look.theme import Theme
from tests.screens.maintenance.maintenance_samples import MAINTENANCE_SAMPLES
from tests.screens.pictures import record
from tests.screens.pictures.gallery import Gallery
from tests.screens.samples import BEFORE_ANY_VISIT, SAMPLES, STRIP, STRIPS

PANELS = {
    "": Theme(),
    "landscape": Theme(1920, 1080),
    "15in": Theme(1080, 1920, 15.6),
    "15in-landscape": Theme(1920, 1080, 15.6),
    "10in-landscape": Theme(1280, 800, 10.1, viewing_distance_mm=400),
}
_SHOWN = 12  # names of changed pictures


def variants() -> Iterator[tuple[str, Theme]]:
    """Return suffix and theme of each panel and mode."""
    for name, theme in PANELS.items():
        for easy in (False, True):
            suffix = "-".join(part for part in (name, "easy" if easy else "") if part)
            yield suffix, theme.with_easy(easy)


def states(only: Collection[str] | None = None) -> Iterator[tuple[str, Any, Any]]:
    """Return name, prompt and strip of each state, or only of these citizens' ones."""
    if only is not None:
        yield from ((name, SAMPLES[name], STRIP) for name in only)
        return
    for name, prompt in (*SAMPLES.items(), *BEFORE_ANY_VISIT.items()):
        yield name, prompt, STRIP
    for name, prompt in MAINTENANCE_SAMPLES.items():
        yield name, prompt, STRIP
    for name, strip in STRIPS.items():
        yield name, SAMPLES["start"], strip


@cache
def citizen_states() -> Mapping[str, tuple[Any, Any]]:
    """Return prompt and strip of each state that citizens see, by its name.

    Reached when first asked for: gathering the tests alone plays no hundred visits.
    """
    return {name: (prompt, strip) for name, prompt, strip in states() if not prompt.name.startswith("maintenance")}


def draw(folder: Path, language: str, only: str, panel: str | None = None) -> record.Record:
    """Draw what is asked in one language; return what came out."""
    os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")
    gallery = Gallery(language)
    (folder / language).mkdir(parents=True, exist_ok=True)
    hashes = {}
    for suffix, theme in variants():
        if panel not in (None, suffix):
            continue
        for name, prompt, strip in states():
            file = f"{name}-{suffix}.png" if suffix else f"{name}.png"
            is_never = theme.easy and prompt.name.startswith("maintenance")  # a technician has usual letters
            if only in file and not is_never:
                picture = gallery.draw(prompt, theme, language, strip)
                picture.save(folder / language / file, compress_level=1)
                hashes[f"{language}/{file}"] = record.fingerprint(picture)
    return record.Record(record.made_here(), hashes)


def draw_languages(
    languages: tuple[str, ...], folder: Path, only: str, panel: str | None, town: Path | None = None
) -> record.Record:
    """Draw each language in a process of its own, all at once; with a `town` only what its brand shows.

    Raises CalledProcessError where one fails.
    """
    asked = [str(folder), "--only", only, *(("--panel", panel) if panel is not None else ())]
    programs = [["tests.screens.pictures.draw_all", "--hashes"], ["tests.screens.pictures.draw_town"]]
    if town is not None:
        programs = [["tests.screens.pictures.draw_town", "--brand", str(town)]]
    commands = [
        [sys.executable, "-m", *program, *asked, "--language", each] for program in programs for each in languages
    ]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE) for command in commands]
    said = [process.communicate()[0] for process in running]
    for process, command in zip(running, commands, strict=True):
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)
    drawn = [json.loads(each.splitlines()[-1]) for each in said]  # before it stands what was logged
    return record.Record(drawn[0]["made_by"], {name: found for each in drawn for name, found in each["hashes"].items()})


def compare(drawn: record.Record) -> str:
    """Return which pictures are no longer those of the record."""
    kept = record.read()
    if not kept.hashes:
        return "no record of pictures to compare with: make one with --record"
    changed = kept.changed(drawn)
    if changed is None:
        return "not compared with the record: another renderer, Kivy, Pillow or font made that"
    if not changed:
        return f"those in the record ({len(kept.hashes)}) are as they were"
    more = f" and {len(changed) - _SHOWN} more" if len(changed) > _SHOWN else ""
    return f"{len(changed)} are not as in the record, look at them: {', '.join(changed[:_SHOWN])}{more}"


def main() -> None:
    """Draw all of them, or those whose file name contains a word."""
    parser = argparse.ArgumentParser(description="Draw every screen as PNG.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("build/screenshots"))
    parser.add_argument("--only", default="", help="only files whose name contains this")
    parser.add_argument("--panel", choices=[suffix for suffix, _ in variants()], help="only this panel and mode")
    parser.add_argument("--language", choices=(*LANGUAGES, *DRAFTS), help="only this one")
    parser.add_argument("--town", type=Path, help="only what this brand's file shows, as town-NAME.png")
    parser.add_argument("--record", action="store_true", help="these pictures are good: record them")
    parser.add_argument("--hashes", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.hashes:
        drawn = draw(options.folder, options.language, options.only, options.panel)
        print(json.dumps({"made_by": drawn.made_by, "hashes": drawn.hashes}))
        return
    languages = (options.language,) if options.language else LANGUAGES
    drawn = draw_languages(languages, options.folder, options.only, options.panel, options.town)
    if options.town is not None or options.language in DRAFTS:  # nobody has recorded how these look
        print(f"{len(drawn.hashes)} pictures under {options.folder}")
        return
    print(f"{len(drawn.hashes)} pictures under {options.folder}: {compare(drawn)}")
    if options.record:
        record.read().with_drawn(drawn).write()


if __name__ == "__main__":
    main()

"""What screens, icons, scenes and papers were when somebody last found them good, as what is drawn: without a renderer.

`python -m tests.screens.pictures.laid_out` records them as they are now: first look at the pictures that `draw_all`
draws of what has changed. Another Kivy, Pillow or font lays out otherwise without being wrong: not compared then.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from devices.receipt_printer import profile
from kiosk.commands.sample import raw_job
from kiosk.settings.sections import LANGUAGES
from screens.look.text import Type, Weight, draw_lines, typeset
from tests.kiosk.papers.test_documents import DOCUMENTS
from tests.screens.pictures import record
from tests.screens.pictures.draw_all import PANELS, states
from tests.screens.pictures.gallery import Gallery

FILE: Final = Path(__file__).with_name("laid_out.txt")
LOOKED_AT: Final = [
    *(("", "", language) for language in LANGUAGES),
    ("", "easy", "ar"), ("10in-landscape", "", "ar"), ("10in-landscape", "easy", "ar"),
    ("15in-landscape", "easy", "ar"), ("15in", "low", "ar"), ("10in-landscape", "voice", "ar"),
]  # fmt: skip
"""Panels, modes of theirs, and in which language; Arabic is the mirror image of the others."""
ICON_PX: Final = 96
PLACES: Final = (None, "below", "left", "right")
WEIGHTS: Final[tuple[Weight, ...]] = ("regular", "semibold", "bold")
BUTTONS: Final = ("start", "start-one-closed", "priority-chosen", "type-number", "more-services", "t2-overview")
"""Screens whose buttons are looked at pressed and under the focus: every kind of button is among them."""
WIDE: Final = ("ticket", "receipt", "appointment", "test-page")
"""Papers that are looked at on the wide roll too."""
_DRAWN: Final = ("Rectangle", "BorderImage", "Mesh")


def of_screens(gallery: Gallery, panel: str, mode: str, language: str) -> dict[str, str]:
    """Return a hash of each screen on a panel, over all its pages, by the name of its picture.

    The mode is `easy` (large letters), `low` (all within low reach), `voice` (a first touch says what it is on) or
    empty. Large letters on a small panel are reckoned for long: there each kind of screen is looked at once.
    """
    found, theme = {}, PANELS[panel].with_easy(mode == "easy", mode == "low")
    kinds, is_long = set[type](), mode == "easy" and bool(panel)
    for name, prompt, strip in states():
        is_technicians = prompt.name.startswith("maintenance")
        if mode and is_technicians:  # who has usual letters, and reaches and reads
            continue
        if is_long and type(prompt) in kinds:
            continue
        kinds.add(type(prompt))
        if is_technicians:  # a panel stays on the page that a test before has turned to
            gallery.lay_out(prompt, theme, language, strip).forget()
        gallery.lay_out(prompt, theme, language, strip, explores=mode == "voice")
        pages = "\f".join(_page(gallery) for _ in gallery.pages())
        key = "-".join(filter(None, (f"{language}/{name}", panel, mode)))
        heard = f"{prompt.spoken} {prompt.chime}"
        found[key] = hashlib.sha256(f"{pages}\f{heard}".encode()).hexdigest()[:16]
    return found


def of_buttons(gallery: Gallery) -> dict[str, str]:
    """Return a hash of screens on which every button is pressed, has the focus, and then is as it was."""
    found = {}
    for easy in (False, True):
        for name, prompt, strip in states():
            if name not in BUTTONS or (easy and prompt.name.startswith("maintenance")):
                continue
            gallery.lay_out(prompt, PANELS[""].with_easy(easy), "ar", strip)
            targets, pages = gallery.stage.targets, []
            for pressed, focused in ((True, False), (True, True), (False, True), (False, False)):
                for target in targets:
                    target.press(pressed)
                    target.focus(focused)
                pages.append("\n".join(sorted(_drawn(gallery.stage.canvas, [None]))))
            hashed = hashlib.sha256("\f".join(pages).encode()).hexdigest()[:16]
            found[f"buttons/{name}{'-easy' if easy else ''}"] = hashed
    return found


def differing(drawn: Mapping[str, str]) -> list[str]:
    """Return what is drawn otherwise than in the record, or is not in it; skip the test where they can't be compared.

    Look at the pictures of these; where they are good, record them.
    """
    kept = record.read(FILE)
    if kept.made_by != made_here():
        pytest.skip("another Kivy, Pillow or font made the record")
    return sorted(name for name, found in drawn.items() if kept.hashes.get(name) != found)


def of_drawings() -> dict[str, str]:
    """Return a hash of each icon, both ways round, and of each scene wherever slot and scanner are."""
    from screens.icons import DRAWINGS, MIRRORED, draw
    from screens.icons.scenes import SCENES, draw_scene

    found = {f"icon/{name}": record.fingerprint(draw(name, ICON_PX)) for name in DRAWINGS}
    found |= {f"icon/{name}-mirrored": record.fingerprint(draw(name, ICON_PX, mirrored=True)) for name in MIRRORED}
    for name in SCENES:
        for place in PLACES:
            picture = draw_scene(name, ICON_PX, (250, 250, 250), (10, 80, 70), place)
            found[f"scene/{name}-{place}"] = record.fingerprint(picture)
    return found


def of_words() -> dict[str, str]:
    """Return a hash of lines of text, in each direction, weight and place in their box."""
    found = {}
    for name, words in (("ar", "خذ رقمك من الاستعلامات ثم انتظر نداءه"), ("number", "A1·002")):
        for weight in WEIGHTS:
            for align in (0.0, 0.5, 1.0):
                look = Type(48, 40, weight, "rtl" if name == "ar" else "ltr", capitals=name == "number")
                picture = draw_lines(typeset(words, 400, 200, look), look, align)
                found[f"words/{name}-{weight}-{align}"] = record.fingerprint(picture)
    return found


def of_papers() -> dict[str, str]:
    """Return a hash of what each printer is sent for each paper."""
    found = {}
    for name, paper in DOCUMENTS.items():
        for language in LANGUAGES:
            for model in profile.names():
                for mm in (58, 80) if name in WIDE and profile.load(model).width_dots > 480 else (58,):
                    job = raw_job(paper(language), model, mm)
                    key = f"paper/{name}-{language}-{model}{'' if mm == 58 else '-80'}"
                    found[key] = hashlib.sha256(job).hexdigest()[:16]
    return found


def made_here() -> str:
    """Name Kivy, Pillow and font of this process; a window must be open."""
    return record.made_here().split("; ", 1)[1]


def _page(gallery: Gallery) -> str:
    return "\n".join(sorted([*_drawn(gallery.stage.canvas, [None]), *_said(gallery)]))


def _drawn(canvas: Any, ink: list[Any]) -> Iterator[str]:
    """Yield what a canvas and those in it draw, in which colour and where; what is hidden is left out."""
    for one in canvas.children:
        kind = type(one).__name__
        if hasattr(one, "children"):
            yield from _drawn(one, ink)
        elif kind == "Color":
            ink[0] = tuple(round(part, 2) for part in one.rgba)
        elif kind in _DRAWN and ink[0] is not None and ink[0][3]:
            texture = None if one.texture is None else one.texture.size
            if kind == "Mesh" and one.indices:
                yield f"{kind} {ink[0]} {[round(value, 2) for value in one.vertices]} {texture}"
            elif kind != "Mesh" and min(one.size) > 0:
                yield f"{kind} {ink[0]} {[round(value) for value in (*one.pos, *one.size)]} {texture}"


def _said(gallery: Gallery) -> Iterator[str]:
    """Yield the texts, which pictures there are, and what can be touched, is said of it and is answered by it."""
    from screens.widgets.picture import Icon, QrCode, Scene
    from tests.screens.facts import labels

    for label in labels(gallery):
        yield f"text {label.setting.size_px} {label.text!r}"
    for widget in gallery.stage.walk():
        if isinstance(widget, Icon | Scene | QrCode) and (name := getattr(widget, "content", widget.name)):
            yield f"{type(widget).__name__} {name}"
    for number, target in enumerate(gallery.stage.targets):
        answer = "here" if callable(target.answer) else target.answer
        yield f"target {number} {target.name} {target.enabled} {target.selected} {target.spoken!r} {answer}"


def main() -> None:
    """Record all as it is now."""
    os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")
    gallery, found = Gallery(), of_drawings() | of_words() | of_papers()
    found |= of_buttons(gallery)
    for looked_at in LOOKED_AT:
        found |= of_screens(gallery, *looked_at)
    record.Record(made_here(), found).write(FILE)
    print(f"{len(found)} recorded in {FILE.name}")


if __name__ == "__main__":
    main()

"""The easy mode keeps its promise on every panel: no letter is smaller than without it, and most are really larger."""

import statistics
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from kiosk.config import LANGUAGES
from tests.screens.draw_all import PANELS, states
from tests.screens.gallery import Gallery

CITIZEN = [(name, prompt, strip) for name, prompt, strip in states() if not prompt.name.startswith("maintenance")]
LARGER = {"": 0.9, "landscape": 0.9, "15in": 0.9, "15in-landscape": 0.65, "10in-landscape": 0.55}
"""How much of all texts must really be larger: a small panel has less room for it."""


def _labels(gallery: Gallery) -> Iterator[tuple[str, Any]]:
    """Yield the name of each text (a number at its end left out, since pages count anew) and its label."""
    from screens.widgets.button import TouchButton
    from screens.widgets.label import TextLabel

    assert gallery.stage.screen is not None
    for screen in (gallery.stage.screen, gallery.stage.strip, gallery.stage.footer):
        for name, part in screen._parts.items():
            if isinstance(part, TextLabel):
                yield name.rstrip("0123456789"), part
            elif isinstance(part, TouchButton):
                yield f"button {name}", part.label
                yield f"note {name}", part.note


def _sizes(gallery: Gallery) -> Mapping[tuple[str, str], int]:
    """Return the least size in pixels of each line of each text, over all pages of what is shown."""
    found: dict[tuple[str, str], int] = {}
    for _page in gallery.pages():
        for name, label in _labels(gallery):
            for line in label.text.split("\n") if label.setting else ():
                size = label.setting.size_px
                found[name, line] = min(size, found.get((name, line), size))
    return found


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel or "default")
def test_no_letter_of_the_easy_mode_is_smaller_and_most_are_larger(gallery: Gallery, panel: str) -> None:
    smaller, gone, ratios = [], [], []
    for name, prompt, strip in CITIZEN:
        for language in LANGUAGES:
            gallery.lay_out(prompt, PANELS[panel], language, strip)
            usual = _sizes(gallery)
            gallery.lay_out(prompt, PANELS[panel].with_easy(True), language, strip)
            easy = _sizes(gallery)
            # A text may go to a further page, never away; but hints below words, and the details of start tiles.
            unsaid = {key for key in usual.keys() - easy.keys() if not key[0].startswith(("note ", "button ", "page"))}
            gone += [f"{name} ({language}): {key}" for key in unsaid if key[0] != "title" or name[:5] != "start"]
            for key in usual.keys() & easy.keys():
                ratios.append(easy[key] / usual[key])
                if easy[key] < usual[key]:
                    smaller.append(f"{name} ({language}): {key} {usual[key]} -> {easy[key]} px")
    assert not smaller, "\n".join(smaller[:30])
    assert not gone, "\n".join(gone[:30])
    assert len(ratios) > 1000
    assert sum(ratio > 1 for ratio in ratios) / len(ratios) >= LARGER[panel]
    assert statistics.median(ratios) >= 1.1

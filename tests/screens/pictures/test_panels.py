"""Every screen on every panel, in every mode: what is too small, too near, too high, cut off or unsaid.

Large letters keep their promise everywhere: each is half as large again as it must be without them, most are half as
large again as the same text is, none is smaller than it was, and no tile loses its picture or its reason for them.
"""

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any

import pytest

from kiosk.prompts.choosing import Start
from kiosk.settings.sections import LANGUAGES
from tests.screens.facts import bare_tiles, letters, reach, speech, targets
from tests.screens.pictures.draw_all import PANELS, citizen_states
from tests.screens.pictures.gallery import Gallery
from tests.screens.samples import NAMES

# A walk over all screens, in large letters on the smallest panel, on a busy machine.
pytestmark = pytest.mark.timeout(300)
MODES = {"usual": (False, False), "easy": (True, False), "low": (False, True), "easy-low": (True, True)}
"""Whether letters are large, and whether all that can be touched lies low."""
WALKS = [(panel, mode) for panel, theme in PANELS.items() for mode, (_, low) in MODES.items() if theme.tall or not low]
IN_EVERY_CHECK = {"": ("usual", "easy"), "10in-landscape": ("usual", "easy")}
"""The common panel and the smallest, where texts have least room; the others are walked among the proofs."""
STEP = 0.94
"""One step down in the sizes that texts shrink by: a narrower column may cost a text that was grown that much."""

HALF_AGAIN = 1.45
"""Half as large again, less what the steps of sizes cost."""
SHARE = {"": 1.0, "landscape": 1.0, "15in": 0.985, "15in-landscape": 0.99, "10in-landscape": 0.85}
"""How many texts of each panel are that at least: long names on tiles stay behind on small ones, keys on the least."""
MOST_NUMBERS = 0.04
"""How many texts are a ticket's number: it fills the panel's width without large letters already."""

type Sizes = dict[tuple[str, str], int]
"""The least size in pixels of each line of each text, over all pages of a screen."""


@dataclass
class Walk:
    """What was found on one panel in one mode. `sizes` and `offered` by a screen's name and language."""

    wrong: list[str] = field(default_factory=list)
    sizes: dict[tuple[str, str], Sizes] = field(default_factory=dict)
    offered: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    bare: list[str] = field(default_factory=list)
    """Tiles without a picture, or closed ones without their reason."""


@pytest.fixture(scope="module")
def walked(gallery: Gallery) -> Callable[[str, str], Walk]:
    """Lays all screens out on a panel in a mode, once for all tests, since that is what costs."""
    return lru_cache(partial(_walk, gallery))


def _params(walks: Sequence[tuple[str, ...]]) -> list[pytest.ParameterSet]:
    """Panels, or panels and modes, with the mark of a proof where they are not looked at in every check."""
    return [pytest.param(*walk, marks=() if _is_usual(*walk) else pytest.mark.proof) for walk in walks]


def _is_usual(panel: str, *modes: str) -> bool:
    return panel in IN_EVERY_CHECK and {*modes} <= {*IN_EVERY_CHECK[panel]}


def _walk(gallery: Gallery, panel: str, mode: str) -> Walk:
    theme, walk = PANELS[panel].with_easy(*MODES[mode]), Walk()
    for name, (prompt, strip) in citizen_states().items():
        for language in LANGUAGES:
            gallery.lay_out(prompt, theme, language, strip)
            sizes = walk.sizes[name, language] = {}
            offered = walk.offered[name, language] = set()
            for page in gallery.pages():
                offered |= {target.name for target in gallery.stage.targets if target.enabled}
                found = [*targets(gallery, theme), *letters(gallery, theme), *reach(gallery, theme), *speech(gallery)]
                walk.wrong += [f"{name}, page {page + 1} ({language}): {one}" for one in found]
                walk.bare += [f"{name}, page {page + 1} ({language}): {one}" for one in bare_tiles(gallery)]
                _measure(gallery, sizes)
    return walk


@pytest.mark.parametrize(("panel", "mode"), _params(WALKS), ids=lambda name: name or "default")
def test_targets_letters_and_boxes(walked: Callable[[str, str], Walk], panel: str, mode: str) -> None:
    """A1, A2, A4, A11, A12."""
    walk = walked(panel, mode)
    assert not walk.wrong, "\n".join(walk.wrong[:40])
    for language in LANGUAGES:
        _details_are_within_reach(walk.offered, language)


def _details_are_within_reach(offered: Mapping[tuple[str, str], set[str]], language: str) -> None:
    """C3: a touch on the start screen, then one on any of the services, whether it is open now or not."""
    starts = [name for name, (prompt, _) in citizen_states().items() if isinstance(prompt, Start) and prompt.has_about]
    assert starts
    assert all("about" in offered[name, language] for name in starts)
    assert {f"tile:{code}" for code in NAMES} <= offered["about-services", language]
    assert "take" in offered["service-info", language]


@pytest.mark.parametrize("panel", _params([(panel,) for panel in PANELS]), ids=lambda panel: panel or "default")
def test_large_letters_are_half_as_large_again_and_none_is_smaller(
    walked: Callable[[str, str], Walk], panel: str
) -> None:
    least, smaller, gone, ratios, numbers = PANELS[panel].floor * 1.5, [], [], [], 0
    larger = walked(panel, "easy").sizes
    for (name, language), usual in walked(panel, "usual").sizes.items():
        easy = larger[name, language]
        assert min(easy.values()) >= least, (name, language)
        # A text may go to a further page, never away; but hints below words.
        kept = {text for _, text in easy}
        unsaid = {key for key in usual if key[1] not in kept and not key[0].startswith(("note ", "button ", "page"))}
        gone += [f"{name} ({language}): {key}" for key in unsaid if key[0] != "title" or name[:5] != "start"]
        for key in usual.keys() & easy.keys():
            if key[0] == "number":
                numbers += 1
            else:
                ratios.append(easy[key] / usual[key])
            if easy[key] < usual[key] * STEP:
                smaller.append(f"{name} ({language}): {key} {usual[key]} -> {easy[key]} px")
    assert not smaller, "\n".join(smaller[:30])
    assert not gone, "\n".join(gone[:30])
    assert len(ratios) > 1000
    assert numbers < MOST_NUMBERS * len(ratios)
    assert statistics.median(ratios) >= 1.5
    assert sum(ratio >= HALF_AGAIN for ratio in ratios) / len(ratios) >= SHARE[panel]


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel or "default")
def test_the_hall_is_told_of_on_every_panel_and_in_large_letters_where_a_line_is_left(
    gallery: Gallery, panel: str
) -> None:
    prompt, strip = citizen_states()["start-hall"]
    for easy in (False, True):
        is_bare = easy and panel == "10in-landscape"  # three services a page leave no room
        has_line = panel != "10in-landscape" and (not easy or not panel)
        for language in LANGUAGES:
            gallery.lay_out(prompt, PANELS[panel].with_easy(easy), language, strip)
            tiles = [target for target in gallery.stage.targets if target.name.startswith("tile:")]
            told = [tile for tile in tiles if tile.count.text or tile.note.text]
            has_icons = all(tile.has_picture for tile in tiles)  # long English names leave none on 15 inches
            assert told in ([tiles, []] if is_bare or not has_icons else [tiles]), (panel, easy, language)
            assert has_icons or language == "en"
            waiting = {tile.service: tile.waiting for tile in prompt.tiles}
            for tile in told:
                n = waiting[tile.name.removeprefix("tile:")]
                assert tile.count.text in ("", str(n))
                assert not n or str(n) in tile.spoken, "digits alone are said in words"
                assert tile.count.text != tile.spoken
            calls = [name for name, label in _labels(gallery) if name.startswith("note call:") and label.text]
            assert calls or not has_line, (panel, easy, language)


@pytest.mark.parametrize(
    ("panel", "mode"), _params([walk for walk in WALKS if "easy" in walk[1]]), ids=lambda name: name or "default"
)
def test_large_letters_cost_no_tile_its_picture_or_its_reason(
    walked: Callable[[str, str], Walk], panel: str, mode: str
) -> None:
    bare = walked(panel, mode).bare
    assert not bare, "\n".join(bare[:30])


def _labels(gallery: Gallery) -> Iterator[tuple[str, Any]]:
    """Yield the name of each text (a number at its end left out, since pages count again) and its label."""
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
                yield f"note count {name}", part.count


def _measure(gallery: Gallery, sizes: Sizes) -> None:
    """Add the texts of the page that is shown."""
    for name, label in _labels(gallery):
        for line in label.text.split("\n") if label.setting else ():
            size = label.setting.size_px
            sizes[name, line] = min(size, sizes.get((name, line), size))

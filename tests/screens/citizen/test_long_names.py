"""Names come from the feed, with up to 80 characters: a small panel ends one in an ellipsis, nothing else yields."""

from typing import Any, get_args

import pytest

from common.city.groups import Line
from kiosk.prompts.choosing import MoreServices, ServiceInfo, Start, Tile, TileGroup
from kiosk.prompts.ticket import Ahead, TakeTicket
from kiosk.prompts.ui import StatusStrip
from kiosk.settings.sections import LANGUAGES
from screens.look.text import ELLIPSIS, Type, line_width, typeset
from screens.look.theme import Theme
from tests.screens.pictures.draw_all import PANELS
from tests.screens.pictures.gallery import Gallery
from tests.screens.samples import NAMES

LONG = {
    "ar": "صورة مصدقة عن مخطط تنظيمي مرخص من مديرية الخدمات الفنية في محافظة حمص وريفها كله",
    "en": "Certified copy of a licensed zoning plan from the Directorate of Technical Works",
}
STRIP = StatusStrip(LONG, "09:05")
SIX = tuple(Tile(code, LONG) for code in list(NAMES)[:6])
PROMPTS: list[Any] = [
    Start(SIX),
    MoreServices(((TileGroup("a", LONG, SIX),),)),
    ServiceInfo("civil-affairs", LONG),
    TakeTicket("A1014", LONG, "left", has_priority=True, ahead=Ahead(3, "09:05"), is_offline=True),
]
SMALL = [PANELS["10in-landscape"].with_easy(True), PANELS["15in"]]


def _labels(gallery: Gallery) -> list[Any]:
    from screens.widgets.label import TextLabel

    return [widget for widget in gallery.stage.walk() if isinstance(widget, TextLabel) and widget.setting]


@pytest.mark.parametrize("theme", SMALL, ids=lambda theme: f"{theme.diagonal_in}{'-easy' if theme.easy else ''}")
def test_a_long_name_leaves_no_box_and_hides_no_button(gallery: Gallery, theme: Theme) -> None:
    assert {len(name) for name in LONG.values()} == {get_args(Line)[1].max_length}
    for language in LANGUAGES:
        for prompt in PROMPTS:
            gallery.lay_out(prompt, theme, language, STRIP)
            for label in _labels(gallery):
                x, y, w, h = label.ink
                assert x >= label.x - 2, (prompt.name, label.text)
                assert x + w <= label.right + 2, (prompt.name, label.text)
                assert y >= label.y - 2, (prompt.name, label.text)
                assert y + h <= label.top + 2, (prompt.name, label.text)
                assert label.setting.size_px >= theme.floor
                shown = " ".join(label.setting.lines)
                assert shown == label.text or (label.text == LONG[language] and _is_beginning(shown, label.text))


def _is_beginning(shown: str, whole: str) -> bool:
    """Return whether whole words are left out at the end, with a sign of it."""
    kept = shown.removesuffix(ELLIPSIS)
    return kept != shown and whole.startswith(f"{kept} ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_name_is_spoken_and_on_the_page_of_details(gallery: Gallery, language: str) -> None:
    for theme in SMALL:
        gallery.lay_out(Start(SIX), theme, language, STRIP)
        assert {target.spoken for target in gallery.stage.targets if target.name.startswith("tile:")} == {
            LONG[language]
        }
        gallery.lay_out(ServiceInfo("civil-affairs", LONG), theme, language, STRIP)
        (title,) = (label for label in _labels(gallery) if label.text == LONG[language] and label.is_primary)
        assert " ".join(title.setting.lines) == LONG[language]


def test_one_long_name_takes_no_icon_from_the_other_tiles(gallery: Gallery) -> None:
    tiles = (Tile("civil-affairs", LONG), *(Tile(code, NAMES[code]) for code in list(NAMES)[1:6]))
    gallery.lay_out(Start(tiles), PANELS["10in-landscape"], "ar", STRIP)
    others = [target for target in gallery.stage.targets if target.name.startswith("tile:")][1:]
    assert len({target.label.setting and target.label.setting.size_px for target in others}) == 1
    assert all(target.label.width < 0.9 * target.width for target in others), "an icon stands beside the words"


@pytest.mark.parametrize(
    ("text", "shown"),
    [("one two three", "one two…"), ("one two, three", "one two…"), ("w" * 40, "wwww…"), ("مخطط تنظيمي", "مخطط…")],
)
def test_words_are_left_out_whole_and_letters_only_of_one_too_long(text: str, shown: str) -> None:
    look = Type(40, 40, direction="ltr" if shown[0] in "ow" else "rtl")
    width = line_width(shown, 40, look.weight, look.direction)
    setting = typeset(text, width, look.line_px(40), look)
    assert (setting.lines, setting.fits) == ((shown,), False)
    assert typeset(shown, width, look.line_px(40), look).fits

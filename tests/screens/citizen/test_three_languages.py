"""From three languages on they are chosen from, and a draft's screens hold what is said in Arabic meanwhile."""

from collections.abc import Iterator

import pytest

from kiosk.language import Language
from kiosk.prompts.state import ChooseLanguage
from kiosk.prompts.ui import OpenLanguages, SwitchLanguage
from kiosk.settings.sections import DRAFTS, LANGUAGES
from tests.screens.facts import letters, targets
from tests.screens.pictures.draw_all import PANELS
from tests.screens.pictures.gallery import Gallery
from tests.screens.samples import SAMPLES, STRIP

CODES = (*LANGUAGES, *DRAFTS)
SHOWN = ("start", "start-one-closed", "language", "take-ticket", "help", "type-number", "more-services")


@pytest.fixture
def three(gallery: Gallery) -> Iterator[Gallery]:
    two = gallery.languages
    gallery.languages = {code: Language(code) for code in CODES}
    yield gallery
    gallery.languages = two


@pytest.mark.parametrize("easy", [False, True], ids=["usual", "easy"])
@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel or "default")
def test_every_screen_of_three_languages_keeps_its_letters_and_targets(three: Gallery, panel: str, easy: bool) -> None:
    theme, wrong = PANELS[panel].with_easy(easy), list[str]()
    for name in SHOWN:
        for code in CODES:
            three.lay_out(SAMPLES[name], theme, code, STRIP)
            for page in three.pages():
                found = [*targets(three, theme), *letters(three, theme)]
                wrong += [f"{name} ({code}), page {page + 1}: {one}" for one in found]
    assert not wrong, "\n".join(wrong[:20])


def test_one_button_opens_the_languages_and_each_is_in_its_own_words(three: Gallery) -> None:
    three.lay_out(SAMPLES["start"], PANELS[""], "ar", STRIP)
    button = three.stage.find("languages")
    assert button is not None
    assert button.answer == OpenLanguages()
    screen = three.lay_out(ChooseLanguage(), PANELS[""], "ar", STRIP)
    offered = {target.face.text: (target.answer, target.selected) for target in screen.targets}
    assert offered == {Language(code).own_name: (SwitchLanguage(code), code == "ar") for code in CODES}


def test_two_languages_still_change_places_by_one_touch(gallery: Gallery) -> None:
    gallery.lay_out(SAMPLES["start"], PANELS[""], "ar", STRIP)
    button = gallery.stage.find("language:en")
    assert button is not None
    assert button.answer == SwitchLanguage("en")
    assert gallery.stage.find("languages") is None

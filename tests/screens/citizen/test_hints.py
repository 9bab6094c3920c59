"""What a screen says beside its buttons: what they are for, and nothing that is over."""

from dataclasses import replace

import pytest

from kiosk.prompts.choosing import ANNOUNCED
from kiosk.prompts.ui import Availability, Priority, Text
from kiosk.settings.sections import LANGUAGES
from screens.look.frame import SMALL_STRONG
from screens.look.theme import Theme
from screens.widgets.label import height_of
from tests.kit.notices import LONGEST_NOTICE
from tests.screens.pictures.gallery import Gallery
from tests.screens.samples import SAMPLES, STRIP, start


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_common_panel_says_what_to_do_with_an_order(gallery: Gallery, language: str) -> None:
    gallery.lay_out(start(), Theme(), language, STRIP)
    words = gallery.languages[language]
    assert gallery.stage.find("order").note.text == words.text("start.order_hint")  # type: ignore[union-attr]
    gallery.lay_out(start(scanner=Availability(False, Text("fault.scanner"))), Theme(), language, STRIP)
    assert gallery.stage.find("order").note.text == words.text("hold_code.type_number")  # type: ignore[union-attr]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_offer_to_print_again_blames_no_paper_that_is_there(gallery: Gallery, language: str) -> None:
    parts = gallery.lay_out(SAMPLES["ticket-reprint"], Theme(), language, STRIP)._parts
    words = gallery.languages[language]
    said = [getattr(part, "text", "") for part in parts.values()]
    assert words.text("fault.mended") in said
    assert words.text("screen_ticket.same_number") in said
    assert words.text(f"fault.{SAMPLES['ticket-reprint'].trouble}") not in said


@pytest.mark.parametrize("language", ["ar", "en"])
def test_when_it_serves_again_is_a_sentence_of_its_own_and_is_spoken(gallery: Gallery, language: str) -> None:
    prompt = SAMPLES["out-maintenance"]
    parts = gallery.lay_out(prompt, Theme(), language, STRIP)._parts
    sentence = gallery.languages[language].text("maintenance.public.until", time="11:30")
    assert sentence in [getattr(part, "text", "") for part in parts.values()]
    assert prompt.until in prompt.spoken


@pytest.mark.parametrize("language", ["ar", "en"])
def test_what_the_city_says_has_one_line_on_a_panel_that_lies_or_a_button(gallery: Gallery, language: str) -> None:
    words, has_button = LONGEST_NOTICE[language].split(), []
    for many in range(1, len(words) + 1):
        said = " ".join(words[:many])
        prompt = start(notice=Text(ANNOUNCED, {"words": {language: said}}))
        screen = gallery.lay_out(prompt, Theme(1920, 1080, 15.6), language, STRIP)
        has_button.append(gallery.stage.find("announcement") is not None)
        one, needed = (
            height_of(screen.frame, text, screen._parts["notice"].width, SMALL_STRONG) for text in ("0", said)
        )
        assert needed == one or has_button[-1]
    assert has_button == sorted(has_button)
    assert set(has_button) == {False, True}


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize(
    ("screen", "said"),
    [("start", "strip.offline"), ("closed", "strip.no_internet"), ("out-store", "strip.no_internet")],
)
def test_only_where_numbers_are_given_the_mark_says_so(gallery: Gallery, screen: str, said: str, language: str) -> None:
    from screens.widgets.label import TextLabel

    gallery.lay_out(SAMPLES[screen], Theme(), language, replace(STRIP, is_offline=True))
    mark = gallery.stage.strip.part(TextLabel, "mark_words offline")
    assert str(mark.text) == gallery.languages[language].text(said)


@pytest.mark.parametrize(("priority", "mark"), [(Priority.NONE, ""), (Priority.ELDERLY, "check")])
def test_what_is_chosen_bears_a_mark(gallery: Gallery, priority: Priority, mark: str) -> None:
    gallery.lay_out(start(priority=priority), Theme(), "ar", STRIP)
    assert gallery.stage.find("priority")._mark.name == mark  # type: ignore[union-attr]

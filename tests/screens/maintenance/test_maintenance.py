"""The technician's screens on every panel: nothing overflows, targets can be hit, each touch means what it says."""

import dataclasses
from typing import Any

import pytest

from kiosk.language import Language
from kiosk.maintenance import prompts as m
from kiosk.prompts.ui import Back, Home, SwitchLanguage
from kiosk.settings.sections import LANGUAGES
from screens.look.frame import Frame
from screens.look.theme import Theme
from screens.maintenance.panel import PanelScreen
from screens.maintenance.registry import MAINTENANCE
from screens.maintenance.special import Glass
from screens.screen import Screen
from screens.widgets.button import TouchButton
from screens.widgets.label import TextLabel
from tests.screens.facts import letters
from tests.screens.maintenance.maintenance_samples import MAINTENANCE_SAMPLES
from tests.screens.pictures.draw_all import PANELS
from tests.screens.pictures.gallery import Gallery
from tests.screens.samples import STRIP


def labels_of(screen: Screen) -> list[TextLabel]:
    found = [widget for widget in screen.walk() if isinstance(widget, TextLabel)]
    return [label for label in found if label.text]


def from_the_first_page(gallery: Gallery, prompt: Any, theme: Theme, language: str) -> Any:
    """Lay a panel out that would else stay on the page that another test turned to."""
    gallery.lay_out(prompt, theme, language, STRIP).forget()
    return gallery.lay_out(prompt, theme, language, STRIP)


def test_every_prompt_of_the_technician_has_a_screen_and_a_sample() -> None:
    declared = {
        value
        for value in vars(m).values()
        if isinstance(value, type) and getattr(value, "name", "").startswith("maintenance_")
    }
    assert declared == set(MAINTENANCE) == {type(prompt) for prompt in MAINTENANCE_SAMPLES.values()}


@pytest.mark.parametrize("name", sorted(MAINTENANCE_SAMPLES))
def test_texts_fit_and_targets_can_be_hit_on_every_panel(gallery: Gallery, name: str) -> None:
    for panel, theme in PANELS.items():
        for language in LANGUAGES:
            screen = from_the_first_page(gallery, MAINTENANCE_SAMPLES[name], theme, language)
            for page in gallery.pages():
                where = f"{name} {panel} {language}, page {page + 1}"
                assert list(letters(gallery, theme)) == [], where
                for target in screen.targets:
                    if isinstance(target, Glass):
                        continue
                    assert min(target.width, target.height) >= theme.mm(20) - 1, f"{where} {target.name}"
                    assert target.x >= 0, f"{where} {target.name}"
                    assert target.right <= theme.width_px, f"{where} {target.name}"
                    assert target.y >= 0, f"{where} {target.name}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel or "default")
def test_states_and_places_are_parted_and_a_heading_is_never_the_last_thing_on_a_page(
    gallery: Gallery, panel: str, language: str
) -> None:
    prompt = MAINTENANCE_SAMPLES["t2-overview"]
    screen = from_the_first_page(gallery, prompt, PANELS[panel], language)
    head, found = Language(language).text(prompt.heading.msgid), []
    for _ in gallery.pages():
        for label in labels_of(screen):
            if label.text == head:
                above = {target.name.split(":")[0] for target in screen.targets if target.y > label.top}
                below = [target.name.split(":")[0] for target in screen.targets if target.top <= label.y]
                found.append(("button" in above, "line" in below, "button" in below))
    assert found == [(False, False, True)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_overview_leads_everywhere_and_back_and_names_answer_what_they_say(gallery: Gallery, language: str) -> None:
    prompt = MAINTENANCE_SAMPLES["t2-overview"]
    screen = from_the_first_page(gallery, prompt, PANELS[""], language)
    answers = {target.name: target.answer for _ in gallery.pages() for target in screen.targets}
    assert {answers[f"line:{line.id}"] for line in prompt.lines} == {line.id for line in prompt.lines}
    assert {answers[f"button:{button.id}"] for button in prompt.buttons} == {button.id for button in prompt.buttons}
    assert (answers["back"], answers["home"]) == (Back(), Home())
    following = LANGUAGES[(LANGUAGES.index(language) + 1) % len(LANGUAGES)]
    assert answers["language"] == SwitchLanguage(following)


def test_one_button_leads_through_the_languages_that_this_kiosk_speaks_and_through_no_other(gallery: Gallery) -> None:
    """A kiosk may be set to one language, and a third one is a file and a line."""

    def led_to(code: str, *spoken: str) -> object:
        frame = Frame(Theme(), Language(code), tuple(_Called(name) for name in spoken))
        gallery.stage.draw(PanelScreen(), MAINTENANCE_SAMPLES["t2-overview"], frame, STRIP)
        button = gallery.stage.find("language")
        return None if button is None else button.answer

    assert led_to("ar", "ar") is None
    assert [led_to(code, "ar", "en", "fr") for code in ("ar", "en")] == [SwitchLanguage("en"), SwitchLanguage("fr")]
    assert led_to("en", "ar", "en") == SwitchLanguage("ar")


class _Called(Language):
    """English words under the code of any language."""

    def __init__(self, code: str) -> None:
        super().__init__("en")
        self.code = code


def test_what_does_not_fit_is_on_further_pages_and_nothing_is_lost(gallery: Gallery) -> None:
    prompt = MAINTENANCE_SAMPLES["t2-overview"]
    theme = PANELS["10in-landscape"]
    gallery.lay_out(MAINTENANCE_SAMPLES["t5-outbox"], theme, "ar", STRIP)
    screen = gallery.lay_out(prompt, theme, "ar", STRIP)
    assert isinstance(screen, PanelScreen)
    seen: set[str] = set()
    for _ in range(20):
        seen |= {target.name for target in screen.targets}
        following = next(target for target in screen.targets if target.name == "next_page")
        if not following.enabled:
            break
        assert callable(following.answer)
        following.answer()
        gallery.stage.redraw_screen(screen, prompt)
    wanted = {f"line:{line.id}" for line in prompt.lines} | {f"button:{button.id}" for button in prompt.buttons}
    assert wanted <= seen


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_touch_answers_its_place_on_the_panel_whatever_the_language(gallery: Gallery, language: str) -> None:
    theme = PANELS[""]
    screen = gallery.lay_out(m.TouchTarget(0.25, 0.1, 1, 9), theme, language, STRIP)
    (glass,) = screen.targets
    assert isinstance(glass, TouchButton)
    assert glass.collide_point(theme.width_px * 0.25, theme.height_px * 0.9)
    assert isinstance(glass.answer, tuple)
    assert [round(share, 3) for share in glass.answer] == [0.25, 0.1]


def test_a_pin_is_covered_and_gone_when_the_screen_is_left(gallery: Gallery) -> None:
    prompt = MAINTENANCE_SAMPLES["t1-pin"]
    screen = gallery.lay_out(prompt, PANELS[""], "ar", STRIP)
    for digit in "1357":
        key = next(target for target in screen.targets if target.name == f"digit:{digit}")
        assert callable(key.answer)
        key.answer()
    gallery.stage.redraw_screen(screen, prompt)
    shown = [label.text for label in labels_of(screen)]
    assert "\N{SIX-PER-EM SPACE}".join("••••____") in shown
    ok = next(target for target in screen.targets if target.name == "ok")
    assert not ok.enabled
    screen.forget()
    assert screen.answer() == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_address_begins_with_what_is_there_and_is_typed_key_by_key(gallery: Gallery, language: str) -> None:
    prompt = m.EnterAddress("gateway", 3, 4, "10.0.0.1", may_be_empty=True)
    theme = PANELS[""]
    screen = gallery.lay_out(prompt, theme, language, STRIP)

    def touch(name: str) -> None:
        target = next(target for target in screen.targets if target.name == name)
        assert target.enabled, name
        assert callable(target.answer)
        target.answer()
        gallery.stage.redraw_screen(screen, prompt)

    def answer() -> object:
        return next(target for target in screen.targets if target.name == "ok").answer

    assert answer() == "10.0.0.1"
    for name in ("delete", "digit:2", "digit:.", "digit:5"):
        touch(name)
    assert answer() == "10.0.0.2.5"
    for _ in "10.0.0.2.5":
        touch("delete")
    ok = next(target for target in screen.targets if target.name == "ok")
    assert (ok.answer, ok.enabled) == ("", True)
    for digit in "255.255.255.255":
        touch(f"digit:{digit}")
    assert not any(target.enabled for target in screen.targets if target.name.startswith("digit:"))


def test_a_panel_shown_again_with_newer_values_stays_on_its_page_and_another_begins_at_its_first(
    gallery: Gallery,
) -> None:
    theme = PANELS["10in-landscape"]
    prompt = MAINTENANCE_SAMPLES["t2-overview"]
    screen = gallery.lay_out(prompt, theme, "ar", STRIP)
    next(target for target in screen.targets if target.name == "next_page").answer()
    newer = dataclasses.replace(prompt, lines=(dataclasses.replace(prompt.lines[0], age_s=9), *prompt.lines[1:]))
    gallery.stage.redraw_screen(screen, newer)
    assert next(target for target in screen.targets if target.name == "previous_page").enabled
    gallery.stage.redraw_screen(screen, MAINTENANCE_SAMPLES["t7-settings"])
    gallery.stage.redraw_screen(screen, newer)
    assert not next(target for target in screen.targets if target.name == "previous_page").enabled

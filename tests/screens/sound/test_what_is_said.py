"""What the guidance says of choices, of a button and for a test, and that it says nothing where it must not."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from kiosk.language import Language
from kiosk.prompts.ui import Chime, Look, Text
from screens.sound.guidance import Guidance
from screens.sound.speech import Part, Utterance

LANGUAGE = Language("en")
SPEAKS, SILENT = Look("en", has_speech=True, volume=70, speed=120), Look("en")
HEAD = Part(LANGUAGE.text("speech.choices"), "speech.choices")


class Heard:
    def __init__(self) -> None:
        self.did: list[Any] = []
        self.is_available = True

    def say(self, utterance: Utterance) -> None:
        self.did.append(utterance)

    def stop(self) -> None:
        self.did.append("stop")

    def close(self) -> None:
        self.did.append("close")


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def guidance(heard: Heard) -> Guidance:
    return Guidance(cast("Any", heard), {"en": LANGUAGE})


def said(*parts: Part, chime: Chime | None = None) -> Utterance:
    return Utterance(parts, "en", chime, 70, 120)


def test_what_was_typed_is_spelled_or_else_the_choices_are_told(guidance: Guidance, heard: Heard) -> None:
    guidance.choices("123", ["One"], SPEAKS)
    guidance.choices("", ["One", "Two?", "Three!"], SPEAKS)
    guidance.choices("", [], SPEAKS)
    guidance.choices("123", ["One"], SILENT)
    choices = [HEAD, Part("One."), Part("Two?"), Part("Three!")]
    assert heard.did == [said(Part("1 2 3.")), said(*choices), said()]


def test_a_button_is_told_where_keys_are_on_one(guidance: Guidance, heard: Heard) -> None:
    button = cast("Any", SimpleNamespace(spoken="Take a number"))
    guidance.button(button, SPEAKS)
    guidance.button(None, SPEAKS)
    guidance.button(button, SILENT)
    assert heard.did == [said(Part("Take a number"))]


def test_a_sample_is_heard_also_where_nobody_asked_for_speech(guidance: Guidance, heard: Heard) -> None:
    guidance.sample(SILENT)
    assert heard.did == [Utterance((Part(LANGUAGE.text("speech.start"), "speech.start"),), "en")]


def test_it_falls_silent_for_a_while_and_for_good_and_without_a_voice_does_nothing(heard: Heard) -> None:
    for speech, expected in ((heard, ["stop", "close"]), (None, [])):
        guidance = Guidance(cast("Any", speech), {"en": LANGUAGE})
        heard.did.clear()
        guidance.stop()
        guidance.close()
        assert heard.did == expected
        assert guidance.is_available is (speech is not None)
    Guidance(None, {"en": LANGUAGE}).sample(SPEAKS)
    heard.is_available = False
    assert Guidance(cast("Any", heard), {}).is_available is False


def shown(name: str, chime: Chime | None, number: str = "") -> Any:
    return SimpleNamespace(
        name=name, chime=chime, spoken=(Text("speech.choices"), Text("speech.ticket")), number=number
    )


@pytest.mark.parametrize(
    ("screen", "look", "is_new", "expected"),
    [
        (None, SPEAKS, True, []),
        (shown("maintenance_pin", next(iter(Chime))), SPEAKS, True, []),
        (shown("start", None), SILENT, True, []),
        (shown("start", next(iter(Chime))), SILENT, False, []),
        (shown("start", next(iter(Chime))), SILENT, True, [Utterance((), "en", next(iter(Chime)))]),
    ],
)
def test_screens_that_say_nothing_may_still_chime_once(
    guidance: Guidance, heard: Heard, screen: Any, look: Look, is_new: bool, expected: list[Utterance]
) -> None:
    guidance.screen(screen, look, is_new=is_new)
    assert heard.did == expected


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("is_new", [True, False])
def test_a_screen_is_told_with_its_choices_and_how_to_choose_where_the_voice_begins(
    guidance: Guidance, heard: Heard, is_first: bool, is_new: bool
) -> None:
    chime = next(iter(Chime))
    guidance.screen(shown("start", chime, "A1014"), SPEAKS, ["One"], is_new, is_first)
    how = [Part(LANGUAGE.text("speech.how"), "speech.how")] if is_first else []
    number = LANGUAGE.text("speech.ticket", number="A 1, 0 1 4")
    told = [Part(LANGUAGE.text("speech.choices"), "speech.choices"), Part(number, "speech.ticket", "A1014")]
    ended = [one if one.words[-1] in ".؟?!…" else Part(f"{one.words}.", one.clip, one.spelled) for one in told]
    assert heard.did == [said(*how, *ended, HEAD, Part("One."), chime=chime if is_new else None)]

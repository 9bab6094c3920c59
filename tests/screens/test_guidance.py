"""What is said with a screen: its own guidance, where it is asked for; a number also for clips, which can't hold it."""

from typing import Any, cast

import pytest

from kiosk.language import Language
from kiosk.maintenance.prompts import EnterPin
from kiosk.prompts import Look, Notice, Prompt, TakeTicket
from screens.guidance import Guidance
from screens.speech import Speech, Utterance
from tests.screens.samples import NAMES, start

SPOKEN = Look("en", is_accessible=True, has_speech=True)


class Heard:
    """A speech that remembers."""

    is_available = True

    def __init__(self) -> None:
        self.said: list[Utterance] = []

    def say(self, utterance: Utterance) -> None:
        self.said.append(utterance)


def _say(shown: Prompt[Any] | Notice, look: Look) -> list[Utterance]:
    heard = Heard()
    languages = {code: Language(code) for code in ("ar", "en")}
    Guidance(cast("Speech", heard), languages).screen(shown, look)
    return heard.said


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_number_is_in_the_sentence_for_the_voice_and_apart_for_clips(language: str) -> None:
    ticket = TakeTicket("A1014", NAMES["civil-affairs"])
    (said,) = _say(ticket, Look(language, has_speech=True))
    assert (said.msgid, said.language, said.spelled) == ("speech.ticket", language, "A1014")
    assert "A 1 0 1 4" in said.sentence


def test_a_screen_without_a_number_spells_none() -> None:
    (said,) = _say(start(), SPOKEN)
    assert (said.msgid, said.spelled) == ("speech.start", "")


def test_nothing_is_said_unasked_and_nothing_of_the_technicians_screens() -> None:
    assert _say(start(), Look("en")) == []
    assert _say(EnterPin(), SPOKEN) == []

"""What is said with a screen: its own guidance, where it is asked for; a number also for clips, which can't hold it."""

from dataclasses import replace
from typing import Any, cast

import pytest

from kiosk.language import Language
from kiosk.maintenance.prompts import EnterPin
from kiosk.prompts.choosing import Start
from kiosk.prompts.order import ConfirmIdentity, OrderResult
from kiosk.prompts.ticket import TakeTicket
from kiosk.prompts.ui import Availability, Chime, Look, Notice, Prompt, Text
from kiosk.settings.sections import LANGUAGES
from screens.sound.guidance import Guidance
from screens.sound.speech import Speech, Utterance
from tests.screens.samples import NAMES, SAMPLES, start

_NOT = Availability(False, Text("fault.battery"))
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
    languages = {code: Language(code) for code in LANGUAGES}
    Guidance(cast("Speech", heard), languages).screen(shown, look)
    return heard.said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_is_in_the_sentence_for_the_voice_and_apart_for_clips(language: str) -> None:
    ticket = TakeTicket("A1014", NAMES["civil-affairs"])
    (said,) = _say(ticket, Look(language, has_speech=True))
    clips = [(part.clip, part.spelled) for part in said.parts]
    assert (clips, said.language) == ([("ticket.take_below", ""), ("speech.ticket", "A1014")], language)
    assert "A 1, 0 1 4" in said.sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_and_state_has_something_to_say_in_both_languages(language: str) -> None:
    for name, shown in SAMPLES.items():
        (said,) = _say(shown, Look(language, has_speech=True))
        assert len(said.sentence) > 10, name


def test_a_screen_without_a_number_spells_none() -> None:
    (said,) = _say(start(), SPOKEN)
    assert {part.spelled for part in said.parts} == {""}


@pytest.mark.parametrize(
    ("shown", "of_orders"),
    [
        (start(), "speech.start_scan"),
        (start(scanner=_NOT), "speech.start_type"),
        (start(order=_NOT), "fault.battery"),
        (start(order=_NOT, scanner=_NOT), "fault.battery"),
    ],
)
def test_the_start_screen_says_of_orders_what_can_be_done_about_them_now(shown: Start, of_orders: str) -> None:
    (said,) = _say(shown, SPOKEN)
    assert [part.clip for part in said.parts] == [
        "speech.start",
        of_orders,
        "speech.start_about",
        "speech.start_buttons",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_became_of_an_order_is_said_with_what_to_do_and_the_number_last(language: str) -> None:
    words = Language(language)
    (said,) = _say(SAMPLES["result-unpaid-no-paper"], Look(language, has_speech=True))
    parts = ("outcome.accepted_unpaid", "outcome.accepted_unpaid_do", "result.no_paper_write", "speech.result_number")
    assert [part.clip for part in said.parts if part.clip] == list(parts)
    assert [part.spelled for part in said.parts if part.spelled] == [said.parts[-1].spelled] == ["Y2001"]
    assert all(words.text(part, number="Y 2, 0 0 1") in said.sentence for part in parts)
    assert said.sentence.rstrip(".").endswith("Y 2, 0 0 1")


def test_every_line_of_a_screen_that_says_no_is_spoken_and_values_by_the_voice_alone() -> None:
    for name in ("out-printer", "not-now", "not-now-store", "closed", "closed-service", "help-asked", "help-not-sent"):
        (said,) = _say(SAMPLES[name], SPOKEN)
        article_said = [text for text in SAMPLES[name].spoken if text.values]
        assert all(Language("en").text(text.msgid, **text.values) in said.sentence for text in article_said)
        assert [part.clip for part in said.parts if part.clip] == [
            t.msgid for t in SAMPLES[name].spoken if not t.values
        ]
    (said,) = _say(SAMPLES["closed"], SPOKEN)
    assert "Thursday 26 November at 08:00" in said.sentence


@pytest.mark.parametrize(
    ("name", "said_too"),
    [
        ("take-ticket-left-offline", ("Take your ticket on the left", "Priority", "stays valid")),
        ("printing-receipt", ("Your order is recorded",)),  # it has no number
        ("printing-copy", ("a copy",)),
        ("result-other-centre", ("Citizen Centre – Homs (Al-Hamra)",)),
        ("result-other-centre-ready", ("another centre", "Your document is ready", "(Al-Hamra)", "to collect it")),
        ("result-other-centre-collected", ("handed over already", "If it wasn't you")),
        ("result-collected", ("2026/11/20",)),
        ("result-accepted", ("Collect at", "From the next working day")),
        ("help", ("take a number for the information desk",)),
        ("help-call", ("call a member of staff",)),
        ("choose-way-no-card", ("This kiosk has no scanner",)),
        ("power-going", ("In 4 minutes", "when the power is back")),
    ],
)
def test_what_only_this_state_shows_is_said_too(name: str, said_too: tuple[str, ...]) -> None:
    (said,) = _say(SAMPLES[name], SPOKEN)
    assert [words for words in said_too if words not in said.sentence] == []


def test_what_is_to_be_paid_is_said_before_it_is_confirmed_and_after() -> None:
    due = Text("service.fee_amount", {"money": "5,000 Syrian pounds"})
    asked, told = SAMPLES["confirm-identity"], SAMPLES["result-unpaid-no-paper"]
    assert isinstance(asked, ConfirmIdentity)
    assert isinstance(told, OrderResult)
    for shown in (replace(asked, fee=due), replace(told, fee=due)):
        (said,) = _say(shown, SPOKEN)
        assert "5,000 Syrian pounds" in said.sentence
        assert asked.first_name not in said.sentence, "a name is for the eyes of who stands there"
    for shown in (replace(asked, fee=None), replace(told, fee=None)):
        (said,) = _say(shown, SPOKEN)
        assert "pounds" not in said.sentence


def test_no_call_is_spoken_of_where_nobody_can_be_called() -> None:
    (said,) = _say(SAMPLES["help"], SPOKEN)
    assert "call a member" not in said.sentence


def test_nothing_is_said_unasked_and_nothing_of_the_technicians_screens() -> None:
    assert _say(start(), Look("en")) == []
    assert _say(EnterPin(), SPOKEN) == []


def test_what_can_be_touched_is_said_after_what_is_shown() -> None:
    heard = Heard()
    guidance = Guidance(cast("Speech", heard), {code: Language(code) for code in LANGUAGES})
    guidance.screen(start(), SPOKEN, ["Civil affairs", "Help"], is_first=True)
    (said,) = heard.said
    assert said.sentence.startswith("The voice is on.")
    assert said.sentence.endswith("You can choose: Civil affairs. Help.")


def test_a_chime_is_for_everybody_and_comes_once() -> None:
    heard = Heard()
    guidance = Guidance(cast("Speech", heard), {code: Language(code) for code in LANGUAGES})
    warning, ticket = SAMPLES["still-there"], SAMPLES["printing"]
    guidance.screen(warning, Look("en"))
    guidance.screen(ticket, SPOKEN)
    guidance.screen(ticket, SPOKEN, is_new=False)
    assert [(one.chime, bool(one.parts)) for one in heard.said] == [
        (Chime.WARNING, False), (Chime.NUMBER, True), (None, True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "chime"),
    [("not-an-order", Chime.REFUSED), ("hold-code-failed", Chime.REFUSED), ("hold-code", None),
     ("result-accepted", Chime.SCAN), ("result-forged", Chime.REFUSED), ("ticket-no-paper", Chime.NUMBER)],
)  # fmt: skip
def test_a_code_that_was_read_is_heard_as_what_it_was(name: str, chime: Chime | None) -> None:
    assert SAMPLES[name].chime is chime


@pytest.mark.parametrize(("name", "number"), [("claim-booked-jam", "12345674"), ("pay-receipt-jam", "HM2-1128-0042-1")])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_to_be_written_down_in_place_of_a_paper_is_spelled_too(name: str, number: str, language: str) -> None:
    (said,) = _say(SAMPLES[name], Look(language, has_speech=True))
    spelled = [part.spelled for part in said.parts if part.spelled]
    assert spelled == [said.parts[-1].spelled] == [number]


@pytest.mark.parametrize("name", ["claim-booked", "pay-receipt", "result-unpaid"])
def test_where_a_paper_has_come_out_is_said_to_who_cannot_see_the_arrow(name: str) -> None:
    (said,) = _say(SAMPLES[name], SPOKEN)
    takes = "payment.take_below" if name.startswith("pay") else "ticket.take_below"
    assert takes in [part.clip for part in said.parts]


@pytest.mark.parametrize(
    ("name", "language", "clips"),
    [
        ("voided", "ar", [("voided.title", "A2001"), ("voided.marked", ""), ("voided.again", "")]),
        (
            "voided",
            "en",
            [("", ""), ("voided.marked", ""), ("voided.again", "")],
        ),
        (
            "todays-paper-called",
            "ar",
            [("", ""), ("todays.missed", ""), ("speech.result_number", "A2001")],
        ),
    ],
)
def test_a_number_is_spelled_where_its_sentence_ends_with_it(
    name: str, language: str, clips: list[tuple[str, str]]
) -> None:
    (said,) = _say(SAMPLES[name], Look(language, has_speech=True))
    assert [(part.clip, part.spelled) for part in said.parts] == clips


def test_the_number_that_an_appointment_has_already_is_said() -> None:
    (said,) = _say(SAMPLES["claim-used"], SPOKEN)
    number = SAMPLES["claim-used"].number
    assert [part.spelled for part in said.parts if part.clip == "speech.result_number"] == [number]

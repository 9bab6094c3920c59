"""How a visit looks and sounds is chosen beside whatever is asked, and gone with the visit."""

from kiosk.prompts.choosing import Done, Start, TakeNumber
from kiosk.prompts.state import ChooseLanguage, VoiceOptions
from kiosk.prompts.ticket import TakeTicket
from kiosk.prompts.ui import (
    AdjustVoice,
    Look,
    OpenLanguages,
    SetAccessible,
    SetLow,
    SetSpeech,
    SetVoice,
    SwitchLanguage,
)
from tests.visits.lobby import Lobby

TAP = TakeNumber("water-bill")


async def test_a_language_that_was_chosen_leads_back_to_what_was_asked(lobby: Lobby) -> None:
    ui = await lobby.run(
        (Start, OpenLanguages()), (ChooseLanguage, SwitchLanguage("en")), (Start, TAP), (TakeTicket, Done())
    )
    assert [look.language for look in ui.looks] == ["ar", "en", "ar"]


async def test_the_voice_is_changed_in_steps_that_end_and_shows_how_far_it_is(lobby: Lobby) -> None:
    ui = await lobby.run(
        (Start, SetSpeech(True)),
        (Start, AdjustVoice()),
        (VoiceOptions(0, 0), SetVoice(louder=2)),
        (VoiceOptions(2, 0), SetVoice(louder=2, faster=-9)),
        (VoiceOptions(3, -3), Done()),
        (Start, TAP),
        (TakeTicket, Done()),
    )
    assert ui.looks[-2:] == [Look("ar", has_speech=True, volume=3, speed=-3), Look("ar")]


async def test_the_voice_is_left_from_its_own_screen_and_low_reach_and_large_letters_stay(lobby: Lobby) -> None:
    ui = await lobby.run(
        (Start, SetLow(True)),
        (Start, SetAccessible(True)),
        (Start, SetSpeech(True)),
        (Start, AdjustVoice()),
        (VoiceOptions, SetSpeech(False)),
        (Start, TAP),
        (TakeTicket, Done()),
    )
    assert ui.looks[-2:] == [Look("ar", is_accessible=True, is_low=True), Look("ar")]


async def test_large_letters_and_the_voice_are_two_choices(lobby: Lobby) -> None:
    ui = await lobby.run(
        (Start, SetAccessible(True)),
        (Start, SetSpeech(True)),
        (Start, SetAccessible(False)),
        (Start, SetSpeech(False)),
        (Start, TAP),
        (TakeTicket, Done()),
    )
    chosen = [(look.is_accessible, look.has_speech) for look in ui.looks]
    assert chosen == [(False, False), (True, False), (True, True), (False, True), (False, False), (False, False)]


async def test_the_letters_change_on_the_voice_s_own_screen_which_stays(lobby: Lobby) -> None:
    ui = await lobby.run(
        (Start, SetSpeech(True)),
        (Start, AdjustVoice()),
        (VoiceOptions, SetAccessible(True)),
        (VoiceOptions, Done()),
        (Start, TAP),
        (TakeTicket, Done()),
    )
    assert Look("ar", is_accessible=True, has_speech=True) in ui.looks


async def test_a_headset_that_nobody_used_leaves_the_start_screen_at_rest(lobby: Lobby) -> None:
    ui = await lobby.run((Start, SetSpeech(False)), (Start, lobby.passes_and_ends(600)))
    assert ui.looks == [Look("ar")]

"""How a visit looks and sounds is chosen beside whatever is asked, and gone with the visit."""

from kiosk.prompts import (
    AdjustVoice,
    ChooseLanguage,
    Done,
    Look,
    OpenLanguages,
    SetAccessible,
    SetLow,
    SetVoice,
    Start,
    SwitchLanguage,
    TakeNumber,
    TakeTicket,
    VoiceOptions,
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
        (Start, SetAccessible(True)),
        (Start, AdjustVoice()),
        (VoiceOptions(0, 0), SetVoice(louder=2)),
        (VoiceOptions(2, 0), SetVoice(louder=2, faster=-9)),
        (VoiceOptions(3, -3), Done()),
        (Start, TAP),
        (TakeTicket, Done()),
    )
    assert ui.looks[-2:] == [Look("ar", is_accessible=True, has_speech=True, volume=3, speed=-3), Look("ar")]


async def test_the_voice_is_left_from_its_own_screen_and_low_reach_stays(lobby: Lobby) -> None:
    ui = await lobby.run(
        (Start, SetLow(True)),
        (Start, SetAccessible(True)),
        (Start, AdjustVoice()),
        (VoiceOptions, SetAccessible(False)),
        (Start, TAP),
        (TakeTicket, Done()),
    )
    assert ui.looks[-2:] == [Look("ar", is_low=True), Look("ar")]


async def test_a_headset_that_nobody_used_leaves_the_start_screen_at_rest(lobby: Lobby) -> None:
    ui = await lobby.run((Start, SetAccessible(False)), (Start, lobby.passes_and_ends(600)))
    assert ui.looks == [Look("ar")]

"""How a visit looks and sounds is chosen beside whatever is asked, and gone with the visit."""

import asyncio
import threading
from typing import Any

import pytest

from kiosk.flows.context import Hall
from kiosk.prompts.choosing import Done, MoreServices, Start, TakeNumber
from kiosk.prompts.order import HoldCode
from kiosk.prompts.state import ChooseLanguage, HelpOffer, NotAnOrder, StillThere, VoiceOptions
from kiosk.prompts.ticket import TakeTicket, Voided
from kiosk.prompts.ui import (
    AdjustVoice,
    AskForHelp,
    Control,
    Home,
    Look,
    OpenLanguages,
    Prompt,
    SetAccessible,
    SetLow,
    SetSpeech,
    SetVoice,
    SwitchLanguage,
)
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import Happens

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


@pytest.mark.parametrize(
    ("opens", "shown"),
    [(OpenLanguages(), ChooseLanguage), (AdjustVoice(), VoiceOptions), (AskForHelp(), HelpOffer)],
    ids=["language", "voice", "help"],
)
async def test_who_chooses_a_language_or_a_voice_or_reads_help_is_not_thrown_back_by_what_changes_on_the_start_screen(
    lobby: Lobby, opens: Control, shown: type[Prompt[Any]]
) -> None:
    lobby.hall, seen = lambda: Hall({"civil-affairs": 7}, ()), threading.Event()

    def one_more() -> Hall:
        seen.set()
        return Hall({"civil-affairs": 8}, ())

    async def one_more_waits() -> None:
        lobby.hall = one_more
        await lobby.time.advance(3)
        assert await asyncio.to_thread(seen.wait, 5)
        await asyncio.to_thread(int)  # what was composed of it comes back from its thread before this
        await lobby.time.advance(3)
        lobby.ui.ended.set()

    ui = await lobby.run((Start, SetSpeech(True)), (Start, opens), (shown, Happens(one_more_waits)))
    assert isinstance(ui.asked[-1], shown)


async def _until_start(lobby: Lobby, passed: list[int]) -> None:
    """Let one second after the other pass until the start screen is back."""
    while not isinstance(lobby.ui.asked[-1], Start):
        passed.append(len(passed) + 1)
        await lobby.time.advance(1)
        await asyncio.sleep(0.02)  # the next visit reads the store in a thread


@pytest.mark.parametrize("change", [SetAccessible(True), SetSpeech(True)], ids=["letters", "voice"])
async def test_who_needs_time_has_it_though_he_says_so_only_over_his_number(lobby: Lobby, change: Control) -> None:
    passed = list[int]()
    leaves = Happens(lambda: _until_start(lobby, passed))
    await lobby.run((Start, TAP), (TakeTicket, change), (TakeTicket, leaves), (Start, lobby.passes_and_ends(3)))
    assert len(passed) >= 20


async def test_who_listens_hears_to_its_end_what_becomes_of_a_number_that_he_took_back(lobby: Lobby) -> None:
    passed = list[int]()
    leaves = Happens(lambda: _until_start(lobby, passed))
    await lobby.run(
        (Start, SetSpeech(True)),
        (Start, TAP),
        (TakeTicket, "undo"),
        (Voided, leaves),
        (Start, lobby.passes_and_ends(3)),
    )
    assert len(passed) >= 20


async def test_a_headset_counts_also_where_the_kiosk_asks_whether_somebody_is_there(lobby: Lobby) -> None:
    ui = await lobby.run(
        (Start, "order"),
        (HoldCode, lobby.passes(45)),
        (StillThere, SetSpeech(True)),
        (HoldCode, lobby.passes(90)),
        (StillThere, SetSpeech(False)),
        (HoldCode, Home()),
    )
    assert [look.has_speech for look in ui.looks] == [False, True, False, False]


async def test_a_headset_counts_also_while_a_code_of_something_else_is_spoken_of(lobby: Lobby) -> None:
    ui = await lobby.run(
        (Start, "more"),
        (MoreServices, lobby.scans("4006381333931")),
        (NotAnOrder, SetSpeech(True)),
        (MoreServices, Home()),
    )
    assert [look.has_speech for look in ui.looks] == [False, True, False]

"""What an event that is waited for may cut short, and what it has to wait for: help, languages, a number on disk."""

import asyncio
from typing import Any

import pytest

from kiosk.prompts.ui import AskForHelp
from tests.kiosk.visits.test_visit_ui import Asks, Visit

PATIENT = Asks(patient=True)


async def settle() -> None:
    for _ in range(12):
        await asyncio.sleep(0)


class Beside(Visit):
    """A visit in whose help somebody stays until a test says so."""

    def __init__(self, *answers: Any) -> None:
        super().__init__(*answers)
        self.comes, self.leaves_help = asyncio.Event(), asyncio.Event()

    async def ask(self, prompt: Any) -> Any:
        if self.answers[0] == "waits":  # and no time runs out
            await asyncio.Event().wait()
        return await super().ask(prompt)

    async def _help(self) -> None:
        self.helped += 1
        await self.leaves_help.wait()

    async def event(self) -> str:
        await self.comes.wait()
        return "event"


async def test_an_event_is_taken_for_an_answer_and_an_answer_ends_it() -> None:
    visit = Beside("nobody")
    asking = asyncio.create_task(visit.ui.ask_until(PATIENT, visit.event))
    await settle()
    assert not asking.done()
    visit.comes.set()
    assert await asking == "event"
    assert await Beside("x").ui.ask_until(PATIENT, Beside().event) == "x"


@pytest.mark.parametrize("in_peace", [True, False])
async def test_help_is_cut_short_by_an_event_unless_it_may_be_read_in_peace(in_peace: bool) -> None:
    visit = Beside(AskForHelp(), "nobody")
    asking = asyncio.create_task(visit.ui.ask_until(PATIENT, visit.event, in_peace=in_peace))
    await settle()
    assert (visit.helped, visit.ui._beside) == (1, 1)
    over = asyncio.create_task(visit.ui.help_is_over())
    visit.comes.set()
    await settle()
    assert asking.done() is over.done() is not in_peace
    visit.leaves_help.set()
    await settle()
    assert (await asking, over.done(), visit.ui._beside) == ("event", True, 0)


async def test_what_is_asked_from_within_help_is_ended_by_its_own_event_there() -> None:
    visit = Beside("nobody")
    with visit.ui._aside():
        visit.comes.set()
        assert await visit.ui.ask_until(PATIENT, visit.event, in_peace=True) == "event"


async def test_a_number_that_is_on_disk_is_shown_before_an_event_ends_what_was_asked() -> None:
    visit = Beside("nobody")
    asking = asyncio.create_task(visit.ui.ask_until(PATIENT, visit.event))
    await settle()
    with visit.ui.undisturbed():
        visit.comes.set()
        await settle()
        assert not asking.done()
        own = asyncio.Event()
        own.set()
        visit.answers = ["nobody"]
        assert await visit.ui.ask_until(PATIENT, own.wait) is True, "its own events count in there"
    await settle()
    assert (asking.done(), await asking) == (True, "event")


async def test_a_brief_question_goes_on_by_itself_once_nobody_has_touched_anything() -> None:
    seconds = iter([7.0, 8.0, 9.0])
    visit = Beside("waits")
    asking = asyncio.create_task(visit.ui.ask_briefly(PATIENT, lambda: next(seconds)))
    await settle()
    visit.on_touch()
    await settle()
    assert (asking.done(), visit.waited) == (False, [7.0, 8.0])
    visit.nobody.set()
    assert await asking is None
    assert await Beside("x").ui.ask_briefly(PATIENT, lambda: 7.0) == "x"
    visit = Beside("waits")
    visit.comes.set()
    assert await visit.ui.ask_briefly(PATIENT, lambda: 7.0, visit.event) == "event"


async def test_a_brief_question_does_not_go_on_while_somebody_reads_help() -> None:
    visit = Beside(AskForHelp(), "nobody")
    asking = asyncio.create_task(visit.ui.ask_briefly(PATIENT, lambda: 7.0, visit.event))
    await settle()
    visit.nobody.set()
    await settle()
    assert (asking.done(), visit.waited) == (False, [7.0, 7.0])
    visit.comes.set()
    await settle()
    assert not asking.done(), "nor by its event, which may wait"
    visit.leaves_help.set()
    assert await asking == "event"

"""What one visit makes of controls, of time that runs out and of codes that are held, prompt by prompt."""

import asyncio
from dataclasses import dataclass
from typing import Any, ClassVar, cast

import pytest

from devices.protocols import Scan
from kiosk.flows.context import Memory
from kiosk.flows.ended import Cancelled, CodeHeld, FlowEnded, Interrupted, TimedOut, WentBack
from kiosk.prompts.choosing import Start
from kiosk.prompts.state import ChooseLanguage, NotAnOrder, StillThere, VoiceOptions
from kiosk.prompts.ui import (
    AdjustVoice,
    AskForHelp,
    Back,
    Home,
    Look,
    OpenLanguages,
    OpenMaintenance,
    Prompt,
    SetAccessible,
    SetLow,
    SetSpeech,
    SetVoice,
    SwitchLanguage,
)
from kiosk.visits.visit_ui import VisitUi


@dataclass(frozen=True)
class Asks(Prompt[str]):
    """Any prompt, with what the case wants of it."""

    name: ClassVar[str] = "asks"
    personal: bool = False
    patient: bool = False
    back: bool = True

    @property
    def is_personal(self) -> bool:
        return self.personal

    @property
    def is_patient(self) -> bool:
        return self.patient

    @property
    def has_back(self) -> bool:  # type: ignore[override]
        return self.back


@dataclass(frozen=True)
class TakesCode(Asks):
    takes_code: ClassVar[bool] = True


class Visit:
    """A display that answers by a list, where "nobody" lets the next wait run out; waits are noted and end at once."""

    def __init__(self, *answers: Any, look: Look | None = None) -> None:
        self.answers = list(answers)
        self.asked: list[Any] = []
        self.waited: list[float] = []
        self.looks: list[Look] = []
        self.helped = 0
        self.codes: list[Scan | None] = []
        self.on_touch: Any = None
        self.nobody = asyncio.Event()
        self.memory = Memory(look or Look("ar"))
        self.ui = VisitUi(cast("Any", self), self.memory, self._sleep, self._help, self._held_code)

    async def ask(self, prompt: Any) -> Any:
        self.asked.append(prompt)
        answer = self.answers.pop(0)
        if answer == "nobody":
            self.nobody.set()
            await asyncio.Event().wait()
        return answer

    def set_look(self, look: Look) -> None:
        self.looks.append(look)

    async def _sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        await self.nobody.wait()
        self.nobody.clear()

    async def _help(self) -> None:
        self.helped += 1

    async def _held_code(self) -> Scan | None:
        if not self.codes:
            await asyncio.Event().wait()
        return self.codes.pop(0)

    async def result(self, prompt: Any, *, touched: bool = True) -> Any:
        """Ask; a visit that was `touched` before has a time limit."""
        self.ui._is_untouched = not touched
        async with asyncio.timeout(20):
            try:
                return await self.ui.ask(prompt)
            except FlowEnded as ended:
                return type(ended)


@pytest.mark.parametrize(
    ("answer", "prompt", "result"),
    [
        ("x", Asks(), "x"),
        (Back(), Asks(), WentBack),
        (Home(), Asks(), Cancelled),
        (OpenMaintenance(), Asks(), Interrupted),
        (SwitchLanguage("en"), ChooseLanguage(), WentBack),
        (SetVoice(1), VoiceOptions(0, 0), WentBack),
    ],
)
async def test_a_control_ends_what_is_asked(answer: object, prompt: Any, result: object) -> None:
    visit = Visit(answer)
    assert await visit.result(prompt) == result
    assert visit.asked == [prompt]


@pytest.mark.parametrize(
    ("control", "look"),
    [
        (SwitchLanguage("en"), Look("en")),
        (SetAccessible(True), Look("ar", is_accessible=True)),
        (SetLow(True), Look("ar", is_low=True)),
        (SetSpeech(True), Look("ar", has_speech=True)),
        (SetSpeech(False), None),
        (SetVoice(1), Look("ar", volume=1)),
        (SetVoice(-1), Look("ar", volume=-1)),
        (SetVoice(9), Look("ar", volume=3)),
        (SetVoice(-9), Look("ar", volume=-3)),
        (SetVoice(0, 2), Look("ar", speed=2)),
        (SetVoice(0, -9), Look("ar", speed=-3)),
    ],
)
async def test_a_look_is_changed_and_the_same_asked_again(control: object, look: Look | None) -> None:
    visit = Visit(control, "x")
    assert await visit.result(Asks()) == "x"
    assert visit.asked == [Asks(), Asks()]
    assert (visit.looks, visit.memory.look) == (([], Look("ar")) if look is None else ([look], look))


async def test_a_voice_begins_as_it_is_set_and_steps_add_up() -> None:
    visit = Visit(SetVoice(1), SetVoice(1, 1), SetSpeech(False), SetSpeech(True), "x", look=Look("ar", has_speech=True))
    assert await visit.result(Asks()) == "x"
    steps = [(look.has_speech, look.volume, look.speed) for look in visit.looks]
    assert steps == [(True, 1, 0), (True, 2, 1), (False, 0, 0), (True, 0, 0)]


async def test_back_and_help_do_nothing_where_they_are_not_offered() -> None:
    visit = Visit(Back(), AskForHelp(), "x")
    assert await visit.result(Asks(back=False)) == "x"
    assert (visit.helped, len(visit.asked)) == (1, 3)
    visit = Visit(AskForHelp(), "x")
    assert await visit.result(Start(())) == "x"
    assert visit.helped == int(Start.has_help)


async def test_languages_and_voice_are_asked_over_what_goes_on_afterwards() -> None:
    visit = Visit(OpenLanguages(), SwitchLanguage("en"), "x")
    assert await visit.result(Asks()) == "x"
    assert visit.asked == [Asks(), ChooseLanguage(), Asks()]
    assert visit.memory.look.language == "en"
    visit = Visit(AdjustVoice(), "x")
    assert await visit.result(Asks()) == "x"
    assert visit.asked == [Asks(), Asks()], "without a voice there is nothing to adjust"
    visit = Visit(AdjustVoice(), SetVoice(1), Back(), "x", look=Look("ar", has_speech=True))
    assert await visit.result(Asks()) == "x"
    assert visit.asked == [Asks(), VoiceOptions(0, 0), VoiceOptions(1, 0), Asks()]


@pytest.mark.parametrize(("prompt", "limit"), [(Asks(), 45.0), (Asks(personal=True), 30.0)])
async def test_who_is_still_there_has_twice_the_time_and_ten_minutes_at_most(prompt: Asks, limit: float) -> None:
    visit = Visit(*(["nobody", "more_time"] * 6), "nobody", "nobody")
    assert await visit.result(prompt) is TimedOut
    limits = [min(600.0, limit * 2**n) for n in range(7)]
    waited = [each for one in limits for each in (one, 20)]
    assert visit.waited == waited
    assert visit.asked == [prompt, StillThere(20)] * 7


@pytest.mark.parametrize(
    ("answer", "result", "look"),
    [
        ("end", Cancelled, Look("ar")),
        (Home(), Cancelled, Look("ar")),
        (OpenMaintenance(), Interrupted, Look("ar")),
        ("nobody", TimedOut, Look("ar")),
        (SetAccessible(True), "x", Look("ar", is_accessible=True)),
        ("more_time", "x", Look("ar")),
    ],
)
async def test_the_warning_takes_one_touch(answer: object, result: object, look: Look) -> None:
    visit = Visit("nobody", answer, "x")
    assert await visit.result(Asks()) == result
    assert (visit.asked[:2], visit.memory.look) == ([Asks(), StillThere(20)], look)


@pytest.mark.parametrize(("prompt", "touched"), [(Start(()), False), (Asks(patient=True), True)])
async def test_what_rests_untouched_or_is_patient_has_no_limit(prompt: Any, touched: bool) -> None:
    visit = Visit("x")
    assert await visit.result(prompt, touched=touched) == "x"
    assert visit.waited == []


async def test_a_visit_has_a_limit_from_its_first_answer_or_first_other_screen_on() -> None:
    visit = Visit("nobody", "nobody")
    assert await visit.result(Asks(), touched=False) is TimedOut
    visit = Visit("x", "nobody", "nobody")
    assert await visit.result(Start(()), touched=False) == "x"
    with pytest.raises(TimedOut):
        await visit.ui.ask(Start(()))


async def test_a_touch_begins_the_limit_afresh() -> None:
    visit = Visit("nobody", "nobody")
    asking = asyncio.create_task(visit.result(Asks()))
    visit.nobody = asyncio.Event()
    for waits in (1, 2, 3):
        while len(visit.waited) < waits:  # noqa: ASYNC110 (a wait that has begun is no event)
            await asyncio.sleep(0)
        visit.nobody.clear()
        if waits < 3:
            visit.on_touch()
    assert visit.waited == [45.0] * 3
    visit.nobody.set()
    await asyncio.sleep(0)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)


async def test_a_code_that_is_held_leads_away_and_one_of_something_else_is_said_for_five_seconds() -> None:
    visit, scan = Visit("nobody"), Scan(b"SY1:x")
    visit.codes = [scan]
    visit.ui._is_untouched = True
    with pytest.raises(CodeHeld) as held:
        await visit.ui.ask(TakesCode(patient=True))
    assert held.value.scan is scan
    visit = Visit("nobody", "nobody", "x")
    visit.codes = [None]
    assert await visit.result(TakesCode(patient=True)) == "x"
    assert visit.asked == [TakesCode(patient=True), NotAnOrder(), TakesCode(patient=True)]
    assert visit.waited == [5.0]
    for answer, result in ((OpenMaintenance(), Interrupted), (SetLow(True), "x")):
        visit = Visit("nobody", answer, "x")
        visit.codes = [None]
        assert await visit.result(TakesCode(patient=True)) == result
        assert visit.memory.look.is_low is (result == "x")
    visit = Visit("x")
    visit.codes = [scan]
    assert await visit.result(Asks()) == "x", "where no code is taken, none is read"

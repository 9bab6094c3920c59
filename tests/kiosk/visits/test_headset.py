"""A headset plugged in is the button for the voice; what was in at the start, or can't be read, is nobody's."""

import asyncio
from contextlib import suppress

from structlog.testing import capture_logs

from kiosk.prompts.choosing import Start
from kiosk.prompts.ui import SetSpeech
from kiosk.visits.headset import Headset
from tests.kiosk.visits.test_service_key import HandSwitch
from tests.visits.scripted_ui import ScriptedUi


async def _at_once(_seconds: float) -> None:
    await asyncio.sleep(0)


async def _read_again(jack: HandSwitch) -> None:
    before = jack.read + jack.opened
    async with asyncio.timeout(60):
        while jack.read + jack.opened < before + 3:  # noqa: ASYNC110 (a thread reads it)
            await asyncio.sleep(0.001)


async def _stop(watching: "asyncio.Task[None]") -> None:
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching


async def test_plugging_in_and_out_are_touches_on_the_button() -> None:
    jack, found = HandSwitch(), []
    jack.is_on = True  # it belongs to the kiosk
    headset = Headset(jack.open, _at_once)
    watching = asyncio.create_task(headset.watch())
    display = headset.for_citizens(ScriptedUi())
    await _read_again(jack)
    for is_in in (False, True, False):
        asking = asyncio.create_task(display.ask(Start(())))
        await asyncio.sleep(0)
        assert not asking.done()
        jack.is_on = is_in
        async with asyncio.timeout(60):
            found.append(await asking)
    await _stop(watching)
    assert found == [SetSpeech(False), SetSpeech(True), SetSpeech(False)]
    assert jack.closed


async def test_a_jack_that_is_gone_is_logged_once_and_found_again() -> None:
    jack = HandSwitch()
    jack.is_lost = True
    with capture_logs() as logged:
        watching = asyncio.create_task(Headset(jack.open, _at_once).watch())
        await _read_again(jack)
        jack.is_lost = False
        await _read_again(jack)
        await _stop(watching)
    assert [line["event"] for line in logged] == ["headset-lost"]

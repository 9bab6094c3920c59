"""Key and jack reading by reading, without a thread: what counts as a turn, how long is waited, and what is logged."""

import asyncio
from collections.abc import Callable
from typing import Any, cast
from unittest import mock

import pytest
from structlog.testing import capture_logs

from devices.errors import DeviceUnavailable
from kiosk.prompts.ui import Home, Look, OpenMaintenance
from kiosk.visits.headset import Headset
from kiosk.visits.service_key import Keyed, ServiceKey

LOST = DeviceUnavailable("/dev/ttyS0", "is gone" + "!" * 300)


class Script:
    """Readings in order; an error in them is raised at reading, or at opening where `at_opening` says so."""

    def __init__(self, *readings: bool | Exception, at_opening: tuple[int, ...] = ()) -> None:
        self.readings = list(readings)
        self.at_opening = at_opening
        self.opened = self.closed = 0
        self.waited: list[float] = []

    def open(self) -> Any:
        self.opened += 1
        if self.opened in self.at_opening:
            raise LOST
        return self

    def is_turned(self) -> bool:
        reading = self.readings.pop(0)
        if isinstance(reading, Exception):
            raise reading
        return reading

    def close(self) -> None:
        self.closed += 1
        raise LOST  # a port that is gone may refuse even this

    async def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        if not self.readings:
            raise asyncio.CancelledError


@pytest.fixture(autouse=True)
def _without_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_once(call: Callable[[], object]) -> object:
        return call()

    monkeypatch.setattr(asyncio, "to_thread", at_once)


async def watched(made: type[ServiceKey] | type[Headset], script: Script) -> tuple[Any, list[dict[str, Any]]]:
    one = made(script.open, script.sleep)
    with capture_logs() as logs, pytest.raises(asyncio.CancelledError):
        await one.watch()
    return one, cast("list[dict[str, Any]]", logs)


@pytest.mark.parametrize(
    ("readings", "turns", "stands"),
    [
        ([False, False], [], (False, False)),
        ([True, True], [], (False, False)),
        ([False, False, True], [], (False, False)),
        ([False, False, True, True], [True], (True, False)),
        ([False, False, True, True, True, True], [True], (True, False)),
        ([False, False, True, False, True, False, False], [], (False, False)),
        ([False, False, True, True, False], [True], (True, False)),
        ([False, False, True, True, False, False], [True, False], (False, True)),
        ([True, True, False, False, True, True], [False, True], (True, False)),
    ],
)
async def test_a_key_is_turned_by_two_readings_alike_that_differ_from_before(
    readings: list[bool], turns: list[bool], stands: tuple[bool, bool]
) -> None:
    script = Script(*readings)
    key, logs = await watched(ServiceKey, script)
    assert logs == [{"event": "service-key-turned", "on": is_on, "log_level": "info"} for is_on in turns]
    assert (key.turned_on.is_set(), key.turned_back.is_set()) == stands
    assert script.waited == [0.1] * len(readings)
    assert (script.opened, script.closed) == (1, 1)


@pytest.mark.parametrize(
    ("readings", "stands"),
    [
        ([True, True], (False, False)),
        ([False, True], (True, False)),
        ([False, True, False], (False, True)),
        ([True, False, False], (False, True)),
        ([True, False, True, True], (True, False)),
    ],
)
async def test_a_headset_is_plugged_by_one_reading_that_differs_from_before(
    readings: list[bool], stands: tuple[bool, bool]
) -> None:
    script = Script(*readings)
    headset, logs = await watched(Headset, script)
    assert (headset._plugged.is_set(), headset._unplugged.is_set()) == stands
    assert (logs, script.waited) == ([], [0.5] * len(readings))


@pytest.mark.parametrize(
    ("made", "event", "look_s", "again_s"),
    [(ServiceKey, "service-key-lost", 0.1, 10.0), (Headset, "headset-lost", 0.5, 30.0)],
)
async def test_what_is_lost_is_logged_once_until_it_was_open_again(
    made: type[ServiceKey] | type[Headset], event: str, look_s: float, again_s: float
) -> None:
    script = Script(True, LOST, True, LOST, True, at_opening=(2, 3))
    _, logs = await watched(made, script)
    assert logs == [{"event": event, "problem": str(LOST)[:200], "log_level": "warning"}] * 2
    assert len(str(LOST)) > 200
    assert script.waited == [look_s, again_s, again_s, again_s, look_s, again_s, look_s]
    assert (script.opened, script.closed) == (5, 3)


async def test_a_keyed_display_passes_all_else_on_and_a_turn_counts_once() -> None:
    inner, turned = mock.Mock(on_touch=None), asyncio.Event()
    inner.ask = mock.AsyncMock(return_value="touched")
    keyed = Keyed(inner, turned, OpenMaintenance())
    heard, notice, strip = mock.Mock(), mock.Mock(), mock.Mock()
    keyed.on_touch = heard
    assert (inner.on_touch, keyed.on_touch) == (heard, heard)
    keyed.show(notice)
    keyed.set_look(Look())
    keyed.set_strip(strip)
    keyed.forget()
    assert inner.mock_calls == [
        mock.call.show(notice), mock.call.set_look(Look()), mock.call.set_strip(strip), mock.call.forget(),
    ]  # fmt: skip
    assert cast("Any", await keyed.ask(mock.Mock())) == "touched"
    never = asyncio.Event()
    inner.ask = never.wait
    keyed = Keyed(mock.Mock(ask=lambda _: never.wait()), turned, OpenMaintenance())
    turned.set()
    assert await keyed.ask(mock.Mock()) == OpenMaintenance()
    assert not turned.is_set()
    key = ServiceKey(mock.Mock())
    key.turned_back.set()
    for_technician = key.for_technician(inner)
    assert not key.turned_back.is_set(), "what was turned before doesn't count"
    assert (for_technician._turned, for_technician._answer) == (key.turned_back, Home())
    for_citizens = key.for_citizens(inner)
    assert (for_citizens._turned, for_citizens._answer) == (key.turned_on, OpenMaintenance())

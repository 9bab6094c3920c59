"""A key that is turned asks for the PIN and never more; turned back it ends the session; a bad contact does nothing."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from common.machine.errors import ConfigError
from devices.errors import DeviceUnavailable
from devices.switches.key_switch import LINES, SerialKeySwitch
from kiosk.maintenance.overview import overview
from kiosk.maintenance.prompts import EnterPin
from kiosk.maintenance.session import maintain
from kiosk.prompts.ui import Home, Look, OpenMaintenance
from kiosk.settings.config import load
from kiosk.visits.service_key import ServiceKey
from tests.kiosk.maintenance.scripted import NOBODY, PIN, ScriptedDisplay, Workshop
from tests.kiosk.maintenance.tools import audited


class HandSwitch:
    """A switch that a test turns. `bounces` are readings that come first."""

    def __init__(self) -> None:
        self.is_on = False
        self.bounces: list[bool] = []
        self.is_lost = False
        self.opened = self.closed = self.read = 0

    def open(self) -> "HandSwitch":
        self.opened += 1
        if self.is_lost:
            raise DeviceUnavailable("/dev/ttyS0", "is gone")
        return self

    def is_turned(self) -> bool:
        self.read += 1
        if self.is_lost:
            raise DeviceUnavailable("/dev/ttyS0", "is gone")
        return self.bounces.pop(0) if self.bounces else self.is_on

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def switch() -> HandSwitch:
    return HandSwitch()


async def _at_once(_seconds: float) -> None:
    await asyncio.sleep(0)


@asynccontextmanager
async def watched(switch: HandSwitch) -> AsyncIterator[ServiceKey]:
    key = ServiceKey(switch.open, _at_once)
    watching = asyncio.create_task(key.watch())
    await looked(switch)
    yield key
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


async def looked(switch: HandSwitch, times: int = 4) -> None:
    """Wait until the switch has been read so often again."""
    enough = switch.read + times
    await until(lambda: switch.read >= enough or switch.is_lost)


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for another thread or task to bring it about."""
    async with asyncio.timeout(10):
        while not is_so():  # noqa: ASYNC110 (what is waited for has no event to wait on)
            await asyncio.sleep(0.001)


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    workshop = Workshop(tmp_path)
    yield workshop
    workshop.store.close()


async def test_turned_on_it_answers_whatever_is_asked_as_the_gesture_does_once(switch: HandSwitch) -> None:
    async with watched(switch) as key:
        display = ScriptedDisplay(("pin", NOBODY))
        asking = asyncio.create_task(key.for_citizens(display).ask(_pin()))
        await looked(switch)
        assert not asking.done()
        switch.is_on = True
        assert await asyncio.wait_for(asking, 10) == OpenMaintenance()
        again = asyncio.create_task(key.for_citizens(display).ask(_pin()))
        await looked(switch)
        assert not again.done()
        again.cancel()


async def test_a_key_turned_while_nothing_is_asked_counts_at_the_next_prompt(switch: HandSwitch) -> None:
    async with watched(switch) as key:
        switch.is_on = True
        await looked(switch)
        assert await key.for_citizens(ScriptedDisplay(("pin", NOBODY))).ask(_pin()) == OpenMaintenance()


async def test_a_key_that_is_on_at_the_start_or_bounces_has_not_been_turned(switch: HandSwitch) -> None:
    switch.is_on = True
    async with watched(switch) as key:
        assert not key.turned_on.is_set()
    switch = HandSwitch()
    async with watched(switch) as key:
        switch.bounces = [True, False, True, False, False]
        await looked(switch, 8)
        assert not key.turned_on.is_set()


async def test_turned_on_and_back_before_anything_was_asked_opens_nothing(switch: HandSwitch) -> None:
    async with watched(switch) as key:
        switch.is_on = True
        await looked(switch)
        switch.is_on = False
        await looked(switch)
        assert not key.turned_on.is_set()


async def test_the_key_leads_to_the_pin_and_never_past_it_and_turning_back_ends_the_session(
    switch: HandSwitch, workshop: Workshop
) -> None:
    switch.is_on = False
    async with watched(switch) as key:
        switch.is_on = True
        await looked(switch)
        display = ScriptedDisplay(("pin", "00000000"), ("pin", PIN), ("overview", NOBODY))
        session = asyncio.create_task(maintain(key.for_technician(display), workshop.tools(), Look(), overview))
        await until(lambda: len(display.seen) == 3)
        await looked(switch)
        assert not session.done()
        switch.is_on = False
        assert await asyncio.wait_for(session, 10) == "exit"
    assert [event for event, _ in audited(workshop.store)][-3:] == [
        "pin-refused",
        "technician-entered",
        "technician-left",
    ]


async def test_a_key_turned_back_before_the_session_does_not_end_it(switch: HandSwitch) -> None:
    async with watched(switch) as key:
        for is_on in (True, False):
            switch.is_on = is_on
            await looked(switch)
        asking = asyncio.create_task(key.for_technician(ScriptedDisplay(("pin", NOBODY))).ask(_pin()))
        await looked(switch)
        assert not asking.done()
        for is_on in (True, False):
            switch.is_on = is_on
            await looked(switch)
        assert await asyncio.wait_for(asking, 10) == Home()


async def test_a_switch_that_is_pulled_out_and_put_back_is_opened_again(switch: HandSwitch) -> None:
    with capture_logs() as lines:
        async with watched(switch) as key:
            switch.is_lost = True
            await until(lambda: switch.opened >= 5)
            switch.is_lost = False
            await looked(switch)
            switch.is_on = True
            await asyncio.wait_for(key.turned_on.wait(), 10)
    assert [line["event"] for line in lines].count("service-key-lost") == 1
    assert switch.closed >= 2


def test_a_port_that_is_not_there_or_has_no_such_lines_is_a_device_error(tmp_path: Path) -> None:

    with pytest.raises(DeviceUnavailable):
        SerialKeySwitch(str(tmp_path / "ttyS9"), "dsr")
    _master, slave = os.openpty()
    for line in LINES:
        # A pseudo-terminal refuses the lines at opening or at reading, as the kernel pleases.
        with pytest.raises(DeviceUnavailable):
            SerialKeySwitch(os.ttyname(slave), line).is_turned()


TOML = """
[kiosk]
centre = "homs-main"
[central]
url = "http://127.0.0.1:9"
[devices.printer]
port = "/dev/ttyS0"
[service_key]
"""


def test_the_setting_names_port_and_line_and_shares_no_port(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text(TOML + 'port = "/dev/ttyS1"\n')
    key = load(path).service_key
    assert key is not None
    assert (key.port, key.line) == ("/dev/ttyS1", "dsr")
    path.write_text(TOML + 'port = "/dev/ttyS1"\nline = "rts"\n')
    with pytest.raises(ConfigError, match=r"line 10.*service_key\.line"):
        load(path)
    path.write_text(TOML + 'port = "/dev/ttyS0"\n')
    with pytest.raises(ConfigError, match=r"service_key\.port.*of its own"):
        load(path)


def _pin() -> EnterPin:
    return EnterPin()

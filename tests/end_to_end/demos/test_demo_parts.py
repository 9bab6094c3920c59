"""The parts of the demo by themselves: its faults by name, the UPS, the changed codes."""

import asyncio
import inspect
import re
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from common.city.catalogue import Hours
from common.protocol.codes.signed_code import PREFIX
from demo.devices import ups_server
from demo.faults.fault_names import FAULTS
from demo.faults.faults import known
from demo.faults.of_central import another_hour
from demo.faults.of_orders import changed
from demo.processes import Processes
from demo.town import do_nothing
from kiosk.machine.power import PowerReading, PowerState, ServiceLevel, UpsWatch
from kiosk.settings.sections import UpsSection
from offline_store.issuing.business_day import ZONE
from tests.end_to_end.conftest import run
from tests.kit.declared_prompts import DECLARED
from tests.kit.order_codes import genuine


def test_every_fault_that_the_help_names_can_come_about() -> None:
    assert list(known()) == list(FAULTS)
    assert [name for name in FAULTS if not _does_something(name)] == []


def _does_something(name: str) -> bool:
    fault = known()[name]
    acts = (
        *(
            act is not do_nothing
            for act in (fault.publish, fault.prepare, fault.begin, fault.after_ticket, fault.at_counter)
        ),
        fault.settings(),
        fault.walk,
        fault.hesitates,
        fault.by_technician,
    )
    return any(acts) or name.endswith(".missing")


@pytest.mark.parametrize(("name", "moment"), [("hub.down", "begin"), ("hub.killed", "at_counter")])
def test_a_fault_of_the_hub_ends_its_process(tmp_path: Path, name: str, moment: str) -> None:
    with Processes(tmp_path) as processes:
        processes.start("hub", ["sleep", "infinity"])
        getattr(known()[name], moment)(cast("Any", SimpleNamespace(processes=processes)))
        assert not processes.is_running("hub")


def test_every_numbered_screen_of_a_citizen_can_be_reached() -> None:
    """The screens C1 to C21, by the way of everybody or by a fault; what each really shows the demo's own tests say."""
    numbered = {
        found.name
        for found in DECLARED
        if inspect.isclass(found) and re.match(r"C\d+", found.__doc__ or "") and hasattr(found, "name")
    }
    reached = {"start", "printing", "ticket", "hold_code", "result"}
    reached |= {"voice"}  # the demo's machine may have none; `tests/screens/sound/test_eyes_shut.py` goes there
    for fault in known().values():
        reached |= {step.screen for step in fault.walk} | {str(fault.face), str(fault.refusal)}
        reached |= {"still_there"} if fault.hesitates else set()
        reached |= {"screen_ticket"} if fault.name == "printer.paper-out" else set()
    assert len(numbered) >= 17
    assert numbered <= reached


def test_an_unknown_fault_is_answered_with_all_that_there_are(tmp_path: Path) -> None:
    said = run("kiosk", "demo", "--fault", "printer.on-fire")
    assert said.status == 2
    words = said.err.replace("│", " ").split()
    assert {name for name in FAULTS if name not in [word.strip(",") for word in words]} == set()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("variables", "state", "service"),
    [
        (ups_server.MAINS, PowerState.MAINS, ServiceLevel.FULL),
        (ups_server.BATTERY, PowerState.BATTERY, ServiceLevel.FULL),
        (ups_server.ORDERS_CLOSED, PowerState.BATTERY, ServiceLevel.NO_ORDERS),
        (ups_server.NEARLY_EMPTY, PowerState.LOW, ServiceLevel.STOPPING),
    ],
)
async def test_the_kiosk_reads_from_the_ups_what_the_demo_says(
    variables: dict[str, str], state: PowerState, service: ServiceLevel
) -> None:
    with ups_server.UpsServer() as ups:
        ups.variables = variables
        told: asyncio.Future[tuple[PowerState, ServiceLevel]] = asyncio.get_running_loop().create_future()

        async def hear(reading: PowerReading, service: ServiceLevel) -> None:
            told.set_result((reading.state, service))

        watching = asyncio.create_task(UpsWatch(UpsSection(name=ups_server.NAME, port=ups.port)).run(hear))
        assert await told == (state, service)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


def test_the_ups_knows_one_question() -> None:
    with ups_server.UpsServer() as ups:
        assert ups.answer(["LIST", "VAR", "another"]) == "ERR UNKNOWN-COMMAND\n"


@pytest.mark.parametrize("kid", [False, True])
def test_a_changed_code_is_another_code_of_the_same_form(kid: bool) -> None:
    code = genuine()
    assert changed(code, kid=kid) != code
    assert changed(code, kid=kid).startswith(PREFIX)
    assert changed(changed(code, kid=kid), kid=kid) == code


@pytest.mark.parametrize("hour", range(24))
def test_a_place_that_is_to_be_closed_now_is(hour: int) -> None:
    now = datetime(2026, 11, 25, hour, 30, tzinfo=ZONE)
    assert not Hours(*another_hour(now)).is_open(now)

"""From what stands to the network and back: the hub's messenger, the driver, and a simulated modem at a real port."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from common.messages.channels import Channels
from common.messages.settings import MessagesSettings, ModemSection
from devices.modem.simulator import Fault, ModemSimulator
from devices.simulation import PtyPort
from hub.messages.sending import Messenger
from tests.hub.messages.conftest import CONFIG, KEY, MANAGER, TECHNICIAN, Desk
from tests.hub.messages.test_alarms import QUARTER
from tests.hub.messages.test_no_internet import cut_internet


@pytest.fixture
def simulator() -> ModemSimulator:
    return ModemSimulator()


@pytest.fixture
def port(simulator: ModemSimulator) -> Iterator[PtyPort]:
    with PtyPort(simulator) as found:
        simulator.pull = found.unplug
        yield found


@pytest.fixture
def by_modem(desk: Desk, port: PtyPort, tmp_path: Path) -> Iterator[Desk]:
    """A desk whose messenger has the real channel; time passes by the hall's clock alone."""
    settings = MessagesSettings(modem=ModemSection(port=port.port, state_dir=str(tmp_path)))
    channels = Channels(settings, "modem", desk.hall.clock.boottime)
    desk.messenger = Messenger(desk.hall.hub, CONFIG, KEY, desk.hall.clock, channels, lambda: desk.is_on_battery)
    yield desk
    channels.close()


def test_an_alarm_is_with_the_network_while_the_internet_is_cut(by_modem: Desk, simulator: ModemSimulator) -> None:
    cut_internet(by_modem)
    waited = 0.0
    while not simulator.taken:
        by_modem.look(after_s=30)
        waited += 30
    assert waited <= 30 * 60 + 60
    assert [one.number for one in simulator.taken] == [TECHNICIAN, MANAGER]
    assert "لا إنترنت في المركز" in simulator.taken[0].text


def test_the_alarms_digits_from_a_number_that_was_told_take_it(by_modem: Desk, simulator: ModemSimulator) -> None:
    by_modem.kiosk_says("paper-out")
    by_modem.look()
    by_modem.look(after_s=61)
    assert len(simulator.taken) == 1
    simulator.deliver("+963900000000", by_modem.digits())
    by_modem.look(after_s=QUARTER + 1)
    assert len(simulator.taken) == 2, "a stranger takes nothing"
    simulator.deliver(TECHNICIAN, by_modem.digits())
    by_modem.look(after_s=5)
    by_modem.look(after_s=QUARTER + 1)
    by_modem.look(after_s=QUARTER + 1)
    assert len(simulator.taken) == 3
    assert by_modem.digits() in simulator.taken[-1].text, "who took it reads so, and nobody else anything"
    by_modem.look(after_s=5)
    assert not simulator.stored, "what came in is deleted"


def test_an_answer_that_the_cable_lost_is_not_sent_twice_in_a_quarter_of_an_hour(
    by_modem: Desk, simulator: ModemSimulator, port: PtyPort
) -> None:
    simulator.fault = Fault.LOSES_CABLE
    by_modem.kiosk_says("paper-out")
    by_modem.look()
    by_modem.look(after_s=61)
    assert [row.state for row in by_modem.rows()] == ["unknown"]
    assert len(simulator.taken) == 1
    simulator.fault = None
    port.replug()
    by_modem.look(after_s=60)
    assert len(simulator.taken) == 1
    by_modem.look(after_s=QUARTER)
    assert len(simulator.taken) == 2
    by_modem.look(after_s=5)


@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.NO_CREDIT, Fault.NO_CARRIER, Fault.STORAGE_FULL])
def test_a_modem_that_cannot_now_sends_when_it_can(by_modem: Desk, simulator: ModemSimulator, fault: Fault) -> None:
    simulator.fault = fault
    by_modem.kiosk_says("paper-out")
    by_modem.look()
    by_modem.look(after_s=61)
    assert not simulator.taken
    simulator.fault = None
    for _ in range(4):
        by_modem.look(after_s=30)
    assert len(simulator.taken) == 1

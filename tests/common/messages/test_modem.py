"""The channel over the driver and a simulated modem: what each fault of it is to an outbox."""

from pathlib import Path

import msgspec
import pytest

from common.messages import modem as modems
from common.messages import modem_note
from common.messages.channels import Channels
from common.messages.modem import ModemChannel
from common.messages.modem_note import ModemSaid, is_well, last_said
from common.messages.port import ChannelBusy, ChannelUnavailable, Received, Report
from common.messages.settings import MessagesSettings, ModemSection, load
from devices.modem.driver import GsmModem
from devices.modem.simulator import Fault, ModemSimulator
from devices.simulation import PtyPort
from tests.devices.modem.test_gsm import Line

NUMBER, TEXT = "+963944123456", "نفد ورق الجهاز 2 منذ 09:40"


def channel_of(simulator: ModemSimulator, folder: Path | None = None) -> tuple[ModemChannel, Line]:
    line = Line(simulator)
    driver = GsmModem(line, None, "*100#", clock=line.clock, sleep=line.sleep)
    return ModemChannel(driver, folder, line.clock), line


def test_a_text_is_handed_and_its_fate_is_reported_once() -> None:
    simulator = ModemSimulator()
    channel, line = channel_of(simulator)
    sent = channel.send(NUMBER, TEXT, 3600)
    assert (sent.outcome, [one.text for one in simulator.taken]) == ("handed", [TEXT])
    line.now += 5
    assert sent.reference is not None
    assert channel.reports() == [Report(sent.reference, "delivered")]
    assert channel.reports() == []


def test_the_network_keeps_a_text_no_longer_than_it_is_of_use() -> None:
    simulator = ModemSimulator()
    channel, _ = channel_of(simulator)
    for life_s in (300, 3600, 7 * 86_400):
        channel.send(NUMBER, TEXT, life_s)
    assert [one.validity for one in simulator.taken] == [0, 11, 173]


@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.NO_CREDIT, Fault.NO_CARRIER, Fault.STORAGE_FULL, Fault.GARBAGE])
def test_what_was_surely_not_sent_is_said_again_later(fault: Fault) -> None:
    simulator = ModemSimulator(fault=fault)
    channel, _ = channel_of(simulator)
    with pytest.raises(ChannelUnavailable):
        channel.send(NUMBER, TEXT, 3600)
    assert not simulator.taken


@pytest.mark.parametrize("fault", [Fault.LOSES_CABLE, Fault.RESETS_IN_MESSAGE])
def test_what_may_have_been_sent_is_unknown(fault: Fault) -> None:
    assert channel_of(ModemSimulator(fault=fault))[0].send(NUMBER, TEXT, 3600).outcome == "unknown"


def test_what_can_never_be_sent_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    simulator = ModemSimulator()
    channel, _ = channel_of(simulator)
    assert channel.send("*100#", TEXT, 3600).outcome == "failed"
    monkeypatch.setattr(simulator, "_take_text", lambda unit, end: b"\r\n+CMS ERROR: 1\r\n")
    assert channel.send(NUMBER, TEXT, 3600).outcome == "failed"


def test_a_report_on_what_nobody_here_sent_names_nothing() -> None:
    simulator = ModemSimulator()
    channel, line = channel_of(simulator)
    channel.send(NUMBER, TEXT, 3600)
    again = ModemChannel(channel._modem, None, line.clock)  # a process that was started again
    line.now += 5
    assert again.reports() == []


def test_texts_that_came_in_are_passed_on_and_then_deleted() -> None:
    simulator = ModemSimulator()
    simulator.deliver(NUMBER, "47")
    channel, _ = channel_of(simulator)
    (one,) = channel.received()
    assert (one.number, one.text) == (NUMBER, "47")
    assert isinstance(one, Received)
    assert channel.received() == []
    assert not simulator.stored


def test_what_the_modem_is_like_is_noted_each_minute_and_its_credit_each_quarter_of_a_day(tmp_path: Path) -> None:
    simulator = ModemSimulator()
    channel, line = channel_of(simulator, tmp_path)
    channel.reports()
    said = last_said(tmp_path)
    assert said is not None
    assert (said.device, said.operator, said.signal_dbm, said.credit) == ("Online", "SYRIATEL", -77, "رصيدك 1500")
    assert is_well(said)
    simulator.fault = Fault.NO_CARRIER
    channel.reports()
    assert last_said(tmp_path) == said
    line.now += 61
    channel.reports()
    later = last_said(tmp_path)
    assert later is not None
    assert (is_well(later), later.credit) == (False, "رصيدك 1500")
    assert sum("CUSD" in command for command in simulator.commands) == 1
    assert NUMBER not in (tmp_path / modem_note.FILE).read_text()


def test_a_damaged_note_is_none(tmp_path: Path) -> None:
    assert last_said(tmp_path) is None
    (tmp_path / modem_note.FILE).write_bytes(b"\xff{")
    assert last_said(tmp_path) is None
    assert msgspec.json.decode(msgspec.json.encode(ModemSaid("x", "Online", "ready", "", True)), type=ModemSaid)


def test_the_settings_open_the_modem_and_one_that_is_away_is_tried_again(tmp_path: Path) -> None:
    simulator = ModemSimulator(pin="4711")
    (tmp_path / "pin").write_text("4711")
    with PtyPort(simulator) as port:
        (tmp_path / "m.toml").write_text(f'[modem]\nport = "{port.port}"\npin_file = "pin"\n')
        (tmp_path / "pin").chmod(0o600)
        settings = load(tmp_path / "m.toml").kept_in(tmp_path)
        now = [0.0]
        channels = Channels(settings, "modem", lambda: now[0])
        assert channels.ready() == ["modem"]
        assert channels.use("modem", lambda one: one.send(NUMBER, TEXT, 3600.0)).outcome == "handed"
        port.unplug()
        with pytest.raises(ChannelUnavailable):
            channels.use("modem", lambda one: one.send(NUMBER, TEXT, 3600.0))
        assert channels.ready() == []
        port.replug()
        now[0] += 11
        assert channels.ready() == ["modem"]
        assert channels.use("modem", lambda one: one.send(NUMBER, TEXT, 3600.0)).outcome == "handed"
        channels.close()
    assert len(simulator.taken) == 2


def test_a_number_that_is_counted_to_again_reports_the_newer_text() -> None:
    simulator = ModemSimulator()
    channel, line = channel_of(simulator)
    first = channel.send(NUMBER, TEXT, 3600)
    channel._modem._exchange.units.clear()  # type: ignore[attr-defined]
    simulator._due.clear()
    simulator.taken.clear()
    second = channel.send(NUMBER, TEXT, 3600)
    line.now += 5
    assert first.reference != second.reference
    assert [one.reference for one in channel.reports()] == [second.reference]


def test_a_busy_network_costs_no_report_of_a_text_before(tmp_path: Path) -> None:
    simulator = ModemSimulator()
    with PtyPort(simulator) as port:
        now = [0.0]
        settings = MessagesSettings(modem=ModemSection(port=port.port, state_dir=str(tmp_path)))
        channels = Channels(settings, "modem", lambda: now[0])
        assert channels.ready() == ["modem"]
        sent = channels.use("modem", lambda one: one.send(NUMBER, TEXT, 3600.0))
        simulator.fault = Fault.BUSY
        with pytest.raises(ChannelBusy):
            channels.use("modem", lambda one: one.send(NUMBER, TEXT, 3600.0))
        assert channels.ready() == []  # for a moment
        now[0] += 11
        assert channels.ready() == ["modem"]
        told: list[Report] = []
        while not told:
            told += channels.use("modem", lambda one: one.reports())
        assert told == [Report(str(sent.reference), "delivered")]
        channels.close()


def test_a_driver_that_nobody_brings_is_named(tmp_path: Path) -> None:
    settings = MessagesSettings(modem=ModemSection(driver="pigeon", port=str(tmp_path / "none")))
    with pytest.raises(ChannelUnavailable, match=r"pigeon.*known is gsm"):
        modems.open_channel(settings.modem)  # type: ignore[arg-type]

"""Channels of one process: asked in order, opened when they can be, at rest for ten seconds once they refuse."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from common.machine.errors import ConfigError
from common.messages import channels
from common.messages.channels import Channels, opener
from common.messages.gateway import Gateway
from common.messages.port import ChannelBusy, ChannelUnavailable
from common.messages.settings import HttpSection, MessagesSettings, ModemSection

BOTH = MessagesSettings(
    modem=ModemSection(port="/dev/ttyUSB0", price=3), http=HttpSection(url="https://x.example/", token_file="t")
)


class Line:
    """A channel that counts how often it was closed."""

    def __init__(self) -> None:
        self.closed = 0

    def close(self) -> None:
        self.closed += 1


class Hand:
    """Channels whose openers and clock the test moves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, first: str = "") -> None:
        self.now, self.opened, self.fault = 100.0, list[tuple[str, Any]](), dict[str, Exception]()
        self.lines = {"modem": Line(), "http": Line()}
        monkeypatch.setattr(channels, "SHIPPED", {name: self._opener(name) for name in self.lines})
        self.channels = Channels(BOTH, first, lambda: self.now)

    def _opener(self, name: str) -> Any:
        def open_it(section: Any) -> Line:
            self.opened.append((name, section))
            if name in self.fault:
                raise self.fault[name]
            return self.lines[name]

        return open_it

    def refuse(self, name: str, error: Exception) -> None:
        def work(_line: object) -> None:
            raise error

        with pytest.raises(type(error)):
            self.channels.use(name, work)


def test_channels_are_opened_once_in_order_with_their_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    hand = Hand(monkeypatch)
    assert hand.channels.names == ["modem", "http"]
    assert hand.channels.ready() == hand.channels.ready() == ["modem", "http"]
    assert hand.opened == [("modem", BOTH.modem), ("http", BOTH.http)]
    assert [hand.channels.price(name) for name in ("modem", "http")] == [3, None]
    assert Hand(monkeypatch, first="http").channels.ready() == ["http", "modem"]


def test_one_that_cannot_be_opened_is_tried_again_after_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    hand = Hand(monkeypatch)
    hand.fault["modem"] = ChannelUnavailable("modem")
    hand.fault["http"] = ZeroDivisionError()
    with capture_logs() as logs:
        assert hand.channels.ready() == []
    assert logs == [
        {"event": "channel-not-opened", "log_level": "warning", "channel": "http", "error": "ZeroDivisionError"}
    ]
    hand.fault.clear()
    hand.now += 9.9
    assert hand.channels.ready() == []
    assert len(hand.opened) == 2
    hand.now += 0.1
    assert hand.channels.ready() == ["modem", "http"]


def test_one_that_is_busy_rests_and_one_that_is_lost_is_opened_again(monkeypatch: pytest.MonkeyPatch) -> None:
    hand = Hand(monkeypatch)
    hand.channels.ready()
    used: list[object] = []
    hand.channels.use("modem", used.append)
    assert used == [hand.lines["modem"]]
    hand.refuse("modem", ChannelBusy("modem"))
    hand.refuse("http", ChannelUnavailable("http"))
    assert (hand.lines["modem"].closed, hand.lines["http"].closed) == (0, 1)
    assert hand.channels.ready() == []
    for name in ("modem", "http"):
        with pytest.raises(ChannelUnavailable, match=name):
            hand.channels.use(name, lambda line: line)
    hand.now += 10
    assert hand.channels.ready() == ["modem", "http"]
    assert [name for name, _ in hand.opened] == ["modem", "http", "http"]


def test_all_are_closed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    hand = Hand(monkeypatch)
    hand.channels.ready()
    hand.channels.close()
    hand.channels.close()
    assert [line.closed for line in hand.lines.values()] == [1, 1]
    with pytest.raises(ChannelUnavailable):
        hand.channels.use("modem", lambda line: line)


def test_one_that_is_not_installed_is_named_and_left_out() -> None:
    settings = MessagesSettings(channels={"telegram": {}})
    with capture_logs() as logs:
        assert Channels(settings).names == []
    why = "[telegram]: no channel of this name is installed; known is http, modem"
    assert logs == [{"event": "channel-not-installed", "log_level": "error", "channel": "telegram", "why": why}]
    assert opener("http") is Gateway


class Point:
    """An entry point of another package."""

    def __init__(self, found: object) -> None:
        self.found = found

    def load(self) -> object:
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


def test_a_channel_of_another_package_is_found_by_its_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, str]] = []
    points: list[Point] = [Point(Line)]

    def entry_points(**given: str) -> list[Point]:
        asked.append(given)
        return points

    monkeypatch.setattr("importlib.metadata.entry_points", entry_points)
    found: Any = opener("telegram")
    assert found is Line
    assert asked == [{"group": "homs_kiosk.channels", "name": "telegram"}]
    points[0] = Point(ImportError("no"))
    with pytest.raises(ConfigError, match=r"\[telegram\]: its package does not load: ImportError"):
        opener("telegram")

"""What the messenger writes down and logs while a channel is asked, and what ends its thread."""

import threading
from typing import Any, cast
from unittest import mock

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from structlog.testing import capture_logs

from common.machine.errors import StoreDamaged, StoreError
from common.messages.port import Sent
from hub.messages import sending
from hub.messages.sending import Messenger
from hub.opened import OpenHub
from tests.hub.messages.conftest import CONFIG, KEY, Desk, Modem, name_staff


def battery_is_due(desk: Desk) -> None:
    desk.is_on_battery = True
    desk.look()
    desk.hall.passes(120)


def test_a_row_names_its_channel_while_it_is_asked_and_one_that_took_nothing_is_logged(desk: Desk) -> None:
    desk.modem = Modem("modem", "gateway")
    desk.begin()
    desk.modem.away = {"modem"}
    seen: list[tuple[str, str | None, str]] = []
    send = desk.modem.send

    def watched(number: str, text: str, life_s: float) -> Sent:
        (row,) = desk.rows()
        seen.append((desk.modem._now, row.channel, row.state))
        return send(number, text, life_s)

    desk.modem.send = watched  # type: ignore[method-assign]
    battery_is_due(desk)
    with capture_logs() as logged:
        assert len(desk.look()) == 1
    assert seen == [("modem", "modem", "handed"), ("gateway", "gateway", "handed")]
    (row,) = desk.rows()
    assert (row.channel, row.reference, row.state) == ("gateway", "ref-1", "handed")
    assert logged == [
        {"event": "message-not-handed", "log_level": "warning", "message": row.id, "channel": "modem",
         "why": "no signal"},
    ]  # fmt: skip


@pytest.mark.parametrize("failing", ["_found", "_make", "_send"])
def test_what_fails_keeps_nothing_else_from_being_made_sent_or_heard(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    taken: list[str] = []
    for step in ("_make", "_send", "_hear"):
        monkeypatch.setattr(desk.messenger, step, lambda *_, step=step: taken.append(step))
    monkeypatch.setattr(desk.messenger, failing, mock.Mock(side_effect=ValueError("odd")))
    with pytest.raises(ValueError, match="odd"):
        desk.messenger.look()
    left_out = {"_found": {"_found", "_make"}}.get(failing, {failing})
    assert set(taken) == {"_make", "_send", "_hear"} - left_out


def test_a_list_that_does_not_open_is_named_once_until_it_opened_again(desk: Desk) -> None:
    stranger = Ed25519PrivateKey.generate()
    with capture_logs() as logged:
        for key in (stranger, stranger, KEY, stranger, stranger):
            name_staff(desk.hall, key=key)
            for _ in range(2):
                desk.look()
    why = "it is sealed to another key than this hub's"
    assert logged == [{"event": "staff-unreadable", "log_level": "error", "why": why}] * 2


class Stop(threading.Event):
    """Is set once it was waited for so often."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.after, self.waits = after, 0

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout
        self.waits += 1
        if self.waits == self.after:
            self.set()
        return self.is_set()


@pytest.mark.parametrize(
    ("error", "looks", "line"),
    [
        (None, 3, None),
        (StoreError("full"), 3, {"event": "messages-interrupted", "log_level": "warning", "error": "StoreError"}),
        (StoreDamaged("x" * 300), 1, {"event": "messages-ended", "log_level": "error", "detail": "x" * 200}),
    ],
)
def test_it_looks_until_it_is_stopped_or_the_store_is_damaged_and_lets_its_ports_go(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, error: Exception | None, looks: int, line: dict[str, Any] | None
) -> None:
    done: list[str] = []

    def look() -> None:
        done.append("look")
        if error is not None:
            raise error

    monkeypatch.setattr(desk.messenger, "look", look)
    monkeypatch.setattr(desk.modem, "close", lambda: done.append("close"))
    with capture_logs() as logged:
        desk.messenger.run(Stop(3))
    assert done == ["look"] * looks + ["close"]
    assert logged == ([] if line is None else [line] * looks)


def test_without_a_channel_nothing_is_looked_at(desk: Desk) -> None:
    battery_is_due(desk)
    desk.modem._names = ()
    assert desk.look() == []
    assert desk.rows() == []


def test_staff_is_told_in_a_thread_of_its_own_while_the_block_runs(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, noted, stop = threading.Event(), list[Any](), threading.Event()

    def run(_messenger: Messenger, ends: threading.Event) -> None:
        this = threading.current_thread()
        noted.append((this.name, this.daemon, ends is stop))
        begun.set()
        noted.append(ends.wait(30))

    monkeypatch.setattr(Messenger, "run", run)
    monkeypatch.setattr(sending, "own_key", lambda _folder: KEY)
    with sending.staff_told(OpenHub(desk.hall.hub, CONFIG, cast("Any", desk.hall.clock)), stop):
        assert begun.wait(30)
        assert not stop.is_set()
    assert (noted, stop.is_set()) == ([("messages", True, True), True], True)

"""What a page that looks is sent, one message after another, and what is told where it may not look."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from hub.api.live import state
from hub.api.live.state import _follow, _Viewer
from hub.api.live.views import board_view, counter_page_view, manager_view
from hub.engine.refusal import Refused
from hub.sessions import sessions
from tests.hub.api.conftest import MANAGER_PIN, Stage, named


def token(session: dict[str, str]) -> str:
    return session["Cookie"].partition("=")[2]


async def test_each_page_sees_its_own_view_and_no_other(stage: Stage) -> None:
    clerk, manager = token(await stage.session(1)), token(await stage.session(None, MANAGER_PIN))
    serving, hall = stage.serving, stage.hall
    await stage.tell(hall.kiosks[0].ticket(business_day="2099-01-01"))
    named(hall, revoked=frozenset({3}), message_id=3)
    serving.presence.silent_kiosks([], hall.clock.boottime())
    hall.passes(31)
    with hall.hub.read() as look:
        of_clerk = counter_page_view(look, sessions.find(look, clerk))
        of_manager = manager_view(look, {"kiosk-1": 31, "kiosk-2": 31}, {})
        of_board = board_view(look)
    assert _Viewer(serving, "counter", clerk).see() == of_clerk
    assert _Viewer(serving, "manager", manager).see() == of_manager
    assert _Viewer(serving, "board", None).see() == of_board
    for view, who, status, code, detail in (
        ("counter", manager, 403, "no-counter", "this session has no counter: log in at one"),
        ("manager", clerk, 403, "managers-only", "this page is for managers: log in with a manager's PIN"),
    ):
        with pytest.raises(Refused) as refused:
            _Viewer(serving, view, who)  # type: ignore[arg-type]
        assert (refused.value.status, refused.value.code, refused.value.detail) == (status, code, detail)


async def messages(stage: Stage, view: Any, who: str | None = None) -> AsyncIterator[tuple[str, Any]]:
    """Each message's event and data; of a view that is sent, which it is."""
    viewer = _Viewer(stage.serving, view, who)
    viewer.note_address("127.0.0.1")
    async for one in _follow(stage.serving, viewer, speaks=False, reach=None):
        assert isinstance(one.data, str)
        yield one.event or "view", msgspec.json.decode(one.data)


async def test_a_manager_is_sent_also_what_time_alone_changes(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    manager = token(await stage.session(None, MANAGER_PIN))
    seen = messages(stage, "manager", manager)
    async with asyncio.timeout(30):
        event, data = await anext(seen)
        assert (event, data["silent_kiosks"]) == ("view", {})
        stage.hall.passes(31)
        monkeypatch.setattr(state, "BEAT_S", 0.0)
        while event != "beat":
            event, data = await anext(seen)
        assert data == {"at": stage.hall.clock.now().text}
        while event != "view":
            event, data = await anext(seen)
        assert data["silent_kiosks"] == {"kiosk-1": 31, "kiosk-2": 31, "kiosk-3": 31}
        with stage.hall.hub.store.write() as connection:
            connection.exec_driver_sql("DELETE FROM hub_sessions")
        while event != "gone":
            event, data = await anext(seen)
    assert sorted(data) == ["code", "detail"]
    with pytest.raises(StopAsyncIteration):
        await anext(seen)
    assert stage.serving.presence.streams == {}

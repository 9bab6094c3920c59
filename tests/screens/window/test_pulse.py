"""Late beats of the loop, and when a picture counts as seen, without a window."""

import asyncio
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast
from unittest import mock

import pytest

from screens.window.panel import Panel
from screens.window.pulse import Pulse, turn


def test_a_beat_that_comes_a_quarter_of_a_second_late_is_a_stall(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    pulse = Pulse()
    stalls = []
    for step in (0.0, 0.125, 0.34375, 0.375, 0.125):
        now[0] += step
        pulse.beat()
        stalls.append(pulse.stalls)
    assert (stalls, pulse.at) == ([0, 0, 0, 1, 1], now[0])
    assert [one.getMessage() for one in caplog.records] == ["the screen stood still for 275 ms"]


@pytest.fixture
def panel(monkeypatch: pytest.MonkeyPatch) -> Any:
    made = cast("Any", Panel.__new__(Panel))
    made.window, made._flipped = mock.Mock(), asyncio.Event()
    made.is_drawn = made._holds_picture = False
    made.on_first_frame, made.on_flip = mock.Mock(), mock.Mock()
    for name in ("glFlush", "glFinish"):
        monkeypatch.setattr(f"screens.window.panel.{name}", mock.Mock())
    return made


async def test_a_picture_that_was_put_is_drawn_at_once_and_counts_once_it_was_flipped(panel: Any) -> None:
    first = panel.on_first_frame
    panel._on_flip()
    assert (panel.is_drawn, first.called, panel.on_flip.call_count) == (False, False, 1), "no picture was put yet"
    panel.put()
    panel.window.canvas.ask_update.assert_called_once_with()
    assert (panel.is_drawn, panel.window.dispatch.called) == (False, False)
    await asyncio.sleep(0)
    assert panel.window.dispatch.call_args_list == [mock.call("on_draw"), mock.call("on_flip")]
    panel._before_draw()
    waiting = asyncio.create_task(panel.next_flip())
    await asyncio.sleep(0)
    assert not waiting.done()
    panel._on_flip()
    await waiting
    assert (panel.is_drawn, first.call_count, panel.on_flip.call_count) == (True, 1, 2)
    panel.put()
    panel._on_flip()
    await asyncio.sleep(0)
    assert first.call_count == 1, "of the first picture alone"
    assert panel.window.dispatch.call_count == 2, "what was flipped meanwhile is not drawn again"


def test_a_panel_follows_its_windows_frames_while_it_is_bound(panel: Any) -> None:
    follows: dict[str, Callable[..., None]] = {"on_draw": panel._before_draw, "on_flip": panel._on_flip}
    panel.bind()
    panel.unbind()
    assert panel.window.mock_calls == [mock.call.bind(**follows), mock.call.unbind(**follows)]


@pytest.mark.parametrize("ends", ["main", "window", "main fails"])
async def test_window_and_main_turn_until_one_of_them_ends(monkeypatch: pytest.MonkeyPatch, ends: str) -> None:
    from kivy import base
    from kivy.clock import Clock

    did: list[object] = []
    loop = SimpleNamespace(quit=False)
    closed = asyncio.Event()

    async def window(stage: object, async_lib: str) -> None:
        did.append((stage, async_lib))
        while not loop.quit and not closed.is_set():  # noqa: ASYNC110 (as Kivy's own loop does)
            await asyncio.sleep(0)
        did.append("window ended")

    async def main() -> int:
        try:
            if ends == "window":
                closed.set()
                await asyncio.Event().wait()
            if ends == "main fails":
                raise RuntimeError("a fault")
            return 7
        finally:
            did.append("main ended")

    def every(beat: object, seconds: float) -> object:
        return SimpleNamespace(cancel=lambda: did.append((beat, seconds)))

    monkeypatch.setattr(base, "EventLoop", loop)
    monkeypatch.setattr(base, "async_runTouchApp", window)
    monkeypatch.setattr(Clock, "schedule_interval", every)
    beat = mock.Mock()
    turning = turn(cast("Any", "stage"), main(), [(beat, 0.1), (beat, 1.0)])
    if ends == "main fails":
        with pytest.raises(RuntimeError, match="a fault"):
            await turning
    else:
        assert await turning == (7 if ends == "main" else None)
    assert loop.quit is True
    assert did[0] == ("stage", "asyncio")
    assert set(did[1:]) == {"main ended", "window ended", (beat, 0.1), (beat, 1.0)}
    assert len(did) == 5

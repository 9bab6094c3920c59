"""What a view may cost: it is drawn for each page at each change, so it asks once for what is the same for all."""

import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.api.live.views import board_view, counter_page_view, manager_view
from hub.engine.act import Look
from hub.sessions.sessions import Session
from tests.hub.hall import Hall

VIEWS: dict[str, Callable[[Look], object]] = {
    "board": board_view,
    "counter": lambda look: counter_page_view(look, Session("clerk-1", "clerk", 1, "0" * 64)),
    "manager": lambda look: manager_view(look, {}, {}),
}
SAME_QUESTION = 8


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_a_view_asks_no_question_for_each_service_and_reads_no_file(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, view: Callable[[Look], object]
) -> None:
    hall.kiosks[0].give("A")
    hall.press(1, "open")
    hall.called(1)
    with hall.hub.read() as look:
        view(look)
        assert len(look.centre.services) > SAME_QUESTION
    asked: Counter[str] = Counter()
    monkeypatch.setattr(Path, "read_text", lambda path, **_: pytest.fail(f"{path} was read"))
    monkeypatch.setattr(tomllib, "loads", lambda _: pytest.fail("the catalogue was parsed"))
    with hall.hub.read() as look:
        connection = look.connection.connection.dbapi_connection
        assert connection is not None
        connection.set_trace_callback(lambda statement: asked.update([statement]))
        view(look)
        connection.set_trace_callback(None)
    assert sum(asked.values()) > 0
    assert {question: times for question, times in asked.items() if times > SAME_QUESTION} == {}

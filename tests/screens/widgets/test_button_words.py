"""Where a button's words begin: at the icon's side beside it, in the middle below it or without one."""

from types import SimpleNamespace
from typing import Any, cast
from unittest import mock

import pytest

from screens.look.frame import Box
from screens.widgets import button
from screens.widgets.button import TouchButton

MEASURES: dict[str, Any] = {
    "inside": Box(0, 0, 100, 60), "words_room": (50, 20), "height_of": 4, "icon_gap_px": 3, "stacked_icon_px": 20,
    "stack_air_px": 2, "icon_column": (15, 18), "count_size": (9, 8, 7),
    "set_words": SimpleNamespace(height_px=10, width_px=40, fits=True),
}  # fmt: skip


def filled(monkeypatch: pytest.MonkeyPatch, arrangement: str, icon: str | None, **face: Any) -> Any:
    """Lay out a button's inside with measures that are given; return it with what it was asked to show."""
    for name, found in MEASURES.items():
        monkeypatch.setattr(button, name, lambda *_, found=found: found)
    monkeypatch.setattr(button, "inside", lambda *_: Box(0, 0, 100, 60))
    monkeypatch.setattr(button, "best_arrangement", lambda *_: arrangement)
    known = {"icon": icon, "tint": None, "kind": "plain", "note": "", "words_px": 12, "count": "", "count_at": "end"}
    found = mock.Mock(face=SimpleNamespace(**(known | face)), selected=False, enabled=True)
    frame = cast("Any", SimpleNamespace(mm=lambda n: n, palette=SimpleNamespace(primary="blue")))
    TouchButton._fill(found, frame, Box(0, 0, 100, 60), cast("Any", "ink"))
    return found


@pytest.mark.parametrize(
    ("arrangement", "icon", "align"),
    [("beside", "ticket", "start"), ("centre", "ticket", "start"), ("stack", "ticket", "centre"),
     ("words", "ticket", "centre"), ("beside", None, "centre"), ("stack", None, "centre")],
)  # fmt: skip
def test_words_begin_beside_an_icon_and_stand_in_the_middle_otherwise(
    monkeypatch: pytest.MonkeyPatch, arrangement: str, icon: str | None, align: str
) -> None:
    found = filled(monkeypatch, arrangement, icon)
    (shown,) = found._show_words.call_args_list
    assert (shown.args[2:], found._icon.clear.called) == (("ink", 4, align), icon is None or arrangement == "words")
    assert found._show_icon.called is (align == "centre" and icon is not None and arrangement == "stack")
    assert found._show_column.called is (align == "start")


@pytest.mark.parametrize(("count", "at", "shown"), [("3", "end", True), ("3", "icon", False), ("", "end", False)])
def test_a_count_stands_at_the_end_where_its_face_has_it_there(
    monkeypatch: pytest.MonkeyPatch, count: str, at: str, shown: bool
) -> None:
    found = filled(monkeypatch, "words", None, count=count, count_at=at)
    assert found._show_count.called is shown
    assert found.count.clear.called

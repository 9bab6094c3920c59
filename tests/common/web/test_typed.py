"""Days and times as people type them, in the form that programs take."""

import re
from typing import Any

import pytest

from common.web.request import date_typed, time_typed
from common.web.templates import FIELDS, template

DAYS = ["2026/12/04", "٢٠٢٦/١٢/٤", "2026-12-4", " 2026.12.04 "]


@pytest.mark.parametrize("typed", DAYS)
def test_a_day_is_taken_in_either_script_and_with_any_of_its_signs(typed: str) -> None:
    assert date_typed(typed) == "2026-12-04"


@pytest.mark.parametrize(
    ("typed", "read"), [("٢٠٢٦/٩", "2026-09"), ("12/04/2026", "12/04/2026"), ("2026/12/4/1", "2026/12/4/1"), ("", "")]
)
def test_a_month_is_taken_too_and_nothing_is_guessed(typed: str, read: str) -> None:
    assert date_typed(typed) == read


@pytest.mark.parametrize(("typed", "read"), [("٨:٣٠", "08:30"), ("14.05", "14:05"), ("2 pm", "2pm"), ("", "")])
def test_a_time_of_day_is_taken_in_either_script(typed: str, read: str) -> None:
    assert time_typed(typed) == read


@pytest.mark.parametrize(
    ("kind", "typed"), [*(("day", one.strip()) for one in DAYS), ("month", "٢٠٢٦/٩"), ("time", "٨:٣٠")]
)
def test_a_browser_lets_pass_what_is_read_here(kind: str, typed: str) -> None:
    controls: Any = template(FIELDS / "fields.html").module
    field = str(controls.typed(kind, name="x", wrong="no"))
    found = re.search('pattern="([^"]+)"', field)
    assert found is not None
    assert re.fullmatch(found[1], typed)
    assert not re.fullmatch(found[1], "soon")

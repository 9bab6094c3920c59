"""One table of cases for the pages' own scripts and for the town's telling of them: both must do the same."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser

from tests.hub.pages.conftest import browser
from tests.town.pace import PACE
from tests.town.pages import retold
from tests.town.pages.in_browser import Scripts

__all__ = ["browser"]

CASES: Final[list[dict[str, Any]]] = json.loads(Path(__file__).with_name("cases.json").read_text(encoding="utf-8"))
by_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])


@by_case
async def test_the_town_tells_a_page_as_the_case_has_it(case: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_once(_seconds: float) -> None:
        """Wait for nothing."""

    monkeypatch.setattr(PACE, "sleep", at_once)
    assert await retold.PARTS[case["part"]](case) == case["expected"]


@pytest.mark.proof
@by_case
def test_a_pages_own_script_does_as_the_case_has_it(case: dict[str, Any], browser: Browser) -> None:
    scripts = Scripts(browser)
    try:
        assert scripts.result(case) == case["expected"]
    finally:
        scripts.close()


def test_every_part_has_cases() -> None:
    assert {case["part"] for case in CASES} == set(retold.PARTS)

"""Plays a case of `cases.json` by the pages' own scripts, in Debian's browser; no hub answers, the case does."""

from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Error, Page, Route

from tests.town.pages.retold import OWN

ASSETS: Final = Path(__file__).parents[3] / "hub/pages/assets"
PLAYED: Final = Path(__file__).with_name("played.mjs")
HTML: Final = '<!doctype html><html lang="en"><p id="state"></p><script type="module" src="/played.mjs"></script>'


class Scripts:
    """A tab in which nothing is kept yet."""

    def __init__(self, browser: Browser) -> None:
        self._context: BrowserContext = browser.new_context()
        self._context.route("**/*", _give)
        self.page: Page = self._context.new_page()

    def close(self) -> None:
        """Close it."""
        self._context.close()

    def open(self, address: str) -> None:
        """Open the page of an address, as somebody who types it."""
        self.page.goto(f"{address}/page")
        self._is_open()

    def _is_open(self) -> None:
        self.page.wait_for_function("globalThis.played !== undefined")

    def play(self, part: str, given: object = None) -> Any:
        """Have the scripts play a part of a case."""
        return self.page.evaluate("([part, given]) => globalThis.played(part, given)", [part, given])

    def result(self, case: dict[str, Any]) -> Any:
        """Play a case, and return what came of it."""
        part = case["part"]
        self.open(case.get("own", OWN))
        if part == "board":
            return [self._step(step) for step in case["steps"]]
        if part == "leader":
            return self._goes(case)
        if part == "away":
            self.play("pressed")
            self.open("https://hub-2.test")
            there = self.play("waits")
            self.open(OWN)
            return {"there": there, "back": self.play("waits")}
        return self.play(part, case)

    def _step(self, step: dict[str, Any]) -> list[int]:
        if "see" in step:
            announced: list[int] = self.play("board", step["see"])
            return announced
        if "type" in step:
            self.open(step["type"])
        else:
            self.page.goto(f"{step['move']}/page{self.play('along')}")
            self._is_open()
        return []

    def _goes(self, case: dict[str, Any]) -> str | None:
        try:
            self.play("leader", case)
        except Error as error:  # it went while it was asked
            if "navigation" not in str(error) and "destroyed" not in str(error):
                raise
        wanted = case["expected"] or case["own"]
        self.page.wait_for_url(f"{wanted}/page")
        parts = urlsplit(self.page.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        return None if origin == case["own"] else origin


def _give(route: Route) -> None:
    path = urlsplit(route.request.url).path
    if path == "/page":
        route.fulfill(body=HTML, content_type="text/html")
    elif path == "/played.mjs":
        route.fulfill(body=PLAYED.read_text(encoding="utf-8"), content_type="text/javascript")
    else:
        script = ASSETS / path.removeprefix("/assets/")
        route.fulfill(body=script.read_text(encoding="utf-8"), content_type="text/javascript")

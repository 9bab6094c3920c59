"""The board's machine: its own words from its own disk while no hub is there, and the board once one leads."""

import re
import socket
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.hub.pages.site import running

DEPLOY = Path(__file__).parents[4] / "deploy"
UNIT = (DEPLOY / "systemd" / "board.service").read_text()
START = (DEPLOY / "board" / "start.html").as_uri()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_cut_at_boot_shows_the_boards_own_words_and_then_the_board(browser: Browser, tmp_path: Path) -> None:
    port = free_port()
    page = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
    page.goto(f"{START}?hubs=http://127.0.0.1:1,http://127.0.0.1:{port}&diagonal=43&distance=10&speaks=1")
    expect(page.locator("#ar")).to_have_text("لوحة النداء تعود بعد لحظات")
    assert page.evaluate("document.documentElement.dir") == "rtl"
    page.screenshot(path=tmp_path / "start.png")
    assert Axe().run(page).response["violations"] == []
    with running(tmp_path / "hub", port):
        page.wait_for_url(f"http://127.0.0.1:{port}/board?diagonal=43&distance=10&speaks=1")
        expect(page.locator("#centre")).not_to_be_empty()
    page.context.close()


def test_addresses_that_are_none_are_asked_nothing(browser: Browser) -> None:
    page = browser.new_context().new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{START}?hubs=javascript:alert(1),file:///etc/passwd")
    expect(page.locator("#why")).to_contain_text("BOARD_HUBS")
    assert {url.split("?")[0].split("/")[-1] for url in asked} == {"start.html", "start.css", "start.js"}
    page.context.close()


@pytest.mark.parametrize(
    "flag",
    [
        "--kiosk", "--noerrdialogs", "--disable-session-crashed-bubble", "--hide-crash-restore-bubble",
        "--autoplay-policy=no-user-gesture-required", "--user-data-dir=/run/board/profile",
    ],
)  # fmt: skip
def test_the_unit_starts_chromium_so_that_nothing_stands_over_the_board(flag: str) -> None:
    assert flag in UNIT.split()
    assert re.search(r"file:///usr/share/homs-board/start\.html\?hubs=\$\{BOARD_HUBS\}&\$\{BOARD_LOOK\}", UNIT)

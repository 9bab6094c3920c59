"""Draw every page in its states as PNG: `python -m tests.hub.pages.draw_all [FOLDER]`; part of `make screenshots`.

`--handbook` draws the few that README and handbook show, into deploy/pictures.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.hub.api.conftest import CLERK_PIN, MANAGER_PIN
from tests.hub.pages.conftest import CHROMIUM, FLAGS
from tests.hub.pages.site import Site, running

ROOT = Path(__file__).parents[3]
HANDBOOK = ("counter-called", "board", "manager")
BOARD = {"width": 1920, "height": 1080}
DESK = {"width": 1366, "height": 768}
SETTLED_MS = 600  # the stream has brought the view, and nothing moves


@contextmanager
def page_of(browser: Browser, size: dict[str, int], address: str) -> Iterator[Page]:
    context = browser.new_context(viewport=size, screen=size, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address)
    page.wait_for_timeout(SETTLED_MS)
    yield page
    context.close()


def draw_counter(browser: Browser, site: Site, language: str, save: Callable[[Page, str], None]) -> None:
    if site.hall.counter(1).state != "closed":
        site.hall.press(1, "close")  # as the language before left it
    with page_of(browser, DESK, f"{site.url}/counter?lang={language}") as page:
        save(page, "counter-log-in")
        page.fill("#number", "1")
        page.fill("#pin", CLERK_PIN)
        page.click("#enter")
        for name in ("counter-closed", "counter-open", "counter-called", "counter-serving"):
            page.wait_for_timeout(SETTLED_MS)
            save(page, name)
            page.keyboard.press("F2")
        page.wait_for_timeout(SETTLED_MS)
        page.click("#out-of-turn")
        save(page, "counter-out-of-turn")


def draw_others(browser: Browser, site: Site, language: str, save: Callable[[Page, str], None]) -> None:
    board = f"{site.url}/board?lang={language}&diagonal=43&distance=10"
    for name, address in (("board", board), ("board-dark", f"{board}&theme=dark")):
        with page_of(browser, BOARD, address) as page:
            save(page, name)
    with page_of(browser, DESK, f"{site.url}/manager?lang={language}") as page:
        save(page, "manager-log-in")
        page.fill("#pin", MANAGER_PIN)
        page.click("#login-form .main")
        page.wait_for_timeout(SETTLED_MS)
        save(page, "manager")
    with page_of(browser, DESK, f"{site.url}/voice/script") as page:
        save(page, "voice-script")


def draw(folder: Path, *, only: tuple[str, ...] = ()) -> None:
    """Draw all pages, or those of these names, under `folder`/LANGUAGE/."""
    with tempfile.TemporaryDirectory() as place, running(Path(place) / "hub") as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        hall = site.hall
        for letter in "AABBACCAA":
            hall.kiosks[0].give(letter)
        hall.kiosks[1].give("A", priority="elderly")
        hall.passes(540)
        for _ in range(2):
            for counter in (2, 3):
                hall.press(counter, "open")
                hall.press(counter, "next")
            hall.passes(70)
        for language in ("ar", "en"):

            def save(page: Page, name: str, language: str = language) -> None:
                if not only or name in only:
                    path = folder / f"{name}-{language}.png" if only else folder / language / f"page-{name}.png"
                    path.parent.mkdir(parents=True, exist_ok=True)
                    page.screenshot(path=path, full_page=name in ("manager", "voice-script"))

            draw_counter(browser, site, language, save)
            draw_others(browser, site, language, save)
        browser.close()


if __name__ == "__main__":
    if "--handbook" in sys.argv:
        draw(ROOT / "deploy" / "pictures", only=HANDBOOK)
    else:
        draw(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "screenshots")

"""The board's unit on a real screen: cage and Chromium with the unit's own flags, and what stands on the glass."""

import re
import shlex
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageGrab
from playwright.sync_api import Page, expect, sync_playwright

from tests.hub.pages.board.ears import heard, listen, until_heard
from tests.hub.pages.board.test_board import call, seq_of
from tests.hub.pages.board.test_board_start import DEPLOY, START, UNIT, free_port
from tests.hub.pages.conftest import FLAGS
from tests.hub.pages.site import running

pytestmark = pytest.mark.timeout(180)
SCREEN = (1024, 768)  # what cage takes of an X server
LONG_MS = 60_000
BY = 24  # of 255: letters' edges may be drawn a little otherwise
LOOK = "diagonal=43&distance=10&speaks=1"


def unit_command(hubs: str, profile: Path) -> list[str]:
    """Return what the unit starts, with this checkout's start page and a profile of the test's."""
    line = re.search(r"^ExecStart=((?:.*\\\n)*.*)$", UNIT, re.MULTILINE)
    assert line is not None
    words = shlex.split(line[1].replace("\\\n", " "))
    page = words.pop().replace("file:///usr/share/homs-board/start.html", START)
    page = page.replace("${BOARD_HUBS}", hubs).replace("${BOARD_LOOK}", LOOK)
    assert page == f"{START}?hubs={hubs}&{LOOK}"
    words[words.index("--user-data-dir=/run/board/profile")] = f"--user-data-dir={profile}"
    # The container's user is root, and the test looks into the page through a port of its own.
    ours = [flag for flag in FLAGS if flag in ("--no-sandbox", "--disable-gpu")]
    return [*words, *ours, "--remote-debugging-port=0", page]


@contextmanager
def screen() -> Iterator[str]:
    """An X server with nothing on it."""
    size = "x".join(map(str, SCREEN))
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", f"{size}x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout
            yield ":" + server.stdout.readline().strip()
        finally:
            server.terminate()


@contextmanager
def browsing(command: list[str], display: str, profile: Path) -> Iterator[Page]:
    """The unit's browser on a display, and its page."""
    home = str(profile.parent)
    env = {"DISPLAY": display, "HOME": home, "XDG_RUNTIME_DIR": home, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    env |= {"WLR_BACKENDS": "x11", "WLR_RENDERER": "pixman"}  # the screen is X's, and no graphics card draws
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=env, stdout=quiet, stderr=quiet) as process, sync_playwright() as playwright:
        try:
            port = _port_of(profile / "DevToolsActivePort")
            yield playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}").contexts[0].pages[0]
        finally:
            process.terminate()
            process.wait(60)


def _port_of(said: Path) -> str:
    end = time.monotonic() + 60
    while not said.exists() or "\n" not in said.read_text():
        assert time.monotonic() < end, "the browser did not come up"
        time.sleep(0.1)
    return said.read_text().split("\n")[0]


def glass(display: str) -> Image.Image:
    """Return what stands on the whole screen."""
    return ImageGrab.grab(xdisplay=display).convert("RGB")


def until_glass_shows(page: Page, display: str, path: Path) -> None:
    """Wait until the screen shows the page, edge to edge: no frame, bar or bubble stands over it."""
    for _ in range(LONG_MS // 500):
        page.screenshot(path=path)
        with Image.open(path) as drawn:
            expected = drawn.convert("RGB")
        shown = glass(display)
        assert expected.size == shown.size == SCREEN
        differs = ImageChops.difference(expected, shown).convert("L").point(lambda by: 255 * (by > BY))
        if differs.getbbox() is None:
            return
        page.wait_for_timeout(500)
    shown.save(path.with_name("glass.png"))
    pytest.fail(f"over the page stands something, at {differs.getbbox()}: {path.with_name('glass.png')}")


def test_after_a_cut_the_unit_shows_the_boards_own_words_and_then_the_calls_on_the_whole_screen(tmp_path: Path) -> None:
    port = free_port()
    hub = f"http://127.0.0.1:{port}"
    # Chromium's sockets need a short path.
    with tempfile.TemporaryDirectory(prefix="board-") as home, screen() as display:
        profile = Path(home) / "profile"
        with browsing(unit_command(hub, profile), display, profile) as page:
            expect(page.locator("#ar")).to_have_text("لوحة النداء تعود بعد لحظات", timeout=LONG_MS)
            until_glass_shows(page, display, tmp_path / "start.png")
            listen(page)
            with running(tmp_path / "hub", port) as site:
                page.wait_for_url(f"{hub}/board?{LOOK}", timeout=LONG_MS)
                expect(page.locator("#centre")).not_to_be_empty(timeout=LONG_MS)
                assert page.evaluate("[innerWidth, innerHeight]") == list(SCREEN)
                call(site.hall, 1)
                first = seq_of(site.hall, 1)
                until_heard(page, first)
                assert page.locator("#unlock").is_hidden(), "it may speak without anybody's touch"
                expect(page.locator(".call.new")).to_have_count(0, timeout=LONG_MS)  # it stands out for ten seconds
                until_glass_shows(page, display, tmp_path / "board.png")
                assert heard(page) == [first]


def test_the_start_page_that_the_guide_installs_is_the_one_that_is_tried_here() -> None:
    assert (DEPLOY / "board" / "start.html").as_uri() == START

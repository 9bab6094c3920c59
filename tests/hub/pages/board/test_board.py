"""The board in a real browser: each call announced once or shown only, large enough, and honest when it is cut off."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from common.machine.stamp import rfc3339
from common.protocol.notice import Notice, Notices
from hub.api.live import state
from hub.api.server.presence import Reach
from hub.takeover.promotion import lead_on
from tests.hub.hall import Hall, said
from tests.hub.pages.board.ears import heard, listen, says_what_was_called, until_heard
from tests.hub.pages.site import Site, running
from tests.kit.notices import LONGEST_NOTICE

SCREEN = {"width": 1920, "height": 1080}
# The height of a capital in each visible element's own font, in pixels.
CAPITALS = """(selector) => [...document.querySelectorAll(selector)]
  .filter((element) => element.offsetParent !== null && element.textContent.trim() !== '')
  .map((element) => {
    const style = getComputedStyle(element);
    const context = document.createElement('canvas').getContext('2d');
    context.font = `${style.fontWeight} ${style.fontSize} Plex`;
    return context.measureText('H').actualBoundingBoxAscent;
  })"""


def open_board(browser: Browser, site: Site, query: str = "") -> Page:
    context = browser.new_context(viewport=SCREEN, screen=SCREEN)  # type: ignore[arg-type]
    page = context.new_page()
    listen(page)
    page.goto(f"{site.url}/board?diagonal=43&distance=10&speaks=1{query}")
    expect(page.locator("#centre")).not_to_be_empty()
    return page


@pytest.fixture
def board(browser: Browser, site: Site) -> Iterator[Page]:
    page = open_board(browser, site)
    yield page
    page.context.close()


def until_letters_stand(page: Page) -> None:
    """Wait until the page has its own letters: in those until then everything is wider, and drawn smaller."""
    page.evaluate("document.fonts.load('700 20px Plex')")
    page.wait_for_function("() => document.fonts.status === 'loaded'")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def call(hall: Hall, counter: int, letter: str = "A") -> None:
    hall.kiosks[0].give(letter)
    if hall.counter(counter).state == "closed":
        hall.press(counter, "open")
    hall.press(counter, "next")


def seq_of(hall: Hall, counter: int) -> int:
    ticket = hall.counter(counter).ticket
    assert ticket is not None
    seq = hall.ticket(ticket).call_seq
    assert seq is not None
    return seq


def test_two_calls_of_one_moment_and_a_recall_are_each_announced(board: Page, site: Site) -> None:
    hall = site.hall
    call(hall, 1)
    call(hall, 2)
    first, second = seq_of(hall, 1), seq_of(hall, 2)
    until_heard(board, first, second)
    hall.passes(1)
    hall.press(1, "again")
    recalled = seq_of(hall, 1)
    assert recalled > second
    until_heard(board, recalled)
    assert heard(board) == [first, second, recalled]
    says_what_was_called(board, hall)
    expect(board.locator(".call").first).to_have_attribute("data-seq", str(recalled))


def test_what_was_called_before_the_board_came_is_shown_only(browser: Browser, site: Site) -> None:
    call(site.hall, 1)
    page = open_board(browser, site)
    expect(page.locator(".call .number").first).to_have_text("A1·001")
    call(site.hall, 2)
    until_heard(page, seq_of(site.hall, 2))
    assert heard(page) == [seq_of(site.hall, 2)]
    page.context.close()


def test_over_a_hub_that_dies_and_comes_back_no_call_is_lost_or_announced_twice(
    browser: Browser, tmp_path: Path
) -> None:
    with running(tmp_path / "hub") as site:
        port = int(site.url.rsplit(":", 1)[1])
        page = open_board(browser, site)
        call(site.hall, 1)
        first = seq_of(site.hall, 1)
        until_heard(page, first)
    expect(page.locator("#lost")).to_contain_text("لا اتصال منذ", timeout=20_000)
    expect(page.locator(".call").first).to_be_visible()
    with running(tmp_path / "hub", port) as site:
        site.hall.passes(60)
        call(site.hall, 2)
        second = seq_of(site.hall, 2)
        until_heard(page, second)
        expect(page.locator("#lost")).to_be_hidden()
        assert heard(page) == [first, second]
        says_what_was_called(page, site.hall)
        page.context.close()


def test_a_hub_that_has_lost_its_log_is_heard_though_it_counts_from_the_beginning(
    browser: Browser, tmp_path: Path
) -> None:
    with running(tmp_path / "hub") as site:
        port = int(site.url.rsplit(":", 1)[1])
        page = open_board(browser, site)
        for _ in range(5):
            call(site.hall, 1)
        former = seq_of(site.hall, 1)
        until_heard(page, former)
    for path in (tmp_path / "hub").glob("*"):
        if path.name.startswith(("store", "last-epoch")):
            path.unlink()
    with running(tmp_path / "hub", port) as site:
        lead_on(site.hall.hub, above=0, lacks=False)  # the only hub of its hall
        site.hall.passes(60)
        with site.hall.hub.read() as look:
            sound_of_this_log = f"{site.url}/voice/{look.life}/*.wav"
        with page.expect_request(sound_of_this_log, timeout=30_000) as asked:
            call(site.hall, 2)
        assert seq_of(site.hall, 2) < former
        assert asked.value.url.endswith(f"/{seq_of(site.hall, 2)}.wav")
        page.context.close()


def test_a_quiet_hall_keeps_its_figures_and_one_that_is_cut_off_does_not(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "BEAT_S", 0.05)
    with running(tmp_path / "hub") as site:
        page = browser.new_context(viewport=SCREEN, screen=SCREEN).new_page()  # type: ignore[arg-type]
        page.clock.install()
        page.goto(f"{site.url}/board?lang=en")
        call(site.hall, 1)
        site.hall.kiosks[0].give("A")
        expect(page.locator("#groups li").first).to_be_visible()
        _minutes_pass(page)
        expect(page.locator("#groups li").first).to_be_visible()
        expect(page.locator("#lost")).to_be_hidden()
    _minutes_pass(page)
    expect(page.locator("#groups li")).to_have_count(0)
    expect(page.locator(".call").first).to_be_visible()
    page.context.close()


def _minutes_pass(page: Page) -> None:
    for _ in range(20):
        page.clock.run_for(5000)
        page.wait_for_timeout(200)  # beats come meanwhile, where somebody sends them


@pytest.mark.parametrize(
    ("diagonal", "distance", "screen", "rows"),
    [
        (43, 10, SCREEN, 3), (55, 10, {"width": 3840, "height": 2160}, 4), (32, 6, SCREEN, 4), (65, 10, SCREEN, 6),
        (24, 2, SCREEN, 6), (43, 7, {"width": 1080, "height": 1920}, 6), (43, 10.5, SCREEN, 2),
    ],
)  # fmt: skip
def test_capitals_are_as_high_as_the_distance_asks_and_rows_take_the_room(
    browser: Browser, site: Site, diagonal: int, distance: float, screen: dict[str, int], rows: int
) -> None:
    for counter in (3, 1, 2, 1, 2, 1):
        call(site.hall, counter, "C" if counter == 3 else "A")
    context = browser.new_context(viewport=screen, screen=screen)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{site.url}/board?diagonal={diagonal}&distance={distance}")
    expect(page.locator(".call")).to_have_count(rows)
    until_letters_stand(page)
    expect(page.locator("#serves")).to_be_hidden()
    last = page.locator(".call").last.bounding_box()
    groups = page.locator(".groups").bounding_box()
    assert last is not None
    assert groups is not None
    assert last["y"] + last["height"] <= groups["y"] + 1, "all lines are whole"
    per_mm = (screen["width"] ** 2 + screen["height"] ** 2) ** 0.5 / (diagonal * 25.4)
    numbers = page.evaluate(CAPITALS, ".call .number, .call bdi, #groups .count, #groups .group-mark")
    assert min(numbers) / per_mm >= 6 * distance - 0.5
    words = page.evaluate(CAPITALS, ".columns span, .word, #groups .name, #groups-title")
    assert min(words) / per_mm >= 4.65 * distance - 0.5, "16 minutes of arc, the least of ISO 9241-3"
    newest = page.locator(".call").first.locator(".number").first
    assert page.evaluate(CAPITALS, ".call:first-child .number")[0] / per_mm >= 12 * distance - 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing is pushed off the screen"
    box = newest.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= screen["width"]
    context.close()


@pytest.mark.parametrize(
    ("diagonal", "distance", "screen", "serves", "rows"),
    [(24, 10, SCREEN, "6", 2), (43, 10, {"width": 1080, "height": 1920}, "8", 3), (43, 20, SCREEN, "11", 2)],
)
def test_a_screen_too_small_for_its_hall_says_from_where_it_is_read(
    browser: Browser, site: Site, diagonal: int, distance: int, screen: dict[str, int], serves: str, rows: int
) -> None:
    for _ in range(3):
        call(site.hall, 1)
    context = browser.new_context(viewport=screen, screen=screen)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{site.url}/board?diagonal={diagonal}&distance={distance}&lang=en")
    expect(page.locator(".call")).to_have_count(rows)
    expect(page.locator("#serves")).to_contain_text(f" {serves} m")
    assert site.serving.presence.board_reach == Reach(distance, float(serves)), "and the hub knows for its doctor"
    context.close()


@pytest.mark.parametrize(("screen", "rows"), [(SCREEN, 3), ({"width": 1024, "height": 768}, 2)])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_nothing_of_a_call_is_cut_off_however_long_and_whatever_the_screen(
    browser: Browser, site: Site, screen: dict[str, int], language: str, rows: int
) -> None:
    site.hall.set_up({24: ["A"], 1: ["A"]}, message_id=7)
    site.hall.kiosks[0].counts["A"] = 10_233
    for counter in (24, 1, 24):
        call(site.hall, counter)
    context = browser.new_context(viewport=screen, screen=screen)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{site.url}/board?diagonal=43&distance=10&lang={language}")
    expect(page.locator(".call")).to_have_count(rows)
    until_letters_stand(page)
    for part in page.locator(".call .number:visible, .call bdi:visible").all():
        box = part.bounding_box()
        assert box is not None
        assert box["x"] >= -1, part.text_content()
        assert box["x"] + box["width"] <= screen["width"] + 1, part.text_content()
    context.close()


@pytest.mark.parametrize("query", ["", "&theme=dark", "&lang=en"])
def test_no_state_of_the_board_has_a_violation(browser: Browser, site: Site, query: str) -> None:
    page = open_board(browser, site, query)
    for _ in range(2):
        found = Axe().run(page, options={"rules": {"color-contrast-enhanced": {"enabled": True}}})
        assert [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found.response["violations"]] == []
        call(site.hall, 1)
        expect(page.locator(".call").first).to_be_visible()
        page.wait_for_function("() => document.querySelector('.call.new') === null", timeout=15_000)
    page.context.close()


def test_a_notice_takes_its_turn_whole_while_it_stands_by_the_hubs_clock(board: Page, site: Site) -> None:
    """A long one is turned over in parts, for letters of its size are what the hall can read."""
    now = site.hall.hub.clock.now().wall_time
    begins, late = (rfc3339(now + timedelta(seconds=seconds)) for seconds in (-60, 86_400))
    notices = [
        Notice("card", begins, late, LONGEST_NOTICE, ["board"]),
        Notice("lift", late, rfc3339(now + timedelta(days=2)), {"ar": "غداً", "en": "tomorrow"}, ["board"]),
    ]
    said(site.hall.hub, Notices(None, notices), 9)
    notice = board.locator("#notice")
    seen: list[str] = []
    while " ".join(seen) != LONGEST_NOTICE["ar"]:
        part = LONGEST_NOTICE["ar"].removeprefix(" ".join(seen)).split()
        expect(notice).to_have_text(re.compile(re.escape(part[0])), timeout=60_000)
        seen.append(notice.inner_text())
        size = "(element) => [element.scrollWidth - element.clientWidth, element.scrollHeight - element.clientHeight]"
        assert notice.evaluate(size) == [0, 0]
        assert notice.evaluate("(element) => element.style.fontSize") == "", (
            "in letters of its size, not in smaller ones"
        )
        expect(notice).not_to_have_text(seen[-1], timeout=60_000)
    assert board.evaluate("document.body.scrollHeight - innerHeight") <= 0
    said(site.hall.hub, Notices(None, notices[1:]), 10)
    expect(board.locator("#band")).not_to_have_attribute("data-tone", "notice", timeout=60_000)

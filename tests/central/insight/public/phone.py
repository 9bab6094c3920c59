"""A ticket's public page in a browser without a central: what central would answer is given to the browser as it is.

`python -m tests.central.insight.public.phone FOLDER` draws every state; part of `make screenshots`. `--handbook` draws
the one that the handbook shows, into deploy/pictures.
"""

import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, Route, sync_playwright

from central.base import clock
from central.insight.public.carried import Days
from central.insight.public.news import NOTHING_NEW, CentreNews
from central.insight.public.page import assets, page
from central.insight.public.status import Carried, TicketStatus
from central.insight.public.texts import LANGUAGES, Language
from common.protocol.feed_message import CalendarDay
from tests.hub.pages.conftest import CHROMIUM, FLAGS
from tests.kit.notices import LONGEST_NOTICE

ROOT: Final = Path(__file__).parents[4]
NOON: Final = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
TICKET: Final = "https://central.example/t/0123456789abcdef0123456789abcdef"
SIZES: Final = {"small": (320, 568), "usual": (390, 844), "lying": (844, 390), "desk": (1280, 800)}

DAYS: Final = Days(date(2026, 11, 29), date(2026, 12, 1))


def _status(state: str, *, minutes_ago: int | None = 0, **more: Any) -> TicketStatus:
    as_of = None if minutes_ago is None else clock.as_text(NOON - timedelta(minutes=minutes_ago))
    return TicketStatus(number="A1014", state=state, as_of=as_of, **more)


STATES: Final[dict[str, TicketStatus | None]] = {
    "waiting": _status("waiting", before=14, low_s=1500, high_s=3600),
    "waiting-first": _status("waiting", before=0, low_s=0, high_s=300),
    "waiting-nobody-calls": _status("waiting", before=4),
    "waiting-never-heard": _status("waiting", minutes_ago=None),
    "waiting-silent": _status("waiting", minutes_ago=12, before=4, low_s=600, high_s=1500),
    "waiting-news": _status("waiting", before=14, low_s=1500, high_s=3600),
    "called": _status("called", counter=12),
    "called-news": _status("called", counter=12),
    "serving": _status("serving", counter=3),
    "missed": _status("missed", minutes_ago=None),
    "done": _status("done", minutes_ago=None, asked="now"),
    "done-answered": _status("done", minutes_ago=None, asked="answered"),
    "voided": _status("voided", minutes_ago=None),
    "carried": _status("carried", minutes_ago=None, carried=Carried(DAYS, "12345678", is_claimed=False)),
    "carried-taken": _status("carried", minutes_ago=None, carried=Carried(DAYS, "12345678", is_claimed=True)),
    "gone": None,  # unknown, malformed, or its day is over
}

NEWS: Final = CentreNews(
    CalendarDay("2026-11-25", opens="08:00", closes="14:30"),
    CalendarDay("2026-11-26", closed=True, names={"ar": "عيد الفطر السعيد", "en": "Eid al-Fitr"}),
    [LONGEST_NOTICE],
)


class Answers:
    """What the line to central gives the browser: the page of a state, its files, or nothing."""

    def __init__(self, opened: Page, state: str) -> None:
        self.state = state
        self.other: dict[str, Any] | None = None  # what stands before central answers in its place
        self.is_cut = False
        self.asked = 0
        opened.route("**/*", self._answer)

    def _answer(self, route: Route) -> None:
        name = route.request.url.partition("?")[0].rpartition("/t/-/")[2]
        if self.is_cut:
            route.abort()
        elif name in assets():
            content, kind, _ = assets()[name]
            route.fulfill(body=content, content_type=kind)
        elif self.other is not None:
            route.fulfill(**self.other)
        else:
            self.asked += 1
            status = STATES[self.state]
            language: Language = "en" if "lang=en" in route.request.url else "ar"
            body = page(status, language, NEWS if self.state.endswith("-news") else NOTHING_NEW)
            route.fulfill(body=body, content_type="text/html; charset=utf-8", status=404 if status is None else 200)


def open_ticket(browser: Browser, state: str, language: Language, size: tuple[int, int]) -> tuple[Page, Answers]:
    """Open the page of a ticket in a state."""
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    opened = context.new_page()
    answers = Answers(opened, state)
    opened.clock.install(time=NOON)
    opened.goto(f"{TICKET}?lang={language}")
    return opened, answers


def draw(folder: Path, *, only: str | None = None) -> None:
    """Draw every state in each language on the usual phone, or one of them as `phone-STATE-LANGUAGE.png`."""
    clock.now = lambda: NOON
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for language in LANGUAGES:
            for state in STATES if only is None else (only,):
                opened, _ = open_ticket(browser, state, language, SIZES["usual"])
                name = f"{language}/page-phone-{state}" if only is None else f"phone-{state}-{language}"
                path = folder / f"{name}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                opened.screenshot(path=path)
                opened.context.close()
        browser.close()


if __name__ == "__main__":
    if "--handbook" in sys.argv:
        draw(ROOT / "deploy" / "pictures", only="called")
    else:
        draw(Path(sys.argv[1]))

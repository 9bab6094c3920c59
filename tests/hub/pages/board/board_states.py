"""A board in each state that a day brings, on each screen that a hall may have, without a hub: its stream is played."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from playwright.sync_api import Browser, Page, expect

from tests.kit.notices import LONGEST_NOTICE

AS_OF: Final = "2026-11-25T09:41:00.000Z"
TURN_MS: Final = 8000  # so long the band shows one of its pages
# A stream that says what the test says, announcements that last for ever, so that the one that is said is seen, and
# time that the test moves on, for the band turns its pages by it.
PLAYED: Final = """
sessionStorage.clear(); // each page is of a board that has said nothing yet
const now = performance.now.bind(performance);
window.later = 0;
performance.now = () => now() + window.later;
window.EventSource = class {
  static CLOSED = 2;
  constructor(address) {
    this.readyState = 1;
    window.stream = this;
    window.streamAddress = address;
  }
  addEventListener() {}
  close() {}
};
window.Audio = class { play() { return Promise.resolve(); } };
"""


class Screen(NamedTuple):
    """A screen and the distance of the last bench."""

    inches: int
    metres: float
    width: int = 1920
    height: int = 1080


SCREENS: Final = (
    Screen(24, 2), Screen(24, 6), Screen(32, 4), Screen(32, 6), Screen(43, 10), Screen(55, 6), Screen(55, 10),
    Screen(65, 10), Screen(43, 10, 1024, 768), Screen(24, 2, 1080, 1920), Screen(32, 4, 1080, 1920),
    Screen(43, 6, 1080, 1920), Screen(65, 10, 1080, 1920),
)  # fmt: skip
STATES: Final = (
    "many", "one", "two", "none", "interrupted", "no-counter", "lost", "lost-none", "before", "over", "over-carried",
    "carried", "long", "stopped", "said",
)  # fmt: skip
BAND_PAGES: Final = {"many": 5, "two": 2, "stopped": 12}  # at least so many, where there is more than one
_CALLED: Final = (
    ("A1033", 2), ("B2014", 1), ("C1007", 3), ("A3021", 2), ("X1002", 4), ("D1009", 1), ("A1032", 2), ("B1005", 1),
)  # fmt: skip
_NAMES: Final = {
    "A": {"ar": "الوثائق", "en": "Documents"},
    "B": {"ar": "مجلس المدينة والإيجار", "en": "City council and leases"},
    "C": {"ar": "المياه والكهرباء والهاتف", "en": "Water, electricity, telephone"},
    "D": {"ar": "المصرف والتأمين", "en": "Bank and insurance"},
    "X": {"ar": "الاستعلامات", "en": "Information desk"},
    "Y": {"ar": "الصندوق", "en": "Cashier"},
}


_STOPPED: Final = {
    "services": [{"service": "water-bill", "state": "interrupted", "since": "2026-11-25T08:05:00.000Z"}],
    "stopped": {
        "water-bill": {
            "names": {"ar": "فاتورة المياه", "en": "Water bill"}, "group": "C",
            "reason": {"ar": "انقطعت الكهرباء عن المصدر", "en": "its source has no power"},
        }
    },
    "doubtful": ["B"],
    "notices": [
        {"id": "card", "from": "2026-11-25T00:00:00Z", "until": "2026-11-26T00:00:00Z", "texts": LONGEST_NOTICE},
    ],
}  # fmt: skip


_LONG_AGO = "2026-11-25T09:30:40.000Z"


def view_of(state: str) -> dict[str, Any]:
    """Return what the hub would tell a board in this state."""
    calls = [
        {"seq": 100 - place, "number": number, "counter": counter, "at": f"2026-11-25T09:{40 - 2 * place}:40.000Z"}
        for place, (number, counter) in enumerate(_CALLED)
    ]
    view: dict[str, Any] = {
        "hub": "hub-1", "term": 1, "mark": "m", "leading": True, "pages": "", "as_of": AS_OF, "hubs": [],
        "business_day": "2026-11-25", "day_closed": False, "calls": calls, "counters": [1, 2, 3, 4],
        "centre": {"ar": "مركز خدمة المواطن – حمص (الرئيسي)", "en": "Citizen Centre – Homs (main)"},
        "waiting": {"A": 22, "B": 18, "C": 9, "D": 9, "X": 0, "Y": 0}, "group_names": _NAMES,
        "last_waits": {"A": 1260, "B": 700, "C": 30, "D": 130}, "services": [], "stopped": {}, "doubtful": [],
        "notices": [], "carried": None,
    }  # fmt: skip
    nobody: dict[str, Any] = {"calls": [], "last_waits": {}}
    changed: dict[str, dict[str, Any]] = {
        "one": {"calls": calls[:1]},
        "two": {"calls": calls[:2], "waiting": {"A": 3, "B": 0}},
        "none": nobody,
        "interrupted": {"counters": []},
        "no-counter": nobody | {"counters": []},
        "lost-none": nobody,
        "before": nobody | {"counters": [], "business_day": None, "waiting": {}},
        "over": {"counters": [], "day_closed": True, "waiting": {"A": 0, "B": 0}, "last_waits": {}},
        "over-carried": {
            "counters": [],
            "day_closed": True,
            "waiting": {"A": 0, "B": 0},
            "last_waits": {},
            "carried": {"days": ["2026-11-26", "2026-11-29"], "waited_min": 60},
        },
        "carried": {"carried": {"days": ["2026-11-26"], "waited_min": 60}},
        # Of so long ago that it is shown only: by its number it is another call than those before.
        "long": {
            "calls": [
                {**calls[0], "number": "A110233", "counter": 24, "at": _LONG_AGO},
                {**calls[1], "counter": 12},
                *calls[2:],
            ]
        },
        "stopped": _STOPPED,
    }
    return view | changed.get(state, {})


@contextmanager
def played(browser: Browser) -> Iterator[Page]:
    """A page whose stream is played."""
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.add_init_script(PLAYED)
    yield page
    context.close()


def open_on(page: Page, url: str, screen: Screen, look: str = "") -> None:
    """Open a board on a screen; `look` is more of its address."""
    page.set_viewport_size({"width": screen.width, "height": screen.height})
    page.goto(f"{url}/board?diagonal={screen.inches}&distance={screen.metres:g}{look}")
    page.wait_for_function("() => window.stream?.onmessage")


def bring(page: Page, state: str) -> None:
    """Bring an open board to a state, as it then stands; one with a call that has just come is its last."""
    _say(page, view_of(state))
    expect(page.locator("#centre")).not_to_be_empty()
    if state.startswith("lost"):
        page.evaluate("window.stream.readyState = 0; window.stream.onerror()")
        expect(page.locator("#lost")).to_be_visible()
    if state == "said":
        calls = view_of(state)["calls"]
        newest = {"seq": 101, "number": "B2015", "counter": 3, "at": AS_OF}
        _say(page, {**view_of(state), "calls": [newest, *calls[:-1]]})
        expect(page.locator(".call.new")).to_have_count(1)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def turn(page: Page, state: str) -> None:
    """Turn the band to its next page."""
    page.evaluate(f"() => {{ window.later += {TURN_MS}; }}")
    _say(page, view_of(state))


def _say(page: Page, view: Mapping[str, Any]) -> None:
    script = (
        "(said) => window.stream.onmessage({ data: JSON.stringify({ ...said, pages: document.body.dataset.pages }) })"
    )
    page.evaluate(script, view)

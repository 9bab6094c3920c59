"""What is printed for staff, from top to bottom: the test page, the counters, who waits."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from devices.paper import Number, Paper, Qr, Rule, Space, Text, Weight
from kiosk.language import parted
from kiosk.papers.contents import Words
from kiosk.papers.page import Page

# Letters that test a printer: every joining form, the ligature, brackets and digits inside Arabic.
_ARABIC_SAMPLE = "أبجد هوز حطي كلمن سعفص قرشت ثخذ ضظغ – لا إلى (12) «حمص»"

# As long as a ticket's, so that what reads on the test page reads on every paper.
TEST_CODE: Final = "TEST-PAGE-00000000-0000-0000-0000-000000000000"


def page_for_testing(
    centre: Words, kiosk: str, printed_at: datetime | None, lines: Sequence[str] = (), language: str = "ar"
) -> Paper:
    """Return a test page: letters, digits, bars across the paper, a code. `lines` are technical words."""
    page = Page(language)
    page.text(page.language.words(centre), 4.0, Weight.MEDIUM, fixed=True)
    page.say_fixed("paper.test_page", 6.0, Weight.BOLD)
    page.rule()
    page.ops.append(Text(_ARABIC_SAMPLE, 4.2))
    page.ops.append(Text("ABCDEFGHIJKLM 0123456789", 3.6, direction="ltr"))
    page.space(1.5)
    page.ops.append(Number("A1234"))
    page.space(2.0)
    for thickness_mm in (0.125, 0.25, 0.5, 1.0, 2.0):  # a worn head shows as gaps in these
        page.ops += [Rule(thickness_mm), Space(0.8)]
    page.moment(printed_at)
    for line in lines:
        page.ops.append(Text(line, 3.2, direction="ltr"))
    page.ops.append(Qr(TEST_CODE))
    return page.paper("test-page", kiosk)


def counters_report(
    centre: Words, kiosk: str, printed_at: datetime | None, counts: Sequence[tuple[str, str]], language: str = "ar"
) -> Paper:
    """Return the technician's counters: a line each, already named in the report's language."""
    page = _headed("paper.counters", centre, printed_at, language)
    page.rule()
    for name, value in counts:
        page.ops.append(Text(f"{name}: {value}", 3.8, direction=page.direction))
    page.rule()
    return page.paper("counters", kiosk)


def waiting_list(
    centre: Words,
    kiosk: str,
    printed_at: datetime | None,
    numbers: Sequence[tuple[str, str]],
    language: str = "ar",
    *,
    hall: str | None = None,
) -> Paper:
    """Return the list of who waits: each number with the time at which it was given, a line each, to be ticked off.

    Args:
        centre: its names.
        kiosk: which one prints.
        printed_at: when, by a clock that tells it.
        numbers: each with what stands beside it.
        language: of the paper.
        hall: of the whole hall's, as of when that is known (`10:05`, or nothing); None: of this kiosk alone.
    """
    page = _headed("paper.waiting_list" if hall is None else "paper.hall_list", centre, printed_at, language)
    if hall is not None:
        page.say("paper.hall_as_of" if hall else "paper.hall_as_of_unknown", 3.8, Weight.MEDIUM, time=hall)
        page.say("paper.hall_once", 3.8, Weight.MEDIUM)
    page.say("paper.waiting_count", 3.8, Weight.MEDIUM, n=len(numbers))
    page.rule()
    for number, given_at in numbers:
        page.ops.append(Text(f"[  ]  {parted(number)}   {given_at}", 5.0, Weight.MEDIUM, "ltr"))
    page.rule()
    return page.paper("waiting-list", kiosk)


def _headed(title: str, centre: Words, printed_at: datetime | None, language: str) -> Page:
    """Begin a paper with the centre, what the paper is, and when it was printed."""
    page = Page(language)
    page.text(page.language.words(centre), 4.0, Weight.MEDIUM, fixed=True)
    page.say_fixed(title, 6.0, Weight.BOLD)
    page.moment(printed_at)
    return page

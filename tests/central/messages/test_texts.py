"""Each text goes out as one, in every language and with its longest values, and names nobody and no document."""

from datetime import datetime, timedelta

import pytest

from central.base import clock
from central.insight.public.texts import texts
from central.messages.texts import FOLDER, Said, compose
from common.messages.kind import KINDS, Kind, fits
from common.web.page_texts import LANGUAGES, Language

LONGEST = Said(
    ends="210",
    centre={
        "ar": "مركز خدمة المواطن في مدينة حمص القديمة وما حولها من أحياء وضواح وقرى بعيدة جداً عن المدينة",
        "en": "W" * 80,
    },
    at="2026-12-31T21:59:59Z",
    until="2026-12-31T21:59:59Z",
)
CITIZENS = [kind for kind in KINDS if not kind.startswith("staff-")]
SHORT = Said(ends="210", centre={"ar": "المركز الرئيسي", "en": "Main centre"}, at=LONGEST.at, until=LONGEST.until)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", CITIZENS)
@pytest.mark.parametrize("said", [LONGEST, SHORT, Said(ends="210", at=LONGEST.at), Said(at=LONGEST.at, ends="0")])
def test_every_text_fits_into_one_message(kind: Kind, language: Language, said: Said) -> None:
    for is_first in (True, False):
        text = compose(kind, said, language, is_first=is_first)
        assert fits(text), text
        assert "{" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_usual_centre_is_named_and_a_stranger_is_told_to_ignore_it(language: Language) -> None:
    stranger = str(texts(language, FOLDER)["stranger"])
    ready = Said(ends="210", centre=SHORT.centre)
    assert (ready.centre or {})[language] in compose("order-ready", ready, language, is_first=True)
    for kind in CITIZENS:
        text = compose(kind, ready if kind == "order-ready" else SHORT, language, is_first=True)
        # That a code stays good says more than a word for a stranger, where there is room for one of both.
        assert text.endswith(stranger) == (kind != "claim-off"), (kind, text)


def test_an_order_without_number_or_centre_is_told_all_the_same() -> None:
    assert compose("order-ready", Said(), "en") == "You have an order that is ready to collect."


@pytest.mark.parametrize(
    ("now", "text"),
    [
        ("2026-12-30T20:00:00Z", "موعدك غداً الساعة 10:00 في المركز الرئيسي."),
        ("2026-12-30T21:30:00Z", "موعدك اليوم الساعة 10:00 في المركز الرئيسي."),
    ],
)
def test_a_reminder_that_waited_until_the_day_says_today(now: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime.fromisoformat(now))
    said = Said(centre=SHORT.centre, at="2026-12-31T07:00:00Z")
    assert compose("claim-tomorrow", said, "ar") == text


@pytest.mark.parametrize(
    ("now", "text"),
    [
        ("2026-12-31T21:59:58Z", "Order …210 is ready at Main centre until 1 January."),
        ("2026-12-31T21:59:59Z", "Order …210 is ready at Main centre."),
    ],
)
def test_no_day_that_is_over_is_named_as_the_last_one(now: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime.fromisoformat(now))
    assert compose("order-ready", SHORT, "en") == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_appointment_called_off_is_told_in_one_message_on_every_day(language: Language) -> None:
    for ahead in range(366):
        at = datetime(2027, 1, 1, 10, tzinfo=clock.CENTRE_TIME) + timedelta(days=ahead)
        assert fits(compose("claim-off", Said(at=at.isoformat()), language))

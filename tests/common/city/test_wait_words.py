"""A wait in words: never "between 0 and 5", never 375 minutes, and nothing that the range does not hold."""

from collections.abc import Mapping

import pytest

from common.city.wait_words import wait_words
from kiosk.language import Language
from kiosk.prompts.ticket import Ahead


@pytest.mark.parametrize(
    ("low", "high", "name"),
    [
        (0, 5, "under_5"),
        (0, 10, "up_to"),
        (10, 25, "range"),
        (20, 60, "range"),
        (0, 75, "up_to_90"),
        (25, 75, "up_to_90"),
        (20, 100, "up_to_120"),
        (35, 65, "30_to_90"),
        (60, 120, "60_to_120"),
        (95, 115, "90_to_120"),
        (45, 130, "over_30"),
        (119, 375, "over_90"),
        (125, 375, "over_120"),
    ],
)
def test_a_range_has_its_sentence_in_every_language(low: int, high: int, name: str) -> None:
    found = wait_words(low, high)
    assert found is not None
    assert found[0] == name
    for code in ("ar", "en"):
        language = Language(code)
        said = [language.text(text.msgid, **text.values) for text in Ahead(3, "09:05", (low, high)).said]
        assert len(said) == 3
        assert "{" not in said[1]
        assert "375" not in said[1]


@pytest.mark.parametrize(
    ("low", "high", "sentence"),
    [
        (0, 5, ("under_5", {})), (0, 6, ("up_to", {"n": 6})), (0, 60, ("up_to", {"n": 60})),
        (1, 6, ("range", {"low": 1, "n": 6})), (59, 60, ("range", {"low": 59, "n": 60})),
        (0, 61, ("up_to_90", {})), (29, 90, ("up_to_90", {})), (0, 91, ("up_to_120", {})), (29, 120, ("up_to_120", {})),
        (30, 61, ("30_to_90", {})), (59, 90, ("30_to_90", {})), (30, 91, ("30_to_120", {})),
        (60, 61, ("60_to_90", {})), (89, 90, ("60_to_90", {})), (60, 91, ("60_to_120", {})),
        (89, 120, ("60_to_120", {})), (90, 91, ("90_to_120", {})), (119, 120, ("90_to_120", {})),
        (29, 121, None), (30, 121, ("over_30", {})), (59, 121, ("over_30", {})), (60, 121, ("over_60", {})),
        (89, 121, ("over_60", {})), (90, 121, ("over_90", {})), (119, 121, ("over_90", {})),
        (120, 121, ("over_120", {})),
    ],
)  # fmt: skip
def test_each_sentence_is_said_from_its_first_range_to_its_last(
    low: int, high: int, sentence: tuple[str, Mapping[str, int]] | None
) -> None:
    assert wait_words(low, high) == sentence


def test_what_may_be_short_or_more_than_two_hours_is_left_out() -> None:
    assert wait_words(10, 150) is None
    assert [text.msgid for text in Ahead(3, "09:05", (10, 150)).said] == ["ticket.people_before", "ticket.as_of"]


@pytest.mark.parametrize("low", range(0, 300, 5))
def test_no_sentence_says_less_than_the_range_holds(low: int) -> None:
    for high in range(low + 5, 400, 5):
        name, values = wait_words(low, high) or ("", {})
        if name.startswith("over_"):
            assert int(name[5:]) <= low
        elif "_to_" in name and name != "up_to":
            least, _, most = name.replace("up_to_", "0_to_").partition("_to_")
            assert int(least) <= low < high <= int(most)
        elif values:
            assert values["n"] == high


def test_a_wait_beyond_closing_is_said_in_words() -> None:
    text = Ahead(3, "12:40", (30, 60), closes="13:30").said[3]
    assert Language("ar").text(text.msgid, **text.values) == "يغلق المركز الساعة 13:30، وقد لا يصل دورك قبلها"

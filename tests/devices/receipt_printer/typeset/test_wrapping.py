"""Lines break in reading order, are as few as there can be, and leave no word alone where it can have company."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.city.catalogue import load_catalogue
from devices.paper import Direction, Weight
from devices.receipt_printer.typeset import typesetting
from devices.receipt_printer.typeset.wrapping import wrap

WORDS = st.lists(st.text("ab", min_size=1, max_size=9), max_size=9)


def raggedness(lines: list[str], width: int) -> int:
    return sum((width - len(line)) ** 2 for line in lines)


def ways(words: list[str], count: int, width: int) -> list[list[str]]:
    """Return every way to set the words on so many lines, by trying them all."""
    found = []
    for cuts in itertools.combinations(range(1, len(words)), count - 1):
        edges = [0, *cuts, len(words)]
        lines = [" ".join(words[a:b]) for a, b in itertools.pairwise(edges)]
        if all(len(line) <= width for line in lines):
            found.append(lines)
    return found


@given(WORDS, st.integers(9, 30))
def test_no_other_way_takes_fewer_lines_or_is_less_ragged(words: list[str], width: int) -> None:
    lines = wrap(" ".join(words), width, len)
    assert " ".join(lines).split() == words
    if words:
        assert not any(ways(words, fewer, width) for fewer in range(1, len(lines)))
        assert raggedness(lines, width) == min(raggedness(way, width) for way in ways(words, len(lines), width))


@given(st.text("ab \n\t", max_size=60), st.integers(1, 12))
def test_no_line_is_wider_than_asked_and_no_letter_is_lost(text: str, width: int) -> None:
    lines = wrap(text, width, len)
    assert all(0 < len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == "".join(text.split())


def test_a_letter_that_is_wider_than_the_line_has_one_of_its_own() -> None:
    assert wrap("ab c", 0, len) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 5, []),
        ("a", 5, ["a"]),
        ("aaaaa", 5, ["aaaaa"]),
        ("aa bb", 5, ["aa bb"]),
        ("aaa bb", 5, ["aaa", "bb"]),
        ("aaaa b c", 6, ["aaaa", "b c"]),
        ("aaaaaa b c d e", 6, ["aaaaaa", "b c", "d e"]),
        ("aaaaaa b c d e f", 6, ["aaaaaa", "b c", "d e f"]),
        ("aaaaaaa b c d e", 6, ["aaaaaa", "a b c", "d e"]),
        ("a b c", 3, ["a", "b c"]),
        ("aaaaaaaaaaaa", 4, ["aaaa", "aaaa", "aaaa"]),
        ("aaaaaaaaaaaaa b", 4, ["aaaa", "aaaa", "aaaa", "a b"]),
        ("a aaaaa", 4, ["a", "aaaa", "a"]),
        ("a  b\n\nc", 9, ["a b", "c"]),
    ],
)
def test_a_line_may_be_full_and_a_word_that_is_broken_is_broken_where_the_line_ends(
    text: str, width: int, lines: list[str]
) -> None:
    assert wrap(text, width, len) == lines


@pytest.mark.parametrize("width", [384, 576])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_no_service_name_leaves_its_end_alone(width: int, language: str) -> None:
    """The last line of a name is at least a third as long as the longest."""
    for service in load_catalogue().services:
        direction: Direction = "rtl" if language == "ar" else "ltr"
        lines = typesetting.paragraph(service.names[language], 44, Weight.BOLD, direction, width)
        widths = [line.picture.width for line in lines]
        assert widths[-1] >= max(widths) / 3, service.code

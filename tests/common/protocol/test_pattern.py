"""What a biller's number looks like: as a regular expression of its few forms says, but in bounded steps."""

import re
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from common.protocol.payments.pattern import fits, parts_of
from common.protocol.payments.setup import BillField, PaperCode, Pattern

CLASSES = ["[0-9]", "[0-9A-Z]", "[ab-]", "[-a]", "[/-9]", "[a-c-9]", "[a-]", "[-]", "[A-Za-z/-]"]
SIGNS = st.sampled_from(["0", "5", "9", "A", "a", "b", "c", "-", "/", "z"])
COUNTS = st.one_of(
    st.just(""),
    st.integers(0, 12).map(lambda count: f"{{{count}}}"),
    st.tuples(st.integers(0, 6), st.integers(0, 6)).map(lambda pair: f"{{{pair[0]},{sum(pair)}}}"),
)
PARTS = st.tuples(st.one_of(SIGNS, st.sampled_from(CLASSES)), COUNTS).map("".join)


@given(st.lists(PARTS, min_size=1, max_size=4).map("".join), st.text("059AabcZz/-", max_size=14))
@example("[0-9]{2,4}/[A-Z]", "123/A")
@example("[a-c-9]", "-")
@example("0{0}", "")
def test_it_says_what_the_same_regular_expression_says(pattern: str, text: str) -> None:
    msgspec.convert(pattern, Pattern)
    assert fits(pattern, text) == (re.fullmatch(pattern, text) is not None)


def test_many_classes_of_many_signs_are_gone_through_as_fast_as_any() -> None:
    pattern = "[0-9]{0,99}" * 19 + "A"
    msgspec.convert(pattern, Pattern)
    assert not fits(pattern, "1" * 256)  # a regular expression would try each way to part them
    assert fits(pattern, "1" * 255 + "A")


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("[9-0]", "in [9-0] 9 comes after 0"),
        ("1{4,3}", "'1{4,3}' asks for more at least than at most"),
        ("[0-9]+", "'+' is no sign or class"),
        ("a(b)", "'(b)' is no sign"),
        ("[0-9", "'[0-9' is no sign"),
    ],
)
def test_what_is_no_pattern_is_named_where_it_is_read(pattern: str, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)):
        parts_of(pattern)


@pytest.mark.parametrize("pattern", ["[9-0]", "1{4,3}"])
def test_a_setup_with_what_is_none_is_refused(pattern: str) -> None:
    field: dict[str, Any] = {"name": "subscriber", "pattern": pattern, "names": {"ar": "a"}}
    paper: dict[str, Any] = {"pattern": pattern, "field": "subscriber", "from": 0, "to": 4}
    for shape, said in ((BillField, field), (PaperCode, paper)):
        with pytest.raises(msgspec.ValidationError, match="pattern: "):
            msgspec.convert(said, shape)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.machine.errors import StoreError
from offline_store.issuing.numbering import counter_before_next_thousand, order_number, ticket_number

PARTS = st.tuples(st.sampled_from(["", *"ABCDXYZ"]), st.integers(1, 9), st.integers(1, 10**7))


@pytest.mark.parametrize(
    ("prefix", "digit", "n", "number"),
    [
        ("B", 2, 14, "B2014"),
        ("", 9, 1, "9001"),
        ("A", 1, 999, "A1999"),
        ("A", 1, 1000, "A11000"),
        ("C", 3, 10000, "C310000"),
    ],
)
def test_numbers_are_written_as_the_contract_says(prefix: str, digit: int, n: int, number: str) -> None:
    assert ticket_number(prefix, digit, n) == number


@given(PARTS, PARTS)
def test_different_parts_never_make_the_same_number(one: tuple[str, int, int], other: tuple[str, int, int]) -> None:
    assert (ticket_number(*one) == ticket_number(*other)) == (one == other)


@pytest.mark.parametrize(("digit", "n"), [(0, 1), (10, 1), (-1, 1), (1, 0), (1, -5)])
def test_impossible_parts_are_refused(digit: int, n: int) -> None:
    with pytest.raises(StoreError):
        ticket_number("B", digit, n)


@pytest.mark.parametrize(
    ("highest", "first"), [(0, 1000), (1, 1000), (999, 1000), (1000, 2000), (1001, 2000), (4999, 5000)]
)
def test_after_a_salvage_numbers_go_on_at_the_next_full_thousand(highest: int, first: int) -> None:
    assert counter_before_next_thousand(highest) + 1 == first


DAYS = ("2026-01-01", "2026-12-31", "2027-01-01", "2040-02-29")


def test_an_order_made_at_a_kiosk_takes_ten_digits_from_the_number_given_with_it() -> None:
    assert order_number("Y2014", "2026-01-01") == "9200000014"
    assert order_number("Y21234", "2026-11-25") == "9203281234"
    numbers = {order_number(f"Y{digit}{n:03d}", day) for digit in range(1, 10) for n in (1, 999) for day in DAYS}
    assert len(numbers) == 9 * 2 * len(DAYS)
    assert {len(number) for number in numbers} == {10}

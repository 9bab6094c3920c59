"""The eight digits at a ticket's foot: always eight, always the same, and a slip of the finger is found."""

import uuid

import pytest

from common.protocol.queue.claim import DIGITS, are_digits, check_digit, digits_of

IDS = [str(uuid.UUID(int=number)) for number in range(200)]


def test_the_check_digit_is_the_standards() -> None:
    assert check_digit("0794") == "5"  # the example of ISO 7064, MOD 11,10
    assert check_digit("79462") == "3"


def test_each_ticket_has_eight_digits_of_its_own() -> None:
    found = [digits_of(one) for one in IDS]
    assert all(len(one) == DIGITS and are_digits(one) for one in found)
    assert found == [digits_of(one) for one in IDS]
    assert len(set(found)) == len(IDS)


@pytest.mark.parametrize("place", range(DIGITS))
def test_no_single_wrong_digit_passes(place: int) -> None:
    for right in map(digits_of, IDS):
        wrong = [right[:place] + digit + right[place + 1 :] for digit in "0123456789" if digit != right[place]]
        assert not any(are_digits(one) for one in wrong)


@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "1234567a", "١٢٣٤٥٦٧٨"])
def test_what_are_no_eight_digits_is_refused(typed: str) -> None:
    assert not are_digits(typed)

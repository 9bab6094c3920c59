"""Words, digits and calls between the screen's process and the one that speaks with the hub: small, and read whole."""

import pytest

from common.protocol.queue.call import TakenTicket
from common.protocol.queue.claim import ClaimAsked, ClaimFound
from offline_store.queue import digits
from offline_store.queue import help as help_calls
from offline_store.queue.digits import DigitsAsked, DigitsFound
from offline_store.queue.word import HubWord, latest, read_word, write_word
from tests.offline_store.queue.hubs import Place, step, timed

CALL = "5b1f6f0a-1111-4c3e-9d2a-000000000001"


def test_a_word_is_fresh_for_half_a_minute_of_its_own_boot() -> None:
    word = HubWord(hub="hub-1", term=1, boot_id="b", heard_boot_ns=5 * 10**9, wall_time="")
    assert [word.is_fresh("b", at) for at in (4.9, 5, 35, 35.1)] == [False, True, True, False]
    assert not word.is_fresh("c", 6)


def test_of_tickets_the_last_two_hundred_are_known_the_newest_word_last() -> None:
    known = latest({}, [TakenTicket(str(n), n) for n in range(200)])
    assert len(known) == 200
    after = latest(known, [TakenTicket("0", 7), TakenTicket("200", 8)])
    assert list(after) == [*(str(n) for n in range(2, 200)), "0", "200"]
    assert after["0"] == TakenTicket("0", 7)


DIGITS = DigitsAsked("5b1f6f0a-1111-4c3e-9d2a-000000000002", "12345678")


def test_digits_that_somebody_typed_are_asked_once_and_answered(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = place.store.data_dir
    first, _ = timed(place)
    asked: list[ClaimAsked] = []

    def find(one: ClaimAsked) -> ClaimFound | None:
        asked.append(one)
        return None

    monkeypatch.setattr(first, "find_claim", find)
    digits.ask(folder, DIGITS)
    step(place, 0, 0.2, 0.4)
    assert asked == [ClaimAsked("12345678")]
    assert digits.found(folder, DIGITS.id) == DigitsFound(DIGITS.id, None)
    assert digits.found(folder, CALL) is None
    assert digits.asked(folder) is None


def test_digits_wait_while_the_hub_is_away(place: Place) -> None:
    folder = place.store.data_dir
    first, _ = timed(place)
    step(place, 0)
    digits.ask(folder, DIGITS)
    first.is_away = True
    step(place, 0.2)
    assert digits.asked(folder) == DIGITS
    assert digits.found(folder, DIGITS.id) is None
    other = DigitsFound(CALL)
    digits.answer(folder, other)
    assert digits.asked(folder) == DIGITS, "the answer to an earlier try leaves the next one"


@pytest.mark.parametrize(("size", "is_read"), [(4096, True), (4097, False)])
def test_no_more_is_read_of_digits_than_they_can_be(place: Place, size: int, is_read: bool) -> None:
    folder = place.store.data_dir
    digits.ask(folder, DIGITS)
    path = folder / digits.ASKED
    path.write_bytes(path.read_bytes().ljust(size))
    assert (digits.asked(folder) == DIGITS) is is_read


@pytest.mark.parametrize(("size", "is_read"), [(1024, True), (1025, False)])
def test_no_more_is_read_of_a_call_for_staff_than_it_can_be(place: Place, size: int, is_read: bool) -> None:
    folder = place.store.data_dir
    help_calls.ask(folder, CALL)
    path = folder / help_calls.FILE
    path.write_bytes(path.read_bytes().ljust(size))
    assert (help_calls.asked(folder) == CALL) is is_read


@pytest.mark.parametrize(("size", "is_read"), [(256 * 1024, True), (256 * 1024 + 1, False)])
def test_no_more_is_read_of_a_word_than_it_can_be(place: Place, size: int, is_read: bool) -> None:
    folder = place.store.data_dir
    word = HubWord(hub="hub-1", term=1, boot_id="b", heard_boot_ns=5, wall_time="")
    write_word(folder, word)
    path = folder / "queue.json"
    path.write_bytes(path.read_bytes().ljust(size))
    assert (read_word(folder) == word) is is_read

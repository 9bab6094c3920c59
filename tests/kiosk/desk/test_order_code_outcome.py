"""What becomes of a code: each outcome of the contract, and the order in which they are tried."""

from dataclasses import replace

import pytest

from kiosk.desk.order_code import Forged, OrderCode, Unreadable
from kiosk.desk.outcome import FeedState, OrderFacts, Outcome, judge
from tests.kit.order_codes import NOW, ORDER, OTHER_KEY, genuine, read, signed

FACTS = OrderFacts("homs-main", {"civil-affairs", "water-bill"})
CODE = read(genuine())


@pytest.mark.parametrize("code", [Unreadable("no order code"), Forged("signature")], ids=["unreadable", "forged"])
def test_nothing_makes_a_bad_code_better(code: OrderCode) -> None:
    facts = replace(FACTS, feed_state="ready", is_recorded=True)
    assert judge(code, facts, now=NOW) == type(code).__name__.lower()


def test_a_genuine_paid_code_in_date_is_accepted() -> None:
    assert judge(CODE, FACTS, now=NOW) is Outcome.ACCEPTED


def test_an_unpaid_code_is_accepted_unpaid_unless_its_service_is_free() -> None:
    unpaid = read(genuine(replace(ORDER, payment=None)))
    assert judge(unpaid, FACTS, now=NOW) is Outcome.ACCEPTED_UNPAID
    assert judge(unpaid, replace(FACTS, free_services={"civil-affairs"}), now=NOW) is Outcome.ACCEPTED


@pytest.mark.parametrize("state", ["collected", "ready", "in_progress", "by_post"])
def test_what_the_feed_says_comes_before_all_that_this_kiosk_knows(state: FeedState) -> None:
    facts = OrderFacts("homs-new", set(), feed_state=state, is_recorded=True)
    assert judge(CODE, facts, now=NOW + 10**9) == state


def test_each_cause_comes_before_the_next() -> None:
    """Everything is wrong at once; causes are taken away in the contract's order."""
    unpaid = read(genuine(replace(ORDER, payment=None)))
    late = NOW + 86_400
    facts = OrderFacts("homs-new", set(), is_recorded=True)
    assert judge(unpaid, facts, now=late) is Outcome.REPEATED
    facts = replace(facts, is_recorded=False)
    assert judge(unpaid, facts, now=late) is Outcome.OTHER_CENTRE
    facts = replace(facts, centre="homs-main")
    assert judge(unpaid, facts, now=late) is Outcome.UNKNOWN_SERVICE
    facts = replace(facts, services={"civil-affairs"})
    assert judge(unpaid, facts, now=late) is Outcome.EXPIRED
    assert judge(unpaid, facts, now=late - 1) is Outcome.ACCEPTED_UNPAID


def test_post_is_taken_at_every_centre() -> None:
    by_post = read(genuine(replace(ORDER, destination="post")))
    assert judge(by_post, replace(FACTS, centre="homs-hamra"), now=NOW) is Outcome.ACCEPTED


def test_an_unverified_code_says_nothing_of_the_feed() -> None:
    """A stranger could claim anyone's order id: it must not learn that order's state."""
    assert judge(read(genuine(), keys={}), replace(FACTS, feed_state="ready"), now=NOW) is Outcome.ACCEPTED_UNVERIFIED


def test_a_code_of_another_key_is_forged() -> None:
    assert judge(read(signed(key=OTHER_KEY)), FACTS, now=NOW) is Outcome.FORGED


def test_three_outcomes_are_recorded() -> None:
    assert {outcome for outcome in Outcome if outcome.is_recorded} == {
        Outcome.ACCEPTED,
        Outcome.ACCEPTED_UNPAID,
        Outcome.ACCEPTED_UNVERIFIED,
    }

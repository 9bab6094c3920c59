"""A claim that is shown: each outcome, in its order, and one number for one claim whatever happens on the way."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from common.protocol.central_keys import key_id
from common.protocol.codes.claim_code import Claim, compose_claim_code
from common.protocol.codes.issued import SANDBOX, Genuine, Unreadable, Unverified
from common.protocol.feed_message import CalendarDay
from common.protocol.payments.setup import ReceiptKeyRecord
from common.protocol.queue.claim import TicketClaim
from common.protocol.queue.rows import shown_digest
from devices.protocols import Scan
from kiosk.desk.claims.outcome import ClaimFacts, ClaimOutcome, judge
from kiosk.desk.claims.showing import ClaimShown
from kiosk.desk.desk import Issued, Refusal, Refused, new_intention
from kiosk.desk.outcome import Outcome
from kiosk.desk.scan_content import ClaimScan, content_of
from kiosk.prompts.ticket import Expected, Stopped
from kiosk.prompts.ui import Text
from offline_store.disk import tables
from offline_store.feed.feed_taking import Taking
from offline_store.feed.payments import take_receipt_key
from offline_store.issuing.business_day import ZONE
from offline_store.issuing.ticket import recorded_body
from tests.kit.claims import KEY, KID, claim_at, code_of, make_known
from tests.kit.clock import NOON, HandClock
from tests.kit.desk import App, Place, open_store
from tests.kit.hall_rows import hears, row
from tests.kit.order_codes import CLAIMS, signed

MINUTE = timedelta(minutes=1)
FACTS = ClaimFacts("homs-main")
NOW = NOON.timestamp()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    clock = HandClock()
    with open_store(tmp_path / "data", clock) as store:
        yield Place(store, clock, App())


def outcome(claim: Claim, facts: ClaimFacts = FACTS, now: float | None = NOW) -> str:
    return judge(Genuine(claim), facts, now=now, zone=ZONE).value


@pytest.mark.parametrize(
    ("minutes_late", "said"),
    [(-31, "early"), (-30, "in-time"), (0, "in-time"), (10, "in-time"), (11, "late"), (90, "late")],
)
def test_by_its_time_of_the_same_day(minutes_late: int, said: str) -> None:
    assert outcome(claim_at(NOON - minutes_late * MINUTE)) == said


def test_by_its_day() -> None:
    assert outcome(claim_at(NOON + timedelta(days=1))) == "other-day"
    assert outcome(claim_at(NOON - timedelta(days=1))) == "late"
    assert outcome(claim_at(NOON - timedelta(days=3))) == "expired"
    just_before_midnight, just_after = NOON + timedelta(hours=11, minutes=59), NOON + timedelta(hours=12, minutes=1)
    assert outcome(claim_at(just_before_midnight)) == "early"  # noon in Damascus is 09:00 UTC: the same day there
    assert outcome(claim_at(just_after)) == "other-day"


def test_days_that_were_closed_since_it_was_signed_do_not_count(place: Place) -> None:
    make_known(place.store)
    claim = claim_at(NOON - timedelta(days=4), expires=int((NOON - timedelta(days=1, hours=15)).timestamp()))
    assert show(place, claim).outcome == "expired"
    for day in ("2026-11-22", "2026-11-23", "2026-11-24"):
        place.days[day] = CalendarDay(day, closed=True)
    assert show(place, claim).outcome == "late"
    place.clock.pass_time(days=2)
    assert show(place, replace(claim, id="cd" * 16)).outcome == "expired"


def test_a_number_from_afar_is_never_late_on_its_day() -> None:
    assert outcome(claim_at(NOON - timedelta(hours=3), kind="afar")) == "in-time"
    assert outcome(claim_at(NOON - timedelta(days=1), kind="afar")) == "late"


def test_without_a_clock_no_day_and_no_time_is_judged() -> None:
    for days in (-30, 0, 30):
        assert outcome(claim_at(NOON + timedelta(days=days)), now=None) == "in-time"


def test_the_first_that_fits() -> None:
    here, far = claim_at(NOON - timedelta(days=30)), claim_at(centre="homs-new")
    everything = ClaimFacts("homs-main", is_used=True, is_withdrawn=True, is_interrupted=True)
    assert outcome(far, everything) == "other-centre"
    assert outcome(here, everything) == "withdrawn"
    assert outcome(here, replace(everything, is_withdrawn=False)) == "used"
    assert outcome(here, ClaimFacts("homs-main", is_interrupted=True)) == "expired"
    assert outcome(claim_at(NOON + 60 * MINUTE), ClaimFacts("homs-main", is_interrupted=True)) == "early"
    assert outcome(claim_at(NOON - 60 * MINUTE), ClaimFacts("homs-main", is_interrupted=True)) == "interrupted"
    assert judge(Unreadable("x"), everything, now=NOW, zone=ZONE) is ClaimOutcome.UNREADABLE
    assert judge(Unverified("unknown-key", here), everything, now=NOW, zone=ZONE) is ClaimOutcome.UNVERIFIED
    assert judge(Unverified("unknown-key", far), everything, now=NOW, zone=ZONE) is ClaimOutcome.OTHER_CENTRE


def show(place: Place, claim: Claim, key: Ed25519PrivateKey = KEY) -> ClaimShown:
    shown = place.desk.claim(code_of(claim, key))
    assert isinstance(shown, ClaimShown)
    return shown


def body_of(place: Place, ticket: Issued) -> TicketClaim | None:
    bodies = select(tables.items.c.body).where(tables.items.c.id == ticket.id)
    with place.store.read() as connection:
        return recorded_body(connection.scalars(bodies).one()).claim


def test_a_good_claim_has_a_number_that_bears_it(place: Place) -> None:
    make_known(place.store)
    shown = show(place, claim_at(NOON + 12 * MINUTE))
    assert shown.outcome is ClaimOutcome.IN_TIME
    assert shown.ticket is not None
    assert (shown.ticket.service, shown.ticket.expected) == ("clearance", Expected("12:12"))
    code = code_of(claim_at(NOON + 12 * MINUTE))
    bears = TicketClaim("booked", id="ab" * 16, at="2026-11-25T09:12:00.000000Z", late_s=-720, code=code)
    assert body_of(place, shown.ticket) == bears


def test_shown_again_it_gives_the_number_that_it_gave(place: Place) -> None:
    make_known(place.store)
    first = show(place, claim_at())
    again = show(place, claim_at())
    assert first.ticket is not None
    assert again.outcome is ClaimOutcome.USED
    assert again.ticket is not None
    assert (again.ticket.id, place.items("ticket")) == (first.ticket.id, 1)


def test_a_claim_whose_number_another_kiosk_gave_today_is_used_and_names_it(place: Place) -> None:
    make_known(place.store)
    claim = claim_at()
    known: dict[str, Any] = {"kiosk": "homs-main-1", "shown": [shown_digest(claim.id)]}
    hears(place.store, row("x", "B1007", **known))
    shown = show(place, claim)
    assert (shown.outcome, shown.ticket) == (ClaimOutcome.USED, None)
    assert shown.elsewhere is not None
    assert (shown.elsewhere.number, shown.elsewhere.stands) == ("B1007", "waits")
    hears(place.store, row("x", "B1007", "ended", end="voided", **known), seq=2)
    assert show(place, claim).outcome is ClaimOutcome.IN_TIME, "it was taken back"


def test_a_number_taken_back_leaves_the_claim_good(place: Place) -> None:
    make_known(place.store)
    for _ in range(3):
        shown = show(place, claim_at())
        assert (shown.outcome, shown.ticket is not None) == (ClaimOutcome.IN_TIME, True)
        assert shown.ticket is not None
        assert place.desk.take_back(shown.ticket) is None
    assert place.items("ticket") >= 3


def test_a_late_one_and_one_of_yesterday(place: Place) -> None:
    make_known(place.store, late_full_min=5)
    late = show(place, claim_at(NOON - 6 * MINUTE))
    assert (late.outcome, late.ticket and late.ticket.expected) == (ClaimOutcome.LATE, Expected("11:54", is_late=True))
    old = show(place, claim_at(NOON - timedelta(days=1), id="cd" * 16))
    assert (old.outcome, old.ticket and old.ticket.expected) == (ClaimOutcome.LATE, Expected(None, is_late=True))


def test_a_wrong_clock_takes_it_and_names_no_time(place: Place) -> None:
    make_known(place.store)
    assert isinstance(place.desk.issue("clearance", intention=new_intention()), Issued)  # the day is open
    place.clock.trust = "unknown"
    shown = show(place, claim_at(NOON + timedelta(days=2)))
    assert (shown.outcome, shown.ticket and shown.ticket.expected) == (ClaimOutcome.IN_TIME, Expected(None))
    assert shown.ticket is not None
    claim = body_of(place, shown.ticket)
    assert claim is not None
    assert claim.late_s is None


def test_while_its_service_stands_still_a_number_is_given(place: Place) -> None:
    make_known(place.store)
    place.desk._giving.ahead = lambda *_, **__: Stopped(Text("service.stopped"))
    shown = show(place, claim_at())
    assert (shown.outcome, shown.ticket is not None) == (ClaimOutcome.INTERRUPTED, True)
    place.overlay({"code": "clearance", "numbers": "stop"})
    refused = show(place, claim_at(id="cd" * 16)).refused
    assert refused is not None
    assert refused.reason is Refusal.INTERRUPTED
    place.desk._giving.ahead = lambda *_, **__: Stopped(Text("service.stood_still"), is_unsure=True)
    shown = show(place, claim_at(id="ef" * 16))
    assert (shown.outcome, shown.ticket is not None) == (ClaimOutcome.IN_TIME, True), (
        "nobody can say that it stands still"
    )


def test_a_seat_is_in_no_quota_and_a_service_that_is_gone_gives_none(place: Place) -> None:
    make_known(place.store)
    place.overlay({"code": "clearance", "daily_quota": 1})
    assert isinstance(place.desk.issue("clearance", intention=new_intention()), Issued)
    assert isinstance(place.desk.issue("clearance", intention=new_intention()), Refused)
    assert show(place, claim_at()).ticket is not None
    gone = show(place, claim_at(service="gone", id="cd" * 16))
    assert gone.refused is not None
    assert gone.refused.reason is Refusal.UNKNOWN_SERVICE


def test_withdrawn_forged_and_unknown_keys(place: Place) -> None:
    make_known(place.store, withdrawn=["ab" * 16])
    assert show(place, claim_at()).outcome is ClaimOutcome.WITHDRAWN
    assert show(place, claim_at(id="cd" * 16)).outcome is ClaimOutcome.IN_TIME
    stranger = Ed25519PrivateKey.generate()
    strange = show(place, claim_at(id="ef" * 16), stranger)
    assert strange.outcome is ClaimOutcome.UNVERIFIED
    assert strange.shown is not None
    assert strange.shown.code == code_of(claim_at(id="ef" * 16), stranger)
    under_its_name = place.desk.claim(code_of(claim_at(id="ef" * 16), stranger, KID))
    assert isinstance(under_its_name, ClaimShown)
    assert under_its_name.outcome is ClaimOutcome.FORGED
    make_known(place.store, retired=True)
    assert show(place, claim_at(id="01" * 16)).outcome is ClaimOutcome.UNVERIFIED
    junk = place.desk.claim("SY1:JUNK")
    assert isinstance(junk, ClaimShown)
    assert junk.outcome is ClaimOutcome.UNREADABLE


def test_a_key_signs_for_one_issuer(place: Place) -> None:
    make_known(place.store)
    place.app.make_known(place.store)
    by_the_app = place.desk.claim(code_of(claim_at(), place.app.key, place.app.kid.hex()))
    assert isinstance(by_the_app, ClaimShown)
    assert by_the_app.outcome is ClaimOutcome.FORGED
    order = place.desk.order(signed(CLAIMS, header={1: -19, 4: bytes.fromhex(KID)}, key=KEY), intention=new_intention())
    assert not isinstance(order, Refused)
    assert order.outcome is Outcome.FORGED
    assert place.items("ticket") == place.items("order") == 0


def test_the_key_of_receipts_signs_neither_claims_nor_orders(place: Place) -> None:
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    kid = key_id(public)
    with place.store.write() as connection:
        record = ReceiptKeyRecord(kid, base64.b64encode(public).decode())
        take_receipt_key(Taking(connection, 1, "homs-main", place.clock.now()), record)
    make_known(place.store)
    shown = place.desk.claim(code_of(claim_at(), key, kid))
    assert isinstance(shown, ClaimShown)
    assert shown.outcome is ClaimOutcome.FORGED
    order = place.desk.order(signed(CLAIMS, header={1: -19, 4: bytes.fromhex(kid)}, key=key), intention=new_intention())
    assert not isinstance(order, Refused)
    assert order.outcome is Outcome.FORGED


def test_a_million_mutations_in_small(place: Place) -> None:
    """A mutated code is never taken; what only looks strange is unverified, forged or unreadable."""
    make_known(place.store)
    code = code_of(claim_at())
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
    for at in range(4, len(code)):
        other = alphabet[(alphabet.index(code[at]) + 1 + at % 7) % len(alphabet)]
        shown = place.desk.claim(f"{code[:at]}{other}{code[at + 1 :]}")
        assert isinstance(shown, ClaimShown)
        assert not shown.outcome.gives_number, at
    assert place.items("ticket") == 0


def test_a_screen_of_a_sandbox_knows_its_claims_from_orders() -> None:
    code = compose_claim_code(claim_at(), bytes.fromhex(KID), KEY, SANDBOX)
    assert isinstance(content_of(Scan(code.encode())), ClaimScan)

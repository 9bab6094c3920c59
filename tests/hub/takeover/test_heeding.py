"""A statement that a kiosk or page carries: who led later is heard of, and that this hub's own log was longer."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import update

from common.protocol.feed_message import ClerkRecord, HubRecord, Hubs
from common.protocol.queue.hub_statement import HubStatement, statement
from hub.engine.act import FOLLOWING, LEADING
from hub.engine.presses.pressing import NotYet
from hub.log import tables
from hub.log.event import read_events
from hub.takeover.heeding import PAGES_KEEP, heed
from hub.takeover.promotion import promote, yield_to
from tests.hub.api.conftest import HUB_KEY, public
from tests.hub.hall import CENTRE, HUB_ID, Hall, said

OTHER, STRANGER = Ed25519PrivateKey.from_private_bytes(b"o" * 32), Ed25519PrivateKey.generate()
MANAGER = ClerkRecord("manager-1", "هدى", "manager", "99", "")
REVOKED = "hub-0009"
ASSETS = Path(__file__).parents[3] / "hub/pages/assets"


@pytest.fixture(autouse=True)
def names(hall: Hall) -> None:
    records = [HubRecord(HUB_ID, "http://127.0.0.1:1", public(HUB_KEY))]
    records += [HubRecord("hub-0002", "http://127.0.0.1:2", public(OTHER))]
    records += [HubRecord(REVOKED, "http://127.0.0.1:3", public(OTHER), revoked=True)]
    said(hall.hub, Hubs(CENTRE, records), 2)


def by_other(term: int, hub: str = "hub-0002", key: Ed25519PrivateKey = OTHER) -> HubStatement:
    return statement(hub, term, 7, "mark", key)


def standing(hall: Hall) -> tuple[str, int, int]:
    with hall.hub.read() as look:
        return look.role, look.term, look.seen_term


def test_a_hub_that_hears_of_a_greater_term_leads_no_more_until_a_manager_promotes_it(hall: Hall) -> None:
    hall.kiosks[0].give("A")
    for _ in range(2):
        with pytest.raises(NotYet, match="another hub led after this one"):
            heed(hall.hub, by_other(4))
        assert standing(hall) == (FOLLOWING, 1, 4)
    assert promote(hall.hub, MANAGER) == 5
    heed(hall.hub, by_other(4))
    with hall.hub.read() as look:
        assert (look.role, look.is_recall_due) == (LEADING, True), "what the other one called, central is asked first"


def test_under_one_term_the_greater_hub_goes_before(hall: Hall) -> None:
    heed(hall.hub, by_other(1, "hub-0000"))
    with pytest.raises(NotYet):
        heed(hall.hub, by_other(1))
    assert standing(hall)[0] == FOLLOWING


@pytest.mark.parametrize(
    "said_by",
    [by_other(4, key=STRANGER), by_other(4, REVOKED), by_other(4, "hub-0077"), by_other(0), None],
    ids=["forged", "revoked", "unknown", "earlier", "nothing"],
)
def test_only_a_hub_in_service_is_believed_by_its_own_signature(hall: Hall, said_by: HubStatement | None) -> None:
    heed(hall.hub, said_by)
    assert standing(hall) == (LEADING, 1, 0)


def test_a_hub_whose_log_was_longer_asks_first_and_begins_a_new_life(hall: Hall) -> None:
    hall.press(1, "open")
    with hall.hub.read() as look:
        seq = look.seq
    heed(hall.hub, statement(HUB_ID, 1, seq, "mark", HUB_KEY))
    assert standing(hall)[1] == 1
    with pytest.raises(NotYet, match="lost the end of its log"):
        heed(hall.hub, statement(HUB_ID, 1, seq + 1, "mark", HUB_KEY))
    assert hall.hub.asks_first
    with hall.hub.read() as look:
        assert (look.role, look.term, look.is_recall_due) == (LEADING, 1, True)
        kinds = [event.kind for event in read_events(look.connection, seq)]
    assert kinds == ["life-began", "work-switched", "must-resume"]
    assert hall.counter(1).must_resume, "what this counter did last may be lost too: its page has the answer"
    life = hall.hub.life
    heed(hall.hub, statement(HUB_ID, 1, seq + 1, "mark", HUB_KEY))
    assert hall.hub.life == life, "heard already: this life began above it"


@pytest.fixture
def promoted(hall: Hall) -> tuple[int, int]:
    """A hub that followed another one up to some seq and was let lead after it; that seq, and the former hub's term."""
    hall.kiosks[0].give("A")
    yield_to(hall.hub, "hub-0002", 1)
    with hall.hub.store.write() as connection:
        connection.execute(update(tables.state).values(seen_term=1, holds_all=1))
    with hall.hub.read() as look:
        end, former = look.seq, look.term
    assert promote(hall.hub, MANAGER) == former + 1
    with hall.hub.read() as look:
        assert not look.is_recall_due, "it had followed who led last"
    return end, former


def test_a_standby_that_had_fallen_far_behind_asks_who_was_called_before_it_calls(
    hall: Hall, promoted: tuple[int, int]
) -> None:
    end, former = promoted
    heed(hall.hub, statement("hub-0002", former, end + 100, "mark", OTHER))
    assert standing(hall)[1] == former + 1, "so much the counters' pages tell"
    with pytest.raises(NotYet, match="lost the end of its log"):
        heed(hall.hub, statement("hub-0002", former, end + 101, "mark", OTHER))
    with hall.hub.read() as look:
        assert (look.role, look.term, look.is_recall_due) == (LEADING, former + 1, True)
    assert hall.hub.asks_first


def test_what_was_asked_once_is_not_asked_again_for_each_kiosk_that_knows_more(
    hall: Hall, promoted: tuple[int, int]
) -> None:
    end, former = promoted
    with pytest.raises(NotYet):
        heed(hall.hub, statement("hub-0002", former, end + 300, "mark", OTHER))
    assert promote(hall.hub, MANAGER) == former + 2, "central is not waited for any longer"
    heed(hall.hub, statement("hub-0002", former, end + 400, "mark", OTHER))
    assert standing(hall)[1] == former + 2


def test_a_kiosk_that_knows_more_of_a_lost_end_is_heard_without_asking_again(hall: Hall) -> None:
    """Nobody knows more by then: the hall would wait for a manager each time that one more kiosk is switched on."""
    hall.press(1, "open")
    with hall.hub.read() as look:
        seq = look.seq
    with pytest.raises(NotYet):
        heed(hall.hub, statement(HUB_ID, 1, seq + 9, "mark", HUB_KEY))
    hall.hub.asks_first = False
    assert promote(hall.hub, MANAGER) == 2, "central is silent, and a manager lets it call"
    heed(hall.hub, statement(HUB_ID, 1, seq + 40, "mark", HUB_KEY))
    with pytest.raises(NotYet):
        heed(hall.hub, statement(HUB_ID, 2, seq + 90, "mark", HUB_KEY))
    hall.hub.asks_first = False
    with hall.act() as act:
        act.recalled()
    life = hall.hub.life
    heed(hall.hub, statement(HUB_ID, 2, seq + 400, "mark", HUB_KEY))
    with hall.hub.read() as look:
        assert (look.is_recall_due, look.seq > seq + 400, look.life != life) == (False, True, True)


def test_a_kiosk_that_heard_the_former_hub_longest_is_heard_however_far_this_one_has_come(
    hall: Hall, promoted: tuple[int, int]
) -> None:
    end, former = promoted
    for _ in range(120):
        hall.kiosks[0].give("A")
    with pytest.raises(NotYet):
        heed(hall.hub, statement("hub-0002", former, end + 101, "mark", OTHER))
    assert hall.hub.asks_first
    with hall.hub.read() as look:
        assert look.is_recall_due
    heed(hall.hub, statement("hub-0002", former, end + 101, "mark", OTHER))


def test_a_hub_that_began_without_a_log_has_asked(hall: Hall) -> None:
    with hall.hub.store.write() as connection:
        connection.execute(update(tables.state).values(term=3))
    heed(hall.hub, statement("hub-0002", 1, 5_000, "mark", OTHER))
    assert standing(hall)[1] == 3


def test_pages_keep_as_many_answers_as_is_counted_on() -> None:
    assert f"const MOST = {PAGES_KEEP};" in (ASSETS / "counter/answers.mjs").read_text(encoding="utf-8")

"""What is no answer of central's to this very question ends nothing; what nobody signed is still undone."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, update

from common.protocol.payments.answers import PaymentNow
from offline_store.disk import tables
from offline_store.inquiries import asking, payments
from offline_store.inquiries.asking import NO_NETWORK, Outcome, Pending
from offline_store.inquiries.carrier import Carrier
from tests.kit.delivering import Delivering
from tests.kit.fake_central import DROPPED, PORTAL, FakeCentral, Fault, Reply, status
from tests.offline_store.delivery.test_forwarder_answers import UNBELIEVABLE

# Said by who is on the way: a sentence for people, and no proof that nothing was done.
ALTERED = Fault(reply=lambda reply: replace(reply, body=reply.body.replace(b"c1", b"c2")))
LIES = UNBELIEVABLE | {"an altered body": ALTERED}
SAID = {"not found": "not-offered", "too many": "busy", "unauthorised": "status-401", "forbidden": "status-403"}


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Delivering]:
    central = FakeCentral()
    delivering = Delivering(tmp_path, central)
    yield delivering
    delivering.close()
    central.close()


@pytest.fixture
def carrier(kiosk: Delivering) -> Carrier:
    return Carrier(kiosk.store, lambda _: kiosk.uplink, kiosk.clock)


def ask(kiosk: Delivering, kind: str = "claim") -> asking.Asked:
    return asking.ask(kiosk.store, kiosk.clock.now(), kind, {"at": "10:30"})


def take(kiosk: Delivering, asked: asking.Asked, after: int = 0) -> Outcome | Pending | None:
    return asking.take(kiosk.store, asked, kiosk.clock.now(), after)


def state(kiosk: Delivering, asked: asking.Asked) -> Any:
    with kiosk.store.read() as connection:
        return connection.scalar(select(tables.inquiries.c.state).where(tables.inquiries.c.id == asked.id))


def answered(body: bytes, said: str = "answered", **more: Any) -> dict[str, Any]:
    return {"id": msgspec.json.decode(body)["id"], "state": said, "answer": {"claim": "c1"}} | more


def _told(answer: dict[str, Any], _: bytes) -> dict[str, Any]:
    return answer


def withdrawn(body: bytes) -> dict[str, Any]:
    assert msgspec.json.decode(body)["undo"] is True
    assert msgspec.json.decode(body)["body"] == {}
    return {"id": msgspec.json.decode(body)["id"], "state": "withdrawn"}


@pytest.mark.parametrize("lie", LIES)
def test_no_lie_is_an_answer_and_the_true_one_counts_after_it(kiosk: Delivering, carrier: Carrier, lie: str) -> None:
    asked = ask(kiosk)
    # A lost answer, a forged one: central may have done it, or not.
    kiosk.central.answers.append(answered)
    kiosk.central.every["inquiries"] = LIES[lie]
    carrier.run_once()
    del kiosk.central.every["inquiries"]
    kiosk.central.answers.clear()
    if lie in SAID:
        assert take(kiosk, asked) == Outcome("refused", {"reason": SAID[lie]})
        kiosk.clock.sleep(0.5)
        kiosk.central.answers.append(withdrawn)
        carrier.run_once()
        assert state(kiosk, asked) == "over"
        return
    assert take(kiosk, asked) is None
    kiosk.clock.sleep(0.5)
    kiosk.central.answers.append(answered)
    carrier.run_once()
    assert take(kiosk, asked) == Outcome("answered", {"claim": "c1"})


def test_an_old_answer_played_again_is_to_another_question(kiosk: Delivering, carrier: Carrier) -> None:
    kept: list[Reply] = []
    kiosk.central.every["inquiries"] = Fault(reply=lambda reply: kept.append(reply) or reply)  # type: ignore[func-returns-value]
    kiosk.central.answers += [answered, answered]  # the one that was given up is undone first
    first, again = ask(kiosk), ask(kiosk)
    asking.give_up(kiosk.store, again)
    carrier.run_once()
    assert state(kiosk, first) == "answered"
    other = ask(kiosk)
    kiosk.central.every["inquiries"] = Fault(instead=kept[0])
    carrier.run_once()
    assert take(kiosk, other) is None
    kiosk.central.every.clear()
    kiosk.clock.sleep(0.5)
    kiosk.central.answers.append(lambda _: {"id": first.id, "state": "answered", "answer": {}})  # signed, and mistaken
    carrier.run_once()
    assert take(kiosk, other) is None


def test_what_central_calls_too_late_is_late(kiosk: Delivering, carrier: Carrier) -> None:
    asked = ask(kiosk)
    kiosk.central.answers.append(lambda body: answered(body, "withdrawn"))
    carrier.run_once()
    assert take(kiosk, asked) == Outcome("late")
    assert state(kiosk, asked) == "over"


def test_two_calls_that_do_not_get_through_are_no_network(kiosk: Delivering, carrier: Carrier) -> None:
    asked, url = ask(kiosk), kiosk.uplink.url
    kiosk.uplink.url = "http://127.0.0.1:9"
    for expected in (None, Outcome("no-network")):
        carrier.run_once()
        assert take(kiosk, asked) == expected
        kiosk.clock.sleep(0.5)
    assert state(kiosk, asked) == "undo"
    kiosk.uplink.url = url
    kiosk.clock.pass_time(minutes=10)
    kiosk.central.answers.append(withdrawn)
    carrier.run_once()
    assert state(kiosk, asked) == "over"


def test_an_undo_is_carried_until_central_itself_has_heard_it(kiosk: Delivering, carrier: Carrier) -> None:
    asked = ask(kiosk)
    asking.give_up(kiosk.store, asked)
    for lie in (PORTAL, DROPPED, status(401).instead, status(404).instead, status(429).instead):
        kiosk.central.every["inquiries"] = Fault(instead=lie)
        carrier.run_once()
        assert state(kiosk, asked) == "undo"
        kiosk.clock.pass_time(minutes=6)
    kiosk.central.every.clear()
    kiosk.central.answers.append(withdrawn)
    carrier.run_once()
    assert state(kiosk, asked) == "over"
    assert len(kiosk.central.answers) == 0


def test_what_leaves_nothing_behind_needs_no_undoing(kiosk: Delivering, carrier: Carrier) -> None:
    asked = ask(kiosk, "seats")
    asking.give_up(kiosk.store, asked)
    carrier.run_once()
    assert kiosk.central.calls == []


def test_a_question_of_a_newer_version_is_undone_and_stops_no_other(kiosk: Delivering, carrier: Carrier) -> None:
    """An update is put back where it fails, and the store stays as the newer version left it."""
    newer, own = ask(kiosk), ask(kiosk)
    with kiosk.store.write() as connection:
        rows = tables.inquiries
        connection.execute(update(rows).where(rows.c.id == newer.id).values(kind="not-known-yet"))
    kiosk.clock.pass_time(minutes=1)
    carrier.run_once()
    kiosk.central.answers += [withdrawn, withdrawn]
    carrier.run_once()
    assert (state(kiosk, newer), state(kiosk, own)) == ("over", "over")
    assert len(kiosk.central.answers) == 0


def test_each_change_of_what_is_pending_is_heard_and_a_central_set_back_is_asked_again(
    kiosk: Delivering, carrier: Carrier
) -> None:
    asked, heard = ask(kiosk, "payment"), 0
    for revision, said in ((0, "inquired"), (1, "opened"), (2, "paid")):
        told = {"id": asked.id, "state": "pending", "revision": revision, "answer": {"state": said}}
        kiosk.central.answers.append(partial(_told, told))
        carrier.run_once()
        found = take(kiosk, asked, heard)
        assert found == Pending(revision + 1, {"state": said})
        heard = revision + 1
    assert kiosk.central.calls[-1] == asked.id  # by its own address, not asked again
    kiosk.central.every[asked.id] = status(404)
    carrier.run_once()
    kiosk.clock.sleep(0.5)
    kiosk.central.answers.append(lambda body: answered(body, answer={"state": "marked"}))
    carrier.run_once()
    assert kiosk.central.calls[-1] == "inquiries"
    assert take(kiosk, asked, heard) == Outcome("answered", {"state": "marked"})


def test_rows_go_after_a_day(kiosk: Delivering, carrier: Carrier) -> None:
    asked = ask(kiosk, "seats")
    kiosk.clock.pass_time(hours=23)
    carrier.run_once()
    assert state(kiosk, asked) == "over"
    kiosk.clock.pass_time(hours=2)
    carrier.run_once()
    assert state(kiosk, asked) is None


def test_a_failure_that_nobody_took_is_undone_too(kiosk: Delivering, carrier: Carrier) -> None:
    asked = ask(kiosk)
    with kiosk.store.write() as connection:
        failed = {"state": "failed", "answer": msgspec.json.encode(NO_NETWORK).decode()}
        connection.execute(update(tables.inquiries).values(**failed))
    kiosk.clock.pass_time(minutes=1)
    kiosk.central.answers.append(withdrawn)
    carrier.run_once()  # its time is over
    carrier.run_once()
    assert state(kiosk, asked) == "over"


def opened(kiosk: Delivering, asked: asking.Asked) -> None:
    """Its code was shown here."""
    now = PaymentNow(
        "99999999-8888-4777-8666-555555555555", "opened", "HM2-1", "homs-water", "shamcash", 100, "SYP", "new",
        "2026-11-25T09:10:00Z", "2026-11-25T09:00:00Z",
    )  # fmt: skip
    payments.note(kiosk.store, asked.id, now, kiosk.clock.now())


@pytest.mark.parametrize("is_shown", [True, False])
@pytest.mark.parametrize("starts_again", [True, False])
def test_a_payment_whose_code_was_shown_is_not_undone_when_its_process_died(
    kiosk: Delivering, carrier: Carrier, is_shown: bool, starts_again: bool
) -> None:
    asked = ask(kiosk, "payment")
    told = {"id": asked.id, "state": "pending", "revision": 1, "answer": {"state": "opened"}}
    kiosk.central.answers.append(partial(_told, told))
    carrier.run_once()
    if is_shown:
        opened(kiosk, asked)
    kiosk.clock.pass_time(minutes=11)
    if starts_again:
        kiosk.clock.restart()
    kiosk.central.answers.append(withdrawn)
    carrier.run_once()
    carrier.run_once()
    assert state(kiosk, asked) == ("shown" if is_shown else "over")


def test_who_waits_until_a_shown_codes_time_is_over_undoes_nothing(kiosk: Delivering, carrier: Carrier) -> None:
    asked = ask(kiosk, "payment")
    told = {"id": asked.id, "state": "pending", "revision": 1, "answer": {"state": "opened"}}
    kiosk.central.answers.append(partial(_told, told))
    carrier.run_once()
    assert take(kiosk, asked) == Pending(2, {"state": "opened"})
    kiosk.clock.pass_time(minutes=11)
    assert take(kiosk, asked, 2) == Outcome("timed-out")
    assert state(kiosk, asked) == "shown"

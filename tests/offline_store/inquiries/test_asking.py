"""A question as a row: what each state means to who asked, and what becomes of it when nobody sees its answer."""

import base64
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, update

from common.machine.stamp import Stamp
from common.protocol.inquiry import answer_info, inquiry_info
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.inquiries import asking
from offline_store.inquiries.asking import Asked, Outcome, Pending, ask, forget, give_up, keep, of_an_hour, take, wait
from offline_store.issuing.sealing import SUITE
from tests.kit.clock import HandClock
from tests.kit.store import CENTRAL_PRIVATE_KEY, IDENTITY, SEALING_KEY, later, stamp

ROW = tables.inquiries.c


def at(seconds: float = 0, **changed: Any) -> Stamp:
    return stamp(later(seconds=seconds), boot_time_s=100 + seconds, **changed)


def row(store: Store, asked: Asked) -> dict[str, Any]:
    with store.read() as connection:
        return dict(connection.execute(select(tables.inquiries).where(ROW.id == asked.id)).mappings().one())


def stands(store: Store, asked: Asked, state: str, **values: Any) -> None:
    with store.write() as connection:
        connection.execute(update(tables.inquiries).where(ROW.id == asked.id).values(state=state, **values))


def test_a_question_is_written_down_whole_and_its_personal_part_sealed(store: Store) -> None:
    asked = ask(store, at(), "claim", {"at": "10:30"}, {"who": "Huda"})
    found = row(store, asked)
    body = msgspec.json.decode(found.pop("body"))
    sealed = body.pop("sealed")
    assert body == {"at": "10:30"}
    assert sealed["kid"] == SEALING_KEY.kid
    info = inquiry_info(IDENTITY.kiosk, asked.id)
    content = SUITE.decrypt(base64.b64decode(sealed["data"]), CENTRAL_PRIVATE_KEY, info=info)
    assert msgspec.json.decode(content) == {"who": "Huda"}
    key = base64.b64encode(asked.key.public_key().public_bytes_raw()).decode()
    assert found == {
        "id": asked.id, "kiosk": IDENTITY.kiosk, "kind": "claim", "reply_key": key, "boot_id": at().boot_id,
        "dies_ns": 130 * 10**9, "asked_at": at().unix_s, "state": "asked", "revision": 0, "answer": None,
    }  # fmt: skip
    assert (asked.kind, asked.dies_ns, asked.boot_id) == ("claim", 130 * 10**9, at().boot_id)
    assert msgspec.json.decode(row(store, ask(store, at(), "seats", {"from": "x"}))["body"]) == {"from": "x"}


@pytest.mark.parametrize(
    ("now", "is_dead"), [(at(29.999), False), (at(30), True), (at(31), True), (at(1, boot_id="another"), True)]
)
def test_a_question_lives_as_long_as_its_kind_and_its_boot(store: Store, now: Stamp, is_dead: bool) -> None:
    assert ask(store, at(), "claim", {}).is_dead(now) is is_dead


YES = '{"place": 7}'
NO = '{"reason": "full"}'


@pytest.mark.parametrize(
    ("kind", "state", "answer", "seconds", "outcome", "after"),
    [
        ("claim", "answered", YES, 5, Outcome("answered", {"place": 7}), "shown"),
        ("claim", "answered", YES, 30, Outcome("late"), "undo"),
        ("seats", "answered", YES, 30, Outcome("late"), "over"),
        ("claim", "shown", YES, 30, Outcome("answered", {"place": 7}), "shown"),
        ("claim", "refused", NO, 5, Outcome("refused", {"reason": "full"}), "over"),
        ("claim", "failed", NO, 5, Outcome("refused", {"reason": "full"}), "undo"),
        ("seats", "failed", NO, 5, Outcome("refused", {"reason": "full"}), "over"),
        ("claim", "failed", '{"reason": "no-network"}', 5, Outcome("no-network"), "undo"),
        ("claim", "withdrawn", None, 5, Outcome("late"), "over"),
        ("claim", "asked", None, 30, Outcome("timed-out"), "undo"),
        ("seats", "asked", None, 15, Outcome("timed-out"), "over"),
        ("claim", "undo", None, 5, Outcome("timed-out"), "undo"),
        ("claim", "over", None, 5, Outcome("timed-out"), "over"),
    ],
)
def test_what_each_state_says_and_what_becomes_of_it(
    store: Store, kind: str, state: str, answer: str | None, seconds: float, outcome: Outcome, after: str
) -> None:
    asked = ask(store, at(), kind, {})
    stands(store, asked, state, answer=answer)
    assert take(store, asked, at(seconds)) == outcome
    assert row(store, asked)["state"] == after


def test_what_is_pending_is_told_with_each_change_and_not_undone_once_told(store: Store) -> None:
    asked = ask(store, at(), "payment", {})
    assert take(store, asked, at(1)) is None
    stands(store, asked, "asked", revision=2, answer='{"code": "x"}')
    assert take(store, asked, at(1)) == Pending(2, {"code": "x"})
    assert take(store, asked, at(1), 2) is None
    assert take(store, asked, at(1), 1) == Pending(2, {"code": "x"})
    assert take(store, asked, at(600), 2) == Outcome("timed-out")
    assert row(store, asked)["state"] == "shown"
    with store.write() as connection:
        connection.execute(tables.inquiries.delete())
    assert take(store, asked, at(1)) == Outcome("timed-out")


def test_an_answers_personal_part_opens_for_who_asked_alone(store: Store) -> None:
    asked = ask(store, at(), "claim", {})
    info = answer_info(IDENTITY.kiosk, asked.id)
    data = SUITE.encrypt(b'{"name": "Huda", "place": 8}', asked.key.public_key(), info=info)
    sealed = base64.b64encode(data).decode()
    for text, told in (
        (sealed, {"place": 8, "name": "Huda"}),
        (sealed[:-8] + "AAAAAAA=", {"place": 7}),
        ("!", {"place": 7}),
    ):
        stands(store, asked, "answered", answer=msgspec.json.encode({"place": 7, "sealed": text}).decode())
        assert take(store, asked, at(1)) == Outcome("answered", told)
    stands(store, asked, "answered", answer='{"place": 7, "sealed": 5}')
    assert take(store, asked, at(1)) == Outcome("answered", {"place": 7})
    stands(store, asked, "answered", answer=None)
    assert take(store, asked, at(1)) == Outcome("answered", {})


@pytest.mark.parametrize(
    ("kind", "state", "after"),
    [
        ("claim", "asked", "undo"), ("claim", "answered", "undo"), ("claim", "failed", "undo"),
        ("claim", "refused", "over"), ("claim", "withdrawn", "over"), ("claim", "over", "over"),
        ("claim", "shown", "shown"), ("seats", "asked", "over"), ("of-tomorrow", "asked", "undo"),
    ],
)  # fmt: skip
def test_who_goes_away_leaves_nothing_behind(store: Store, kind: str, state: str, after: str) -> None:
    asked = ask(store, at(), "claim", {})
    other = ask(store, at(), "claim", {})
    with store.write() as connection:
        connection.execute(update(tables.inquiries).where(ROW.id == asked.id).values(kind=kind, state=state))
    give_up(store, Asked(asked.id, kind, asked.dies_ns, asked.boot_id, asked.key))
    assert row(store, asked)["state"] == after
    assert row(store, other)["state"] == "asked"


@pytest.mark.parametrize(
    ("state", "after"), [("asked", "shown"), ("answered", "shown"), ("failed", "failed"), ("undo", "undo")]
)
def test_what_was_shown_is_kept(store: Store, state: str, after: str) -> None:
    asked, other = ask(store, at(), "claim", {}), ask(store, at(), "claim", {})
    stands(store, asked, state)
    keep(store, asked.id)
    assert (row(store, asked)["state"], row(store, other)["state"]) == (after, "asked")


def test_who_waits_looks_until_there_is_something_or_he_has_left(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, asked, slept = HandClock(), ask(store, HandClock().now(), "claim", {}), list[float]()

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            stands(store, asked, "answered", answer=YES)

    monkeypatch.setattr(asking, "time", type("Clock", (), {"sleep": staticmethod(sleep)}))
    assert wait(store, asked, clock) == Outcome("answered", {"place": 7})
    assert slept == [0.05] * 3
    left = ask(store, clock.now(), "claim", {})
    assert wait(store, left, clock, is_left=lambda: len(slept) > 3) is None
    assert row(store, left)["state"] == "undo"


def test_the_questions_of_an_hour_are_counted_by_kind_and_state(store: Store) -> None:
    now = stamp(later(seconds=10_000), boot_time_s=10_100)
    for seconds in (6_399, 6_400, 6_401, 9_999):
        ask(store, at(seconds), "bill", {})
    assert of_an_hour(store, now, "bill") == 2
    assert of_an_hour(store, now, "bill", "asked") == 2
    assert of_an_hour(store, now, "bill", "answered", "shown") == of_an_hour(store, now, "seats") == 0
    of_other_boot = stamp(later(seconds=10_000), boot_time_s=5, boot_id="another")
    assert of_an_hour(store, of_other_boot, "bill") == 2


def kept(store: Store) -> int:
    with store.read() as connection:
        return len(connection.execute(select(tables.inquiries)).all())


def test_questions_are_forgotten_after_a_day_by_a_clock_that_is_trusted(store: Store) -> None:
    ask(store, at(), "bill", {})
    day = timedelta(days=1).total_seconds()
    for now, left in ((at(day), 1), (at(day + 1, trust="unknown"), 1), (at(day + 1), 0)):
        with store.write() as connection:
            forget(connection, now)
        assert kept(store) == left


def test_no_more_than_five_hundred_are_kept_and_the_newest(store: Store) -> None:
    first = ask(store, at(), "bill", {})
    plain = row(store, first)
    with store.write() as connection:
        rows = [plain | {"id": f"{n:032}", "asked_at": plain["asked_at"] + 1 + n} for n in range(500)]
        connection.execute(tables.inquiries.insert(), rows)
        forget(connection, at(trust="unknown"))
        assert connection.scalar(select(ROW.id).where(ROW.id == first.id)) is None
    assert kept(store) == 500

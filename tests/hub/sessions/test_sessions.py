"""Sessions as rows: who begins one where, who takes it over, and until when a token counts."""

import base64
from collections.abc import Callable

import pytest
from sqlalchemy import select

from common.protocol.feed_message import ClerkRecord, Clerks
from hub.engine.refusal import Refused
from hub.log import tables
from hub.sessions import sessions
from hub.sessions.known_pc import make, read
from hub.sessions.sessions import (
    Asker,
    Session,
    TooManyWrongPins,
    begin,
    end,
    end_at_counter,
    find,
    find_manager,
    judge,
)
from hub.takeover.promotion import promote, yield_to
from tests.hub.api.conftest import CLERK_PIN, HASHES, MANAGER_PIN, OTHER_PIN
from tests.hub.hall import CENTRE, Hall, said
from tests.hub.messages.conftest import KEY

CLERK = ClerkRecord("clerk-1", "رنا", "clerk", "12", HASHES[CLERK_PIN])
OTHER = ClerkRecord("clerk-2", "سامر", "clerk", "13", HASHES[OTHER_PIN])
MANAGER = ClerkRecord("manager-1", "هدى", "manager", "99", HASHES[MANAGER_PIN])


@pytest.fixture(autouse=True)
def _named(hall: Hall) -> None:
    said(hall.hub, Clerks(CENTRE, [CLERK, OTHER, MANAGER]), 3)


def log_in(hall: Hall, clerk: ClerkRecord, counter: int | None, *, take_over: bool = False) -> tuple[str, Session]:
    with hall.act() as act:
        return begin(act, clerk, counter, take_over=take_over)


def refusal(ask: Callable[[], object]) -> tuple[int, str, str, dict[str, object]]:
    with pytest.raises(Refused) as error:
        ask()
    found = error.value
    return found.status, found.code, found.detail, found.standing


def who(hall: Hall, token: str | None, *, also_closed: bool = False) -> Session:
    with hall.hub.read() as look:
        return find(look, token, also_closed=also_closed)


def test_a_session_is_kept_by_the_hash_of_its_token(hall: Hall) -> None:
    token, session = log_in(hall, CLERK, 1)
    assert len(token) == 43
    assert session == Session("clerk-1", "clerk", 1, sessions._hash(token), False)
    assert who(hall, token) == session
    with hall.hub.store.read() as connection:
        (row,) = connection.execute(select(tables.sessions)).mappings()
    assert token not in repr(dict(row))
    assert (row["clerk"], row["role"], row["counter"], row["ended"]) == ("clerk-1", "clerk", 1, None)
    assert (row["began_line"], row["began_at"]) == (0, hall.clock.now().text)
    assert log_in(hall, MANAGER, None)[1] == Session("manager-1", "manager", None, who_last(hall), False)


def test_sessions_end_with_leading_and_nobody_holds_a_counter_when_the_hub_leads_again(hall: Hall) -> None:
    token, _ = log_in(hall, CLERK, 1)
    with hall.hub.read() as look:
        term = look.term
    yield_to(hall.hub, "hub-9", term + 1)
    assert refusal(lambda: who(hall, token))[:2] == (401, "session-ended")
    assert refusal(lambda: who(hall, token, also_closed=True))[:2] == (401, "session-ended")
    promote(hall.hub, MANAGER)
    assert refusal(lambda: who(hall, token))[:2] == (401, "session-ended"), "hours later another clerk may sit there"
    log_in(hall, OTHER, 1)  # the counter is nobody's


def test_who_is_logged_in_at_a_standby_stays_so_when_it_leads_and_not_when_another_takes_over(hall: Hall) -> None:
    with hall.hub.read() as look:
        term = look.term
    yield_to(hall.hub, "hub-9", term + 1)
    with hall.hub.any_act() as act:
        token, session = begin(act, CLERK, 1, take_over=False)
    yield_to(hall.hub, "hub-9", term + 1)  # heard again, and no news
    promote(hall.hub, MANAGER)
    assert who(hall, token) == session
    yield_to(hall.hub, "hub-8", term + 9)
    assert refusal(lambda: who(hall, token))[:2] == (401, "session-ended")


def who_last(hall: Hall) -> str:
    with hall.hub.store.read() as connection:
        query = select(tables.sessions.c.token_sha256).where(tables.sessions.c.clerk == "manager-1")
        return str(connection.execute(query).scalar_one())


def test_who_may_not_begin_is_told_why(hall: Hall) -> None:
    missing = refusal(lambda: log_in(hall, CLERK, None))
    assert missing == (422, "counter-missing", "counter: a clerk needs the number of a counter", {})
    assert refusal(lambda: log_in(hall, MANAGER, 9))[:3] == (
        404, "no-such-counter", "there is no counter 9 in this centre",
    )  # fmt: skip


def test_a_counter_that_is_taken_is_taken_over_by_its_clerk_or_a_manager(hall: Hall) -> None:
    first, _ = log_in(hall, CLERK, 1)
    at = hall.clock.now().text
    by = f"counter 1 is taken by رنا since {at}"

    def standing(*, yours: bool, may: bool) -> dict[str, object]:
        return {"by": "رنا", "since": at, "yours": yours, "may_take_over": may}

    assert refusal(lambda: log_in(hall, OTHER, 1)) == (409, "counter-taken", by, standing(yours=False, may=False))
    assert refusal(lambda: log_in(hall, CLERK, 1)) == (409, "counter-taken", by, standing(yours=True, may=True))
    assert refusal(lambda: log_in(hall, MANAGER, 1)) == (409, "counter-taken", by, standing(yours=False, may=True))
    denied = "counter 1 is taken by رنا: only the same clerk or a manager may take it over"
    assert refusal(lambda: log_in(hall, OTHER, 1, take_over=True)) == (
        409, "counter-taken", denied, standing(yours=False, may=False),
    )  # fmt: skip
    second, _ = log_in(hall, CLERK, 1, take_over=True)
    assert refusal(lambda: who(hall, first))[:2] == (401, "session-taken")
    assert who(hall, second).counter == 1
    log_in(hall, MANAGER, 1, take_over=True)
    assert refusal(lambda: who(hall, second))[1:3] == (
        "session-taken", "this counter was taken over elsewhere: log in again to take it back",
    )  # fmt: skip


def test_a_session_of_a_clerk_who_is_no_more_holds_its_counter_and_is_none(hall: Hall) -> None:
    token, _ = log_in(hall, CLERK, 1)
    said(hall.hub, Clerks(CENTRE, [OTHER, MANAGER]), 4)
    assert refusal(lambda: who(hall, token))[:3] == (
        401, "clerk-gone", "this clerk may call here no more: log in as another",
    )  # fmt: skip
    assert refusal(lambda: log_in(hall, OTHER, 1))[3]["by"] == "clerk-1"
    said(hall.hub, Clerks(CENTRE, [ClerkRecord("clerk-1", "رنا", "manager", "12", CLERK.pin_hash)]), 5)
    assert who(hall, token).role == "manager", "as central says now"


@pytest.mark.parametrize(("after_s", "lasts"), [(12 * 3600 - 1, True), (12 * 3600, False)])
def test_a_session_lasts_twelve_hours_and_so_its_counter_is_taken(hall: Hall, after_s: float, lasts: bool) -> None:
    token, session = log_in(hall, CLERK, 1)
    hall.passes(after_s)
    if lasts:
        assert who(hall, token) == session
        assert refusal(lambda: log_in(hall, OTHER, 1))[0] == 409
        return
    assert refusal(lambda: who(hall, token))[:3] == (401, "session-ended", "the session has ended: log in again")
    log_in(hall, OTHER, 1)


def test_a_session_that_was_ended_counts_no_more_but_for_an_answer_once_more(hall: Hall) -> None:
    token, session = log_in(hall, CLERK, 1)
    other, other_session = log_in(hall, OTHER, 2)
    with hall.act() as act:
        end(act, session)
        end_at_counter(act, 3)
    assert refusal(lambda: who(hall, token))[1] == "session-ended"
    over = who(hall, token, also_closed=True)
    assert (over.clerk, over.is_over) == ("clerk-1", True)
    assert who(hall, other) == other_session
    with hall.act() as act:
        end_at_counter(act, 2)
    assert refusal(lambda: who(hall, other))[1] == "session-ended"
    again, _ = log_in(hall, CLERK, 1)
    assert who(hall, again).clerk == "clerk-1"


def test_without_a_token_or_with_one_of_nobody_nobody_is_in(hall: Hall) -> None:
    for token, detail in ((None, "log in with a PIN first"), ("", "log in with a PIN first")):
        assert refusal(lambda one=token: who(hall, one)) == (401, "no-session", detail, {})  # type: ignore[misc]
    assert refusal(lambda: who(hall, "x"))[1:3] == ("no-session", "this session is not known here: log in again")


def test_a_manager_is_asked_for_where_only_one_may(hall: Hall) -> None:
    clerk, _ = log_in(hall, CLERK, 1)
    manager, session = log_in(hall, MANAGER, None)
    with hall.hub.read() as look:
        assert find_manager(look, manager) == session
        assert refusal(lambda: find_manager(look, clerk))[:2] == (403, "managers-only")


def test_a_pin_is_counted_by_who_types_it(hall: Hall) -> None:
    assert Asker().scopes("12") == ()
    assert [scope.name for scope in Asker(pc="p", address="192.0.2.7").scopes("12")] == [
        "pc:p:clerk:12", "pc:p", "known:clerk:12",
    ]  # fmt: skip
    assert [scope.name for scope in Asker(address="192.0.2.7").scopes("12")] == [
        "clerk:12", "address:192.0.2.7", "strangers",
    ]  # fmt: skip


@pytest.mark.parametrize("pin", ["1234567", "12345678901", "1234567x", "123456789", "١٢٣٤٥٦٧٨"])
def test_what_can_be_no_pin_is_nobodys(hall: Hall, pin: str) -> None:
    assert refusal(lambda: judge(hall.hub, pin, Asker()))[:2] == (401, "wrong-pin")


def test_a_right_pin_is_its_clerks_and_a_locked_one_is_not_heard(hall: Hall) -> None:
    stranger = Asker(address="192.0.2.7")
    assert judge(hall.hub, CLERK_PIN, stranger) == CLERK
    for _ in range(5):
        assert refusal(lambda: judge(hall.hub, "12000000", stranger))[0] == 401
    with pytest.raises(TooManyWrongPins) as error:
        judge(hall.hub, CLERK_PIN, stranger)
    assert (error.value.retry_after_s, str(error.value)) == (60, "too many wrong PINs: wait 60 s")
    assert judge(hall.hub, OTHER_PIN, stranger) == OTHER
    said(hall.hub, Clerks(CENTRE, []), 6)
    assert refusal(lambda: judge(hall.hub, OTHER_PIN, stranger))[:2] == (409, "not-set-up")


def test_a_pc_is_known_by_what_a_hub_of_the_centre_signed(hall: Hall) -> None:
    keys = {"hub-1": base64.b64encode(KEY.public_key().public_bytes_raw()).decode()}
    cookie = make("hub-1", KEY)
    hub, pc, signature = cookie.split(".")
    assert (hub, len(pc)) == ("hub-1", 16)
    assert read(cookie, keys) == pc
    assert make("hub-1", KEY) != cookie
    for forged in (
        None, "", "hub-1", f"hub-1..{signature}", f"hub-2.{pc}.{signature}", f"hub-1.{pc}x.{signature}",
        f"hub-1.{pc}.", f"hub-1.{pc}.{signature}"[:-4], f"hub-1.{pc}.é",
    ):  # fmt: skip
        assert read(forged, keys) is None, forged
    assert read(cookie, {}) is None

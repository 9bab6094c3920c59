"""PINs and sessions: one a counter, kept over restarts, and a guesser locks out nobody who works."""

import uuid
from pathlib import Path

import httpx2
import pytest

from common.machine import pepper
from common.machine.pepper import Pepper
from common.protocol.feed_message import ClerkRecord, Clerks
from hub.api.live.views import manager_view
from hub.log import tables
from hub.sessions.locks import count_failure, of_stranger
from hub.sessions.offices import is_office
from hub.sessions.sessions import Asker, judge
from tests.hub.api.conftest import CLERK_PIN, HASHES, MANAGER_PIN, OTHER_PIN, QUICK, Stage
from tests.hub.hall import CENTRE, said

NEW_PIN = "12999999"


async def test_a_pin_opens_a_counter(stage: Stage) -> None:
    response = await stage.log_in(1)
    assert response.status_code == 201
    said = response.json()
    assert (said["clerk"], said["counter"], said["groups"]) == ("clerk-1", 1, ["A", "B"])
    cookie = response.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "secure" not in cookie  # http on loopback
    assert CLERK_PIN not in response.text


@pytest.mark.parametrize("pin", ["12345679", "", "12", "١٢٣٤٥٦٧٨", "9912345679", "a" * 40, "77345678"])
async def test_a_wrong_pin_is_401(stage: Stage, pin: str) -> None:
    response = await stage.log_in(1, pin)
    assert (response.status_code, response.json()["type"]) == (401, "/problems/wrong-pin")


@pytest.mark.parametrize("counter", [44, 0, 100, 2_000_000])
async def test_a_counter_that_is_not_there_is_404(stage: Stage, counter: int) -> None:
    assert (await stage.log_in(counter)).status_code == 404


async def test_a_taken_counter_says_by_whom_and_since_when(stage: Stage) -> None:
    session = await stage.session(1)
    taken = await stage.log_in(1, OTHER_PIN)
    assert taken.status_code == 409
    assert (taken.json()["by"], taken.json()["since"][:4]) == ("رنا", "2026")
    assert (await stage.log_in(1, OTHER_PIN, take_over=True)).status_code == 409
    for pin, yours, may in ((CLERK_PIN, True, True), (OTHER_PIN, False, False), (MANAGER_PIN, False, True)):
        refused = (await stage.log_in(1, pin)).json()
        assert (refused["yours"], refused["may_take_over"]) == (yours, may)
    assert (await stage.log_in(1, take_over=True)).status_code == 201
    assert (await stage.press(1, session, {"press": "open"})).json()["type"] == "/problems/session-taken"
    assert (await stage.log_in(1, MANAGER_PIN, take_over=True)).status_code == 201


async def test_who_closed_hears_no_take_over_from_the_next_at_that_counter_and_his_answer_again(stage: Stage) -> None:
    former = await stage.session(1)
    key = str(uuid.uuid4())
    closed = await stage.press(1, former, {"press": "close"}, key)
    assert (await stage.log_in(1, OTHER_PIN)).status_code == 201
    assert (await stage.press(1, former, {"press": "open"})).json()["type"] == "/problems/session-ended"
    again = await stage.press(1, former, {"press": "close"}, key)
    assert (again.status_code, again.content) == (200, closed.content)


async def test_guessing_locks_the_guessed_clerk_and_stops_nobody_who_works(stage: Stage) -> None:
    session = await stage.session(1)
    statuses = [(await stage.log_in(2, "12000000")).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    locked = await stage.log_in(2)
    assert locked.status_code == 429
    assert 0 < int(locked.headers["retry-after"]) <= 60
    assert (await stage.press(1, session, {"press": "open"})).status_code == 200
    assert (await stage.log_in(2, OTHER_PIN)).status_code == 201  # another clerk may
    stage.hall.passes(61)
    assert (await stage.log_in(3)).status_code == 201


async def test_an_address_that_guesses_all_clerks_is_locked(stage: Stage) -> None:
    statuses = [(await stage.log_in(2, f"{sign:02}000000")).status_code for sign in range(20, 40)]
    assert statuses[:15] == [401] * 15
    assert set(statuses[15:]) == {429}


def pc_of(response: httpx2.Response) -> dict[str, str]:
    """The cookie by which the PC is known from now on."""
    (cookie,) = [one for one in response.headers.get_list("set-cookie") if one.startswith("hub-pc=")]
    return {"Cookie": cookie.split(";")[0]}


def forget_offices(stage: Stage) -> None:
    """Let nobody be known by the address that all of a test's pages share."""
    with stage.hall.hub.any_act() as act:
        act.connection.execute(tables.offices.delete())


async def locked_out(stage: Stage) -> None:
    """Have strangers guess until no stranger is heard, as from many addresses, and this one is no office's."""
    forget_offices(stage)
    with stage.hall.hub.any_act() as act:
        for _ in range(61):
            count_failure(act.connection, of_stranger("55", "192.0.2.1"), act.line_us)
    assert (await stage.log_in(3, OTHER_PIN)).status_code == 429


async def test_strangers_who_guess_lock_strangers_and_no_known_pc(stage: Stage) -> None:
    known = pc_of(await stage.log_in(1))
    await locked_out(stage)
    body = {"pin": OTHER_PIN, "counter": 3}
    answer = await stage.client.post("/v1/sessions", json=body, headers=known)
    assert answer.status_code == 201
    assert "hub-pc=" not in answer.headers.get("set-cookie", "")  # it is known already
    stage.client.cookies.clear()
    forget_offices(stage)
    forged = {"Cookie": known["Cookie"][:-3] + "AA="}
    assert (await stage.client.post("/v1/sessions", json=body, headers=forged)).status_code == 429


async def test_who_has_one_pin_gets_no_end_of_free_guesses_at_another(stage: Stage) -> None:
    """Each log-in without a cookie would make a new known PC, with free tries of its own."""
    own = pc_of(await stage.log_in(1))
    wrong, judged = {"pin": "12000000", "counter": 3}, 0
    for _ in range(30):
        cookies = (await stage.log_in(2, OTHER_PIN, take_over=True)).headers.get_list("set-cookie")
        known = {"Cookie": "; ".join(one.split(";")[0] for one in cookies if one.startswith("hub-pc="))}
        statuses = [(await stage.client.post("/v1/sessions", json=wrong, headers=known)).status_code for _ in range(5)]
        judged += statuses.count(401)
        stage.client.cookies.clear()
    assert judged <= 10 + 10 + 5, "ten are free, then one of each new PC, then those of strangers"
    right = await stage.client.post("/v1/sessions", json={"pin": CLERK_PIN, "counter": 3}, headers=own)
    assert right.status_code == 201, "the clerk comes in at his own PC, at once"
    with stage.hall.hub.read() as look:
        (told,) = manager_view(look, {}, {}).guessed
    assert (told.clerk, told.n >= 5) == ("رنا", True)


async def test_a_log_in_on_a_pc_that_becomes_known_makes_its_address_an_offices(stage: Stage) -> None:
    for n in range(12):
        assert (await stage.log_in(2, OTHER_PIN, take_over=True)).status_code == 201
        with stage.hall.hub.any_act() as act:
            assert is_office(act.connection, "127.0.0.1") is (n < 10)
            act.connection.execute(tables.offices.delete())


async def test_the_console_is_never_locked(stage: Stage) -> None:
    await locked_out(stage)
    assert judge(stage.hall.hub, MANAGER_PIN, Asker()).role == "manager"


async def test_a_known_pc_that_guesses_locks_itself_alone(stage: Stage) -> None:
    known, other = pc_of(await stage.log_in(1)), pc_of(await stage.log_in(2, OTHER_PIN))
    wrong = {"pin": "12000000", "counter": 3}
    statuses = [(await stage.client.post("/v1/sessions", json=wrong, headers=known)).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    right = {"pin": CLERK_PIN, "counter": 3}
    assert (await stage.client.post("/v1/sessions", json=right, headers=other)).status_code == 201


async def test_an_attempt_that_a_dead_process_never_judged_is_forgiven(stage: Stage) -> None:
    with stage.hall.hub.any_act() as act:
        for _ in range(6):  # six at one instant, killed before any was judged
            count_failure(act.connection, of_stranger("12", "127.0.0.1"), act.line_us)
    assert (await stage.log_in(1)).status_code == 429
    stage.serving.forgive_unjudged()
    assert (await stage.log_in(1)).status_code == 201


async def test_what_was_judged_wrong_is_not_forgiven_at_the_next_start(stage: Stage) -> None:
    for _ in range(6):
        await stage.log_in(2, "12000000")
    stage.serving.forgive_unjudged()
    assert (await stage.log_in(2)).status_code == 429


async def test_a_session_ends_after_twelve_hours_and_by_logging_out(stage: Stage) -> None:
    session = await stage.session(1)
    assert (await stage.client.delete("/v1/sessions/current", headers=session)).status_code == 204
    stage.client.cookies.clear()
    assert (await stage.press(1, session, {"press": "open"})).status_code == 401
    session = await stage.session(1)
    stage.hall.passes(12 * 3600 - 1)
    assert (await stage.press(1, session, {"press": "open"})).status_code == 200
    stage.hall.passes(1)
    assert (await stage.press(1, session, {"press": "open"})).status_code == 401
    assert (await stage.log_in(1, OTHER_PIN)).status_code == 201


async def test_a_clerk_needs_a_counter_and_a_manager_does_not(stage: Stage) -> None:
    assert (await stage.log_in(None)).status_code == 422
    assert (await stage.log_in(None, MANAGER_PIN)).status_code == 201


async def test_a_new_pin_ends_what_began_with_the_old_one_and_frees_the_counter(stage: Stage) -> None:
    stolen, other = await stage.session(1), await stage.session(2, OTHER_PIN)
    assert (await stage.press(1, stolen, {"press": "open"})).status_code == 200
    clerks = [
        ClerkRecord("clerk-1", "رنا", "clerk", "12", QUICK.hash(NEW_PIN)),
        ClerkRecord("clerk-2", "سامر", "clerk", "13", HASHES[OTHER_PIN]),
    ]
    said(stage.hall.hub, Clerks(CENTRE, clerks), 9)
    ended = await stage.press(1, stolen, {"press": "pause"})
    assert (ended.status_code, ended.json()["type"]) == (401, "/problems/pin-changed")
    assert (await stage.client.get("/v1/stream?view=counter", headers=stolen)).status_code == 401
    assert (await stage.log_in(1)).status_code == 401
    assert (await stage.log_in(1, NEW_PIN)).status_code == 201, "who came in with the old one holds no counter"
    assert (await stage.press(2, other, {"press": "open"})).status_code == 200, "another clerk's session works on"


async def test_a_pin_kept_under_the_machines_secret_opens_with_that_secret_alone(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = Pepper.of(b"a" * 32)
    person = ClerkRecord("clerk-1", "Huda", "clerk", "12", secret.over(QUICK.hash(CLERK_PIN)))
    said(stage.hall.hub, Clerks(CENTRE, [person]), 9)
    monkeypatch.setattr(pepper, "HUBS", tmp_path / "pepper")
    assert (await stage.log_in(1)).status_code == 401
    (tmp_path / "pepper").write_bytes(b"b" * 32)
    assert (await stage.log_in(1)).status_code == 401
    (tmp_path / "pepper").write_bytes(b"a" * 32)
    assert (await stage.log_in(1)).status_code == 201


@pytest.mark.parametrize("pins", [["ab345678", "cd345678", "ef345678"], ["12", "34", "5678"], ["١٢٣٤٥٦٧٨", "٣٤٥٦٧٨١٢"]])
async def test_what_can_be_no_pin_is_counted_as_one_guess_after_the_other(stage: Stage, pins: list[str]) -> None:
    statuses = [(await stage.log_in(2, pins[n % len(pins)])).status_code for n in range(6)]
    assert statuses == [401] * 5 + [429], "letters in front would be a count of their own each time"

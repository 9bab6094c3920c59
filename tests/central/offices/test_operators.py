"""Operators: nobody gets in without all three, nobody guesses, what a role may see ends at its centres."""

import asyncio
import json
import threading
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from litestar.routes import HTTPRoute
from sqlalchemy import func, select

from central.base import clock
from central.base.tables import people as people_tables
from central.base.tables.enrolled import clerks
from central.base.tables.people import operations, operator_failures
from central.base.tables.told import feed
from central.offices import operators, sessions
from central.offices.operators import STEP_S, LockedOut, LoginRefused, Operator, Role
from central.publishing import clerk, technician
from central.server.api.offices.access import PREFIX
from tests.central.conftest import URL, Stage

FORM = {"origin": URL}
UPLOADS = {"/offices/publish/catalogue"}
# What a browser needs before anybody has logged in; all else leads there.
FOR_ANYBODY = {
    ("GET", "/offices"),
    ("GET", "/offices/login"),
    ("POST", "/offices/login"),
    ("GET", "/offices/-/{name:str}"),
}


@dataclass
class Person:
    name: str
    password: str
    secret: str

    def code(self, steps: int = 0) -> str:
        return pyotp.TOTP(self.secret).at(clock.now() + timedelta(seconds=30 * steps))


async def appointed(stage: Stage, name: str = "Rana", role: Role = "manager", of: tuple[str, ...] = ()) -> Person:
    async with stage.engine.begin() as connection:
        made = await operators.appoint(connection, name, role, list(of))
    return Person(name, made.password, parse_qs(urlsplit(made.uri).query)["secret"][0])


async def judged(stage: Stage, person: Person, address: str = "192.0.2.1", **wrong: str) -> Operator:
    said = {"name": person.name, "password": person.password, "code": person.code()} | wrong
    async with stage.engine.begin() as connection:
        await operators.count_attempt(connection, said["name"], address)
    return await operators.judge(stage.engine, said["name"], address, said["password"], said["code"])


async def log_in(stage: Stage, person: Person, **more: str) -> int:
    form = {"name": person.name, "password": person.password, "code": person.code()} | more
    return (await stage.client.post("/offices/login", data=form, headers=FORM)).status_code


async def test_all_three_are_right_or_nobody_is_let_in(stage: Stage) -> None:
    person = await appointed(stage)
    for wrong in ({"password": "x"}, {"code": "000000"}, {"code": ""}, {"name": "Nobody"}):
        with pytest.raises(LoginRefused):
            await judged(stage, person, **wrong)
    assert await judged(stage, person) == Operator("Rana", "manager")


async def test_passwords_pins_and_a_name_that_is_none_cost_what_argon2_recommends(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()  # what tests are spared
    await appointed(stage)
    async with stage.engine.begin() as connection:
        await clerk.appoint(connection, "Huda", "homs-main", "clerk")
        await technician.appoint(connection, "Samer", ["homs-main"], "manager")
    (operator,) = await stage.all(select(people_tables.operators))
    (of_a_clerk,) = await stage.all(select(clerks))
    (told,) = await stage.all(select(feed).where(feed.c.kind == "technician"))
    kept = [operator.password_hash, of_a_clerk.pin_hash, json.loads(told.body)["pin_hash"], operators._NOBODY]
    assert not [one for one in kept if PasswordHasher().check_needs_rehash(one)]
    with pytest.raises(VerifyMismatchError):
        PasswordHasher().verify(operators._NOBODY, "")


async def test_a_code_is_taken_with_arabic_digits(stage: Stage) -> None:
    person = await appointed(stage)
    assert await log_in(stage, person, code=person.code().translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))) == 303


async def test_a_code_serves_once(stage: Stage) -> None:
    person = await appointed(stage)
    code = person.code()
    await judged(stage, person, code=code)
    with pytest.raises(LoginRefused):
        await judged(stage, person, code=code)


async def test_a_telephone_half_a_minute_off_is_let_in_and_one_five_minutes_off_not(stage: Stage) -> None:
    person = await appointed(stage)
    with pytest.raises(LoginRefused):
        await judged(stage, person, code=person.code(10))
    await judged(stage, person, code=person.code(1))


async def test_guessing_ends_after_five_attempts_and_begins_again_after_a_quarter_of_an_hour(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await appointed(stage)
    for _ in range(5):
        with pytest.raises(LoginRefused):
            await judged(stage, person, password="guess")
    with pytest.raises(LockedOut):
        await judged(stage, person)
    later = clock.now() + timedelta(minutes=16)
    monkeypatch.setattr(clock, "now", lambda: later)
    await judged(stage, person)
    async with stage.engine.begin() as connection:
        assert await connection.scalar(select(func.count()).select_from(operator_failures)) == 0


async def test_who_guesses_locks_a_name_for_his_own_address_alone(stage: Stage) -> None:
    person = await appointed(stage)
    for number in range(operators.FREE_FAILURES["name"]):
        with pytest.raises(LoginRefused):
            await judged(stage, person, f"2001:db8:0:1::{number:x}", password="guess")
    for same in ("2001:db8:0:1:ffff::", "2001:db8:0:1::1"):
        with pytest.raises(LockedOut):
            await judged(stage, person, same)
    await judged(stage, person, "2001:db8:0:2::1")
    with pytest.raises(LockedOut):
        await judged(stage, person, "2001:db8:0:1::9")


async def test_an_address_that_tries_many_names_is_locked_for_all(stage: Stage) -> None:
    person = await appointed(stage)
    for number in range(operators.FREE_FAILURES["address"]):
        with pytest.raises(LoginRefused):
            await judged(stage, person, name=f"Nobody {number}")
    with pytest.raises(LockedOut):
        await judged(stage, person)
    await judged(stage, person, "192.0.2.2")


async def test_passwords_are_hashed_two_at_a_time_and_others_are_answered_meanwhile(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, go, under_way = await appointed(stage), threading.Event(), threading.Semaphore(0)
    at_once: list[int] = []

    def slow(_hashed: str, _password: str) -> bool:
        at_once.append(1)
        under_way.release()
        assert go.wait(20)
        at_once.append(-1)
        return False

    monkeypatch.setattr(operators, "matches", slow)
    tries = [asyncio.create_task(judged(stage, person, f"192.0.2.{number}")) for number in range(4)]
    for _ in range(2):
        await asyncio.to_thread(under_way.acquire)
    assert (await stage.client.get("/readyz")).status_code == 200
    assert at_once == [1, 1]
    go.set()
    refused = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(one) for one in refused] == [LoginRefused] * 4


async def test_a_session_ends_when_nobody_uses_it_and_after_a_day_of_work(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await appointed(stage)
    began = clock.now()
    async with stage.engine.begin() as connection:
        token = await sessions.begin(connection, Operator("Rana", "manager"))
        assert await sessions.find(connection, token) is not None
        assert await sessions.find(connection, "another") is None
        for minutes in range(40, 12 * 60, 40):
            monkeypatch.setattr(clock, "now", lambda at=began + timedelta(minutes=minutes): at)
            assert await sessions.find(connection, token) is not None
        monkeypatch.setattr(clock, "now", lambda: began + timedelta(hours=12, minutes=1))
        assert await sessions.find(connection, token) is None


async def test_new_credentials_and_withdrawal_end_open_sessions(stage: Stage) -> None:
    await appointed(stage)
    async with stage.engine.begin() as connection:
        token = await sessions.begin(connection, Operator("Rana", "manager"))
        await operators.appoint(connection, "Rana", "reader", [])
        assert await sessions.find(connection, token) is None
        token = await sessions.begin(connection, Operator("Rana", "reader"))
        assert await operators.withdraw(connection, "Rana")
        assert await sessions.find(connection, token) is None
        assert not await operators.withdraw(connection, "Rana")


async def test_a_centre_that_is_none_and_a_name_that_is_none_are_refused(stage: Stage) -> None:
    async with stage.engine.begin() as connection:
        with pytest.raises(ValueError, match="no centre 'nowhere'"):
            await operators.appoint(connection, "Rana", "reader", ["nowhere"])
        with pytest.raises(ValueError, match="printable"):
            await operators.appoint(connection, "  ", "reader", [])


async def test_nobody_sees_a_page_or_does_anything_without_a_session(stage: Stage) -> None:
    """Asked of each route that the app has, so that a new one can't be forgotten."""
    tried = set[tuple[str, str]]()
    for route in stage.app.routes:
        if not isinstance(route, HTTPRoute) or not route.path.startswith(PREFIX):
            continue
        for method in route.methods & {"GET", "POST", "PUT", "PATCH", "DELETE"}:
            tried.add((method, route.path))
            path = route.path_format.replace("{kiosk}", "x").replace("{name}", "offices.css")
            query = {"centre": "homs-main", "month": "2026-11"} if method == "GET" else None
            files = {"file": b"x"} if route.path in UPLOADS else None
            form = dict.fromkeys(("centre", "code", "name", "on", "password", "to"), "x") if method == "POST" else None
            answer = await stage.client.request(method, path, params=query, headers=FORM, data=form, files=files)
            is_open = (answer.status_code, answer.headers.get("location")) != (303, f"{PREFIX}/login")
            assert is_open is ((method, route.path) in FOR_ANYBODY), (method, route.path, answer.text[:200])
    assert tried > FOR_ANYBODY


@pytest.mark.parametrize("missing", [{"name": " "}, {"password": ""}, {"code": "12345"}, {"code": "12345a"}])
async def test_a_log_in_that_lacks_something_is_told_so_in_our_words(stage: Stage, missing: dict[str, str]) -> None:
    person = await appointed(stage)
    form = {"name": person.name, "password": person.password, "code": person.code()} | missing
    for language, words in (("ar", "ستة أرقام"), ("en", "six digits")):
        headers = FORM | {"cookie": f"offices-language={language}"}
        answer = await stage.client.post("/offices/login", data=form, headers=headers)
        assert answer.status_code == 422
        assert words in answer.text
        assert f'value="{form["name"].strip()}"' in answer.text
        assert person.password not in answer.text


async def test_a_form_of_another_origin_is_refused(stage: Stage) -> None:
    person = await appointed(stage)
    form = {"name": person.name, "password": person.password, "code": person.code()}
    for origin in ({}, {"origin": "https://elsewhere.example"}):
        refused = await stage.client.post("/offices/login", data=form, headers=origin)
        assert (refused.status_code, refused.json()["title"]) == (403, "It is not allowed")
    answer = await stage.client.post("/offices/login", data=form, headers=FORM)
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=strict", "path=/offices"))


@pytest.mark.parametrize(
    ("host", "serves"),
    [("127.0.0.1:8080", True), ("localhost:8080", True), ("[::1]:8080", True), ("evil.example", False), ("", False)],
)
async def test_without_a_public_url_the_pages_answer_to_no_name_but_loopbacks(
    nameless_stage: Stage, host: str, serves: bool
) -> None:
    """A name that somebody lets lead to 127.0.0.1 would else make his page central's own."""
    client = nameless_stage.client
    page = await client.get("/offices/login", headers={"host": host})
    form = {"name": "x", "password": "x", "code": "x"}
    sent = await client.post("/offices/login", data=form, headers={"host": host, "origin": f"http://{host}"})
    fleet = await client.get("/offices/fleet", headers={"host": host})
    foreign = await client.post("/offices/login", data=form, headers={"host": host, "origin": "https://evil.example"})
    assert foreign.status_code == 403
    assert [one.status_code for one in (page, fleet)] == ([200, 303] if serves else [403, 403])
    said = sent.json() if sent.headers["content-type"].startswith("application/problem") else {}
    assert (said.get("type") == "/problems/no-public-url") is not serves


async def test_what_a_role_may_see_and_do_ends_at_its_centres(stage: Stage) -> None:
    here, there = await stage.enrolled(), await stage.enrolled("homs-new")
    person = await appointed(stage, "Samer", "reader", ("homs-main",))
    assert await log_in(stage, person) == 303
    fleet = (await stage.client.get("/offices/fleet")).text
    assert here.kiosk in fleet
    assert there.kiosk not in fleet
    assert (await stage.client.get(f"/offices/kiosks/{here.kiosk}")).status_code == 200
    assert (await stage.client.get(f"/offices/kiosks/{there.kiosk}")).status_code == 404
    assert (await stage.client.get("/offices/reports?centre=homs-new&month=2026-11")).status_code == 404
    assert (await stage.client.get("/offices/reports?centre=homs-main&month=2026-11")).status_code == 200
    assert (await stage.client.get("/offices/operations")).status_code == 403
    muted = await stage.client.post(f"/offices/kiosks/{here.kiosk}/mute", data={"on": "1"}, headers=FORM)
    assert muted.status_code == 403


async def test_every_act_is_written_down_with_a_name(stage: Stage) -> None:
    kiosk = await stage.enrolled()
    person = await appointed(stage, "Huda", "administrator")
    assert await log_in(stage, person) == 303
    assert await log_in(stage, person, code="123456") == 403
    await stage.client.post(f"/offices/kiosks/{kiosk.kiosk}/mute", data={"on": "1"}, headers=FORM)
    await stage.client.get("/offices/reports/file?centre=homs-main&month=2026-11&form=csv")
    await stage.client.post(f"/offices/kiosks/{kiosk.kiosk}/mute", data={"on": "0"}, headers=FORM)
    page = (await stage.client.get("/offices/operations")).text
    await stage.client.post("/offices/logout", headers=FORM)
    acts = [(row.operator, row.act) for row in await stage.all(select(operations).order_by(operations.c.id))]
    assert acts == [
        ("Huda", act) for act in ("logged-in", "login-refused", "muted", "report-taken", "unmuted", "logged-out")
    ]
    assert page.count("Huda") >= 4
    assert "{&#34;" not in page, "no word of a programming language"
    assert "المركز: <bdi>" in page
    assert STEP_S == 30


async def test_the_pages_files_are_those_there_are(stage: Stage) -> None:
    style = await stage.client.get("/offices/-/offices.css")
    assert (style.status_code, style.headers["content-type"].split(";")[0]) == (200, "text/css")
    assert (await stage.client.get("/offices/-/..%2fpages.css")).status_code == 404
    assert (await stage.client.get("/offices/-/nothing.css")).status_code == 404

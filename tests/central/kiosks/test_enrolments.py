import asyncio
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from central.base import clock
from central.base.tables.enrolled import enrolment_codes, kiosks
from central.base.tables.received import health
from central.keys import keys
from central.kiosks import enrolment
from central.server.api import signing
from central.server.api.kiosks import batches
from common.protocol.envelope import EnrolmentAnswer, EnrolmentRequest
from tests.central.conftest import URL, Stage, check_signed
from tests.kit.sender import Sender


async def test_the_same_code_and_key_get_the_same_answer_again(stage: Stage) -> None:
    code, sender = await stage.code(), Sender("", URL)
    first, again = await stage.try_enrol(sender, code), await stage.try_enrol(sender, code)
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert len(await stage.all(select(kiosks))) == 1


async def test_a_code_typed_in_lower_case_with_hyphens_and_spaces_is_the_same_code(stage: Stage) -> None:
    code = await stage.code()
    typed = " - ".join(code.lower()[start : start + 4] for start in range(0, 16, 4))
    assert (await stage.try_enrol(Sender("", URL), typed)).status_code == 200


async def test_a_used_code_enrols_nobody_else(stage: Stage) -> None:
    code = await stage.code()
    assert (await stage.try_enrol(Sender("", URL), code)).status_code == 200
    other = await stage.try_enrol(Sender("", URL), code)
    assert (other.status_code, other.json()["type"]) == (409, "/problems/code-used")


async def test_of_many_who_use_one_code_at_one_moment_one_is_enrolled(stage: Stage) -> None:
    code = await stage.code()
    answers = await asyncio.gather(*[stage.try_enrol(Sender("", URL), code) for _ in range(8)])
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    assert len(await stage.all(select(kiosks))) == 1


async def test_a_code_is_stored_hashed_and_is_good_for_seven_days(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    early, late = await stage.code(), await stage.code()
    assert all(early not in str(row) for row in await stage.all(select(enrolment_codes)))
    start = clock.now()
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(days=6, hours=23))
    assert (await stage.try_enrol(Sender("", URL), early)).status_code == 200
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(days=7, hours=1))
    expired = await stage.try_enrol(Sender("", URL), late)
    assert (expired.status_code, expired.json()["type"]) == (422, "/problems/code-expired")


async def test_after_ten_wrong_codes_a_minute_that_address_enrols_nobody_until_it_is_over(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, used, known = await stage.code(), await stage.code(), Sender("", URL)
    assert (await stage.try_enrol(known, used)).status_code == 200
    for _ in range(10):
        assert (await stage.try_enrol(Sender("", URL), "A" * 16)).status_code == 422
    refused = await stage.try_enrol(Sender("", URL), "A" * 16)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert (await stage.try_enrol(Sender("", URL), code)).status_code == 429
    assert (await stage.try_enrol(known, used)).status_code == 200, "an answer that was lost, asked for again"
    later = clock.now() + timedelta(seconds=61)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert (await stage.try_enrol(Sender("", URL), code)).status_code == 200


async def test_whoever_guesses_keeps_nobody_else_out(stage: Stage) -> None:
    """Ten wrong codes a minute stopped everybody's enrolment."""

    async def enrol(address: str, code: str) -> str:
        sender = Sender("", URL)
        try:
            request = EnrolmentRequest(code, sender.public_key)
            answer = await enrolment.enrol(stage.engine, request, address)
            assert isinstance(answer, EnrolmentAnswer)
            return answer.kiosk[:5]
        except enrolment.EnrolmentRefused as error:
            return error.code
        except enrolment.TooManyWrongCodes:
            return "too-many"

    for number in range(12):
        said = await enrol("198.51.100.7", f"{number:016}")
        assert said == ("unknown-code" if number < 10 else "too-many")
    assert await enrol("198.51.100.7", await stage.code()) == "too-many"
    assert await enrol("192.0.2.1", await stage.code()) == "kiosk"
    for number in range(12):  # one code from everywhere
        said = await enrol(f"203.0.113.{number}", "B" * 16)
        assert said == ("unknown-code" if number < 10 else "too-many")
    assert await enrol("203.0.113.1", await stage.code()) == "kiosk"


@pytest.mark.parametrize(
    ("public_url", "peer", "said", "expected"),
    [
        ("https://central.example", "127.0.0.1", "192.0.2.9", "192.0.2.9"),
        ("https://central.example", "127.0.0.1", "6.6.6.6, 192.0.2.9", "192.0.2.9"),
        ("https://central.example", "203.0.113.5", "192.0.2.9", "203.0.113.5"),
        (None, "127.0.0.1", "192.0.2.9", "127.0.0.1"),
        ("https://central.example", "127.0.0.1", "", "127.0.0.1"),
    ],
)
def test_who_asks_is_what_our_own_proxy_says_and_nobody_else(
    public_url: str | None, peer: str, said: str, expected: str
) -> None:
    request: Any = SimpleNamespace(client=SimpleNamespace(host=peer), headers={"x-forwarded-for": said})
    assert signing.caller(request, public_url) == expected


async def test_digits_are_unique_in_a_centre_and_nine_at_most(stage: Stage) -> None:
    for _ in range(9):
        await stage.enrolled()
    rows = await stage.all(select(kiosks.c.digit).where(kiosks.c.centre == "homs-main"))
    assert sorted(row.digit for row in rows) == list(range(1, 10))
    tenth = await stage.try_enrol(Sender("", URL), await stage.code())
    assert (tenth.status_code, tenth.json()["type"]) == (409, "/problems/no-digit-left")
    assert (await stage.try_enrol(Sender("", URL), await stage.code("homs-new"))).json()["digit"] == 1


async def _say_the_last(stage: Stage, sender: Sender) -> None:
    assert await stage.results(sender, sender.audit("kiosk-revoked")) == [("quarantined", "kiosk-revoked")]


async def test_the_digit_of_a_revoked_kiosk_that_does_not_answer_rests_for_a_week(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.revoke(await stage.enrolled())
    start = clock.now()
    for days, digit in ((1, 2), (7, 3), (8, 1)):
        monkeypatch.setattr(clock, "now", lambda days=days: start + timedelta(days=days))
        assert (await stage.try_enrol(Sender("", URL), await stage.code())).json()["digit"] == digit


async def test_what_a_revoked_key_may_still_deliver_is_bounded_and_its_health_is_not_believed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "MOST_LATE_ITEMS", 3)
    sender = await stage.enrolled()
    await stage.deliver(sender, health={"printer": "Online"})
    await stage.revoke(sender)
    late = [sender.ticket() for _ in range(3)]
    await stage.deliver(sender, *late, health={"printer": "forged"})
    assert "forged" not in (await stage.all(select(health.c.report)))[0].report
    body = sender.batch([sender.ticket()])
    headers = sender.signature("POST", sender.batches_path, body)
    refused = await stage.client.post(sender.batches_path, content=body, headers=headers)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/kiosk-revoked")
    check_signed(sender, refused, headers)


async def test_a_revocation_is_signed_as_an_answer_is(stage: Stage) -> None:
    sender = await stage.enrolled()
    await stage.revoke(sender)
    path = f"/v1/kiosks/{sender.kiosk}/feed"
    headers = sender.signature("GET", path)
    response = await stage.client.get(path, headers=headers)
    assert (response.status_code, response.headers["Content-Type"]) == (403, "application/problem+json")
    check_signed(sender, response, headers)


async def test_a_freed_digit_is_given_again_only_from_the_next_business_day(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await stage.enrolled()
    await stage.revoke(first)
    await _say_the_last(stage, first)
    assert (await stage.try_enrol(Sender("", URL), await stage.code())).json()["digit"] == 2
    tomorrow = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    assert (await stage.try_enrol(Sender("", URL), await stage.code())).json()["digit"] == 1


async def test_a_digit_freed_on_a_day_that_central_opened_ahead_waits_for_the_day_after_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await stage.enrolled()
    ahead = clock.business_date(clock.now()) + timedelta(days=2)
    await stage.publish("business-day", {"date": ahead.isoformat()})
    await stage.publish("business-day", {"date": "2026-01-01"})  # opens nothing: the kiosks stay where they are
    await stage.revoke(first)
    await _say_the_last(stage, first)
    start = clock.now()
    for days, digit in ((2, 2), (3, 1)):
        moment = start + timedelta(days=days)
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        assert (await stage.try_enrol(Sender("", URL), await stage.code())).json()["digit"] == digit


async def test_a_kiosk_whose_disk_moved_to_another_machine_stays_itself(stage: Stage) -> None:
    sender = await stage.enrolled()
    item = sender.ticket()
    await stage.deliver(sender, item)
    again = await stage.try_enrol(sender, await stage.code())
    answer = msgspec.json.decode(again.content, type=EnrolmentAnswer)
    assert (answer.kiosk, answer.digit) == (sender.kiosk, 1)
    assert await stage.results(sender, item) == [("duplicate", None)]


async def test_a_kiosk_that_moves_to_another_centre_gets_a_digit_there(stage: Stage) -> None:
    await stage.enrolled("homs-new")
    sender = await stage.enrolled("homs-main")
    answer = (await stage.try_enrol(sender, await stage.code("homs-new"))).json()
    assert (answer["kiosk"], answer["centre"], answer["digit"]) == (sender.kiosk, "homs-new", 2)


async def test_a_revoked_key_is_never_enrolled_again(stage: Stage) -> None:
    sender = await stage.enrolled()
    await stage.revoke(sender)
    again = await stage.try_enrol(sender, await stage.code())
    assert (again.status_code, again.json()["type"]) == (409, "/problems/key-revoked")


async def test_enrolment_is_signed_both_ways(stage: Stage) -> None:
    sender, code = Sender("", URL), await stage.code()
    body = msgspec.json.encode({"code": code, "public_key": sender.public_key})
    as_json = {"Content-Type": "application/json"}
    unsigned = await stage.client.post("/v1/enrolments", content=body, headers=as_json)
    other = Sender("", URL).signature("POST", "/v1/enrolments", body, keyid=sender.public_key)
    stolen = await stage.client.post("/v1/enrolments", content=body, headers=as_json | other)
    assert unsigned.status_code == stolen.status_code == 401
    headers = sender.signature("POST", "/v1/enrolments", body, keyid=sender.public_key) | as_json
    response = await stage.client.post("/v1/enrolments", content=body, headers=headers)
    sender.learn(msgspec.json.decode(response.content, type=EnrolmentAnswer))
    assert check_signed(sender, response, headers) in sender.central_keys


@pytest.mark.parametrize("text", ["", "AAAA", "not base64!", "A" * 43 + "=A", "A" * 42 + "B="])
def test_only_a_whole_public_key_is_one(text: str) -> None:
    assert not keys.is_public_key(text)

"""Enrolment at the edges of its rules: how long a code is good, who guesses, and why somebody is refused."""

import hashlib
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from central.base import clock
from central.base.config import CentralConfig
from central.base.database.engine import open_engine
from central.base.tables.enrolled import enrolment_codes, kiosks, wrong_codes
from central.base.tables.received import chains
from central.keys import key_chain
from central.keys.keys import KeyRing
from central.kiosks import enrolment
from central.kiosks.hub import confirmation
from common.protocol.envelope import EnrolmentAnswer, EnrolmentPending, EnrolmentRequest, FormerPlace
from tests.kit.sender import Sender

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
HUB: dict[str, Any] = {"role": "hub", "address": "https://10.0.0.5:8090"}
LOG = {"epoch": "e1", "head_seq": 1, "head_hash": "00", "max_seq": 1}
FAR: dict[str, Any] = {"role": "hub", "address": "https://hub.far.example:8090"}


class Desk:
    """Where codes are made and used, by a clock that a test moves."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine, self.now = engine, NOW

    async def code(self, centre: str = "homs-main", role: enrolment.Role = "kiosk") -> str:
        async with self.engine.begin() as connection:
            return await enrolment.make_code(connection, centre, role)

    async def enrol(self, code: str, who: Sender | None = None, **more: Any) -> EnrolmentAnswer | EnrolmentPending:
        request = EnrolmentRequest(code, (who or Sender("", "")).public_key, **more)
        return await enrolment.enrol(self.engine, request, "198.51.100.7")

    async def enrolled(self, who: Sender, centre: str = "homs-main", **more: Any) -> EnrolmentAnswer:
        answer = await self.enrol(await self.code(centre, more.get("role", "kiosk")), who, **more)
        assert isinstance(answer, EnrolmentAnswer)
        return answer

    async def refusal(self, code: str, who: Sender | None = None, **more: Any) -> tuple[str, str]:
        with pytest.raises(enrolment.EnrolmentRefused) as refused:
            await self.enrol(code, who, **more)
        return refused.value.code, str(refused.value)

    async def rows(self, query: Any) -> list[Any]:
        async with self.engine.connect() as connection:
            return list(await connection.execute(query))


@pytest.fixture
async def desk(config: CentralConfig, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    engine = open_engine(config.database_url)
    made = Desk(engine)
    monkeypatch.setattr(clock, "now", lambda: made.now)
    yield made
    await engine.dispose()


def id_of(code: str) -> str:
    return hashlib.sha256(f"enrolment-code-1\n{code}".encode()).hexdigest()


async def test_a_code_is_good_until_the_seventh_day_is_over_and_for_who_used_it_still(desk: Desk) -> None:
    used, first, second = Sender("", ""), await desk.code(), await desk.code()
    assert re.fullmatch("[A-Z2-7]{16}", first)
    answer = await desk.enrol(first, used)
    desk.now = NOW + timedelta(days=7, microseconds=-1)
    assert len(await desk.rows(select(enrolment_codes).where(enrolment_codes.c.public_key.is_(None)))) == 1
    desk.now = NOW + timedelta(days=7)
    expired = "code-expired", "this enrolment code is older than 7 days; ask for a new one"
    assert await desk.refusal(second) == expired
    desk.now -= timedelta(microseconds=1)
    assert await desk.enrol(second)
    desk.now += timedelta(days=9)
    assert await desk.enrol(first, used) == answer


async def test_why_somebody_is_refused_is_said_in_words(desk: Desk) -> None:
    known, code = Sender("", ""), await desk.code()
    kiosk = (await desk.enrolled(known)).kiosk
    hub_code = await desk.code(role="hub")
    assert [
        await desk.refusal("A" * 16),
        await desk.refusal(hub_code),
        await desk.refusal(hub_code, known, **HUB),
        await desk.refusal(code, role="hub"),
    ] == [
        ("unknown-code", "this enrolment code is not known; check it or ask for a new one"),
        ("wrong-role", "this code is for a hub: run `hub enrol` with it"),
        ("key-used", "this key is a kiosk's; a hub needs its own"),
        ("wrong-role", "this code is for a kiosk: run `kiosk enrol` with it"),
    ]
    await desk.enrol(code)
    assert await desk.refusal(code) == (
        "code-used", "this enrolment code was used by another kiosk; ask for a new one",
    )  # fmt: skip
    async with desk.engine.begin() as connection:
        assert await enrolment.revoke(connection, kiosk)
        assert not await enrolment.revoke(connection, "kiosk-00000000")
    assert await desk.refusal(await desk.code(), known) == (
        "key-revoked", "this kiosk was revoked; enrol it with new keys",
    )  # fmt: skip
    async with desk.engine.begin() as connection:
        for centre, named in (
            ("Homs", "--centre: found 'Homs', expected a centre's code such as homs-main"),
            ("X" * 61, f"--centre: found '{'X' * 60}', expected"),
            (
                "homs-mian",
                "--centre: there is no centre 'homs-mian'; `central centres` lists them, `central centres add`",
            ),
        ):
            with pytest.raises(ValueError, match=re.escape(named)):
                await enrolment.make_code(connection, centre)


async def test_ten_wrong_codes_within_a_minute_are_too_many_until_the_first_is_a_minute_old(desk: Desk) -> None:
    for _ in range(9):
        await desk.refusal("A" * 16)
        desk.now += timedelta(seconds=6)
    assert await desk.enrol(await desk.code()), "nine are not"
    await desk.refusal("A" * 16)
    right, used = await desk.code(), Sender("", "")
    desk.now = NOW + timedelta(minutes=1)
    with pytest.raises(enrolment.TooManyWrongCodes):
        await desk.enrol(right, used)
    assert len(await desk.rows(select(wrong_codes))) == 10
    desk.now += timedelta(microseconds=1)
    await desk.enrol(right, used)
    assert len(await desk.rows(select(wrong_codes))) == 9


async def test_guesses_of_a_clock_that_was_ahead_lock_nobody_out(desk: Desk) -> None:
    desk.now = NOW + timedelta(hours=1)
    for _ in range(10):
        await desk.refusal("A" * 16)
    desk.now = NOW
    assert await desk.enrol(await desk.code())


async def test_an_answer_and_what_is_kept_of_it(desk: Desk) -> None:
    kiosk, hub, code = Sender("", ""), Sender("", ""), await desk.code("homs-new")
    answer = await desk.enrol(code, kiosk)
    assert isinstance(answer, EnrolmentAnswer)
    async with desk.engine.connect() as connection:
        signing, sealing = [await key_chain.newest(connection, purpose) for purpose in ("signing", "sealing")]
    assert re.fullmatch("kiosk-[0-9a-f]{8}", answer.kiosk)
    assert answer == EnrolmentAnswer(answer.kiosk, "homs-new", 1, sealing, [signing])
    served = await desk.enrolled(hub, "homs-new", **HUB)
    assert re.fullmatch("hub-[0-9a-f]{8}", served.kiosk)
    assert served == EnrolmentAnswer(served.kiosk, "homs-new", 0, sealing, [signing], 1)
    rows = await desk.rows(select(kiosks).order_by(kiosks.c.role.desc()))
    moment, kid = clock.as_text(NOW), signing.kid
    assert [(one.id, one.centre, one.digit, one.role, one.public_key, one.enrolled_at, one.signing_kid,
             one.enrolment_kid, one.revoked_at) for one in rows] == [
        (answer.kiosk, "homs-new", 1, "kiosk", kiosk.public_key, moment, kid, kid, None),
        (served.kiosk, "homs-new", 0, "hub", hub.public_key, moment, kid, kid, None),
    ]  # fmt: skip
    (used,) = await desk.rows(select(enrolment_codes).where(enrolment_codes.c.code_sha256 == id_of(code)))
    assert (used.public_key, used.kiosk, used.centre) == (kiosk.public_key, answer.kiosk, "homs-new")


async def test_a_kiosk_of_another_centre_s_code_moves_and_a_hub_that_has_a_log_does_not(desk: Desk) -> None:
    kiosk, hub = Sender("", ""), Sender("", "")
    for _ in range(2):
        await desk.enrolled(Sender("", ""))
    first, leads = await desk.enrolled(kiosk), await desk.enrolled(hub, **HUB)
    moved = await desk.enrolled(kiosk, "homs-new")
    assert (first.digit, moved.kiosk, moved.centre, moved.digit) == (3, first.kiosk, "homs-new", 1)
    assert (await desk.enrolled(kiosk, "homs-new")).digit == 1, "a new code of its own centre"
    async with desk.engine.begin() as connection:
        await connection.execute(insert(chains).values(kiosk=first.kiosk, **LOG))
    assert (await desk.enrolled(hub, "homs-new", **HUB)).kiosk == leads.kiosk, "another one's log is not its own"
    async with desk.engine.begin() as connection:
        await connection.execute(insert(chains).values(kiosk=leads.kiosk, **LOG))
    assert await desk.refusal(await desk.code("homs-main", "hub"), hub, **HUB) == (
        "key-used",
        (
            f'this key is that of {leads.kiosk} of centre "homs-new", whose log no other centre may go on with: '
            "the code is for another centre; ask for one of this centre"
        ),
    )
    assert (await desk.enrolled(hub, "homs-new", **HUB)).kiosk == leads.kiosk


async def test_open_codes_are_listed_with_the_address_that_waits_and_withdrawn_by_either_name(desk: Desk) -> None:
    plain, far = await desk.code(), await desk.code("homs-new", "hub")
    desk.now += timedelta(hours=1)
    late = await desk.code()
    pending = await desk.enrol(far, **FAR)
    assert isinstance(pending, EnrolmentPending)
    assert (pending.address, pending.state) == (FAR["address"], "address-unconfirmed")
    ends = [clock.as_text(NOW + timedelta(days=7, hours=hours)) for hours in (0, 1)]
    listed = {tuple(row) for row in await desk.rows(enrolment.open_codes())}
    assert listed == {
        (id_of(plain), "homs-main", "kiosk", ends[0], None),
        (id_of(far), "homs-new", "hub", ends[0], FAR["address"]),
        (id_of(late), "homs-main", "kiosk", ends[1], None),
    }
    assert [row.id for row in await desk.rows(enrolment.open_codes())][-1] == id_of(late)
    async with desk.engine.begin() as connection:
        with pytest.raises(
            ValueError, match=r"^no hub waits with this code at this address; `central enrolment-codes`"
        ):
            await confirmation.confirm(connection, id_of(far), "https://other.example", "Rana")
        assert await confirmation.confirm(connection, id_of(far), FAR["address"], "Rana") == "homs-new"
    assert {row.address for row in await desk.rows(enrolment.open_codes())} == {None}
    desk.now = NOW + timedelta(days=7)
    assert [row.id for row in await desk.rows(enrolment.open_codes())] == [id_of(late)]
    await desk.enrol(late)
    async with desk.engine.begin() as connection:
        assert await enrolment.withdraw_code(connection, id_of(plain)) == "homs-main"
        assert await enrolment.withdraw_code(connection, f"{far[:4].lower()} - {far[4:]}") == "homs-new"
        for gone in (plain, id_of(late)):
            with pytest.raises(
                ValueError, match=r"^CODE: no such code is open; `central enrolment-codes` lists them; a"
            ):
                await enrolment.withdraw_code(connection, gone)


@pytest.mark.parametrize(
    ("former", "digit"), [("kiosk-0000000a", 4), ("hub-0000000a", 1), ("kiosk-0000000aa", 1), ("kiosk-0000000A", 1)]
)
async def test_a_former_place_is_given_back_where_it_is_one_of_this_role(desk: Desk, former: str, digit: int) -> None:
    answer = await desk.enrolled(Sender("", ""), former=FormerPlace(former, 4))
    assert (answer.kiosk == former, answer.digit) == (digit == 4, digit)


async def test_each_enrolment_hands_over_the_newest_keys_to_that_machine_alone(
    desk: Desk, config: CentralConfig
) -> None:
    first, other = Sender("", ""), Sender("", "")
    kiosk, beside = await desk.enrolled(first), await desk.enrolled(other)
    before = kiosk.signing_keys[0].kid
    async with desk.engine.begin() as connection:
        await key_chain.rotate(connection, KeyRing(config.keys_dir), signing=True, sealing=False)
        newest = (await key_chain.newest(connection, "signing")).kid
    again = await desk.enrolled(first)
    assert (again.kiosk, again.signing_keys[0].kid) == (kiosk.kiosk, newest)
    rows = await desk.rows(select(kiosks.c.id, kiosks.c.signing_kid, kiosks.c.enrolment_kid))
    assert {tuple(row) for row in rows} == {(kiosk.kiosk, newest, newest), (beside.kiosk, before, before)}


async def test_the_tenth_kiosk_of_a_centre_is_refused_and_told_when_a_digit_is_free(desk: Desk) -> None:
    assert [(await desk.enrolled(Sender("", ""))).digit for _ in range(9)] == list(range(1, 10))
    assert await desk.refusal(await desk.code()) == (
        "no-digit-left",
        (
            "centre homs-main has nine kiosks today; revoke one; its digit is free "
            "on the business day after it has heard so, or after 7 days"
        ),
    )

"""A question and its answer by rows: asked once, said again, undone, changed while it is pending; at each edge."""

import base64
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from msgspec import UNSET
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.config import CentralConfig
from central.base.database.engine import open_engine
from central.base.tables.asked import inquiries
from central.base.tables.keys import central_keys
from central.inquiries import asking
from central.inquiries.answerers import Answerer, Asker, Found, Question, Refusal
from central.inquiries.asking import Conflict, TooMany
from central.keys.keys import SEAL_SUITE, KeyRing
from common.protocol.inquiry import KEPT_S, KINDS, Inquiry, InquiryAnswer, answer_info, inquiry_info

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
ID, OTHER = "5b0e21a4-56dd-4e51-8f66-3e3b0a3f6c11", "5b0e21a4-56dd-4e51-8f66-3e3b0a3f6c12"
ASKER = Asker("k1", "homs-main", "kiosk")
KIND = "bill"
LIVES = KINDS[KIND].lives_s


def moment(**later: float) -> str:
    return clock.as_text(NOW + timedelta(**later))


class Desk:
    """Somebody who asks, and an answerer that says what it was told to."""

    def __init__(self, connection: AsyncConnection, ring: KeyRing) -> None:
        self.connection, self.ring = connection, ring
        self.says: Any = Found({"a": 1}, reference="ref")
        self.asked: list[Question] = []
        self.undone: list[tuple[Asker, str]] = []

    async def _answer(self, connection: AsyncConnection, ring: KeyRing, question: Question) -> Found:
        self.asked.append(question)
        if isinstance(self.says, Refusal):
            await connection.execute(
                insert(inquiries).values(kiosk="x", id="x", kind="x", state="x", revision=0, at="x")
            )
            raise self.says
        found: Found = self.says
        return found

    async def _undo(self, connection: AsyncConnection, asker: Asker, reference: str) -> None:
        self.undone.append((asker, reference))

    async def ask(self, body: Any = None, *, own: str = ID, asker: Asker = ASKER, **more: Any) -> InquiryAnswer:
        said: dict[str, Any] = {
            "id": own,
            "kind": KIND,
            "dies_at": moment(seconds=LIVES),
            "body": body or {"b": 1},
        } | more
        answerers = {KIND: Answerer(self._answer, self._undo)}
        return await asking.ask(self.connection, self.ring, answerers, asker, Inquiry(**said))

    async def rows(self) -> list[tuple[str, str, int]]:
        rows = await self.connection.execute(select(inquiries).order_by(inquiries.c.id))
        return [(row.id, row.state, row.revision) for row in rows]

    async def tell(self, found: Found, own: str = ID) -> None:
        await asking.tell(self.connection, self.ring, "k1", own, found)

    async def answer(self) -> InquiryAnswer:
        row = await asking.find(self.connection, "k1", ID)
        assert row is not None
        return asking.answer_of(self.ring, row)


@pytest.fixture
async def desk(config: CentralConfig, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    engine = open_engine(config.database_url)
    async with engine.begin() as connection:
        yield Desk(connection, KeyRing(config.keys_dir))
    await engine.dispose()


async def test_a_question_is_answered_once_and_said_again(desk: Desk) -> None:
    for _ in range(2):
        assert await desk.ask() == InquiryAnswer(ID, "answered", {"a": 1}, UNSET)
    assert desk.asked == [Question(ID, ASKER, {"b": 1})]
    (row,) = await desk.connection.execute(select(inquiries))
    assert (row.kiosk, row.kind, row.reference, row.at, row.reply_key) == ("k1", KIND, "ref", moment(), None)
    assert row.answer.startswith("at-rest-1:")
    with pytest.raises(Conflict):
        await desk.ask({"b": 2})
    with pytest.raises(Conflict):
        await desk.ask(kind="payment")


async def test_another_kiosk_s_question_under_the_same_id_is_its_own(desk: Desk) -> None:
    await desk.ask()
    await desk.ask({"b": 2}, asker=ASKER._replace(kiosk="k2"))
    assert len(desk.asked) == 2


async def test_who_refuses_has_changed_nothing_and_says_why(desk: Desk) -> None:
    desk.says = Refusal("too-many")
    assert await desk.ask() == InquiryAnswer(ID, "refused", {"reason": "too-many"}, UNSET)
    assert await desk.rows() == [(ID, "refused", 0)]
    assert await desk.ask(own=OTHER, kind="riddle") == InquiryAnswer(
        OTHER, "refused", {"reason": "unknown-kind"}, UNSET
    )


@pytest.mark.parametrize(
    ("kind", "dies_at", "state"),
    [
        (KIND, moment(seconds=-4.9), "answered"), (KIND, moment(seconds=-5), "withdrawn"),
        (KIND, moment(seconds=LIVES + 5), "answered"), (KIND, moment(seconds=LIVES + 5.1), "withdrawn"),
        (KIND, "9999-12-31T00:00:00Z", "withdrawn"),
        ("riddle", moment(days=9), "refused"), ("riddle", moment(seconds=-5), "withdrawn"),
    ],
)  # fmt: skip
async def test_a_question_whose_time_is_over_or_too_long_is_not_begun(
    desk: Desk, kind: str, dies_at: str, state: str
) -> None:
    assert (await desk.ask(kind=kind, dies_at=dies_at)).state == state
    assert bool(desk.asked) is (state == "answered")


async def test_what_is_undone_is_undone_once_and_never_done_any_more(desk: Desk) -> None:
    await desk.ask()
    for _ in range(2):
        assert await desk.ask(undo=True) == InquiryAnswer(ID, "withdrawn")
    assert (desk.undone, await desk.rows()) == ([(ASKER, "ref")], [(ID, "withdrawn", 0)])
    assert (await desk.ask()).state == "withdrawn"
    assert await desk.ask(own=OTHER, undo=True) == InquiryAnswer(OTHER, "withdrawn", UNSET, UNSET)
    assert (await desk.ask(own=OTHER)).state == "withdrawn"
    assert (len(desk.asked), len(desk.undone)) == (1, 1)


async def test_an_answer_that_is_not_final_changes_until_it_is(desk: Desk) -> None:
    desk.says = Found({"a": 1}, is_final=False)
    assert await desk.ask() == InquiryAnswer(ID, "pending", {"a": 1}, 0)
    await desk.tell(Found({"a": 2}, is_final=False))
    assert await desk.answer() == InquiryAnswer(ID, "pending", {"a": 2}, 1)
    await desk.tell(Found({"a": 3}, reference="r"))
    assert (await desk.answer(), await desk.rows()) == (
        InquiryAnswer(ID, "answered", {"a": 3}, UNSET), [(ID, "answered", 2)],
    )  # fmt: skip
    await desk.tell(Found({"a": 4}))
    await asking.refuse(desk.connection, desk.ring, "k1", ID, "late")
    assert (await desk.answer()).answer == {"a": 3}
    await desk.tell(Found({"a": 5}), OTHER)
    await asking.refuse(desk.connection, desk.ring, "k1", OTHER, "late")
    assert len(await desk.rows()) == 1


async def test_a_pending_question_is_refused_and_what_it_did_can_be_undone_still(desk: Desk) -> None:
    desk.says = Found({"a": 1}, reference="ref", is_final=False)
    await desk.ask()
    await asking.refuse(desk.connection, desk.ring, "k1", ID, "payer-silent")
    assert await desk.answer() == InquiryAnswer(ID, "refused", {"reason": "payer-silent"}, UNSET)
    assert await desk.rows() == [(ID, "refused", 1)]
    await desk.ask(undo=True)
    assert desk.undone == [(ASKER, "ref")]


async def test_what_is_personal_is_read_by_who_gave_a_key_alone(desk: Desk) -> None:
    desk.says = Found({"a": 1}, {"name": "Rana"})
    assert (await desk.ask(own=OTHER)).answer == {"a": 1, "name": "Rana"}
    key = X25519PrivateKey.generate()
    reply_key = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    found = (await desk.ask(reply_key=reply_key)).answer
    assert isinstance(found, dict)
    sealed = base64.b64decode(found.pop("sealed"))
    text = SEAL_SUITE.decrypt(sealed, key, answer_info("k1", ID))
    assert (found, msgspec.json.decode(text)) == ({"a": 1}, {"name": "Rana"})
    with pytest.raises(Conflict):
        await desk.ask()


LOW_ORDER = [
    0,
    1,
    325606250916557431795983626356110631294008115727848805560023387167927233504,
    39382357235489614581723060781553021112529911719440698176882885853963445705823,
    2**255 - 20,
    2**255 - 19,
    2**255 - 18,
]


@pytest.mark.parametrize("point", LOW_ORDER)
async def test_a_key_that_nothing_can_be_sealed_to_is_refused_before_anything_is_done(desk: Desk, point: int) -> None:
    desk.says = Found({"a": 1}, {"who": "rana"}, reference="ref")
    key = base64.b64encode(point.to_bytes(32, "little")).decode()
    assert await desk.ask(reply_key=key) == InquiryAnswer(ID, "refused", {"reason": "unreadable"}, UNSET)
    assert desk.asked == []


@pytest.mark.parametrize("change", [None, "kid", "data", "text", "info", "shape"])
async def test_personal_fields_that_do_not_open_are_refused(desk: Desk, change: str | None) -> None:
    query = select(central_keys.c.kid).where(central_keys.c.purpose == "sealing")
    kid = (await desk.connection.execute(query)).scalar_one()
    to = desk.ring.sealing(kid).public_key()
    text = b"[1]" if change == "text" else b'{"name":"Rana"}'
    data = SEAL_SUITE.encrypt(text, to, inquiry_info("k1", OTHER if change == "info" else ID))
    part: Any = {"kid": "ffffffff" if change == "kid" else kid, "data": base64.b64encode(data).decode()}
    if change == "data":
        part["data"] += "%"
    body = {"b": 1, "sealed": [] if change == "shape" else part}
    found = await desk.ask(body)
    if change is None:
        assert (found.state, desk.asked[0].body) == ("answered", {"b": 1, "name": "Rana"})
    else:
        assert (found.state, found.answer, desk.asked) == ("refused", {"reason": "unsealable"}, [])


@pytest.mark.parametrize(("before", "is_taken"), [(299, True), (300, False)])
async def test_a_machine_asks_three_hundred_times_a_minute_at_most(desk: Desk, before: int, is_taken: bool) -> None:
    known = {"kiosk": "k1", "kind": KIND, "state": "answered", "revision": 0}
    others = [{"at": moment(minutes=-1), "id": "old"}, {"kiosk": "k2", "id": "other", "at": moment()}]
    rows = [{"id": f"q{n}", "at": moment(seconds=-59)} for n in range(before)]
    for row in [*rows, *others]:
        await desk.connection.execute(insert(inquiries).values(**(known | row)))
    if is_taken:
        await desk.ask()
    else:
        with pytest.raises(TooMany):
            await desk.ask()


async def test_what_is_over_its_day_is_forgotten(desk: Desk) -> None:
    known = {"kiosk": "k1", "kind": KIND, "state": "answered", "revision": 0}
    for name, at in (("a", moment(seconds=-KEPT_S)), ("b", moment(seconds=-KEPT_S - 1))):
        await desk.connection.execute(insert(inquiries).values(**known, id=name, at=at))
    await asking.forget(desk.connection)
    assert [one for one, *_ in await desk.rows()] == ["a"]

"""Every message as it is read, and what an order's word says, until when it is so."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.config import CentralConfig
from central.keys.keys import KeyRing
from central.levels.level import Level
from central.messages import contacts, orders
from central.messages.texts import Said, compose
from central.publishing import publication
from common.messages.kind import Kind
from common.protocol.feed_message import OrderState
from common.web.page_texts import Language
from tests.central.messages.conftest import PHONE

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
CENTRE = {"ar": "المركز الرئيسي", "en": "Main centre"}
RICH = Said(ends="210", centre=CENTRE, at="2026-12-31T07:00:00Z", until="2026-12-31T21:59:59Z")
BARE = Said(ends="210", at="2026-12-31T07:00:00Z")
ORDER = "0" * 32


@pytest.mark.parametrize(
    ("kind", "said", "arabic", "english"),
    [
        ("order-ready", RICH, "طلبك …210 جاهز في المركز الرئيسي حتى 1 كانون الثاني.",
         "Order …210 is ready at Main centre until 1 January."),
        ("order-ready", BARE, "طلبك …210 جاهز للاستلام.", "Your order …210 is ready to collect."),
        ("claim-tomorrow", RICH, "موعدك غداً الساعة 10:00 في المركز الرئيسي.",
         "Your appointment: tomorrow at 10:00, Main centre."),
        ("claim-tomorrow", BARE, "موعدك غداً الساعة 10:00.", "Your appointment is tomorrow at 10:00."),
        ("claim-off", RICH, "أُلغي موعدك الخميس 31 كانون الأول 10:00. رمزك صالح يومَي دوام بعده.",
         "Cancelled: Thursday 31 December, 10:00. Code good 2 working days."),
        ("near", RICH, "اقترب دور الرقم …210. كن قرب شاشة النداء.",
         "Your turn is near: number …210. Stay near the screen."),
        ("works-again", RICH, "عادت خدمتك إلى العمل. دور الرقم …210 محفوظ.",
         "It works again. Number …210 keeps its place."),
    ],
)  # fmt: skip
def test_each_kind_reads_so_and_to_a_stranger_with_a_word_more(
    monkeypatch: pytest.MonkeyPatch, kind: Kind, said: Said, arabic: str, english: str
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    told: tuple[tuple[Language, str, str], ...] = (
        ("ar", arabic, "ليست لك؟ تجاهلها."), ("en", english, "Not you? Ignore."),
    )  # fmt: skip
    for language, text, stranger in told:
        assert compose(kind, said, language) == text
        first = text if kind == "claim-off" else f"{text} {stranger}"
        assert compose(kind, said, language, is_first=True) == first


@pytest.mark.parametrize("kind", ["claim-tomorrow", "claim-off", "near", "works-again"])
def test_a_message_that_lacks_what_each_of_its_texts_says_is_none(kind: Kind) -> None:
    with pytest.raises(ValueError, match=f"^{kind}: it has nothing to say without a number or time$"):
        compose(kind, Said(), "en", is_first=True)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-12-02T00:00:00Z", "2026-12-02T00:00:00.000000Z"),
        (int((NOW + timedelta(seconds=1)).timestamp()), "2026-12-01T09:00:01.000000Z"),
        (int(NOW.timestamp()), None),
        (None, None),
        ("soon", None),
        (10**18, None),
    ],
)
async def test_an_order_that_is_ready_says_where_and_until_when(
    connection: AsyncConnection, at: str | int | None, until: str | None
) -> None:
    state = OrderState(ORDER, "ready", number="9876543210", at=at, centre="homs-main")
    assert await orders.level_of(connection, state, "7", NOW) == Level(
        about=ORDER, what="7", since=NOW, ends=NOW + timedelta(days=7), centre="homs-main",
        said=Said(ends="210", centre=CENTRE, until=until),
    )  # fmt: skip
    bare = await orders.level_of(connection, OrderState(ORDER, "ready"), "7", NOW)
    assert (bare.said, bare.centre) == (Said(), None)


async def test_an_order_s_word_is_so_while_it_is_ready_at_that_centre(
    connection: AsyncConnection, config: CentralConfig
) -> None:
    assert await orders.OrderReady().levels(connection, NOW, [ORDER]) == {}, "nobody has told anything of it"
    found = []
    for state, centre in (
        ("ready", "homs-main"), ("ready", "homs-main"), ("ready", "homs-new"), ("collected", "homs-main"),
    ):  # fmt: skip
        body = f'{{"order":"{ORDER}","state":"{state}","centre":"{centre}"}}'.encode()
        await publication.publish(connection, "order-state", body, KeyRing(config.keys_dir))
        level = (await orders.OrderReady().levels(connection, NOW, [ORDER]))[ORDER]
        found.append(None if level is None else (level.centre, level.what))
    assert [None if one is None else one[0] for one in found] == ["homs-main", "homs-main", "homs-new", None]
    assert found[0] == found[1], "said twice it is one thing to know"
    assert found[1] != found[2]


async def test_a_number_is_of_one_order_and_can_be_taken_back(
    connection: AsyncConnection, config: CentralConfig
) -> None:
    vault = KeyRing(config.keys_dir).vault()
    other = PHONE[:-1] + "2"
    await contacts.keep(connection, vault, "order", ORDER, PHONE)
    await contacts.keep(connection, vault, "claim", ORDER, other, "en")
    found = await contacts.find(connection, vault, "order", ORDER)
    assert found == contacts.Contact(PHONE, "ar", vault.mark(PHONE))
    assert repr(found) == f"Contact({vault.mark(PHONE)})"
    await contacts.keep(connection, vault, "order", ORDER, other, "en")
    assert await contacts.find(connection, vault, "order", ORDER) == contacts.Contact(other, "en", vault.mark(other))
    await contacts.forget(connection, "order", ORDER)
    assert await contacts.find(connection, vault, "order", ORDER) is None
    assert await contacts.find(connection, vault, "claim", ORDER) is not None

"""Every message as it is read, and when an order's word is of what, until when, and still so."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.config import CentralConfig
from central.base.tables.claimed import claims
from central.base.tables.messages import watches
from central.keys.keys import KeyRing
from central.messages import contacts, orders
from central.messages.outbox import Wish
from central.messages.still_so import is_still_so
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
        ("order-ready", RICH, "طلبك …210 جاهز في المركز الرئيسي حتى 2027/01/01.",
         "Order …210 is ready at Main centre until 2027/01/01."),
        ("order-ready", BARE, "طلبك …210 جاهز للاستلام.", "Your order …210 is ready to collect."),
        ("claim-tomorrow", RICH, "موعدك غداً الساعة 10:00 في المركز الرئيسي.",
         "Your appointment: tomorrow at 10:00, Main centre."),
        ("claim-tomorrow", BARE, "موعدك غداً الساعة 10:00.", "Your appointment is tomorrow at 10:00."),
        ("claim-off", RICH, "لن يتم موعدك 2026/12/31 10:00. يبقى رمزك صالحاً يومي عمل بعده.",
         "No service at 10:00 on 2026/12/31. Your code is good 2 working days."),
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
    assert await orders.wish(connection, state, "7") == Wish(
        kind="order-ready", subject="order", about=ORDER, event="7", centre="homs-main",
        said=Said(ends="210", centre=CENTRE, until=until),
    )  # fmt: skip
    bare = await orders.wish(connection, OrderState(ORDER, "ready"), "7")
    assert (bare.said, bare.centre) == (Said(), None)


def message(kind: str, subject: str = "order", about: str = ORDER, event: str = "", centre: str | None = None) -> Any:
    return SimpleNamespace(kind=kind, subject=subject, about=about, event=event, centre=centre)


async def test_an_order_s_word_is_so_while_it_is_ready_at_that_centre(
    connection: AsyncConnection, config: CentralConfig
) -> None:
    ready = message("order-ready", centre="homs-main")
    assert await is_still_so(connection, ready), "nobody has told anything of it"
    for state, centre, is_so in (
        ("ready", "homs-main", True), ("ready", "homs-new", False), ("collected", "homs-main", False),
    ):  # fmt: skip
        body = f'{{"order":"{ORDER}","state":"{state}","centre":"{centre}"}}'.encode()
        await publication.publish(connection, "order-state", body, KeyRing(config.keys_dir))
        assert await is_still_so(connection, ready) == is_so
    assert await is_still_so(connection, message("order-ready", event="by-hand/x", centre="homs-main"))


@pytest.mark.parametrize(
    ("state", "off", "tomorrow", "is_off"),
    [
        ("booked", None, True, False),
        ("booked", "reopened", True, False),
        ("booked", "closed", False, True),
        ("cancelled", None, False, False),
        ("cancelled", "closed", False, False),
    ],
)
async def test_a_claim_s_word_is_so_while_it_is_open_and_off_or_not(
    connection: AsyncConnection, state: str, off: str | None, tomorrow: bool, is_off: bool
) -> None:
    kinds = ("claim-tomorrow", "claim-off")
    assert [await is_still_so(connection, message(kind, "claim", "c1")) for kind in kinds] == [True, True]
    row = {"id": "c1", "centre": "homs-main", "service": "s", "queue": "A", "kind": "booked", "day": "2026-12-02",
           "at": clock.as_text(NOW), "minutes": 15, "people": 1, "credit_min": 15, "made_by": "app", "change": 1,
           "made_on": "2026-12-01", "made_at": clock.as_text(NOW)}  # fmt: skip
    await connection.execute(insert(claims).values(row | {"state": state, "off": off}))
    found = [await is_still_so(connection, message(kind, "claim", "c1")) for kind in kinds]
    assert found == [tomorrow, is_off]


async def test_that_it_works_again_is_so_unless_it_stands_still_again(connection: AsyncConnection) -> None:
    row = {"kiosk": "k", "asked_at": clock.as_text(NOW)}
    for name, interrupted in (("w1", None), ("w2", clock.as_text(NOW))):
        await connection.execute(
            insert(watches).values(row | {"id": name, "ticket": name, "interrupted_at": interrupted})
        )
    found = [await is_still_so(connection, message("works-again", "watch", name)) for name in ("w0", "w1", "w2")]
    assert found == [True, True, False]
    assert await is_still_so(connection, message("near", "watch", "w2"))


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

"""Central stops a service everywhere at once: each hub hears the whole of it, kiosks nothing, and slips are named."""

from typing import Any

import msgspec
import pytest

from central.feed import pages
from central.publishing import service_orders
from common.protocol.queue.service_now import Reasons, ServiceOrders
from tests.central.conftest import Stage
from tests.kit.sender import Sender

REASONS = {
    "reasons": [
        {"code": "server-down", "names": {"ar": "خادم الوزارة", "en": "The ministry's server"}},
        {"code": "other", "names": {"ar": "سبب آخر", "en": "Another reason"}},
    ]
}


async def heard(stage: Stage, sender: Sender) -> list[tuple[str, str]]:
    """What a hub hears that stands still, after all that was said."""
    page = await stage.feed(sender)
    bodies = [
        msgspec.json.decode(one.body, type=ServiceOrders) for one in page.messages if one.kind == "service-orders"
    ]
    return [(one.service, one.reason) for one in bodies[-1].orders] if bodies else []


async def hub_of(stage: Stage, centre: str = "homs-main", version: str = "1.1.0") -> Sender:
    """A hub that has said its version."""
    hub = await stage.enrolled_hub(centre)
    await stage.deliver(hub, health={"version": version})
    return hub


async def interrupted(stage: Stage, service: str, reason: str = "registry-line", *only: str) -> list[str]:
    async with stage.engine.begin() as connection:
        return await service_orders.interrupt(connection, service, reason, only)


async def resumed(stage: Stage, service: str, *only: str) -> list[str]:
    async with stage.engine.begin() as connection:
        return await service_orders.works_again(connection, service, only)


async def test_all_centres_are_told_the_whole_and_kiosks_nothing(stage: Stage) -> None:
    here, there, kiosk = await hub_of(stage), await hub_of(stage, "homs-new"), await stage.enrolled()
    await stage.deliver(kiosk, health={"version": "1.1.0"})
    assert set(await interrupted(stage, "civil-affairs")) >= {"homs-main", "homs-new"}
    assert await interrupted(stage, "water-bill", "other", "homs-new") == ["homs-new"]
    assert await heard(stage, here) == [("civil-affairs", "registry-line")]
    assert await heard(stage, there) == [("civil-affairs", "registry-line"), ("water-bill", "other")]
    assert await heard(stage, kiosk) == []
    assert set(await resumed(stage, "civil-affairs")) >= {"homs-main", "homs-new"}
    assert (await heard(stage, here), await heard(stage, there)) == ([], [("water-bill", "other")])


async def test_a_hub_that_knows_no_such_word_hears_none_before_it_is_updated(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "OWN_VERSION", "1.1.0")
    hub = await hub_of(stage, version="1.0.0")
    await interrupted(stage, "civil-affairs")
    assert await heard(stage, hub) == []
    await stage.deliver(hub, health={"version": "1.1.0"})
    assert await heard(stage, hub) == [("civil-affairs", "registry-line")]


async def test_said_again_it_tells_nobody_and_a_later_order_has_an_id_of_its_own(stage: Stage) -> None:
    hub = await hub_of(stage)
    await interrupted(stage, "civil-affairs")
    assert await interrupted(stage, "civil-affairs") == []
    await resumed(stage, "civil-affairs")
    assert await resumed(stage, "civil-affairs") == []
    await interrupted(stage, "civil-affairs")
    page = await stage.feed(hub)
    told = [
        msgspec.json.decode(one.body, type=ServiceOrders).orders
        for one in page.messages
        if one.kind == service_orders.KIND
    ]
    ids = [one.id for orders in told for one in orders]
    assert len(ids) == len(set(ids)) >= 1


@pytest.mark.parametrize(
    ("service", "reason", "only", "named"),
    [
        ("no-such", "power", (), "no-such"),
        ("civil-affairs", "no-such", (), "registry-line"),
        ("civil-affairs", "power", ("nowhere",), "nowhere"),
    ],
)
async def test_a_slip_is_named_and_tells_nobody(
    stage: Stage, service: str, reason: str, only: tuple[str, ...], named: str
) -> None:
    hub = await hub_of(stage)
    with pytest.raises(ValueError, match=named):
        await interrupted(stage, service, reason, *only)
    assert await heard(stage, hub) == []


async def test_published_reasons_take_the_place_of_the_shipped_ones_at_all(stage: Stage) -> None:
    hub, kiosk = await stage.enrolled_hub(), await stage.enrolled()
    await stage.publish("reasons", REASONS)
    for sender in (hub, kiosk):
        await stage.deliver(sender, health={"version": "1.1.0"})
        page = await stage.feed(sender)
        found = [msgspec.json.decode(one.body, type=Reasons) for one in page.messages if one.kind == "reasons"]
        assert [one.code for one in found[-1].reasons] == ["server-down", "other"]
    await interrupted(stage, "civil-affairs", "server-down")
    with pytest.raises(ValueError, match="server-down"):
        await interrupted(stage, "judicial-record", "registry-line")


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"reasons": []}, "reasons"),
        ({"reasons": REASONS["reasons"][:1]}, '"other"'),
        ({"reasons": [*REASONS["reasons"], REASONS["reasons"][0]]}, "server-down stands twice"),
        ({"reasons": [REASONS["reasons"][1] | {"names": {"en": "x"}}]}, "ar"),
        ({"reasons": [REASONS["reasons"][1] | {"names": {"ar": "ي" * 41, "en": "x"}}]}, "at most 40"),
        ({"reasons": [{"code": "Other", "names": {}}]}, "code"),
    ],
)
async def test_reasons_that_no_screen_could_show_are_refused(stage: Stage, changed: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        await stage.publish("reasons", changed)

"""A kind that came later is told to a kiosk whose last health report names a version that knows it, and to no other."""

import pytest

from central.feed import pages
from common.protocol.feed_message import FIRST_VERSION, unknown_to
from tests.central.conftest import Stage
from tests.kit.sender import Sender

REASONS = {"reasons": [{"code": "other", "names": {"ar": "سبب آخر", "en": "Another reason"}}]}
DAY = {"date": "2026-11-25"}


@pytest.fixture(autouse=True)
def newer_central(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "OWN_VERSION", "1.2.0")


async def kinds(stage: Stage, sender: Sender, cursor: str = "") -> tuple[list[str], str, bool]:
    page = await stage.feed(sender, f"?after={cursor}" if cursor else "")
    return [one.kind for one in page.messages], page.cursor, page.snapshot


@pytest.mark.parametrize("version", [None, "1.0.0", "1.0.9", "0.9", "nonsense", ""])
async def test_an_older_kiosk_hears_all_but_the_later_kinds(stage: Stage, version: str | None) -> None:
    sender = await stage.enrolled()
    if version is not None:
        await stage.deliver(sender, health={"version": version})
    await stage.publish("business-day", DAY)
    await stage.publish("reasons", REASONS)
    told, cursor, _ = await kinds(stage, sender)
    assert told == ["business-day"]
    await stage.publish("reasons", REASONS)
    assert await kinds(stage, sender, cursor) == ([], (await kinds(stage, sender))[1], False)


@pytest.mark.parametrize("version", ["1.1.0", "1.1.0rc1", "1.10.0", "2.0"])
async def test_a_kiosk_that_knows_them_hears_them(stage: Stage, version: str) -> None:
    sender = await stage.enrolled()
    await stage.deliver(sender, health={"version": version})
    await stage.publish("reasons", REASONS)
    told, cursor, _ = await kinds(stage, sender)
    assert told == ["reasons"]
    await stage.publish("reasons", REASONS)
    assert (await kinds(stage, sender, cursor))[::2] == (["reasons"], False)


async def test_a_kiosk_that_was_updated_hears_what_was_kept_from_it(stage: Stage) -> None:
    sender = await stage.enrolled()
    await stage.deliver(sender, health={"version": "1.0.0"})
    await stage.publish("reasons", REASONS)
    await stage.publish("business-day", DAY)
    _, cursor, _ = await kinds(stage, sender)
    await stage.deliver(sender, health={"version": "1.1.0"})
    told, cursor, is_snapshot = await kinds(stage, sender, cursor)
    assert (told, is_snapshot) == (["reasons", "business-day"], True)
    assert (await kinds(stage, sender, cursor))[::2] == ([], False), "once"


@pytest.mark.parametrize("version", [None, "1.0.0"])
async def test_an_older_hub_hears_all_but_the_later_kinds(stage: Stage, version: str | None) -> None:
    hub = await stage.enrolled_hub()
    if version is not None:
        await stage.deliver(hub, health={"version": version})
    for kind, body in (("business-day", DAY), ("reasons", REASONS)):
        await stage.publish(kind, body)
    told, cursor, _ = await kinds(stage, hub)
    assert "business-day" in told
    assert not FIRST_VERSION.keys() & {*told}
    await stage.deliver(hub, health={"version": "1.1.0"})
    told, cursor, is_snapshot = await kinds(stage, hub, cursor)
    assert is_snapshot
    assert "reasons" in told
    assert (await kinds(stage, hub, cursor))[::2] == ([], False), "once"


def test_a_kiosk_as_new_as_central_knows_all_that_central_does() -> None:
    """Between two releases both still bear the former's version."""
    assert unknown_to("1.0.0", "1.0.0") == frozenset()
    assert (
        unknown_to("0.9.0", "1.0.0") == unknown_to("1.0.0", "1.1.0") == unknown_to(None, "1.0.0") == set(FIRST_VERSION)
    )

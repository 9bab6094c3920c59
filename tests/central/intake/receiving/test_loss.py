"""Central that was set back to a copy finds it by itself and says what it lacks; nobody makes it believe it often."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from central.base import clock
from central.base.tables.received import chains, findings, inbox
from central.base.tables.told import feed as feed_table
from central.base.tables.told import feed_epochs
from central.feed import epoch as feed_epoch
from common.protocol.envelope import Asked, Item
from common.protocol.feed_page import ChainPlace, Gap
from tests.central.conftest import Stage
from tests.kit.sender import Sender

DAY = {"date": "2026-11-25"}


def place(item: Item) -> str:
    return str(ChainPlace(item.epoch, item.seq, item.hash))


async def set_back(stage: Stage, sender: Sender, head: Item) -> None:
    """Forget what came after `head`, as a copy of that moment has it."""
    async with stage.engine.begin() as connection:
        await connection.execute(delete(inbox).where(inbox.c.seq > head.seq))
        of_kiosk = update(chains).where(chains.c.kiosk == sender.kiosk)
        await connection.execute(of_kiosk.values(head_seq=head.seq, head_hash=head.hash, max_seq=head.seq))


async def test_an_item_that_central_had_acknowledged_and_lacks_is_asked_for(stage: Stage) -> None:
    sender = await stage.enrolled()
    await stage.publish("business-day", DAY)
    items = [sender.ticket() for _ in range(5)]
    await stage.deliver(sender, *items)
    before = await stage.feed(sender, f"?acked={place(items[4])}")
    assert before.missing == []
    await set_back(stage, sender, items[1])
    query = f"?after={before.cursor}&acked={place(items[4])}"
    page = await stage.feed(sender, query)
    assert page.missing == [Gap(sender.epoch, 2)]
    assert (page.snapshot, page.epoch == before.epoch) == (True, False)
    (found,) = await stage.all(select(findings))
    assert (found.code, found.seq, found.item) == ("acknowledged-and-lost", 3, "3-5")
    assert await stage.results(sender, *items) == [("duplicate", None)] * 2 + [("applied", None)] * 3
    after = await stage.feed(sender, f"?after={page.cursor}&acked={place(items[4])}")
    assert (after.missing, after.snapshot, after.epoch) == ([], False, page.epoch)


async def test_a_feed_that_repeats_its_ids_with_other_words_is_heard_anew(stage: Stage) -> None:
    sender = await stage.enrolled()
    await stage.publish("business-day", DAY)
    await stage.publish("settings", {"screen.brightness": 10})
    heard = await stage.feed(sender)
    async with stage.engine.begin() as connection:
        await connection.execute(delete(feed_table).where(feed_table.c.id == 2))
    assert await stage.publish("settings", {"screen.brightness": 20}) == 2
    page = await stage.feed(sender, f"?after={heard.cursor}")
    assert (page.snapshot, page.epoch == heard.epoch) == (True, False)
    assert page.through > feed_epoch.LEAP, "its keys, that none made since is sealed to"
    assert b'"screen.brightness":20' in bytes(page.messages[1].body)


async def test_a_feed_that_is_shorter_than_what_was_heard_is_heard_anew(stage: Stage) -> None:
    sender = await stage.enrolled()
    await stage.publish("business-day", DAY)
    heard = await stage.feed(sender)
    async with stage.engine.begin() as connection:
        await connection.execute(delete(feed_table))
    page = await stage.feed(sender, f"?after={heard.cursor}")
    assert (page.snapshot, page.epoch == heard.epoch) == (True, False)
    assert [one.kind for one in page.messages] == ["central-keys"]


async def test_every_kiosk_hears_of_it_and_no_second_epoch_begins(stage: Stage) -> None:
    one, other = await stage.enrolled(), await stage.enrolled("homs-new")
    number = await stage.publish("business-day", DAY)
    query = await stage.after(number)
    async with stage.engine.begin() as connection:
        await connection.execute(update(feed_table).values(mark="another"))
    first = await stage.feed(one, query)
    second = await stage.feed(other, query)
    assert first.snapshot
    assert second.snapshot
    assert len(await stage.all(select(feed_epochs))) == 2
    again = await stage.feed(one, f"?after={first.cursor}")
    assert (again.snapshot, again.epoch) == (True, second.epoch)
    assert len(await stage.all(select(feed_epochs))) == 2


async def test_what_central_never_knew_of_is_restored_by_an_unknown_epoch_too(stage: Stage) -> None:
    sender = await stage.enrolled()
    number = await stage.publish("business-day", DAY)
    lost = (await stage.after(number)).split(".", 1)[1]
    page = await stage.feed(sender, f"?after=00000000-0000-4000-8000-000000000000.{lost}")
    assert page.snapshot
    assert len(await stage.all(select(feed_epochs))) == 2


async def test_the_operator_s_word_also_finds_holes_before_the_last_item(stage: Stage) -> None:
    sender = await stage.enrolled()
    items = [sender.ticket() for _ in range(5)]
    await stage.deliver(sender, *items)
    heard = await stage.feed(sender)
    async with stage.engine.begin() as connection:
        await connection.execute(delete(inbox).where(inbox.c.seq == 3))
        await connection.execute(update(chains).values(head_seq=2, head_hash=items[1].hash, max_seq=5))
        await feed_epoch.begin(connection, feed_epoch.BY_COMMAND)
    query = f"?after={heard.cursor}&acked={place(items[4])}"
    page = await stage.feed(sender, query)
    assert (page.snapshot, page.missing) == (True, [Gap(sender.epoch, 2)])


async def test_a_stolen_key_cannot_make_the_fleet_hear_everything_anew_for_ever(stage: Stage) -> None:
    sender = await stage.enrolled()
    for number in range(20):
        item = sender.ticket()  # never sent, but said to be acknowledged
        page = await stage.feed(sender, f"?acked={place(item)}")
        assert page.missing == [Gap(sender.epoch, 0)], number
    assert len(await stage.all(select(feed_epochs))) <= 2 + feed_epoch.MOST_AN_HOUR


async def test_one_key_among_others_begins_no_epoch_and_is_given_what_it_lacks(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    thief, other = await stage.enrolled(), await stage.enrolled()
    for _ in range(3):
        assert (await stage.feed(thief, f"?acked={place(thief.ticket())}")).missing == [Gap(thief.epoch, 0)]
    assert len(await stage.all(select(feed_epochs))) == 1
    later = clock.now() + feed_epoch.CLAIM_LASTS + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    await stage.feed(other, f"?acked={place(other.ticket())}")
    assert len(await stage.all(select(feed_epochs))) == 1, "what was claimed days ago stands for nobody else"
    await stage.feed(thief, f"?acked={place(thief.ticket())}")
    assert len(await stage.all(select(feed_epochs))) == 2


@pytest.mark.parametrize(
    "acked", ["x", "a.b.c", "0e0e0e0e-0000-4000-8000-000000000001.1.zz", ",".join(["1"] * 9), "1.2", "%00"]
)
async def test_what_is_no_place_is_named(stage: Stage, acked: str) -> None:
    sender = await stage.enrolled()
    response = await stage.get_feed(sender, f"?acked={acked}")
    assert response.status_code == 400
    assert "acked" in response.json()["detail"]


async def test_another_kiosk_s_items_are_not_found_by_their_hash(stage: Stage) -> None:
    sender, other = await stage.enrolled(), await stage.enrolled("homs-new")
    item = sender.ticket()
    await stage.deliver(sender, item)
    assert (await stage.feed(other, f"?acked={place(item)}")).missing == [Gap(item.epoch, 0)]


async def test_a_short_question_settles_what_was_sent_and_not_answered(stage: Stage) -> None:
    sender, other = await stage.enrolled(), await stage.enrolled("homs-new")
    items = [sender.ticket() for _ in range(3)]
    await stage.deliver(sender, *items[:2])
    asked = [Asked(item.id, item.hash) for item in items]
    altered = Asked(items[0].id, "0" * 64)
    assert [(one.id, one.result) for one in (await stage.deliver(sender, asked=asked)).results] == [
        (item.id, "duplicate") for item in items[:2]
    ]
    assert (await stage.deliver(sender, asked=[altered])).results == []
    assert (await stage.deliver(other, asked=asked)).results == []

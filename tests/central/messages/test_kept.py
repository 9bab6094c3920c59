"""Numbers: who may give one, how they lie there, and when they go. The commands that say what became of messages."""

from typing import Any

import msgspec
import pytest
from sqlalchemy import insert, select

from central.base.tables.claimed import claims
from central.base.tables.messages import message_contacts
from central.base.tables.messages import told as messages
from central.commands.doctor.channels import channels
from central.messages import contacts
from central.offices.integrations import systems
from central.offices.retention import keeping
from common.machine.doctor.finding import Verdict
from tests.central.conftest import Stage
from tests.central.messages.conftest import ORDER, PHONE, READY, Post

PATH = f"/v1/orders/{ORDER}/contact"


async def test_only_the_apps_side_gives_a_number_and_nothing_that_is_none(stage: Stage) -> None:
    async with stage.engine.begin() as connection:
        app = await systems.give(connection, "app", "order-states")
        other = await systems.give(connection, "warehouse", "visits")
    headers = {"Authorization": f"Bearer {app}"}
    assert (await stage.client.put(PATH, json={"phone": PHONE})).status_code == 401
    of_other = {"Authorization": f"Bearer {other}"}
    assert (await stage.client.put(PATH, json={"phone": PHONE}, headers=of_other)).status_code == 403
    for path, body in (
        (PATH, {"phone": "0944000111"}),
        (PATH, {"phone": f"{PHONE}\n"}),
        (PATH, {"phone": PHONE, "name": "x"}),
        ("/v1/orders/7/contact", {"phone": PHONE}),
    ):
        assert (await stage.client.put(path, json=body, headers=headers)).status_code == 422, body
    assert (await stage.client.put(PATH, json={"phone": PHONE}, headers=headers)).status_code == 204
    async with stage.engine.begin() as connection:
        found = await contacts.find(connection, stage.ring.vault(), "order", ORDER)
    assert found is not None
    assert found.phone == PHONE
    assert PHONE not in repr(found)
    assert (await stage.client.put(PATH, json={"phone": None}, headers=headers)).status_code == 204
    assert await stage.all(select(message_contacts)) == []


async def test_no_table_of_messages_holds_a_number_in_the_clear(post: Post) -> None:
    await post.give_number()
    await post.publish("order-state", READY)
    staff = [{"number": PHONE, "name": "Umm Samir", "kinds": ["staff-alarm"]}]
    await post.publish("messages", {"centre": None, "kinds": ["order-ready"], "staff": staff})
    await post.look()
    assert post.operator.sent
    async with post.engine.connect() as connection:
        for table in messages.metadata.sorted_tables:
            text = repr((await connection.execute(select(table))).all())
            assert PHONE[4:] not in text, table.name
            assert "Samir" not in text, table.name


async def test_a_number_of_another_order_does_not_open_here(post: Post) -> None:
    await post.give_number()
    async with post.engine.begin() as connection:
        await connection.execute(message_contacts.update().values(about="f" * 32))
    await post.publish("order-state", {**READY, "order": "f" * 32})
    other = "e" * 32
    await post.give_number(other)
    await post.publish("order-state", {**READY, "order": other})
    await post.look()
    assert sorted(await post.states()) == ["handed", "waiting"]  # nobody waits for the one that is bad


async def test_numbers_and_messages_go_with_their_rule_but_not_that_of_an_order_in_the_making(post: Post) -> None:
    await post.give_app()
    for order in (ORDER, "f" * 32):
        await post.give_number(order)
    await post.publish("order-state", READY)
    await post.publish("order-state", {**READY, "order": "f" * 32, "state": "in_progress"})
    await post.look()
    post.pass_by(days=31)
    over = await keeping.keep(post.engine, "messages", 30, really=True, operator="console")
    assert over.counts == {"written": 1, "numbers": 1, "watches": 0}
    async with post.engine.connect() as connection:
        assert [row.about for row in await connection.execute(select(message_contacts))] == ["f" * 32]


async def test_the_number_of_an_appointment_stays_until_it_is_over(post: Post) -> None:
    values: dict[str, Any] = {"centre": "homs-main", "service": "clearance", "queue": "B", "kind": "booked"}
    values |= {"day": "2027-01-20", "at": "2027-01-20T07:00:00.000000Z", "minutes": 10, "people": 1, "credit_min": 10}
    values |= {"made_by": "desk", "made_on": "2026-12-01", "made_at": "2026-12-01"}
    async with post.engine.begin() as connection:
        for change, claim, state in ((1, "c1", "booked"), (2, "c2", "cancelled")):
            await connection.execute(insert(claims).values(**values, id=claim, state=state, change=change))
            await contacts.keep(connection, post.ring.vault(), "claim", claim, PHONE)
    post.pass_by(days=31)
    over = await keeping.keep(post.engine, "messages", 30, really=True, operator="console")
    assert over.counts["numbers"] == 1
    async with post.engine.connect() as connection:
        assert [row.about for row in await connection.execute(select(message_contacts))] == ["c1"]


async def test_the_doctor_says_that_there_is_no_channel(stage: Stage) -> None:
    async with stage.engine.begin() as connection:
        assert (await channels(connection, stage.config)).verdict is Verdict.WARNING
        await systems.give(connection, "app", "order-states")
        assert (await channels(connection, stage.config)).verdict is Verdict.OK


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ({"centre": None, "kinds": ["sms"]}, "kinds"),
        ({"centre": "nowhere", "kinds": []}, "nowhere"),
        ({"centre": None, "kinds": [], "hours": {"from": "21:00", "to": "08:00"}}, "hours"),
        ({"centre": None, "kinds": [], "staff": [{"number": "0944", "name": "x", "kinds": []}]}, "number"),
        ({"centre": None, "kinds": [], "staff": [{"number": PHONE, "name": "x", "kinds": ["coffee"]}]}, "coffee"),
    ],
)
async def test_rules_that_cannot_be_are_refused(post: Post, content: object, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        await post.publish("messages", content)
    assert msgspec.json.encode(content)

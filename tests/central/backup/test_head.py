"""The head of what central took in: no copy is called whole by which a payment, claim or number would be lost."""

from sqlalchemy import insert, update

from central.backup import head as newest
from central.base.database.transactions import reading
from central.base.tables.messages import told as messages
from central.base.tables.messages import watches
from central.messages import contacts
from central.messages.texts import Said
from central.payments.flow import state
from tests.central.claims.conftest import Office, office
from tests.central.messages.conftest import put

__all__ = ["office"]


async def test_it_moves_with_what_wallets_and_the_app_say(office: Office) -> None:
    await office.publish()
    heads = [await head(office)]
    made = await office.book()
    heads.append(await head(office))
    await office.cancel(made.claim)
    heads.append(await head(office))
    async with office.stage.engine.begin() as connection:
        await state.note(connection, "a payment", "paid", "payer")
    heads.append(await head(office))
    async with office.stage.engine.begin() as connection:
        await contacts.keep(connection, office.stage.ring.vault(), "order", "an order", "+963911222333")
    heads.append(await head(office))
    assert len(set(heads)) == len(heads) == 5
    assert await head(office) == heads[-1]


async def test_it_moves_with_what_was_said_to_citizens_and_by_them(office: Office) -> None:
    """A copy brought back of before a text sends it a second time."""
    await office.publish()
    async with office.stage.engine.begin() as connection:
        await put(connection, "near", "watch", "a watch", Said(ends="007"))
    heads = [await head(office)]
    for said in (
        update(messages).values(state="handed", handed_at="2026-11-30T10:00:00Z"),
        update(messages).values(number=1),
        insert(watches).values(id="a watch", kiosk="kiosk-1", ticket="a ticket", asked_at="2026-11-30T10:00:00Z"),
    ):
        async with office.stage.engine.begin() as connection:
            await connection.execute(said)
        heads.append(await head(office))
    assert len(set(heads)) == len(heads) == 4


async def head(office: Office) -> str:
    async with reading(office.stage.engine) as connection:
        return await newest.head(connection)

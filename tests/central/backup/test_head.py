"""The head of what central took in: no copy is called whole by which a payment, claim or number would be lost."""

from central.backup import restoring
from central.base.database.transactions import reading
from central.messages import contacts
from central.payments.flow import state
from tests.central.claims.conftest import Office, office

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


async def head(office: Office) -> str:
    async with reading(office.stage.engine) as connection:
        return await restoring.head(connection)

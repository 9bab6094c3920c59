"""Telephone numbers, each kept for the one order or claim that it was given for, sealed at rest."""

from typing import Final, Literal

from msgspec import Struct
from sqlalchemy import ColumnElement, Table, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.rows import upsert
from central.base.tables.messages import message_contacts, told
from central.keys.at_rest import Vault, place_of_contact
from central.levels.reconciling import is_so
from central.messages.kinds import KINDS
from common.messages.kind import RULES
from common.web.page_texts import Language

Subject = Literal["order", "claim", "watch"]
"""What a message is about."""
_AGAIN: Final = [kind for kind, rule in RULES.items() if not rule.at_most_once]


class Contact(Struct, frozen=True, repr_omit_defaults=True):
    """Where somebody is written to. `recipient` tells two numbers apart and is none."""

    phone: str
    language: Language
    recipient: str

    def __repr__(self) -> str:
        """Show no number."""
        return f"Contact({self.recipient})"


async def keep(
    connection: AsyncConnection, vault: Vault, subject: Subject, about: str, phone: str, language: Language = "ar"
) -> None:
    """Keep the number of an order or claim, in the place of any before; what is of use still is said to it too."""
    sealed = vault.seal(place_of_contact(subject, about), phone)
    row = {"subject": subject, "about": about, "sealed": sealed, "language": language}
    await upsert(connection, message_contacts, [row | {"given_at": clock.as_text(clock.now())}])
    await _say_again(connection, subject, about, vault.mark(phone))


async def _say_again(connection: AsyncConnection, subject: Subject, about: str, recipient: str) -> None:
    """Let what went to another number, is so still and may be said again wait for this one."""
    own = told.c.subject == subject, told.c.about == about, told.c.kind.in_(_AGAIN)
    to_another = told.c.recipient.is_not(None), told.c.recipient != recipient
    ended = (
        told.c.state != "waiting",
        told.c.state != "dropped",
        told.c.dies_at > clock.as_text(clock.now()),
    )
    for row in (await connection.execute(select(told).where(*own, *to_another, *ended))).all():
        if await is_so(connection, KINDS, row, clock.now()):
            await connection.execute(update(told).where(told.c.id == row.id).values(state="waiting", until=None))


async def forget(connection: AsyncConnection, subject: Subject, about: str) -> None:
    """Take a number back."""
    own = (message_contacts.c.subject == subject) & (message_contacts.c.about == about)
    await connection.execute(delete(message_contacts).where(own))


def is_given(table: Table) -> ColumnElement[bool]:
    """Say of rows with `subject` and `about` that a number was given for them."""
    return exists().where(message_contacts.c.subject == table.c.subject, message_contacts.c.about == table.c.about)


async def find(connection: AsyncConnection, vault: Vault, subject: str, about: str) -> Contact | None:
    """Return the number that was given, None where none was. Raises NotOurText."""
    own = (message_contacts.c.subject == subject) & (message_contacts.c.about == about)
    row = (await connection.execute(select(message_contacts).where(own))).one_or_none()
    if row is None:
        return None
    phone = vault.open(place_of_contact(subject, about), row.sealed)
    return Contact(phone, row.language, vault.mark(phone))

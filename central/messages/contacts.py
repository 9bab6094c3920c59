"""Telephone numbers, each kept for the one order or claim that it was given for, sealed at rest."""

from typing import Final, Literal

from msgspec import Struct
from sqlalchemy import ColumnElement, Table, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.rows import upsert
from central.base.tables.messages import message_contacts, messages
from central.keys.at_rest import Vault, place_of_contact
from common.messages.kind import RULES
from common.web.page_texts import Language

Subject = Literal["order", "claim", "watch"]
"""What a message is about."""
DIGITS: Final = 3
"""The last digits of a number or order that a text bears."""
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
    """Let the newest text that went to another number, and may be said again, wait for this one."""
    own = messages.c.subject == subject, messages.c.about == about, messages.c.kind.in_(_AGAIN)
    query = select(messages.c.id).where(*own).order_by(messages.c.made_at.desc(), messages.c.id).limit(1)
    newest = messages.c.id == await connection.scalar(query)
    to_another = messages.c.recipient.is_not(None), messages.c.recipient != recipient
    ended = (
        messages.c.state != "waiting",
        messages.c.state != "dropped",
        messages.c.dies_at > clock.as_text(clock.now()),
    )
    await connection.execute(update(messages).where(newest, *to_another, *ended).values(state="waiting", until=None))


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

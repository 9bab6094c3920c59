"""Whom of a centre's staff its hub writes to when something needs somebody: read and changed by an operator.

The same list as `central publish messages`, within the operator's centres. A number is shown by its last three digits
alone, and is in no log.
"""

from collections.abc import Sequence
from typing import Final

import msgspec
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.database.transactions import FEED_LOCK, lock
from central.keys.at_rest import Vault
from central.offices import operations
from central.offices.operators import Operator
from central.offices.people import check
from central.publishing import messages
from common.protocol.staff import StaffRecord

_SHOWN: Final = 3
_MARK: Final = 16


class ToldStaff(Struct, frozen=True):
    """Somebody who is told; `mark` names the entry in a form, `ends` are the last digits of the number."""

    centre: str
    mark: str
    name: str
    ends: str
    kinds: list[str]


async def read(connection: AsyncConnection, vault: Vault, operator: Operator) -> list[ToldStaff]:
    """Return whom the operator may see; who is told of all centres only who may see all."""
    staff = await messages.staff_by_centre(connection, vault)
    return [
        ToldStaff(centre, _mark(vault, one), one.name, one.number[-_SHOWN:], one.kinds)
        for centre, people in staff.items()
        if (operator.may_see(centre) if centre else operator.centres is None)
        for one in people
    ]


async def add(connection: AsyncConnection, vault: Vault, operator: Operator, centre: str, record: StaffRecord) -> None:
    """Have somebody told from now on; whose number is told already is told as this says.

    Raises:
        NotAllowed: it is not this operator's to do.
        ValueError: no such centre or kind, or more than a hub keeps.
    """
    check(operator, centre)
    others = [one for one in await _of(connection, vault, centre) if one.number != record.number]
    await messages.set_staff(connection, vault, centre, [*others, record])
    await operations.note(connection, operator.name, "staff-told", {"name": record.name, "centre": centre})


async def withdraw(connection: AsyncConnection, vault: Vault, operator: Operator, centre: str, mark: str) -> None:
    """Have somebody told no more. Raises as `add`, ValueError also where nobody has this mark."""
    check(operator, centre)
    people = await _of(connection, vault, centre)
    gone = next((one for one in people if _mark(vault, one) == mark), None)
    if gone is None:
        raise ValueError("nobody of this centre is told so")
    await messages.set_staff(connection, vault, centre, [one for one in people if one is not gone])
    await operations.note(connection, operator.name, "staff-untold", {"name": gone.name, "centre": centre})


def as_record(number: str, name: str, kinds: Sequence[str], language: str) -> StaffRecord:
    """Return what a form says as a record. Raises ValueError with what is wrong."""
    plain = "".join(sign for sign in number if sign.isascii() and (sign.isdigit() or sign == "+"))
    said = {"number": plain, "name": name.strip(), "kinds": [*kinds] or ["staff-alarm"], "language": language}
    try:
        record = msgspec.convert(said, StaffRecord)
    except msgspec.ValidationError as error:
        raise ValueError("expected a number such as +963944000111, a name, and ar or en") from error
    if not record.name:
        raise ValueError("name: found none, expected who is told")
    return record


async def _of(connection: AsyncConnection, vault: Vault, centre: str) -> list[StaffRecord]:
    """Return a centre's list for who changes it: nobody else does between what is read here and what is written."""
    await lock(connection, FEED_LOCK)
    return (await messages.staff_by_centre(connection, vault)).get(centre, [])


def _mark(vault: Vault, one: StaffRecord) -> str:
    return vault.mark(one.number)[:_MARK]

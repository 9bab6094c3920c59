"""Who may enter the technician's screen, call at counters or enrol a machine: read and changed by an operator.

The same acts as the commands (`central technician`, `clerk`, `enrolment-code`, `revoke`), within the operator's centres
and each with the operator's name in the log. A PIN or code is returned once and kept nowhere.
"""

from typing import Final, Literal, cast, get_args

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from central.kiosks import enrolment
from central.kiosks.hub import confirmation
from central.offices import operations
from central.offices.operators import Operator
from central.publishing import clerk, technician
from central.publishing.technician import Appointed

Kind = Literal["technician", "clerk"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
ROLES: Final = {"technician": ("technician", "manager"), "clerk": ("clerk", "manager")}
MACHINES: Final = ("kiosk", "hub")


class NotAllowed(Exception):
    """A reader wants to change something, or somebody something of a centre that is not theirs."""


class Clerk(Struct, frozen=True):
    """Somebody who may open a counter."""

    name: str
    centre: str
    role: str


class OpenCode(Struct, frozen=True):
    """A code that somebody could still enrol with; `address` is one that an administrator has to confirm."""

    id: str
    centre: str
    role: str
    expires_at: str
    address: str | None


class People(Struct, frozen=True):
    """Everybody of the operator's centres, and the codes that somebody could still enrol with."""

    technicians: list[Appointed]
    clerks: list[Clerk]
    codes: list[OpenCode]


async def read(connection: AsyncConnection, operator: Operator) -> People:
    """Return whom the operator may see."""
    technicians = [one for one in await technician.appointed(connection) if operator.may_see(one.centre)]
    clerks = [Clerk(*row) for row in await connection.execute(clerk.listing) if operator.may_see(row.centre)]
    codes = [OpenCode(*row) for row in await connection.execute(enrolment.open_codes()) if operator.may_see(row.centre)]
    return People(technicians, clerks, codes)


async def appoint(connection: AsyncConnection, operator: Operator, kind: str, name: str, centre: str, role: str) -> str:
    """Give somebody a new PIN in a centre; return it.

    Raises:
        NotAllowed: it is not this operator's to do.
        ValueError: no such kind or role, or a name that nobody has.
    """
    check(operator, centre)
    if kind not in KINDS or role not in ROLES[kind]:
        raise ValueError(f"found {kind[:20]!r} and {role[:20]!r}, expected a kind of {KINDS} and a role of its own")
    if kind == "technician":
        as_technician = cast("Literal['technician', 'manager']", role)
        pin = await technician.appoint(connection, name, [centre], as_technician)
    else:
        pin = await clerk.appoint(connection, name, centre, cast("clerk.Role", role))
    detail = {"name": name.strip(), "centre": centre, "role": role}
    await operations.note(connection, operator.name, f"{kind}-appointed", detail)
    return pin


async def withdraw(connection: AsyncConnection, operator: Operator, kind: str, name: str, centre: str) -> None:
    """Take somebody's PIN back in a centre. Raises as `appoint`, ValueError also where there is no such person."""
    check(operator, centre)
    if kind not in KINDS:
        raise ValueError(f"found {kind[:20]!r}, expected one of {KINDS}")
    if kind == "technician":
        await technician.withdraw(connection, name, [centre])
    else:
        await clerk.withdraw(connection, name, centre)
    await operations.note(connection, operator.name, f"{kind}-withdrawn", {"name": name.strip(), "centre": centre})


async def make_code(connection: AsyncConnection, operator: Operator, centre: str, role: str) -> str:
    """Make a one-time code for a kiosk or hub of a centre; return it. Raises as `appoint`."""
    check(operator, centre)
    if role not in MACHINES:
        raise ValueError(f"found {role[:20]!r}, expected one of {MACHINES}")
    code = await enrolment.make_code(connection, centre, cast("enrolment.Role", role))
    await operations.note(connection, operator.name, "code-made", {"centre": centre, "role": role})
    return code


async def withdraw_code(connection: AsyncConnection, operator: Operator, told: str) -> None:
    """Take an open code back, by its id in the list. Raises as `appoint`."""
    rows = await connection.execute(enrolment.open_codes())
    centre = next((row.centre for row in rows if row.id == told), None)
    if centre is None:
        raise ValueError("no such code is open")
    check(operator, centre)
    await enrolment.withdraw_code(connection, told)
    await operations.note(connection, operator.name, "code-withdrawn", {"centre": centre})


async def confirm_address(connection: AsyncConnection, operator: Operator, code_id: str, address: str) -> None:
    """Let a hub enrol at an address outside the city's own networks. Raises as `appoint`; for administrators alone."""
    if operator.role != "administrator":
        raise NotAllowed
    centre = await confirmation.confirm(connection, code_id, address, operator.name)
    check(operator, centre)
    await operations.note(connection, operator.name, "hub-address-confirmed", {"centre": centre, "address": address})


async def revoke(connection: AsyncConnection, operator: Operator, kiosk: str, centre: str) -> None:
    """Revoke a machine of a centre: it closes, and nothing that its keys sign is applied. Raises NotAllowed."""
    check(operator, centre)
    await enrolment.revoke(connection, kiosk)
    await operations.note(connection, operator.name, "machine-revoked", {"kiosk": kiosk, "centre": centre})


def check(operator: Operator, centre: str) -> None:
    """Raise NotAllowed where an operator may change nothing, or nothing of this centre."""
    if not operator.may_act or not operator.may_see(centre):
        raise NotAllowed

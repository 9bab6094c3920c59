"""Enrolment of kiosks: one-time codes, digits unique in their centre, and revocation."""

import base64
import hashlib
import re
import secrets
from datetime import timedelta
from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType
from sqlalchemy import Row, Select, case, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock
from central.base.database.transactions import ENROLMENT_LOCK, lock
from central.base.tables.enrolled import centres, enrolment_codes, kiosks, wrong_codes
from central.base.tables.received import chains, findings
from central.keys import key_chain
from central.kiosks import digit as kiosk_digit
from central.kiosks.hub import confirmation, hubs
from common.protocol.envelope import EnrolmentAnswer, EnrolmentPending, EnrolmentRequest, FormerPlace
from common.web.addresses import origin_of

CODE_VALID = timedelta(days=7)
WRONG_CODES_A_MINUTE = 10
Role = Literal["kiosk", "hub"]
CENTRE_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
GIVEN_ID: Final = re.compile(r"(kiosk|hub)-[0-9a-f]{8}")
UNKNOWN: Final = "kiosk-unknown"  # the finding of a kiosk that asks after a restore and that central lacks
REVOCATION_LACKED: Final = "kiosk-revocation-lacked"  # of one that knows itself revoked, after the copy


class EnrolmentRefused(Exception):
    """An enrolment that cannot be. `code` is short and stable, the text is for the technician."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


class TooManyWrongCodes(Exception):
    """Somebody is guessing: none of theirs is taken until the minute is over."""


async def make_code(connection: AsyncConnection, centre: str, role: Role = "kiosk") -> str:
    """Make a one-time code for a kiosk or hub of `centre`, of which only the hash is kept.

    Raises:
        ValueError: `centre` is no centre's code, or none that central knows.
    """
    await check_centre(connection, centre)
    code = base64.b32encode(secrets.token_bytes(10)).decode("ascii")
    await connection.execute(
        insert(enrolment_codes).values(
            code_sha256=_code_hash(code), centre=centre, role=role, expires_at=clock.as_text(clock.now() + CODE_VALID)
        )
    )
    return code


async def check_centre(connection: AsyncConnection, centre: str) -> None:
    """Raise ValueError where `centre` is no centre's code, or none that central knows: a slip would reach nobody."""
    if not CENTRE_CODE.fullmatch(centre):
        raise ValueError(f"--centre: found {centre[:60]!r}, expected a centre's code such as homs-main")
    if await connection.scalar(select(centres.c.code).where(centres.c.code == centre)) is None:
        raise ValueError(
            f"--centre: there is no centre {centre!r}; `central centres` lists them, `central centres add` makes one"
        )


def open_codes() -> Select[Any]:
    """Ask for the codes that somebody could still enrol with, named by their hashes: they themselves aren't kept.

    `address`: a hub asked with it to be at this one, which an administrator has to confirm; of a used code too.
    """
    code = enrolment_codes.c
    is_open = code.public_key.is_(None) & (code.expires_at > clock.as_text(clock.now()))
    waits = code.asked_address.is_not(None) & code.confirmed_by.is_(None)
    address = case((waits, code.asked_address)).label("address")
    query = select(code.code_sha256.label("id"), code.centre, code.role, code.expires_at, address)
    return query.where(is_open | (waits & code.public_key.is_not(None))).order_by(code.expires_at)


async def withdraw_code(connection: AsyncConnection, told: str) -> str:
    """Take a code back that nobody has used, named by itself or by its id in the list; return its centre.

    Raises:
        ValueError: no such code is open.
    """
    named = enrolment_codes.c.code_sha256.in_((told, _code_hash(told)))
    gone = delete(enrolment_codes).where(named, enrolment_codes.c.public_key.is_(None))
    centre = await connection.scalar(gone.returning(enrolment_codes.c.centre))
    if centre is None:
        raise ValueError(
            "CODE: no such code is open; `central enrolment-codes` lists them; a used one: `central revoke`"
        )
    return str(centre)


async def enrol(
    engine: AsyncEngine, request: EnrolmentRequest, address: str = "", zone: str | None = None
) -> EnrolmentAnswer | EnrolmentPending:
    """Give the kiosk or hub with the request's key its place; the same code and key get the same answer again.

    A key that is enrolled already, with a new code, stays the same kiosk: its disk was put into another machine. One
    that central lacks, set back to a copy, names the place that it had and gets it back where nobody else has it.
    A hub outside the city's own networks and `zone` has to wait for an administrator.

    Raises:
        EnrolmentRefused: the code is wrong, expired, used or for another role, the key was revoked, a hub names no
            address or was in service in another centre, or the centre has no digit left.
        TooManyWrongCodes: ten wrong codes within a minute, from this address or with this code.
    """
    address = origin_of(address)
    async with engine.begin() as connection:
        await lock(connection, ENROLMENT_LOCK)
        found = await _usable_code(connection, request)
        is_asked_again = not isinstance(found, EnrolmentRefused) and found.public_key is not None
        if not is_asked_again and await _are_too_many(connection, address, request.code):
            raise TooManyWrongCodes
        if not isinstance(found, EnrolmentRefused):
            return await _enrol(connection, found, request, zone)
        guess = {"at": clock.as_text(clock.now()), "address": address, "code_sha256": _code_hash(request.code)}
        await connection.execute(insert(wrong_codes).values(guess))
    raise found


async def _usable_code(connection: AsyncConnection, request: EnrolmentRequest) -> Row[Any] | EnrolmentRefused:
    public_key = request.public_key
    query = select(enrolment_codes).where(enrolment_codes.c.code_sha256 == _code_hash(request.code))
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return EnrolmentRefused("unknown-code", "this enrolment code is not known; check it or ask for a new one")
    if row.public_key is not None and row.public_key != public_key:
        return EnrolmentRefused("code-used", "this enrolment code was used by another kiosk; ask for a new one")
    if row.public_key is None and row.expires_at <= clock.as_text(clock.now()):
        return EnrolmentRefused("code-expired", "this enrolment code is older than 7 days; ask for a new one")
    if row.role != request.role:
        return EnrolmentRefused("wrong-role", f"this code is for a {row.role}: run `{row.role} enrol` with it")
    return row


async def _enrol(
    connection: AsyncConnection, code: Row[Any], request: EnrolmentRequest, zone: str | None
) -> EnrolmentAnswer | EnrolmentPending:
    known = (await connection.execute(select(kiosks).where(kiosks.c.public_key == request.public_key))).one_or_none()
    if known is not None and known.revoked_at is not None:
        raise EnrolmentRefused("key-revoked", "this kiosk was revoked; enrol it with new keys")
    if known is not None and known.role != request.role:
        raise EnrolmentRefused("key-used", f"this key is a {known.role}'s; a {request.role} needs its own")
    if known is not None and code.public_key is None and known.centre != code.centre:
        await _check_move(connection, known)
    if request.role == "hub" and await confirmation.awaits(connection, code, known, request, zone):
        return EnrolmentPending(hubs.check_place(request), await key_chain.signing_keys(connection))
    signing = await key_chain.newest(connection, "signing")
    # A code that was used already changes nothing: it only says again what it said.
    if known is None:
        kiosk, centre, digit = await _newcomer(connection, code.centre, request, signing.kid)
    elif code.public_key is None and known.centre != code.centre:
        kiosk, centre, digit = await _moved(connection, known, code.centre)
    else:
        kiosk, centre, digit = known.id, known.centre, known.digit
    await connection.execute(
        update(enrolment_codes)
        .where(enrolment_codes.c.code_sha256 == code.code_sha256)
        .values(public_key=request.public_key, kiosk=kiosk)
    )
    # Each enrolment hands over all keys, so the newest is known from here on.
    await connection.execute(
        update(kiosks).where(kiosks.c.id == kiosk).values(signing_kid=signing.kid, enrolment_kid=signing.kid)
    )
    term: int | UnsetType = UNSET
    if request.role == "hub":
        await hubs.settle(connection, kiosk, request)
        term = await hubs.first_term(connection, centre, kiosk)
    if code.public_key is None:
        await hubs.announce(connection, {centre, known.centre if known is not None else centre})
    sealing = await key_chain.newest(connection, "sealing")
    return EnrolmentAnswer(kiosk, centre, digit, sealing, await key_chain.signing_keys(connection), term)


async def _newcomer(
    connection: AsyncConnection, centre: str, request: EnrolmentRequest, signing_kid: str
) -> tuple[str, str, int]:
    former = await _free_place(connection, request)
    kiosk = f"{request.role}-{secrets.token_hex(4)}" if former is None else former.kiosk
    digit = hubs.DIGIT
    if request.role == "kiosk":
        digit = await _take_digit(connection, centre, kiosk, None if former is None else former.digit)
    await connection.execute(
        insert(kiosks).values(
            id=kiosk,
            centre=centre,
            digit=digit,
            public_key=request.public_key,
            enrolled_at=clock.as_text(clock.now()),
            signing_kid=signing_kid,
            enrolment_kid=signing_kid,
            role=request.role,
        )
    )
    if former is not None:
        await _end_finding(connection, kiosk, UNKNOWN)
    return kiosk, centre, digit


async def _end_finding(connection: AsyncConnection, kiosk: str, code: str) -> None:
    seen_to = {"settled_at": clock.as_text(clock.now()), "settled_by": kiosk}
    its_own = findings.c.kiosk == kiosk, findings.c.code == code, findings.c.settled_at.is_(None)
    await connection.execute(update(findings).where(*its_own).values(seen_to))


async def _free_place(connection: AsyncConnection, request: EnrolmentRequest) -> FormerPlace | None:
    """Return the place that the request's key had before, None where it names none or another key has its id."""
    former = request.former
    given = None if former is None else GIVEN_ID.fullmatch(former.kiosk)
    if former is None or given is None or given[1] != request.role:
        return None
    has_it = await connection.scalar(select(kiosks.c.id).where(kiosks.c.id == former.kiosk))
    return former if has_it is None else None


async def _check_move(connection: AsyncConnection, known: Row[Any]) -> None:
    """See that what is moved may be: a hub that was in service has its centre's log, and leads no other one's people.

    Raises EnrolmentRefused.
    """
    heard_of = await connection.scalar(select(chains.c.kiosk).where(chains.c.kiosk == known.id).limit(1))
    if known.role == "hub" and heard_of is not None:
        raise EnrolmentRefused(
            "key-used",
            f'this key is that of {known.id} of centre "{known.centre}", whose log no other centre may go on with: '
            "the code is for another centre; ask for one of this centre",
        )


async def _moved(connection: AsyncConnection, known: Row[Any], centre: str) -> tuple[str, str, int]:
    digit = known.digit
    if known.role == "kiosk":
        await kiosk_digit.free(connection, known.id)
        digit = await _take_digit(connection, centre, known.id, None)
    values: dict[str, Any] = {"centre": centre, "digit": digit}
    if known.role == "hub":  # there it comes last, however old it is: one that serves there goes on
        values["enrolled_at"] = clock.as_text(clock.now())
    await connection.execute(update(kiosks).where(kiosks.c.id == known.id).values(values))
    return known.id, centre, digit


async def _take_digit(connection: AsyncConnection, centre: str, kiosk: str, wanted: int | None) -> int:
    digit = await kiosk_digit.take(connection, centre, kiosk, wanted)
    if digit is None:
        raise EnrolmentRefused(
            "no-digit-left",
            f"centre {centre} has nine kiosks today; revoke one; its digit is free "
            "on the business day after it has heard so, or after 7 days",
        )
    return digit


async def revoke(connection: AsyncConnection, kiosk: str) -> bool:
    """Revoke a kiosk or hub and free its digit, once it has said its last; False where there is none of that name."""
    known = (await connection.execute(select(kiosks).where(kiosks.c.id == kiosk))).one_or_none()
    if known is None:
        return False
    # Written a second time too: a request repeated for want of a replica must wait for one, as every writer does.
    moment = known.revoked_at or clock.as_text(clock.now())
    await connection.execute(update(kiosks).where(kiosks.c.id == kiosk).values(revoked_at=moment))
    if known.revoked_at is None:
        await kiosk_digit.free(connection, kiosk, rests=kiosk_digit.RESTS)
        await hubs.announce(connection, {known.centre})
        await _end_finding(connection, kiosk, REVOCATION_LACKED)
    return True


async def _are_too_many(connection: AsyncConnection, address: str, code: str) -> bool:
    """Whether this address, or anybody with this code, has guessed too often within the last minute."""
    moment = clock.now()
    await connection.execute(delete(wrong_codes).where(wrong_codes.c.at < clock.as_text(moment - timedelta(minutes=1))))
    # Entries of the future are left from a clock that was set back; they must not lock anybody out.
    lately = wrong_codes.c.at <= clock.as_text(moment)
    for mine in (wrong_codes.c.address == address, wrong_codes.c.code_sha256 == _code_hash(code)):
        query = select(func.count()).select_from(wrong_codes).where(lately, mine)
        if int(await connection.scalar(query) or 0) >= WRONG_CODES_A_MINUTE:
            return True
    return False


def _code_hash(code: str) -> str:
    # Read aloud or typed: case, spaces and hyphens do not matter.
    plain = re.sub(r"[\s-]", "", code).upper()
    return hashlib.sha256(f"enrolment-code-1\n{plain}".encode()).hexdigest()

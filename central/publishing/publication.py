"""What `central publish` accepts: each kind checked field by field before any kiosk hears of it."""

import datetime
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central import feed
from central.base import clock
from central.base.database.transactions import FEED_LOCK, UNSEALING_LOCK, lock
from central.base.tables.keys import app_keys
from central.base.tables.told import feed as feed_table
from central.feed import EVERYONE, Audience
from central.intake.orders import order_states, orders
from central.keys import issuer_keys, key_chain
from central.keys.keys import IssuerPurpose, KeyRing, is_public_key
from central.kiosks.enrolment import check_centre
from central.publishing import calendar, in_force, messages, notices, reasons
from central.publishing.service_entry import ServiceEntry
from central.publishing.unknown import unknown_field
from common.city.catalogue import load_catalogue
from common.city.groups import DeskEntry, Group
from common.machine.plain_words import in_words, read_json
from common.protocol.feed_message import AppKey, AppKeyRevoked, BusinessDay, Catalogue, Counters, OrderState, Settings
from common.protocol.queue.service_now import MOST_SERVICES
from common.protocol.setting_values import FROM_FEED, judge

ED25519: Final = (-19, -8)  # RFC 9864; older signers' keys are named by RFC 9053's

# A slip such as 2062 for 2026 would end the days of every kiosk for good: none opens a day before the one it has.
FARTHEST_DAY: Final = datetime.timedelta(days=5 * 365)


class PublicationRefused(ValueError):
    """A message that no kiosk could use; the text names the field, what was found and what would be right."""

    def __init__(self, field: str, found: object, expected: str) -> None:
        super().__init__(f"{field}: found {found!r}, expected {expected}")


class DayToOpen(Struct, frozen=True):
    """A business day to open, or with the last serial to relabel; central numbers it where no serial is given."""

    date: str
    serial: Annotated[int, Meta(ge=1, le=2**62)] | None = None


class Revocation(Struct, frozen=True):
    """An app key that signs no more, from now where no moment is given (seconds since 1970)."""

    kid: str
    revoked_at: Annotated[int, Meta(ge=0, le=2**62)] | None = None


class Rotation(Struct, frozen=True, forbid_unknown_fields=True):
    """Which of central's own keys to replace, and which that sign to take back.

    Private keys never travel, so central makes the new ones itself.
    """

    rotate: tuple[Literal["signing", "sealing"] | IssuerPurpose, ...] | UnsetType = UNSET
    retire: tuple[str, ...] = ()

    @property
    def wanted(self) -> tuple[str, ...]:
        """What to make again: both where nothing is said at all."""
        if self.rotate is UNSET:
            return () if self.retire else ("signing", "sealing")
        return self.rotate


async def publish(
    connection: AsyncConnection, kind: str, content: bytes, ring: KeyRing, audience: Audience = EVERYONE
) -> int:
    """Check `content` (JSON) and put it into the feed of an audience; returns the message's id, 0 where nobody is told.

    Raises:
        PublicationRefused: not a message of that kind, or one that isn't for that audience.
    """
    if kind not in KINDS:
        raise PublicationRefused("KIND", kind, "one of " + ", ".join(KINDS))
    if audience != EVERYONE:
        return await _publish_to(connection, kind, content, audience)
    if kind == "central-keys":
        asked: Rotation = _read(content, Rotation)
        wanted = asked.wanted
        if asked.retire:
            if wanted:
                raise PublicationRefused("retire", asked.retire, "alone: rotate first, retire when kiosks have heard")
            if await issuer_keys.are_of_issuers(connection, asked.retire):
                return await issuer_keys.retire(connection, asked.retire)
            return await key_chain.retire(connection, ring, asked.retire)
        if not wanted:
            raise PublicationRefused("rotate", wanted, 'at least one of "signing", "sealing", "claims", "receipts"')
        for issuer in issuer_keys.ISSUERS.values():
            if wanted == (issuer.purpose,):
                return await issuer_keys.rotate(connection, ring, issuer)
            if issuer.purpose in wanted:
                raise PublicationRefused("rotate", wanted, f'"{issuer.purpose}" alone')
        return await key_chain.rotate(connection, ring, signing="signing" in wanted, sealing="sealing" in wanted)
    if kind == messages.KIND:
        return await messages.publish(connection, content, ring.vault())
    return await _PUBLISHERS[kind](connection, content)


async def _publish_to(connection: AsyncConnection, kind: str, content: bytes, audience: Audience) -> int:
    await in_force.check_audience(connection, audience)
    publisher = _FOR_SOME.get(kind)
    if publisher is None:
        raise PublicationRefused(
            "--centre, --kiosk", kind, "calendar, catalogue, notices or settings; all else is for all"
        )
    return await publisher(connection, content, audience)


def check_catalogue(content: bytes) -> Catalogue:
    """Read a catalogue as a kiosk would. Raises ValueError with what is wrong."""
    catalogue: Catalogue = _read(content, Catalogue)
    seen: set[str] = set()
    for index, service in enumerate(catalogue.services):
        try:
            code = msgspec.convert(service, ServiceEntry).code
        except msgspec.ValidationError as error:
            raise ValueError(f"services[{index}].{in_words(error)}") from error
        if code in seen:
            raise PublicationRefused(f"services[{index}].code", code, "each code once")
        seen.add(code)
    kinds: tuple[tuple[str, Mapping[str, Any], type[Struct]], ...] = (
        ("groups", catalogue.groups, Group),
        ("desks", catalogue.desks, DeskEntry),
    )
    for name, entries, kind in kinds:
        for key, entry in entries.items():
            try:
                msgspec.convert(entry, kind)
            except msgspec.ValidationError as error:
                raise ValueError(f"{name}.{key}: {in_words(error)}") from error
    return catalogue


async def _catalogue(connection: AsyncConnection, content: bytes, audience: Audience = EVERYONE) -> int:
    told = check_catalogue(content)
    before = await in_force.catalogue(connection, audience)
    if audience.kiosk is not None:
        codes = [one["code"] for one in told.services]
        if unknown := await in_force.unknown_to_hubs(connection, audience.kiosk, codes):
            expected = "services that the centre's hub knows: it hears nothing for one kiosk, tell the centre first"
            raise PublicationRefused("services", unknown, expected)
    # A spreadsheet says nothing of groups and desks: those that were published stay.
    for name in {"groups", "desks"} - msgspec.json.decode(content).keys():
        told = msgspec.structs.replace(told, **{name: before.body.get(name, {}) if before else {}})
    for replaced in await in_force.catalogues(connection, audience):
        told.services.extend(_left_out(told, replaced)[: MOST_SERVICES - len(told.services)])
    return await feed.append(connection, "catalogue", told, audience=audience)


def _left_out(told: Catalogue, before: in_force.CatalogueInForce) -> list[dict[str, Any]]:
    """Return the services that a catalogue names no more, as not offered: hubs know them for the numbers out there."""
    named = {one["code"] for one in told.services} | load_catalogue().known.keys()
    known = load_catalogue(before.published).known.keys() - named
    return [one | {"offered": False} for one in before.body["services"] if one["code"] in known]


async def _app_key(connection: AsyncConnection, content: bytes) -> int:
    key = _read(content, AppKey)
    if not is_public_key(key.public_key):
        raise PublicationRefused("public_key", key.public_key[:60], "base64 of 32 bytes")
    if key.alg not in ED25519:
        raise PublicationRefused("alg", key.alg, "-19 (Ed25519), or -8 of an older signer")
    if key.valid_until <= key.valid_from:
        raise PublicationRefused("valid_until", key.valid_until, f"a time after valid_from ({key.valid_from})")
    return await publish_app_key(connection, key)


async def publish_app_key(connection: AsyncConnection, key: AppKey) -> int:
    """Record a checked key and tell the kiosks. Kid and key stay with each other for ever, and once revoked stay so."""
    # Codes that are being judged now do not see this key yet, and `recheck` would not see them.
    await lock(connection, UNSEALING_LOCK)
    named = await connection.scalar(select(app_keys.c.kid).where(app_keys.c.public_key == key.public_key))
    if named not in (None, key.kid):  # a second name would outlive the first one's revocation
        raise PublicationRefused("public_key", key.public_key, f"a key of its own; this one has the id {named}")
    known = (await connection.execute(select(app_keys).where(app_keys.c.kid == key.kid))).one_or_none()
    values = {"public_key": key.public_key, "valid_from": key.valid_from, "valid_until": key.valid_until}
    if known is None:
        await connection.execute(insert(app_keys).values(kid=key.kid, **values))
    elif known.revoked_at is not None:
        raise PublicationRefused("kid", key.kid, "a key id that was not revoked; give the new key another")
    elif known.public_key != key.public_key:
        raise PublicationRefused("kid", key.kid, "a key id that no other key has; give the new key another")
    else:
        await connection.execute(update(app_keys).where(app_keys.c.kid == key.kid).values(values))
    await orders.recheck(connection)
    return await feed.append(connection, "app-key", key, key=key.kid)


async def _app_key_revoked(connection: AsyncConnection, content: bytes) -> int:
    wanted = _read(content, Revocation)
    known = (await connection.execute(select(app_keys).where(app_keys.c.kid == wanted.kid))).one_or_none()
    if known is None:
        raise PublicationRefused("kid", wanted.kid, "the id of a published app key, 4 hex digits")
    revoked_at = wanted.revoked_at if wanted.revoked_at is not None else int(clock.now().timestamp())
    if known.revoked_at is not None and revoked_at > known.revoked_at:
        raise PublicationRefused("revoked_at", revoked_at, f"no later than {known.revoked_at}: it was revoked then")
    await connection.execute(update(app_keys).where(app_keys.c.kid == wanted.kid).values(revoked_at=revoked_at))
    return await feed.append(connection, "app-key-revoked", AppKeyRevoked(wanted.kid, revoked_at), key=wanted.kid)


async def _order_state(connection: AsyncConnection, content: bytes) -> int:
    state = _read(content, OrderState)
    if state.number is not None and not re.fullmatch(r"[0-9]{10}", state.number):
        raise PublicationRefused("number", state.number, "10 digits")
    return await order_states.publish(connection, state)


async def _business_day(connection: AsyncConnection, content: bytes) -> int:
    day = _read(content, DayToOpen)
    try:
        date = datetime.date.fromisoformat(day.date).isoformat()
    except ValueError as error:
        raise PublicationRefused("date", day.date, "a date such as 2026-11-25") from error
    if date != day.date:
        raise PublicationRefused("date", day.date, "a date such as 2026-11-25")
    farthest = (clock.now().date() + FARTHEST_DAY).isoformat()
    if date > farthest:
        raise PublicationRefused("date", date, f"one up to {farthest}: after it no kiosk would open an earlier day")
    await lock(connection, FEED_LOCK)  # before the last serial is read
    newest = select(feed_table.c.body).where(feed_table.c.kind == "business-day").order_by(feed_table.c.id.desc())
    published = await connection.scalar(newest.limit(1))
    last = msgspec.json.decode(published, type=BusinessDay) if published else BusinessDay("", 0)
    # The last serial again gives that day a later date: its number goes on at the kiosks.
    is_new_label = day.serial == last.serial and date > last.date
    if day.serial is not None and day.serial <= last.serial and not is_new_label:
        expected = f"a number above the last one, {last.serial}, or none; or {last.serial} with a later date"
        raise PublicationRefused("serial", day.serial, expected)
    return await feed.append(connection, "business-day", BusinessDay(date, day.serial or last.serial + 1))


async def _settings(connection: AsyncConnection, content: bytes, audience: Audience = EVERYONE) -> int:
    settings = _read(content, Settings)
    for name in settings:
        if name not in FROM_FEED:
            raise PublicationRefused("settings", name[:60], "one of " + ", ".join(sorted(FROM_FEED)))
    judge(settings, await in_force.settings(connection, audience))
    return await feed.append(connection, "settings", settings, audience=audience)


async def _counters(connection: AsyncConnection, content: bytes) -> int:
    counters = _read(content, Counters)
    await check_centre(connection, counters.centre)
    seen: set[int] = set()
    for index, counter in enumerate(counters.counters):
        where = f"counters[{index}]"
        if counter.number in seen:
            raise PublicationRefused(f"{where}.number", counter.number, "each number once")
        if missing := [language for language in ("ar", "en") if not counter.names.get(language, "").strip()]:
            raise PublicationRefused(f"{where}.names", counter.names, f"a name in {' and '.join(missing)} too")
        if len(set(counter.groups)) < len(counter.groups):
            raise PublicationRefused(f"{where}.groups", counter.groups, "each group once, in the order to call them")
        seen.add(counter.number)
    for digit, names in counters.places.items():
        if missing := [language for language in ("ar", "en") if not names.get(language, "").strip()]:
            raise PublicationRefused(f"places.{digit}", names, f"words in {' and '.join(missing)} too")
    audience = Audience(centre=counters.centre)
    return await feed.append(connection, "counters", counters, key=counters.centre, audience=audience)


def _read[T](content: bytes, kind: type[T]) -> T:
    found = read_json(content, kind)
    if (unknown := unknown_field(found, read_json(content, object))) is not None:
        raise PublicationRefused(unknown.path, "it", f"one of {', '.join(unknown.known)}")
    return found


_PUBLISHERS: Final[Mapping[str, Callable[[AsyncConnection, bytes], Awaitable[int]]]] = {
    "catalogue": _catalogue,
    "app-key": _app_key,
    "app-key-revoked": _app_key_revoked,
    "order-state": _order_state,
    "business-day": _business_day,
    "settings": _settings,
    "counters": _counters,
    "calendar": calendar.publish,
    "reasons": reasons.publish,
    notices.KIND: notices.publish,
}
_FOR_SOME: Final = {
    "catalogue": _catalogue,
    "settings": _settings,
    "calendar": calendar.publish,
    notices.KIND: notices.publish,
}
KINDS: Final = (*_PUBLISHERS, "central-keys", messages.KIND)

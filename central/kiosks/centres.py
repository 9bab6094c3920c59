"""The centres that central knows: from a table, with the codes that their kiosks still need."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central import feed
from central.base.tables.enrolled import centres, kiosks
from central.base.tables.told import feed as feed_table
from central.feed import Audience, Reader
from central.kiosks import digit
from central.kiosks.enrolment import CENTRE_CODE, make_code, open_codes
from common.protocol.feed_message import CentreNames
from common.protocol.setting_values import FROM_FEED, judge

COLUMNS: Final = ("code", "name_ar", "name_en", "kiosks")
MAX_ROWS: Final = 500
_MAX_NAME: Final = 80
_MAX_VALUE: Final = 200
_MOST_DIGITS: Final = 9
BROUGHT: Final = {
    "homs-main": {"ar": "المركز الرئيسي", "en": "Main centre"},
    "homs-new": {"ar": "مركز حمص الجديدة", "en": "New Homs centre"},
    "homs-hamra": {"ar": "مركز الحمراء", "en": "Al-Hamra centre"},
}
"""The names with which central's first table came."""


class TableRefused(ValueError):
    """A table that can't be used; each line of the text names a row, what was found and what would be right."""


class Row(Struct, frozen=True):
    """One centre of a table. `kiosks` is how many it is to have, `settings` what its kiosks are told."""

    code: str
    name_ar: str
    name_en: str
    kiosks: int
    settings: dict[str, Any] = {}


class Added(Struct, frozen=True):
    """A centre as it is now, and the new codes for the kiosks that still lack one.

    `open_codes`: those that were made before and nobody has used yet; their sheets are good.
    """

    centre: str
    names: dict[str, str]
    kiosks: int
    codes: list[str]
    open_codes: int = 0


def read_table(text: str) -> list[Row]:
    """Read a table of centres, as a spreadsheet writes CSV: a heading line, then a centre a line.

    Further columns are settings by their names (`kiosk.opens`); an empty cell leaves one as it is, `;` parts a list.

    Raises:
        TableRefused: every fault in it, by its line.
    """
    lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    heading = [name.strip().lower() for name in lines[0]] if lines else []
    if tuple(heading[: len(COLUMNS)]) != COLUMNS:
        found = ",".join(lines[0]) if lines else "nothing"
        raise TableRefused(f"line 1: found {found[:80]!r}, expected the heading {','.join(COLUMNS)}")
    names = heading[len(COLUMNS) :]
    for name in names:
        if name not in FROM_FEED or names.count(name) > 1:
            raise TableRefused(f"line 1: found {name[:40]!r}, expected each once of {', '.join(sorted(FROM_FEED))}")
    if len(lines) > MAX_ROWS + 1:
        raise TableRefused(f"at most {MAX_ROWS} centres a table, found {len(lines) - 1}")
    rows: list[Row] = []
    faults: list[str] = []
    for number, line in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in line):
            continue
        wrong = list(_faults(line, names))
        faults += [f"line {number}: {one}" for one in wrong]
        if not wrong:
            code, name_ar, name_en, wanted, *told = (cell.strip() for cell in line)
            if any(row.code == code for row in rows):
                faults.append(f"line {number}: code {code} stands twice")
            settings = {name: _value(cell) for name, cell in zip(names, told, strict=True) if cell}
            try:
                judge(settings)
            except ValueError as error:
                faults.append(f"line {number}: {error}")
            rows.append(Row(code, name_ar, name_en, int(wanted), settings))
    if faults:
        raise TableRefused("\n".join(faults[:20]))
    return rows


def _value(cell: str) -> Any:
    """Read a setting as JSON where it is that, a list by its `;`, else as text: `08:00`, `70`, `true`, `ar;en`."""
    if ";" in cell:
        return [one.strip() for one in cell.split(";") if one.strip()]
    try:
        return msgspec.json.decode(cell)
    except msgspec.DecodeError:
        return cell


def _faults(line: list[str], settings: Sequence[str]) -> Iterator[str]:
    expected = (*COLUMNS, *settings)
    if len(line) != len(expected):
        yield f"found {len(line)} cells, expected {len(expected)}: {', '.join(expected)}"
        return
    code, name_ar, name_en, wanted, *told = (cell.strip() for cell in line)
    for name, cell in zip(settings, told, strict=True):
        if len(cell) > _MAX_VALUE or not cell.isprintable():
            yield f"{name}: found {cell[:40]!r}, expected at most {_MAX_VALUE} printable characters"
    if not CENTRE_CODE.fullmatch(code):
        yield f"code: found {code[:40]!r}, expected letters, digits and hyphens such as homs-main"
    for column, name in (("name_ar", name_ar), ("name_en", name_en)):
        if not name or len(name) > _MAX_NAME or not name.isprintable():
            yield f"{column}: found {name[:40]!r}, expected 1 to {_MAX_NAME} printable letters"
    is_number = wanted.isascii() and wanted.isdigit() and len(wanted) <= _MOST_DIGITS
    if not (is_number and int(wanted) <= len(digit.ALL)):
        yield f"kiosks: found {wanted[:20]!r}, expected a number from 0 to {len(digit.ALL)}"


async def add(connection: AsyncConnection, rows: list[Row]) -> list[Added]:
    """Write the centres down, or their new names, and make a code for each kiosk that still lacks one."""
    added = []
    for row in rows:
        values = {"name_ar": row.name_ar, "name_en": row.name_en, "kiosks_wanted": row.kiosks}
        changed = await connection.execute(update(centres).where(centres.c.code == row.code).values(values))
        if changed.rowcount == 0:
            await connection.execute(insert(centres).values(code=row.code, **values))
        live = (kiosks.c.centre == row.code) & (kiosks.c.role == "kiosk") & kiosks.c.revoked_at.is_(None)
        there = int(await connection.scalar(select(func.count()).select_from(kiosks).where(live)) or 0)
        unused = open_codes().subquery()
        for_kiosks = unused.c.centre == row.code, unused.c.role == "kiosk"
        waiting = int(await connection.scalar(select(func.count()).select_from(unused).where(*for_kiosks)) or 0)
        codes = [await make_code(connection, row.code) for _ in range(max(0, row.kiosks - there - waiting))]
        if row.settings:
            try:
                judge(row.settings, await _told_before(connection, row.code))
            except ValueError as error:
                raise TableRefused(f"{row.code}: {error}") from error
            await feed.append(connection, "settings", row.settings, audience=Audience(centre=row.code))
        added.append(Added(row.code, {"ar": row.name_ar, "en": row.name_en}, row.kiosks, codes, waiting))
    await _announce(connection)
    return added


async def _told_before(connection: AsyncConnection, centre: str) -> dict[str, Any]:
    """Return the published settings that the kiosks of a centre hear, the newest of each name."""
    heard = feed_table.c.kind == "settings", Reader("", centre, "kiosk").hears(feed_table)
    merged: dict[str, Any] = {}
    for body in await connection.scalars(select(feed_table.c.body).where(*heard).order_by(feed_table.c.id)):
        merged |= msgspec.json.decode(body, type=dict[str, Any])
    return merged


async def _announce(connection: AsyncConnection) -> None:
    """Tell kiosks and hubs what centres are called; what they brought themselves is longer and stays."""
    rows = await connection.execute(select(centres).order_by(centres.c.code))
    names = {row.code: {"ar": row.name_ar, "en": row.name_en} for row in rows}
    told = {code: by_language for code, by_language in names.items() if by_language != BROUGHT.get(code)}
    await feed.append(connection, "centre-names", CentreNames(told))


listing = select(
    centres.c.code.label("centre"), centres.c.name_ar, centres.c.name_en, centres.c.kiosks_wanted
).order_by(centres.c.code)


async def names_of(connection: AsyncConnection, centre: str | None) -> dict[str, str] | None:
    """Return what a centre is called, None where nobody has said."""
    row = (await connection.execute(select(centres).where(centres.c.code == centre))).one_or_none()
    return BROUGHT.get(centre or "") if row is None else {"ar": row.name_ar, "en": row.name_en}

"""A biller by files: a table of debts is taken in, a table of marks is given out, as many utilities do each evening."""

import csv
import io
from collections.abc import Mapping
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.rows import upsert
from central.base.database.transactions import PAYMENTS_LOCK, lock, reading
from central.base.tables.paid.books import filed_debts, kept_marks
from central.keys.at_rest import Vault
from central.payments.billers import kept
from central.payments.marks import debt_mark, subscriber_mark
from central.payments.ports.biller import BillerFields, Changes, Debt, DebtId, Mark, Marked, Owed
from central.payments.ports.errors import MarkRefused
from central.payments.ports.opening import Means
from central.payments.rows import cells_of
from common.protocol.field import FreeText, Prefix, Word
from common.protocol.payments.setup import Amount, BillField, Currency, FieldValue, Names, PaperCode, Pound

HEAD: Final = ("subscriber", "name", "debt", "period", "amount", "currency", "pound", "due")
MARKS_HEAD: Final = ("debt", "amount", "currency", "payment", "at")
MOST_ROWS: Final = 500_000
_PIECE: Final = 500
_SUBSCRIBER: Final = BillField("subscriber", "[0-9A-Za-z/-]{1,32}", {"ar": "رقم المشترك", "en": "Subscriber's number"})


class _Section(Struct, frozen=True, forbid_unknown_fields=True):
    names: Names
    currency: Currency = "SYP"
    fields: Annotated[tuple[BillField, ...], Meta(min_length=1, max_length=1)] = (_SUBSCRIBER,)
    cashier_group: Prefix | None = None
    papers: Annotated[tuple[PaperCode, ...], Meta(max_length=4)] = ()
    service: Word | None = None


class _Line(Struct, frozen=True):
    subscriber: FieldValue
    debt: DebtId
    amount: Amount
    currency: Currency
    pound: Pound
    name: FreeText = ""
    period: FreeText = ""
    due: FreeText = ""


class _Kept(Struct, frozen=True):
    subscriber: str
    name: str
    debt: Debt


class Taken(Struct, frozen=True):
    """What a file brought: how many debts, and each row that does not fit with what is wrong."""

    debts: int
    bad: list[str]


class FileBiller:
    """A biller whose debts central has from its newest file."""

    def __init__(self, means: Means) -> None:
        """Read the section. Raises ConfigError."""
        section = means.read(_Section)
        self._fields = BillerFields(section.names, section.currency, means.pound, list(section.fields))
        self._name, self._engine, self._vault = means.name, means.engine, means.ring.vault()
        self.cashier_group, self.papers, self.service = section.cashier_group, section.papers, section.service

    async def fields(self) -> BillerFields:
        """Return what the settings say."""
        return self._fields

    async def inquire(self, fields: Mapping[str, str]) -> Owed | None:
        """Look up what the newest file says of a subscriber."""
        number = fields.get(self._fields.fields[0].name, "")
        own = filed_debts.c.biller == self._name
        named = filed_debts.c.subscriber_mark == subscriber_mark(self._vault, self._name, number)
        is_marked = select(kept_marks.c.key).where(
            kept_marks.c.biller == self._name, kept_marks.c.debt_mark == filed_debts.c.debt_mark
        )
        query = select(filed_debts).where(own, named, filed_debts.c.is_open, ~is_marked.exists())
        async with reading(self._engine) as connection:
            rows = (await connection.execute(query.limit(100))).all()
        if not rows:
            return None
        found = [_opened(self._vault, self._name, row) for row in rows]
        found.sort(key=lambda one: (one.debt.due or "", one.debt.debt))
        return Owed(found[0].subscriber, [one.debt for one in found], found[0].name or None)

    async def mark(self, mark: Mark) -> Marked:
        """Keep a mark for the file that goes out."""
        own = debt_mark(self._vault, self._name, mark.debt)
        of_debt = filed_debts.c.biller == self._name, filed_debts.c.debt_mark == own
        async with self._engine.begin() as connection:
            row = (await connection.execute(select(filed_debts).where(*of_debt))).one_or_none()
            is_marked = await kept.is_marked(connection, self._name, own)
            if row is None or (not row.is_open and not is_marked):
                raise MarkRefused("paid-elsewhere" if row is not None else "not-taken")
            if not is_marked and row.amount != mark.amount:
                raise MarkRefused("amount-changed")
            return await kept.keep(connection, self._vault, self._name, mark)

    async def changes(self, after: int) -> Changes:
        """Return the marks that were kept."""
        async with reading(self._engine) as connection:
            return await kept.changes(connection, self._vault, self._name, after)


async def take_debts(connection: AsyncConnection, vault: Vault, biller: str, pound: Pound, text: str) -> Taken:
    """Take in a file of debts, which holds in the place of the one before; rows that do not fit are named, not taken.

    Raises ValueError where it is no such file at all.
    """
    lines, bad = _lines(text, pound)
    moment = clock.as_text(clock.now())
    await lock(connection, PAYMENTS_LOCK)
    await connection.execute(update(filed_debts).where(filed_debts.c.biller == biller).values(is_open=False))
    rows = [_row(vault, biller, line, moment) for line in lines]
    for start in range(0, len(rows), _PIECE):
        await upsert(connection, filed_debts, rows[start : start + _PIECE])
    return Taken(len(rows), bad)


async def give_marks(connection: AsyncConnection, vault: Vault, biller: str, *, again: bool = False) -> str:
    """Return the file of marks that were not given yet, or of all; they count as given from then on."""
    own = kept_marks.c.biller == biller
    new = own if again else own & kept_marks.c.written_at.is_(None)
    rows = (await connection.execute(select(kept_marks).where(new).order_by(kept_marks.c.seq))).all()
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(MARKS_HEAD)
    for row in rows:
        writer.writerow((kept.debt_of(vault, row), row.amount, row.currency, row.key, row.at))
    if rows:  # no number appears below another: what is kept meanwhile stands behind the last, and goes out later
        given = update(kept_marks).where(own, kept_marks.c.written_at.is_(None), kept_marks.c.seq <= rows[-1].seq)
        await connection.execute(given.values(written_at=clock.as_text(clock.now())))
    return out.getvalue()


def _lines(text: str, pound: Pound) -> tuple[list[_Line], list[str]]:
    found: dict[str, _Line] = {}
    bad: list[str] = []
    for number, cells in cells_of(text, HEAD, bad):
        if len(found) >= MOST_ROWS:
            raise ValueError(f"line {number}: more than {MOST_ROWS} debts in one file")
        if not (cells["amount"].isascii() and cells["amount"].isdigit()):  # 125.00 would be read as 125 of the smallest
            bad.append(f"line {number}: amount is no whole number of the smallest unit")
            continue
        try:
            line = msgspec.convert(cells, _Line, strict=False)
        except msgspec.ValidationError as error:
            bad.append(f"line {number}: {_without_values(error)}")
            continue
        if line.pound != pound:
            bad.append(f"line {number}: pound is {line.pound}, central counts in {pound} ones")
        elif line.debt in found:
            bad.append(f"line {number}: this debt stands in the file already")
        else:
            found[line.debt] = line
    return list(found.values()), bad


def _without_values(error: msgspec.ValidationError) -> str:
    """Return which field breaks which rule: msgspec repeats no value but that of an enumeration."""
    return str(error).replace("$.", "").replace("`", "")[:200]


def _row(vault: Vault, biller: str, line: _Line, moment: str) -> dict[str, Any]:
    own = debt_mark(vault, biller, line.debt)
    debt = Debt(line.debt, line.amount, line.currency, line.pound, line.due or None, line.period or None)
    kept_text = msgspec.json.encode(_Kept(line.subscriber, line.name, debt)).decode()
    return {
        "biller": biller,
        "debt_mark": own,
        "subscriber_mark": subscriber_mark(vault, biller, line.subscriber),
        "sealed": vault.seal(_place(biller, own), kept_text),
        "amount": line.amount,
        "is_open": True,
        "taken_at": moment,
    }


def _opened(vault: Vault, biller: str, row: Any) -> _Kept:
    return msgspec.json.decode(vault.open(_place(biller, row.debt_mark), row.sealed), type=_Kept)


def _place(biller: str, own: str) -> str:
    return f"filed_debts/{biller}/{own}"

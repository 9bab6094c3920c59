"""camt.053, the bank's account statement of ISO 20022 in XML, held against its own balances.

No library of those that read it was fit to be kept (one loses each sum's own number, another brings a web server), so
it is read here from what the XML reader gives, which takes no document type and no entity. Source: ISO 20022 message
definition report, Bank-to-Customer Cash Management, BankToCustomerStatement, versions 02 to 13.
"""

import io
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from central.payments.statements.lines import Booked, Statement, check_sum

_ROOT: Final = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.\d\d\}Document\Z")
_DEEPEST: Final = 32
"""Of the standard's own elements the deepest is the twentieth."""
_MOST_ELEMENTS: Final = 3_000_000
_TEXTS: Final = (
    "{*}Refs/{*}EndToEndId", "{*}RmtInf/{*}Ustrd", "{*}RmtInf/{*}Strd/{*}CdtrRefInf/{*}Ref", "{*}AddtlTxInf",
)  # fmt: skip


def is_one(data: bytes) -> bool:
    """Return whether a file begins as XML does."""
    return data.lstrip()[:1] == b"<"


def read(data: bytes) -> Statement:
    """Read all statements of a file. Raises ValueError where it is none, or is cut off, damaged or does not add up."""
    found = Statement(others=0)
    accounts: set[str | None] = set()
    try:
        for number, statement in enumerate(_statements(data), 1):
            accounts.add(next((one.text for one in statement.iterfind("{*}Acct/{*}Id//*") if one.text), None))
            _take(found, f"statement {number}", statement)
    except DefusedXmlException as error:
        raise ValueError("it has a document type or entities, which no camt.053 has: ask the bank") from error
    except ParseError as error:
        raise ValueError(f"no whole XML: {error}; was it cut off?") from error
    if len(accounts) != 1:
        raise ValueError(f"it is of {len(accounts)} accounts, and one is expected")
    return found


def _statements(data: bytes) -> Iterator[Element]:
    """Yield each statement, and let go of it then."""
    depth = begun = 0
    for event, element in iterparse(io.BytesIO(data), ("start", "end"), forbid_dtd=True):
        depth, begun = (depth + 1, begun + 1) if event == "start" else (depth - 1, begun)
        if depth > _DEEPEST or begun > _MOST_ELEMENTS:
            raise ValueError("its elements lie deeper in each other than those of camt.053, or are too many")
        if event == "start" and depth == 1 and not _ROOT.match(element.tag):
            raise ValueError(f"expected a Document of camt.053.001, found {element.tag[:80]!r}")
        if event == "end" and element.tag.endswith("}Stmt"):
            yield element
            element.clear()


def _take(found: Statement, place: str, statement: Element) -> None:
    opening, closing = _balance(statement, "OPBD", "PRCD"), _balance(statement, "CLBD")
    if opening is None or closing is None:
        raise ValueError(f"{place}: its opening or closing balance is missing")
    currency, through = _currency(statement.find("{*}Bal/{*}Amt")), _day(statement)
    entries = [one for one in statement.iterfind("{*}Ntry") if _is_booked(one)]
    check_sum(place, opening, [_signed(one) for one in entries], closing)
    for number, entry in enumerate(entries, 1):
        own = f"{place}, entry {number}"
        if _currency(entry.find("{*}Amt")) != currency:
            found.bad.append(f"{own}: it is not in {currency}, the money of its account")
            continue
        parts = entry.findall("{*}NtryDtls/{*}TxDtls")
        amounts = [_part(entry, part) for part in parts] if len(parts) > 1 else [abs(_signed(entry))]
        if sum(amounts) != abs(_signed(entry)):
            found.bad.append(f"{own}: its parts are not the whole of it")
            continue
        for part, amount in zip(parts or [entry], amounts, strict=True):
            found.add_booked(own, _booked(entry, part, amount, currency, is_alone=len(parts) < 2))
    found.through = max(filter(None, (found.through, through)), default=None)


def _booked(entry: Element, part: Element, amount: Decimal, currency: str, *, is_alone: bool) -> Booked:
    receipt = _text(part, "{*}Refs/{*}AcctSvcrRef")
    if receipt is None and is_alone:
        receipt = _text(entry, "{*}AcctSvcrRef")
    said = [one.text or "" for path in _TEXTS for one in part.iterfind(path)]
    said += [_text(entry, "{*}AddtlNtryInf") or ""] if is_alone else []
    at = _text(entry, "{*}BookgDt/{*}DtTm") or f"{_text(entry, '{*}BookgDt/{*}Dt') or ''}T00:00:00"
    return Booked(receipt or "", _signed(entry) > 0, amount, currency, at, (*said, "\n".join(said)))


def _is_booked(entry: Element) -> bool:
    return (_text(entry, "{*}Sts/{*}Cd") or _text(entry, "{*}Sts")) == "BOOK"  # a code of its own since version 08


def _signed(entry: Element) -> Decimal:
    """Return what came, below 0 what went. What is taken back is marked as what it is by itself, so no more is said."""
    amount, mark = _amount(entry.find("{*}Amt")), _text(entry, "{*}CdtDbtInd")
    if mark not in ("CRDT", "DBIT"):
        raise ValueError(f"CdtDbtInd: found {str(mark)[:20]!r}, expected CRDT or DBIT")
    return amount if mark == "CRDT" else -amount


def _part(entry: Element, part: Element) -> Decimal:
    own = part.find("{*}AmtDtls/{*}TxAmt/{*}Amt")
    own = part.find("{*}Amt") if own is None else own
    return _amount(own) if _currency(own) == _currency(entry.find("{*}Amt")) else Decimal()


def _balance(statement: Element, *kinds: str) -> Decimal | None:
    for one in statement.iterfind("{*}Bal"):
        if _text(one, "{*}Tp/{*}CdOrPrtry/{*}Cd") in kinds:
            return _signed(one)
    return None


def _day(statement: Element) -> date | None:
    """Return the day of the closing balance."""
    for one in statement.iterfind("{*}Bal"):
        if _text(one, "{*}Tp/{*}CdOrPrtry/{*}Cd") == "CLBD":
            said = _text(one, "{*}Dt/{*}Dt") or _text(one, "{*}Dt/{*}DtTm") or ""
            return date.fromisoformat(said[: len("2026-12-01")])
    return None


def _amount(element: Element | None) -> Decimal:
    try:
        found = Decimal(((element.text or "") if element is not None else "").strip())
    except InvalidOperation as error:
        raise ValueError("Amt: no amount") from error
    if not found.is_finite() or found < 0 or len(found.as_tuple().digits) > 18 or abs(found.adjusted()) > 18:
        raise ValueError("Amt: no amount that the standard allows")
    return found


def _currency(element: Element | None) -> str:
    return "" if element is None else element.get("Ccy", "")


def _text(element: Element, path: str) -> str | None:
    found = element.find(path)
    return None if found is None or found.text is None or not found.text.strip() else found.text.strip()

"""Banks' files, composed from entries: what an account's statement looks like in either standard."""

from dataclasses import dataclass
from decimal import Decimal

NUMBER = "261125-AB12-CD34-EF56"
OPENING = Decimal(1000)


@dataclass(frozen=True)
class Entry:
    """One entry: an amount below 0 went. `text`: what the payer, or who gave it back, wrote."""

    receipt: str
    amount: str
    text: str = NUMBER
    currency: str = "SYP"


def closing(entries: tuple[Entry, ...]) -> Decimal:
    """Return to which balance entries lead."""
    return OPENING + sum(Decimal(one.amount) for one in entries)


def mt940(*entries: Entry, day: str = "261125", currency: str = "SYP") -> str:
    """Write a statement message."""
    lines = [":20:HOMS1", ":25:SY01/0000123", ":28C:335/1", f":60F:C{day}{currency}{_comma(OPENING)}"]
    for one in entries:
        mark = "C" if Decimal(one.amount) > 0 else "D"
        lines.append(f":61:{day}{day[2:]}{mark}{_comma(abs(Decimal(one.amount)))}NTRFNONREF//{one.receipt}")
        lines.append(f":86:{one.text}")
    return "\r\n".join([*lines, f":62F:C{day}{currency}{_comma(closing(entries))}", "-"]) + "\r\n"


def camt(*entries: Entry, day: str = "2026-11-25", version: str = "08") -> str:
    """Write a statement in XML; its namespace has a version of the standard."""
    status = "<Sts>BOOK</Sts>" if version == "02" else "<Sts><Cd>BOOK</Cd></Sts>"
    body = "".join(
        f"""<Ntry><Amt Ccy="{one.currency}">{abs(Decimal(one.amount))}</Amt>
        <CdtDbtInd>{_mark(one)}</CdtDbtInd>{status}<BookgDt><Dt>{day}</Dt></BookgDt>
        <AcctSvcrRef>{one.receipt}</AcctSvcrRef><NtryDtls><TxDtls><RmtInf><Ustrd>{one.text}</Ustrd></RmtInf></TxDtls>
        </NtryDtls></Ntry>"""
        for one in entries
    )
    balances = "".join(
        f"""<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy="SYP">{amount}</Amt>
        <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"""
        for kind, amount in (("OPBD", OPENING), ("CLBD", closing(entries)))
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
    <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>
    <GrpHdr><MsgId>M1</MsgId><CreDtTm>{day}</CreDtTm></GrpHdr>
    <Stmt><Id>1</Id><Acct><Id><Othr><Id>SY01</Id></Othr></Id></Acct>{balances}{body}</Stmt></BkToCstmrStmt></Document>"""


def _mark(entry: Entry) -> str:
    return "CRDT" if Decimal(entry.amount) > 0 else "DBIT"


def _comma(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")

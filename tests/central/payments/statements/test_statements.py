"""An account's statement in camt.053 or MT940 is read whole or refused whole; what of it does not fit is named."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from central.payments.statements import lines, mt940, reading
from central.payments.statements.lines import Statement
from tests.central.payments.statements import files
from tests.central.payments.statements.files import NUMBER, Entry

type Writes = Callable[..., str]
KINDS = pytest.mark.parametrize("write", [files.camt, files.mt940])
GOOD = Entry("B1", "125.00"), Entry("B2", "-125.00", f"RETURN {NUMBER} ASKED")


def read(text: str) -> Statement:
    return reading.read(text.encode())


def told(found: Statement) -> list[tuple[Any, ...]]:
    return [(one.receipt, one.bill_no, one.kind, one.amount, one.currency) for one in found.lines.values()]


@KINDS
def test_what_came_and_went_is_read_with_the_number_that_the_bank_carried_on(write: Writes) -> None:
    found = read(write(*GOOD, Entry("B3", "-900", "to the treasury"), Entry("B4", "7", "a gift")))
    assert told(found) == [
        ("B1", NUMBER, "paid", 12_500, "SYP"), ("B2", NUMBER, "refunded", 12_500, "SYP"),
        ("B4", "NOTPROVIDED", "paid", 700, "SYP"),
    ]  # fmt: skip
    assert (found.bad, found.others, found.through) == ([], 1, date(2026, 11, 25))
    assert found.lines["B1"].at.isoformat() == "2026-11-25T00:00:00+03:00"


@pytest.mark.parametrize("version", ["02", "04", "13"])
def test_each_version_of_the_standard_is_read(version: str) -> None:
    assert len(read(files.camt(*GOOD, version=version)).lines) == 2


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (NUMBER, NUMBER), (NUMBER.replace("-", ""), NUMBER), (f"/ref/{NUMBER.lower()}/", NUMBER),
        ("for 261125-AB12-CD\n  34-EF56 water", NUMBER), (f"X{NUMBER}", None), (f"{NUMBER}7", None),
        (f"{NUMBER} {NUMBER[:-1]}7", None), ("261125-AB12-CD34", None), ("", None), ("٢٦١١٢٥-AB12-CD34-EF56", None),
    ],
)  # fmt: skip
def test_a_number_is_found_as_banks_break_it_and_never_guessed(text: str, number: str | None) -> None:
    assert lines.number_in((text,)) == number


@KINDS
def test_a_file_that_is_cut_off_anywhere_is_refused_whole(write: Writes) -> None:
    whole = write(*GOOD)
    ends = whole.rindex("</Document>") if "<" in whole else whole.index(":62F:") + len(":62F:C261125SYP1")
    for end in range(len(whole) // 8, ends, 7):
        with pytest.raises(ValueError, match=r".+"):
            read(whole[:end])


@KINDS
@pytest.mark.parametrize("change", [("125.00", "126.00"), ("125,00", "126,00")])
def test_a_sum_that_does_not_lead_to_the_closing_balance_is_damage(write: Writes, change: tuple[str, str]) -> None:
    whole = write(Entry("B1", "125.00"))
    if change[0] in whole:
        with pytest.raises(ValueError, match="its entries lead to a balance of"):
            read(whole.replace(*change, 1))


@KINDS
def test_an_entry_that_is_doubled_without_a_balance_for_it_is_refused_and_with_one_is_named(write: Writes) -> None:
    found = read(write(GOOD[0], GOOD[0]))
    assert told(found) == [("B1", NUMBER, "paid", 12_500, "SYP")]
    (bad,) = found.bad
    assert re.fullmatch(r".*entry 2: receipt B1 stands in the file already", bad)


@KINDS
def test_an_entry_without_a_number_of_the_bank_s_or_with_parts_of_the_smallest_unit_is_named(write: Writes) -> None:
    found = read(write(Entry("", "125.00"), Entry("B2", "125.00")))
    assert (len(found.lines), found.bad[0].rpartition(": ")[2]) == (1, "the bank gives it no reference of its own")


def test_parts_of_the_smallest_unit_are_named() -> None:
    found = read(files.camt(Entry("B1", "125.005")))
    assert (found.lines, found.bad[0].startswith("statement 1, entry 1: amount 125.005")) == ({}, True)


def test_another_money_than_its_account_s_is_named_and_an_account_of_another_is_read() -> None:
    text = files.camt(Entry("B1", "125.00", currency="USD"))
    assert read(text).bad == ["statement 1, entry 1: it is not in SYP, the money of its account"]
    assert told(read(text.replace('Ccy="SYP"', 'Ccy="USD"'))) == [("B1", NUMBER, "paid", 12_500, "USD")]
    assert told(read(files.mt940(Entry("B1", "125.00"), currency="USD"))) == [("B1", NUMBER, "paid", 12_500, "USD")]


def test_an_entry_of_many_sums_is_each_of_them_under_its_own_number() -> None:
    def part(receipt: str, amount: str) -> str:
        return (
            f"<TxDtls><Refs><AcctSvcrRef>{receipt}</AcctSvcrRef></Refs>"
            f'<AmtDtls><TxAmt><Amt Ccy="SYP">{amount}</Amt></TxAmt></AmtDtls>'
            f"<RmtInf><Strd><CdtrRefInf><Ref>{NUMBER}</Ref></CdtrRefInf></Strd></RmtInf></TxDtls>"
        )

    def write(*parts: str) -> str:
        details = "<NtryDtls>" + "".join(parts) + "</NtryDtls>"
        return re.sub(r"<NtryDtls>.*</NtryDtls>", details, files.camt(Entry("B9", "125.00")), flags=re.DOTALL)

    assert [one[:4] for one in told(read(write(part("B1", "100.00"), part("B2", "25.00"))))] == [
        ("B1", NUMBER, "paid", 10_000), ("B2", NUMBER, "paid", 2_500),
    ]  # fmt: skip
    assert read(write(part("B1", "100.00"), part("B2", "26.00"))).bad == [
        "statement 1, entry 1: its parts are not the whole of it"
    ]


def test_what_is_not_booked_yet_is_not_read() -> None:
    found = read(files.camt(Entry("B1", "0.00"), Entry("B2", "125.00")).replace("<Cd>BOOK", "<Cd>PDNG", 1))
    assert list(found.lines) == ["B2"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("<Document", "<!DOCTYPE x><Document"), "document type"),
        (("<Document", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><Document'), "document type"),
        (("<Document", '<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><Document'), "document type"),
        (("camt.053.001.08", "camt.054.001.08"), "expected a Document of camt.053.001"),
        (("<Stmt>", "<Stmt>" + "<a>" * 40), "deeper in each other"),
        (("<Cd>CLBD</Cd>", "<Cd>CLAV</Cd>"), "balance is missing"),
        (("<CdtDbtInd>CRDT</CdtDbtInd>", "<CdtDbtInd>X</CdtDbtInd>"), "expected CRDT or DBIT"),
        ((">1000<", ">1E999990<"), "no amount"),
        ((">1000<", "> <"), "no amount"),
        (("<Id>SY01</Id>", "<Id></Id>"), None),
    ],
)
def test_hostile_or_damaged_xml_is_refused_whole(change: tuple[str, str], said: str | None) -> None:
    text = files.camt(*GOOD).replace(*change, 1)
    if said is None:
        assert len(read(text).lines) == 2
        return
    with pytest.raises(ValueError, match=said):
        read(text)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ((":61:2611251125C", ":61:2613451125C"), "cannot be read"),
        ((":60F:C261125", ":60F:X261125"), "cannot be read"),
        (("\r\n-", "\r\n:20:HOMS2\r\n"), "opening balance is missing"),
        ((":86:", ":86:" + "x" * 2000), "longer than any field"),
        ((":86:", ":86:" + "x\n" * 200), "longer than any field"),
        ((":86:", ":86:\r\n" * 40 + ":86:"), "one field too many"),
        ((":61:", ":62:"), r".+"),
    ],
)
def test_a_damaged_message_is_refused_whole(change: tuple[str, str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read(files.mt940(*GOOD).replace(*change, 1))


@KINDS
def test_statements_of_two_accounts_are_no_book_of_one(write: Writes) -> None:
    one = write(*GOOD)
    if "<" in one:
        stated = one[one.index("<Stmt>") : one.index("</BkToCstmrStmt>")]
        both = one.replace("</BkToCstmrStmt>", stated.replace("SY01", "SY02") + "</BkToCstmrStmt>")
    else:
        both = one + one.replace("SY01", "SY02")
    with pytest.raises(ValueError, match="2 accounts"):
        read(both)


def test_a_message_with_a_header_of_the_network_is_one_too() -> None:
    text = "{1:F01BANKSYDAXXX0000000000}{2:I940BANKSYDAXXXXN}{4:\r\n" + files.mt940(*GOOD)
    assert mt940.is_one(text.encode())
    assert len(read(text).lines) == 2


def test_what_is_larger_than_a_day_s_file_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES", 1024**2)
    with pytest.raises(ValueError, match="larger than 1 MiB"):
        reading.read(b"<" * (1024**2 + 1))


@KINDS
def test_more_sums_than_any_day_has_are_refused(write: Writes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MOST_ROWS", 3)
    with pytest.raises(ValueError, match="more than 3 rows"):
        read(write(*(Entry(f"B{n}", "1.00") for n in range(4))))

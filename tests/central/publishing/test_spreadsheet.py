"""The catalogue as the city fills it: what is right becomes a message, what is wrong is named by its cell."""

import contextlib
import io
import json
import random
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from central.publishing.spreadsheet import COLUMNS, MAX_ROWS, SpreadsheetRefused, read_catalogue, write_form
from tests.central.commands.test_cli import run

HEAD = ",".join(COLUMNS)
NAMES = ", ".join(COLUMNS)
FULL: dict[str, Any] = {
    "code": "water-bill", "group": "C", "prefix": "C", "names": {"ar": "فاتورة المياه", "en": "Water bill"},
    "papers": [{"ar": "الفاتورة", "en": "The bill"}, {"ar": "الهوية", "en": "Identity card"}],
    "fee": {"amount_minor": 15050, "currency": "SYP", "pound": "new"},
    "hours": {"opens": "08:00", "closes": "14:00", "days": ["sun", "mon"]},
    "daily_quota": 100, "orderable": False, "main": True, "offered": True,
}  # fmt: skip


def csv_of(*lines: str, head: str = HEAD) -> bytes:
    return "\r\n".join([head, *lines]).encode("utf-8-sig")


def services_in(name: str, content: bytes) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(read_catalogue(name, content))["services"]
    return found


def faults_in(content: bytes, name: str = "x.csv") -> list[str]:
    with pytest.raises(SpreadsheetRefused) as refused:
        read_catalogue(name, content)
    return str(refused.value).splitlines()


def test_a_form_that_is_written_reads_as_what_it_was_written_from() -> None:
    free = {"code": "clearance", "prefix": "", "fee": {"amount_minor": 0, "currency": "SYP", "pound": "new"}}
    assert services_in("form.xlsx", write_form([FULL, free])) == [FULL, free]
    sheet = load_workbook(io.BytesIO(write_form([]))).worksheets[0]
    assert [[cell.value for cell in line] for line in sheet] == [list(COLUMNS)]
    assert (sheet.title, sheet.freeze_panes) == ("catalogue", "B2")


def test_a_name_that_begins_like_a_formula_is_text_in_the_form_and_comes_back_as_it_was() -> None:
    name = '=HYPERLINK("https://evil.example","Water bill")'
    entry = {"code": "water-bill", "names": {"ar": "+963", "en": name}}
    sheet = load_workbook(io.BytesIO(write_form([entry]))).worksheets[0]
    assert {cell.data_type for cell in sheet[2] if cell.value is not None} == {"s"}
    assert services_in("form.xlsx", write_form([entry])) == [entry]


def test_a_csv_in_any_order_of_columns_with_empty_cells_says_only_what_it_says() -> None:
    content = csv_of("Tax clearance;براءة ذمة;tax-clearance;;", ";;;;", head="name_en;name_ar;code;fee;main")
    assert services_in("x.csv", content) == [
        {"code": "tax-clearance", "names": {"ar": "براءة ذمة", "en": "Tax clearance"}}
    ]


def test_what_a_spreadsheet_makes_of_numbers_and_times_is_read() -> None:
    book = Workbook()
    book.active.append(["code", "fee", "pound", "opens", "closes", "daily_quota", "main"])
    book.active.append(["seal", 150.0, "new", time(8, 0), time(14, 30), 40.0, True])
    kept = io.BytesIO()
    book.save(kept)
    assert services_in("x.XLSX", kept.getvalue()) == [
        {
            "code": "seal", "daily_quota": 40, "main": True, "fee": {"amount_minor": 15000, "pound": "new"},
            "hours": {"opens": "08:00", "closes": "14:30"},
        }
    ]  # fmt: skip


LINES = {
    "Water B,,,,,,,,,,,,,,,,": "A2 (code): expected up to 40 small letters, digits and hyphens, such as civil-affairs",
    ",C,,,,,,,,,,,,,,,": "A2 (code): found nothing, expected the service's code such as civil-affairs",
    "a,,CC,,,,,,,,,,,,,,": "C2 (prefix): expected one capital letter, or nothing",
    "a,,,فاتورة,,,,,,,,,,,,,": "E2 (name_en): found nothing, expected the name in this language too",
    "a,,,,Bill,,,,,,,,,,,,": "D2 (name_ar): found nothing, expected the name in this language too",
    "a,,,,,الهوية;الفاتورة,Card,,,,,,,,,,": "G2 (papers_en): found 1 papers, expected 2 as in papers_ar, parted by ;",
    "a,,,,,,,ten,,,,,,,,,": "H2 (fee): found 'ten', expected an amount such as 150 or 150.50",
    "a,,,,,,,1.505,,new,,,,,,,": "H2 (fee): found '1.505', expected an amount such as 150 or 150.50",
    "a,,,,,,,NaN,,new,,,,,,,": "H2 (fee): found 'NaN', expected an amount such as 150 or 150.50",
    "a,,,,,,,-5,,new,,,,,,,": "H2 (fee): found '-5', expected an amount such as 150 or 150.50",
    "a,,,,,,,1E999990,,new,,,,,,,": "H2 (fee): found '1E999990', expected an amount such as 150 or 150.50",
    "a,,,,,,,1E999999,,new,,,,,,,": "H2 (fee): found '1E999999', expected an amount such as 150 or 150.50",
    "a,,,,,,,150,,,,,,,,,": 'H2 (fee): a fee in SYP says pound = "new" or "old": 100 old ones are 1 new one',
    "a,,,,,,,150,SYP,older,,,,,,,": "H2 (fee): found 'older', which is none of the words that may stand here",
    "a,,,,,,,,SYP,,,,,,,,": "I2 (currency): stands without a fee",
    "a,,,,,,,,,new,,,,,,,": "J2 (pound): stands without a fee",
    "a,,,,,,,,,,8:00,14:00,,,,,": "K2 (opens): expected a time of day such as 08:00",
    "a,,,,,,,,,,14:00,08:00,,,,,": "K2 (opens): opens 14:00 is not before closes 08:00",
    "a,,,,,,,,,,08:00,,,,,,": "L2 (closes): found nothing, expected the other end of the hours",
    "a,,,,,,,,,,,,sun,,,,": "M2 (days): stands without opens and closes",
    "a,,,,,,,,,,08:00,14:00,someday,,,,": "K2 (opens): found 'someday', which is none of the words that may stand here",
    "a,,,,,,,,,,,,,many,,,": "N2 (daily_quota): found 'many', expected a whole number",
    "a,,,,,,,,,,,,,0,,,": "N2 (daily_quota): expected a whole number, at least 1",
    "a,,,,,,,,,,,,,,perhaps,,": "O2 (orderable): found 'perhaps', expected yes or no",
    "a,,,,,,,,,,,,,,,1,": "P2 (main): found '1', expected yes or no",
}


@pytest.mark.parametrize(("line", "fault"), LINES.items())
def test_every_fault_is_named_by_its_cell_with_what_would_be_right(line: str, fault: str) -> None:
    assert faults_in(csv_of(line)) == [fault]


def test_a_fault_of_a_column_that_is_not_there_is_named_by_its_line() -> None:
    content = csv_of("a,الفاتورة", "b,", head="code,name_ar")
    assert faults_in(content) == ["line 2 (name_en): found nothing, expected the name in this language too"]


def test_what_was_found_is_told_as_far_as_it_says_something() -> None:
    line = f"a,,,,,,,{'9' * 41}x,,,,,,{'m' * 41},{'p' * 41},,"
    assert faults_in(csv_of(line)) == [
        f"N2 (daily_quota): found '{'m' * 40}', expected a whole number",
        f"O2 (orderable): found '{'p' * 40}', expected yes or no",
        f"H2 (fee): found '{'9' * 40}', expected an amount such as 150 or 150.50",
    ]
    assert faults_in(csv_of("a", head=f"code,{'c' * 41}"))[0].startswith(f"B1: found '{'c' * 40}', expected each once")
    assert len(faults_in(csv_of(*["a,,,,,,,ten,,,,,,,,,"] * 60))) == 50


@pytest.mark.parametrize(
    ("word", "means"),
    [("yes", True), ("no", False), ("TRUE", True), ("False", False), ("نعم", True), ("لا", False)],
)
def test_yes_and_no_are_said_in_either_language(word: str, means: bool) -> None:
    assert services_in("x.csv", csv_of(f"a,{word}", head="code,offered")) == [{"code": "a", "offered": means}]


def test_papers_and_days_are_parted_as_people_part_them() -> None:
    line = 'a;" الهوية ؛ الفاتورة؛ ";"Card\nBill;";08:00;14:00;"Sun، MON;tue  wed,"'
    found = services_in("x.csv", csv_of(line, head="code;papers_ar;papers_en;opens;closes;days"))
    assert found == [
        {
            "code": "a",
            "papers": [{"ar": "الهوية", "en": "Card"}, {"ar": "الفاتورة", "en": "Bill"}],
            "hours": {"opens": "08:00", "closes": "14:00", "days": ["sun", "mon", "tue", "wed"]},
        }
    ]


def test_all_faults_are_named_at_once_and_a_code_that_stands_twice() -> None:
    lines = ("a,,,,,,,ten,,,,,,,perhaps,,", "b,,,,,,,,,,,,,,,,", "b,,,,,,,,,,,,,,,,")
    assert [fault.partition(":")[0] for fault in faults_in(csv_of(*lines))] == [
        "O2 (orderable)",
        "H2 (fee)",
        "A4 (code)",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", f"line 1: found nothing, expected a heading of {NAMES}"),
        (csv_of("a", head="code,price"), f"B1: found 'price', expected each once of {NAMES}"),
        (csv_of("a", head="code,code"), f"B1: found 'code', expected each once of {NAMES}"),
        (csv_of("a", head="group"), "line 1: there is no column code"),
        (csv_of(), "no service stands in it: it would take every published change away"),
        (
            csv_of(*[f"s{number}" for number in range(MAX_ROWS + 1)], head="code"),
            f"line {MAX_ROWS + 2}: expected at most {MAX_ROWS} lines below the heading",
        ),
        ("code\nقيد".encode("cp1256"), "line 2: the file is not UTF-8: save it as “CSV UTF-8”"),
        (csv_of("a", '"b\nc"', '"d"e', head="code"), "line 5: this is no CSV (',' expected after '\"')"),
        (b"a" * 2_000_001, "2000001 bytes, expected at most 2000000"),
    ],
)
def test_a_file_that_is_no_catalogue_is_refused_in_words(content: bytes, said: str) -> None:
    assert faults_in(content) == [said]


def test_a_file_and_a_catalogue_of_the_largest_size_are_read() -> None:
    head, tail = b"code,name_en\na,", b"x" * 2_000_000
    longest = head + tail[: 2_000_000 - len(head)]
    with pytest.raises(SpreadsheetRefused) as refused:
        read_catalogue("x.csv", longest)
    assert "bytes" not in str(refused.value)  # its cell is too long, the file is not
    codes = [f"s{number}" for number in range(MAX_ROWS)]
    assert [one["code"] for one in services_in("x.csv", csv_of(*codes, head="code"))] == codes


def test_a_torn_workbook_is_refused_whatever_the_library_makes_of_it() -> None:
    whole, chance = write_form([FULL]), random.Random(3)
    for _ in range(150):
        torn = bytearray(whole[: chance.randrange(len(whole))])
        for _ in range(5):
            if torn:
                torn[chance.randrange(len(torn))] = chance.randrange(256)
        with contextlib.suppress(SpreadsheetRefused):
            read_catalogue("x.xlsx", bytes(torn))


def test_a_filled_form_is_published_and_stands_in_the_next_form(tmp_path: Path) -> None:
    assert run(tmp_path, "migrate").returncode == 0
    (tmp_path / "filled.xlsx").write_bytes(write_form([FULL]))
    done = run(tmp_path, "publish", "catalogue", str(tmp_path / "filled.xlsx"))
    assert done.returncode == 0, done.stderr
    form = run(tmp_path, "catalogue", "--form", str(tmp_path / "next.xlsx"))
    assert "1 services" in form.stdout
    assert services_in("next.xlsx", (tmp_path / "next.xlsx").read_bytes()) == [FULL]
    (tmp_path / "wrong.csv").write_bytes(csv_of("a,,CC,,,,,ten,,,,,,,,,"))
    wrong = run(tmp_path, "publish", "catalogue", str(tmp_path / "wrong.csv"))
    assert wrong.returncode == 1
    assert "H2 (fee)" in wrong.stderr
    assert "Traceback" not in wrong.stderr


def test_a_quote_that_stays_open_swallows_no_service() -> None:
    content = csv_of(
        'tax-clearance,براءة ذمة,"Tax clearance', "water-bill,فاتورة,Water bill", head="code,name_ar,name_en"
    )
    assert faults_in(content) == ["line 2: a quote is opened and not closed"]


def test_a_line_with_more_cells_than_the_heading_is_named() -> None:
    content = csv_of("water-bill,فاتورة المياه,Water bill, old", head="code,name_ar,name_en")
    why = "expected nothing behind the last column; a cell with a comma in it stands between quotes"
    assert faults_in(content) == [f"D2: found 'old', {why}"]
    long = csv_of(f"water-bill,,,{'x' * 41}", head="code,name_ar,,")
    assert faults_in(long) == [f"D2: found '{'x' * 40}', {why}"]

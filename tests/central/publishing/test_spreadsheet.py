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
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)


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
    "Water Bill,,,,,,,,,,,,,,,,": "A2 (code)",
    ",C,,,,,,,,,,,,,,,": "A2 (code)",
    "a,,CC,,,,,,,,,,,,,,": "C2 (prefix)",
    "a,,,فاتورة,,,,,,,,,,,,,": "E2 (name_en)",
    "a,,,,Bill,,,,,,,,,,,,": "D2 (name_ar)",
    "a,,,,,الهوية;الفاتورة,Card,,,,,,,,,,": "G2 (papers_en)",
    "a,,,,,,,ten,,,,,,,,,": "H2 (fee)",
    "a,,,,,,,1.505,,new,,,,,,,": "H2 (fee)",
    "a,,,,,,,NaN,,new,,,,,,,": "H2 (fee)",
    "a,,,,,,,-5,,new,,,,,,,": "H2 (fee)",
    "a,,,,,,,150,,,,,,,,,": "H2 (fee)",
    "a,,,,,,,150,SYP,older,,,,,,,": "H2 (fee)",
    "a,,,,,,,,SYP,,,,,,,,": "I2 (currency)",
    "a,,,,,,,,,new,,,,,,,": "J2 (pound)",
    "a,,,,,,,,,,8:00,14:00,,,,,": "K2 (opens)",
    "a,,,,,,,,,,14:00,08:00,,,,,": "K2 (opens)",
    "a,,,,,,,,,,08:00,,,,,,": "L2 (closes)",
    "a,,,,,,,,,,,,sun,,,,": "M2 (days)",
    "a,,,,,,,,,,08:00,14:00,someday,,,,": "K2 (opens)",
    "a,,,,,,,,,,,,,many,,,": "N2 (daily_quota)",
    "a,,,,,,,,,,,,,0,,,": "N2 (daily_quota)",
    "a,,,,,,,,,,,,,,perhaps,,": "O2 (orderable)",
    "a,,,,,,,,,,,,,,,1,": "P2 (main)",
}


@pytest.mark.parametrize(("line", "cell"), LINES.items())
def test_every_fault_is_named_by_its_cell(line: str, cell: str) -> None:
    (fault,) = faults_in(csv_of(line))
    assert fault.startswith(f"{cell}: ")
    assert "\\Z" not in fault, "no regular expression"


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
        (b"", "heading"),
        (csv_of("a", head="code,price"), "B1: found 'price'"),
        (csv_of("a", head="code,code"), "B1: found 'code'"),
        (csv_of("a", head="group"), "no column code"),
        (csv_of(), "no service"),
        (csv_of(*[f"s{number}" for number in range(MAX_ROWS + 1)], head="code"), "at most"),
        ("code\nقيد".encode("cp1256"), "line 2: the file is not UTF-8"),
        (b"a" * 2_000_001, "bytes"),
    ],
)
def test_a_file_that_is_no_catalogue_is_refused_in_words(content: bytes, said: str) -> None:
    assert said in faults_in(content)[0]


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
    assert faults_in(content)[0].startswith("D2: found 'old', expected nothing behind the last column")

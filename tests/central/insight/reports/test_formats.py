"""A month's report in each of its formats, opened again."""

import csv
import io
import json
import random
import re
import subprocess
from dataclasses import asdict
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from central.insight.public.texts import tell
from central.insight.reports.counted import Served
from central.insight.reports.first_page import FirstPage
from central.insight.reports.month import Month
from central.insight.reports.sheet import FOLDER, Sheet
from central.insight.reports.sheets import Report, report_of
from central.insight.reports.writers import as_csv, as_html, as_json, as_pdf, as_xlsx
from common.protocol.queue import event as queue_event
from tests.central.insight.reports.test_report import MADE, NAMES


def full_month() -> Month:
    month = Month("homs-main", "2026-11")
    chance = random.Random(3)
    for day in range(1, 29):
        month.by_day[f"2026-11-{day:02}"] = n = chance.randint(300, 700)
        month.issued += n
    month.by_hour.update({hour: chance.randint(200, 3000) for hour in range(8, 16)})
    for name in (*sorted(queue_event.ENDS), "open"):
        month.ends[name] = chance.randint(1, 900)
    for name in ("elderly", "disabled", "pregnant", "ready-order"):
        month.priority[name] = chance.randint(10, 300)
    for name in ("accepted", "accepted_unpaid", "accepted_unverified"):
        month.orders[name] = chance.randint(10, 300)
    for name in ("collected", "ready", "in_progress", "by_post"):
        month.order_states[name] = chance.randint(10, 300)
    month.waits_s = [chance.randint(60, 5000) for _ in range(500)]
    month.waits_without_cuts_s, month.priority_waits_s = month.waits_s[:400], month.waits_s[:50]
    month.service_s = [chance.randint(60, 900) for _ in range(500)]
    month.ranges.update({"told": 480, "held": 390, "too_little": 30})
    month.papers.update({"printed": 9000, "not_printed": 40, "unknown": 3, "copies": 12})
    month.restarts, month.cut_s, month.wrong_clocks = 57, 40_000, 4
    return month


@pytest.fixture(params=["ar", "en"])
def report(request: pytest.FixtureRequest) -> Report:
    return report_of(full_month(), NAMES, request.param, MADE)


def test_every_text_is_in_both_catalogues_and_every_figure_has_its_definition() -> None:
    found = {}
    for language in ("ar", "en"):
        with (FOLDER / f"{language}.po").open("rb") as file:
            found[language] = {one.id: one.string for one in read_po(file, locale=language) if one.id}
    assert found["ar"].keys() == found["en"].keys()
    assert all(text for texts in found.values() for text in texts.values())
    for sheet in report_of(Month("homs-main", "2026-11"), {}, "en", MADE).sheets:
        assert len(sheet.definition) > 20


def test_an_empty_month_can_be_written_in_every_format() -> None:
    empty = report_of(Month("homs-main", "2026-11"), {}, "ar", MADE)
    assert as_json(empty)
    assert as_csv(empty)
    assert as_xlsx(empty)
    assert as_pdf(empty).startswith(b"%PDF")


def test_json_and_csv_hold_the_same_figures(report: Report) -> None:
    read = json.loads(as_json(report))
    rows = list(csv.reader(io.StringIO(as_csv(report).decode("utf-8-sig"), newline="")))
    assert as_csv(report).startswith(b"\xef\xbb\xbf")
    assert read == json.loads(json.dumps(asdict(report)))
    for sheet in read["sheets"]:
        begin = rows.index([sheet["title"]])
        assert rows[begin + 1 : begin + 3] == [[sheet["definition"]], sheet["columns"]]
        for row, written in zip(sheet["rows"], rows[begin + 3 :], strict=False):
            assert ["" if cell is None else str(cell) for cell in row] == written


def test_the_workbook_reads_from_the_right_in_arabic_and_keeps_numbers(report: Report) -> None:
    workbook = load_workbook(io.BytesIO(as_xlsx(report)))
    assert len(workbook.worksheets) == len(report.sheets)
    for page, sheet in zip(workbook.worksheets, report.sheets, strict=True):
        assert bool(page.sheet_view.rightToLeft) is (report.language == "ar")
        values = [tuple(c.value for c in row) for row in page.iter_rows(min_row=4, max_col=len(sheet.columns))]
        assert values == [tuple(row) for row in sheet.rows]
        title, definition, head = page["A1"], page["A2"], page[3][: len(sheet.columns)]
        assert (page.title, title.value) == (sheet.title[:31], f"{report.title}: {report.centre}")
        assert (title.font.b, title.font.sz, page.freeze_panes) == (True, 14, "A4")
        across = get_column_letter(max(4, len(sheet.columns)))
        assert ([str(one) for one in page.merged_cells.ranges], definition.value) == (
            [f"A2:{across}2"],
            sheet.definition,
        )
        assert (definition.alignment.wrap_text, definition.alignment.vertical) == (True, "top")
        assert page.row_dimensions[2].height == 64
        assert [(one.value, one.font.b, one.alignment.wrap_text, one.alignment.vertical) for one in head] == [
            (name, True, True, "center") for name in sheet.columns
        ]
        widths = [page.column_dimensions[one.column_letter].width for one in head]
        assert widths == [34, *[16] * (len(sheet.columns) - 1)]


def test_a_name_that_begins_like_a_formula_is_computed_by_no_spreadsheet() -> None:
    rows = (("=1+1", 2), ("@SUM(A1)", None), ("-5", -5))
    made = Report(
        "=cmd|' /C calc'!A0",
        "-1",
        "made",
        "en",
        FirstPage((), ()),
        (Sheet("services", "Services", "+def", ("-what", "n"), rows),),
    )
    cells = [cell for row in load_workbook(io.BytesIO(as_xlsx(made))).worksheets[0].iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    lines = as_csv(made).decode("utf-8-sig").splitlines()
    assert [line for line in lines if line.startswith(("=", "+", "-", "@", '"='))] == []
    assert "'-5,-5" in lines


def test_a_name_that_is_markup_stays_text() -> None:
    month = full_month()
    month.services["x"] = Served(1)
    drawn = as_html(report_of(month, {"x": {"ar": "<script>alert(1)</script>"}}, "ar", MADE))
    assert "<script>" not in drawn


def test_no_word_of_a_programming_language_is_on_paper(report: Report) -> None:
    empty = as_html(report_of(Month("homs-main", "2026-11"), {}, report.language, MADE))
    for drawn in (empty, as_html(report)):
        text = re.sub(r"<style>.*?</style>|<[^>]+>", " ", drawn, flags=re.DOTALL)
        assert not re.search(r"\b(None|nan|inf|True|False|null|undefined)\b", text)
    assert tell(report.language, "report.none", folder=FOLDER) in empty


def test_the_first_page_says_what_matters_in_figures_and_charts(report: Report) -> None:
    figures, charts = [one.value for one in report.first.figures], {one.key: one for one in report.first.charts}
    month = full_month()
    assert figures[:3] == [f"{month.issued:,}", "0", "28"]
    assert figures[5:] == [f"{month.ends['carried'] + month.ends['expired']:,}", "11.1", "0.0"]
    assert [bar.value for bar in charts["days"].bars] == [*month.by_day.values(), 0, 0]
    assert max(bar.length for bar in charts["hours"].bars) == 1
    assert "services" not in charts, "of nothing there is no chart"
    drawn = as_html(report)
    heights = [float(one) for one in re.findall(r'<rect [^>]*height="([0-9.]+)"', drawn)]
    assert heights[: len(charts["days"].bars)] == [round(92 * bar.length, 1) for bar in charts["days"].bars]
    first = re.search(r'<rect x="([0-9.]+)"', drawn)
    assert first
    assert (float(first[1]) > 320) is (report.language == "ar"), "days run as the language reads"


def test_the_paper_holds_arabic_that_can_be_read_and_searched(tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(as_pdf(report_of(full_month(), NAMES, "ar", MADE)))
    fonts = subprocess.run(["pdffonts", tmp_path / "report.pdf"], check=True, capture_output=True, text=True).stdout
    assert "+Plex" in fonts  # the family that the page's own style names: embedded, in part
    text = subprocess.run(
        ["pdftotext", tmp_path / "report.pdf", "-"], check=True, capture_output=True, text=True
    ).stdout
    assert "2026/12/01" in text
    assert any(word in text for word in ("المراجعون", "نوعجارملا"))

"""A report written: JSON for programs, CSV and XLSX for tables, PDF for paper."""

import csv
import io
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final, Literal

import fontpkg_ibm_plex_sans_arabic as plex
import msgspec

from central.base.plain_cells import append_plain, plain_csv
from central.insight.public.texts import direction, tell
from central.insight.reports.sheet import FOLDER
from central.insight.reports.sheets import Report
from common.city.brand.brand import brand
from common.web.templates import template

Format = Literal["json", "csv", "xlsx", "pdf"]
_HERE: Final = Path(__file__).parent
_SHEET_NAME_LENGTH: Final = 31  # Excel's own limit


def as_json(report: Report) -> bytes:
    """Write all sheets with titles and definitions, as one JSON object."""
    return msgspec.json.format(msgspec.json.encode(asdict(report))) + b"\n"


def as_csv(report: Report) -> bytes:
    """Write one table with a blank line between sheets, in UTF-8 with the mark that Excel asks for."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for line in (report.title, report.centre, report.made):
        writer.writerow(plain_csv([line]))
    for sheet in report.sheets:
        writer.writerows(map(plain_csv, [[], [sheet.title], [sheet.definition], sheet.columns, *sheet.rows]))
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(report: Report) -> bytes:
    """Write a workbook of a sheet each, from right to left in Arabic."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for sheet in report.sheets:
        page = workbook.create_sheet(sheet.title[:_SHEET_NAME_LENGTH])
        page.sheet_view.rightToLeft = direction(report.language) == "rtl"
        for row in ([f"{report.title}: {report.centre}"], [sheet.definition], sheet.columns, *sheet.rows):
            append_plain(page, row)
        page["A1"].font = Font(bold=True, size=14)
        page.merge_cells(start_row=2, end_row=2, start_column=1, end_column=max(4, len(sheet.columns)))
        page["A2"].alignment = Alignment(wrap_text=True, vertical="top")
        page.row_dimensions[2].height = 64
        for cell in page[3]:
            cell.font = Font(bold=True)
            cell.alignment = Alignment(wrap_text=True, vertical="center")
            page.column_dimensions[cell.column_letter].width = 34 if cell.column == 1 else 16
        page.freeze_panes = "A4"
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def as_html(report: Report) -> str:
    """Draw the report as one page for paper; it loads nothing but fonts of this machine."""
    return template(_HERE / "report.html").render(
        report=report,
        direction=direction(report.language),
        fonts=Path(plex.ROOT).as_uri() + "/files",
        look=brand().colours.look,
        emblem=_emblem(),
        authority=(brand().authority or {}).get(report.language, ""),
        page_word=tell(report.language, "report.page", folder=FOLDER),
        nothing=tell(report.language, "report.none", folder=FOLDER),
    )


def _emblem() -> str:
    """Return the municipality's emblem in its colour, as a page holds it within itself; empty where it has none."""
    from PIL import Image

    picture = brand().picture("emblem")
    if picture is None:
        return ""
    ink = Image.open(io.BytesIO(picture)).convert("RGBA").getchannel("A")
    drawn = Image.new("RGBA", ink.size, brand().colours.look["primary"])
    drawn.putalpha(ink)
    out = io.BytesIO()
    drawn.save(out, "PNG")
    return f"data:image/png;base64,{b64encode(out.getvalue()).decode('ascii')}"


def as_pdf(report: Report) -> bytes:
    """Print the report on A4. Raises OSError where Pango, which shapes Arabic, is not installed."""
    from weasyprint import HTML

    return bytes(HTML(string=as_html(report), base_url=str(_HERE)).write_pdf())


WRITERS: Final[Mapping[Format, Callable[[Report], bytes]]] = {
    "json": as_json,
    "csv": as_csv,
    "xlsx": as_xlsx,
    "pdf": as_pdf,
}

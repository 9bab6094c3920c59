"""The catalogue as a spreadsheet that the city fills, CSV or XLSX: a heading line, then a service a line.

An empty cell says nothing: the kiosk keeps what it knows. Every fault is named by its cell, all at once. A service's
list of documents is not for a line of cells: it is published as JSON.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import msgspec

from central.base.plain_cells import append_plain
from central.publishing.service_entry import ServiceEntry
from common.city.brand.brand import brand
from common.city.money import smallest
from common.machine.plain_words import in_words

COLUMNS: Final = (
    "code", "group", "prefix", "name_ar", "name_en", "papers_ar", "papers_en", "fee", "currency", "pound",
    "opens", "closes", "days", "daily_quota", "orderable", "main", "offered",
)  # fmt: skip
REQUIRED: Final = ("code",)
MAX_ROWS: Final = 500
MAX_BYTES: Final = 2_000_000
MAX_UNPACKED: Final = 2_000_000  # ten times what a full catalogue takes; a styles part alone was 9 MB in 17 kB
_YES_NO: Final = {"yes": True, "no": False, "true": True, "false": False, "نعم": True, "لا": False}
# Where a fault of a whole entry lies, by what msgspec calls it.
_CELL_OF: Final = {"names": "name_ar", "papers": "papers_ar", "hours": "opens", "fee": "fee"}


class SpreadsheetRefused(ValueError):
    """A spreadsheet that can't be published; each line of the text names a cell and what would be right."""


def read_catalogue(name: str, content: bytes) -> bytes:
    """Turn a spreadsheet into the JSON that `publish catalogue` takes.

    Args:
        name: the file's name, which says whether it is CSV or XLSX.
        content: the file.

    Raises:
        SpreadsheetRefused: every fault in it, by its cell.
    """
    lines = lines_of(name, content)
    if not lines:
        raise SpreadsheetRefused(f"line 1: found nothing, expected a heading of {', '.join(COLUMNS)}")
    columns = _heading(lines[0])
    services: list[dict[str, Any]] = []
    faults: list[str] = []
    for number, line in enumerate(lines[1:], start=2):
        cells = {column: text for column, text in zip(columns, line, strict=False) if text}
        if not cells:
            continue
        service, wrong = _service(cells)
        if any(one["code"] == service.get("code") for one in services):
            wrong["code"] = f"{service['code']} stands twice"
        places = {column: _cell(columns.index(column) + 1, number) for column in columns}
        faults += [f"{places.get(column, f'line {number}')} ({column}): {why}" for column, why in wrong.items()]
        services.append(service)
    if faults:
        raise SpreadsheetRefused("\n".join(faults[:50]))
    if not services:
        raise SpreadsheetRefused("no service stands in it: it would take every published change away")
    return msgspec.json.encode({"services": services})


def lines_of(name: str, content: bytes) -> list[list[str]]:
    """Return the cells of a CSV or XLSX, line by line. Raises SpreadsheetRefused."""
    if len(content) > MAX_BYTES:
        raise SpreadsheetRefused(f"{len(content)} bytes, expected at most {MAX_BYTES}")
    lines = _lines_of_xlsx(content) if name.lower().endswith(".xlsx") else _lines_of_csv(content)
    if len(lines) > MAX_ROWS + 1:
        raise SpreadsheetRefused(f"line {MAX_ROWS + 2}: expected at most {MAX_ROWS} lines below the heading")
    _check_width(lines)
    return lines


def write_form(services: Sequence[Mapping[str, Any]]) -> bytes:
    """Return an XLSX to be filled and published, with what these entries say already."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "catalogue"
    sheet.append(list(COLUMNS))
    sheet.freeze_panes = "B2"
    for service in services:
        told = _cells(service)
        append_plain(sheet, [told.get(column, "") for column in COLUMNS])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _lines_of_csv(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise SpreadsheetRefused(f"line {line}: the file is not UTF-8: save it as “CSV UTF-8”") from error
    separator = ";" if text.split("\n", 1)[0].count(";") > text.split("\n", 1)[0].count(",") else ","
    reader, begun, lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 1, []
    try:
        for cells in reader:
            lines.append([cell.strip() for cell in cells])
            begun = reader.line_num + 1
    except csv.Error as error:
        what = "a quote is opened and not closed" if "end of data" in str(error) else f"this is no CSV ({error})"
        raise SpreadsheetRefused(f"line {begun}: {what}") from error
    return lines


def _lines_of_xlsx(content: bytes) -> list[list[str]]:
    try:
        unpacked = sum(one.file_size for one in zipfile.ZipFile(io.BytesIO(content)).infolist())
        lines = _rows(content) if unpacked <= MAX_UNPACKED else None
    except Exception as error:
        # The library raises whatever a torn file makes of it.
        raise SpreadsheetRefused(f"the file can't be read as XLSX ({type(error).__name__})") from error
    if lines is None:
        raise SpreadsheetRefused("the file unpacks to far more than a catalogue")
    while lines and not any(lines[-1]):
        lines.pop()
    return lines


def _check_width(lines: Sequence[Sequence[str]]) -> None:
    """Raise SpreadsheetRefused where a cell stands behind the heading's last: a comma within a name, say."""
    width = max((place for place, cell in enumerate(lines[0], start=1) if cell), default=0) if lines else 0
    for number, line in enumerate(lines, start=1):
        for place, cell in enumerate(line[width:], start=width + 1):
            if cell:
                why = "expected nothing behind the last column; a cell with a comma in it stands between quotes"
                raise SpreadsheetRefused(f"{_cell(place, number)}: found {cell[:40]!r}, {why}")


def _cell(column: int, line: int) -> str:
    from openpyxl.utils import get_column_letter

    return f"{get_column_letter(column)}{line}"


def _rows(content: bytes) -> list[list[str]]:
    from openpyxl import load_workbook  # a tenth of the start of each of central's commands

    sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
    rows = sheet.iter_rows(max_row=2 * MAX_ROWS, max_col=len(COLUMNS) + 10, values_only=True)
    return [[_text_of(value) for value in row] for row in rows]


def _text_of(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if hasattr(value, "strftime") and not hasattr(value, "year"):  # a time of day
        return f"{value:%H:%M}"
    return str(value).strip()


def _heading(line: Sequence[str]) -> list[str]:
    columns = [cell.lower() for cell in line]
    while columns and not columns[-1]:
        columns.pop()
    for place, column in enumerate(columns, start=1):
        if column not in COLUMNS or columns.index(column) != place - 1:
            cell = _cell(place, 1)
            raise SpreadsheetRefused(f"{cell}: found {column[:40]!r}, expected each once of {', '.join(COLUMNS)}")
    for column in REQUIRED:
        if column not in columns:
            raise SpreadsheetRefused(f"line 1: there is no column {column}")
    return columns


def _service(cells: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the entry of a line, and its faults by column."""
    service: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for part in (_plain, _names, _papers, _fee, _hours):
        service |= dict(part(cells, wrong))
    if "code" not in cells:
        wrong["code"] = "found nothing, expected the service's code such as civil-affairs"
    if not wrong:
        try:
            msgspec.convert(service, ServiceEntry)
        except msgspec.ValidationError as error:
            field, _, why = in_words(error).partition(": ")
            root = re.split(r"[.\[]", field)[0]
            column = root if root in COLUMNS else _CELL_OF.get(root, "code")
            wrong[column] = why or field
    return service, wrong


type _Fields = Iterator[tuple[str, Any]]


def _plain(cells: Mapping[str, str], wrong: dict[str, str]) -> _Fields:
    readers: dict[str, Callable[[str], Any]] = {
        "code": str, "group": str, "prefix": lambda text: "" if text == "-" else text,
        "daily_quota": int, "orderable": _yes_or_no, "main": _yes_or_no, "offered": _yes_or_no,
    }  # fmt: skip
    for column, read in readers.items():
        if column in cells:
            try:
                yield column, read(cells[column])
            except ValueError:
                what = "a whole number" if read is int else "yes or no"
                wrong[column] = f"found {cells[column][:40]!r}, expected {what}"


def _yes_or_no(text: str) -> bool:
    if text.lower() not in _YES_NO:
        raise ValueError(text)
    return _YES_NO[text.lower()]


def _names(cells: Mapping[str, str], wrong: dict[str, str]) -> _Fields:
    names = {code: cells[column] for code, column in (("ar", "name_ar"), ("en", "name_en")) if column in cells}
    if len(names) == 1:
        wrong["name_en" if "ar" in names else "name_ar"] = "found nothing, expected the name in this language too"
    elif names:
        yield "names", names


def _papers(cells: Mapping[str, str], wrong: dict[str, str]) -> _Fields:
    arabic, english = (
        [one.strip() for one in re.split(r"[;؛\n]", cells.get(column, "")) if one.strip()]
        for column in ("papers_ar", "papers_en")
    )
    if len(arabic) != len(english):
        wrong["papers_en"] = f"found {len(english)} papers, expected {len(arabic)} as in papers_ar, parted by ;"
    elif arabic:
        yield "papers", [{"ar": one, "en": other} for one, other in zip(arabic, english, strict=True)]


def _fee(cells: Mapping[str, str], wrong: dict[str, str]) -> _Fields:
    if "fee" not in cells:
        for column in ("currency", "pound"):
            if column in cells:
                wrong[column] = "stands without a fee"
        return
    try:
        minor = smallest(cells["fee"], brand().currency.exponent)
    except ValueError:
        wrong["fee"] = f"found {cells['fee'][:40]!r}, expected an amount such as 150 or 150.50"
        return
    told = {name: cells[name] for name in ("currency", "pound") if name in cells}
    yield "fee", {"amount_minor": minor, **told}


def _minor_units() -> int:
    """Return how many minor units make one of the brand's currency."""
    return int(10 ** brand().currency.exponent)


def _hours(cells: Mapping[str, str], wrong: dict[str, str]) -> _Fields:
    told = {name: cells[name] for name in ("opens", "closes") if name in cells}
    if len(told) == 1:
        wrong["closes" if "opens" in told else "opens"] = "found nothing, expected the other end of the hours"
    elif told:
        days = [day.strip().lower() for day in re.split(r"[,;،\s]+", cells.get("days", "")) if day.strip()]
        yield "hours", told | ({"days": days} if days else {})
    elif "days" in cells:
        wrong["days"] = "stands without opens and closes"


def _cells(service: Mapping[str, Any]) -> dict[str, object]:
    """Return what an entry says as cells, the way `read_catalogue` reads them."""
    told: dict[str, object] = {name: service[name] for name in ("code", "group", "daily_quota") if service.get(name)}
    if "prefix" in service:
        told["prefix"] = service["prefix"] or "-"
    told |= {f"name_{code}": text for code, text in (service.get("names") or {}).items()}
    for code in ("ar", "en"):
        told[f"papers_{code}"] = "; ".join(paper[code] for paper in service.get("papers") or [])
    if fee := service.get("fee"):
        told["fee"] = str(Decimal(fee["amount_minor"]) / _minor_units())
        told |= {name: fee[name] for name in ("currency", "pound") if name in fee}
    if hours := service.get("hours"):
        told |= {"opens": hours["opens"], "closes": hours["closes"], "days": ", ".join(hours.get("days") or [])}
    told |= {name: "yes" if service[name] else "no" for name in ("orderable", "main", "offered") if name in service}
    return told

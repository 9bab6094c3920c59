"""A table of centres read: each fault by its line and in full, and what a cell means; by values alone."""

import pytest

from central.kiosks.centres import MAX_ROWS, Row, TableRefused, read_table
from central.kiosks.machine import Machine

HEAD = "code,name_ar,name_en,kiosks"


def faults(text: str) -> list[str]:
    with pytest.raises(TableRefused) as refused:
        read_table(text)
    return str(refused.value).splitlines()


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("a,b", "found 2 cells, expected 4: code, name_ar, name_en, kiosks"),
        ("a,b,c,1,x", "found 5 cells, expected 4: code, name_ar, name_en, kiosks"),
        (f"{'_' * 41},ا,b,1", f"code: found {'_' * 40!r}, expected letters, digits and hyphens such as homs-main"),
        ("a,,b,1", "name_ar: found '', expected 1 to 80 printable letters"),
        (f"a,ا,{'b' * 81},1", f"name_en: found {'b' * 40!r}, expected 1 to 80 printable letters"),
        ("a,ا,b\x07,1", "name_en: found 'b\\x07', expected 1 to 80 printable letters"),
        ("a,ا,b,10", "kiosks: found '10', expected a number from 0 to 9"),
        ("a,ا,b,-1", "kiosks: found '-1', expected a number from 0 to 9"),
        (f"a,ا,b,{'9' * 5000}", f"kiosks: found {'9' * 20!r}, expected a number from 0 to 9"),
        ("a,ا,b,٣", "kiosks: found '٣', expected a number from 0 to 9"),
    ],
)
def test_a_fault_is_named_in_full_by_its_line(line: str, fault: str) -> None:
    assert faults(f"{HEAD}\n\nok,ا,b,1\n{line}\n") == [f"line 4: {fault}"]


def test_every_fault_of_a_line_and_of_all_lines_is_named_twenty_at_most() -> None:
    assert faults(f"{HEAD}\n_,,b,x\nb,ا,b,1\nb,ا,b,1\n") == [
        "line 2: code: found '_', expected letters, digits and hyphens such as homs-main",
        "line 2: name_ar: found '', expected 1 to 80 printable letters",
        "line 2: kiosks: found 'x', expected a number from 0 to 9",
        "line 4: code b stands twice",
    ]
    assert len(faults("\n".join([HEAD, *["a,b"] * 30]))) == 20


def test_a_heading_has_its_columns_and_settings_once_each() -> None:
    assert faults("") == ["line 1: found 'nothing', expected the heading code,name_ar,name_en,kiosks"]
    assert faults("x,y\n") == ["line 1: found 'x,y', expected the heading code,name_ar,name_en,kiosks"]
    for column in ("kiosk.tails", "kiosk.opens,kiosk.opens"):
        (fault,) = faults(f"{HEAD},{column}\n")
        name = column.partition(",")[0]
        assert fault.startswith(f"line 1: found '{name}', expected each once of ")


def test_a_table_has_five_hundred_centres_at_most() -> None:
    lines = [f"c{n},ا,b,0" for n in range(MAX_ROWS + 1)]
    assert len(read_table("\n".join([HEAD, *lines[:-1]]))) == 500
    assert faults("\n".join([HEAD, *lines])) == ["at most 500 centres a table, found 501"]


def test_cells_are_read_as_what_they_say_and_empty_ones_say_nothing() -> None:
    settings = "Kiosk.Opens, speech.volume,kiosk.languages,kiosk.paperless"
    rows = read_table(f"\ufeff{HEAD},{settings}\n homs-main , ا ,b, 9 ,08:00,70,ar; en ;,true\nb,ا,b,0,,,,\n")
    assert rows == [
        Row("homs-main", "ا", "b", 9, {
            "kiosk.opens": "08:00", "speech.volume": 70, "kiosk.languages": ["ar", "en"], "kiosk.paperless": True,
        }),
        Row("b", "ا", "b", 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "fault"),
    [("x" * 201, "at most 200 printable characters"), ("a\x07", "at most 200 printable"), ("8", "a time of day")],
)
def test_a_setting_that_kiosks_would_leave_out_is_named(cell: str, fault: str) -> None:
    (said,) = faults(f"{HEAD},kiosk.opens\na,ا,b,1,{cell}\n")
    assert said.startswith("line 2: ")
    assert fault in said


@pytest.mark.parametrize(
    ("machine", "name"),
    [
        (Machine(id="k1", role="kiosk", centre="homs-main", digit=2, number=2, name_en="Main"), "kiosk 2 of Main"),
        (Machine(id="k1", role="kiosk", centre="homs-main", digit=2, number=2), "kiosk 2 of homs-main"),
        (Machine(id="h1", role="hub", centre="homs-main", digit=0, number=2, name_ar="ا"), "hub 2 of homs-main"),
    ],
)
def test_a_machine_is_named_as_people_of_its_centre_do(machine: Machine, name: str) -> None:
    assert machine.name == name

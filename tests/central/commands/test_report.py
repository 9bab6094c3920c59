import json
from pathlib import Path

from tests.central.commands.test_cli import result, run


def test_without_a_centre_the_report_is_of_all_of_them(tmp_path: Path) -> None:
    data, out = tmp_path / "central", tmp_path / "report.json"
    where = ("--month", "2026-11", "--format", "json", "--language", "en", "--out", str(out), "--json")
    assert result(data, "report", *where) == {"file": str(out), "issued": 0}
    named = [row[0] for row in json.loads(out.read_text())["sheets"][0]["rows"]]
    assert len(named) == len(run(data, "centres").stdout.splitlines()) > 1


def test_the_name_of_the_file_says_what_kind_it_is(tmp_path: Path) -> None:
    data, out = tmp_path / "central", tmp_path / "report.csv"
    assert result(data, "report", "--month", "2026-11", "--out", str(out), "--json")["issued"] == 0
    assert "," in out.read_text(encoding="utf-8-sig")
    done = run(data, "report", "--month", "2026-11", "--out", str(tmp_path / "report.doc"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "--out: 'report.doc' should end in .json, .csv, .xlsx, .pdf; or say --format" in done.stderr


def test_a_printed_report_says_nothing_of_how_it_was_drawn(tmp_path: Path) -> None:
    done = run(tmp_path / "central", "report", "--month", "2026-11", "--out", str(tmp_path / "report.pdf"), fresh=True)
    assert (done.returncode, done.stderr) == (0, "")

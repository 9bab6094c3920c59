import json
from pathlib import Path

from tests.central.commands.test_cli import result, run


def test_without_a_centre_the_report_is_of_all_of_them(tmp_path: Path) -> None:
    data, out = tmp_path / "central", tmp_path / "report.json"
    where = ("--month", "2026-11", "--format", "json", "--language", "en", "--out", str(out), "--json")
    assert result(data, "report", *where) == {"file": str(out), "issued": 0}
    named = [row[0] for row in json.loads(out.read_text())["sheets"][0]["rows"]]
    assert len(named) == len(run(data, "centres").stdout.splitlines()) > 1

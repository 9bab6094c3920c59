"""Failures in the demo, each with its own face: what the citizen sees, what is kept, and that mending it is enough."""

import json
import re
from pathlib import Path

import pytest

from tests.end_to_end.demos.demo_run import code_of, codes_on, demo


@pytest.mark.timeout(240)
def test_a_printer_pulled_out_in_mid_ticket_leaves_an_unknown_paper_and_one_copy(tmp_path: Path) -> None:
    summary = demo(tmp_path, "--fault", "printer.unplugged")
    seen = summary["seen"]
    assert seen["screens"][:3] == ["start", "screen_ticket", "ticket"]
    assert seen["trouble"] in ("unknown", "printer_lost")
    assert seen["reprinted"] is True
    assert summary["numbers"] == ["A1001"], "the same number, not another"
    assert len(summary["applied"]) == 2
    assert [code_of(summary["tickets"][0])] in [codes_on(paper) for paper in summary["papers"]]


@pytest.mark.timeout(240)
def test_a_disk_that_takes_no_more_gives_no_number_until_it_does(tmp_path: Path) -> None:
    summary = demo(tmp_path, "--fault", "store.full")
    seen = summary["seen"]
    assert seen["refusal"] == "not_now"
    assert seen["number"] == "A1001"
    assert summary["numbers"] == ["A1001"], "what was refused has left nothing behind"
    assert len(summary["applied"]) == 2


@pytest.mark.timeout(240)
def test_a_technician_changes_paper_and_carries_the_backlog_to_central(tmp_path: Path) -> None:
    """By touches alone: a wrong PIN, the right one, paper, test page, export, out of service and back."""
    summary = demo(tmp_path, "--technician")
    done = summary["technician"]
    assert done["wrong_pins"] == 1
    assert done["paper_steps"] == ["open", "remove", "insert", "close"]
    assert done["test_page"] == "good"
    assert done["out_and_back"] is True
    assert Path(done["exported"]).is_file()
    assert done["imported"]["applied"] >= 2, "central was down: ticket and order came on the stick"
    assert len(summary["applied"]) == 2
    _holds_nothing_personal(Path(done["logs"]), Path(done["exported"]).parents[1] / "kiosk" / "enrolment.json")
    assert len(summary["papers"]) == 4, "ticket, receipt, and a page after the change and for the test"


def _holds_nothing_personal(folder: Path, enrolment: Path) -> None:
    """A19, of what a real visit has left in the logs: the order's code, a wrong and a right PIN."""
    written = {path.name: path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()}
    assert {"run.log", "forward.log", "settings.json", "health.json"} <= set(written)
    secrets = ("SY1:", "argon2", json.loads(enrolment.read_text())["first_pin_hash"])
    for name, text in written.items():
        assert [secret for secret in secrets if secret in text] == [], name
        if name.endswith(".log"):  # health counts the disk's bytes in as many digits
            assert not re.search(r"(?<![\d.])\d{11}(?!\d)", text), f"{name} holds what may be a national number"

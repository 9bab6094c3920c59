"""One line of a doctor: as it is printed, and as plain values."""

import pytest

from common.machine.doctor.finding import Finding, Verdict, ok, problem, skipped, warning


@pytest.mark.parametrize(
    ("finding", "line", "is_bad"),
    [
        (ok("clock", "synced"), "OK       clock: synced", False),
        (warning("disk", "90 %", "make room"), "WARNING  disk: 90 % -> make room", False),
        (problem("key", "lost", "enrol again"), "PROBLEM  key: lost -> enrol again", True),
        (skipped("modem", "none is set up"), "SKIPPED  modem: none is set up", False),
    ],
)
def test_a_finding_is_one_line(finding: Finding, line: str, is_bad: bool) -> None:
    assert finding.line == line
    assert finding.is_bad is is_bad


def test_a_finding_is_told_as_plain_values() -> None:
    assert problem("key", "lost", "enrol again").as_dict() == {
        "check": "key",
        "verdict": "problem",
        "found": "lost",
        "todo": "enrol again",
    }
    assert Finding("clock", Verdict.OK, "synced").as_dict()["todo"] == ""

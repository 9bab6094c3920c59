"""Each device test leaves its result, and nothing of what was read."""

import json

from devices.protocols import Scan
from kiosk.desk.answers import PaperOutcome
from kiosk.prompts import Back
from kiosk.records.results import read_results
from tests.kiosk.maintenance.given import OVER
from tests.kiosk.maintenance.scripted import SILENCE, Workshop
from tests.kiosk.maintenance.tools import audited


async def test_each_test_leaves_its_result_and_nothing_of_what_was_read(workshop: Workshop) -> None:
    workshop.devices.scanned = [Scan(b"04010012345 secret", "Q1")]
    centre = [("touch", lambda target: (target.x, target.y))] * 8
    off = ("touch", lambda target: (target.x - 0.2, target.y))
    pictures = [("picture", "next")] * 6
    workshop.more["play_sound"] = lambda: None
    await workshop.play(
        ("overview", "tests"),
        ("tests", "page"), ("judge", "yes"), ("test_result", Back()),
        ("tests", "touch"), *centre, off, ("test_result", Back()),
        ("tests", "sound"), ("judge", "no"), ("test_result", Back()),
        ("tests", "display"), *pictures, ("judge", "yes"), ("test_result", Back()),
        ("tests", Back()), OVER,
    )  # fmt: skip
    found = read_results(workshop.path / "var")
    assert found == {"page": "good", "touch": "bad", "sound": "bad", "display": "good"}
    touch = next(detail for event, detail in audited(workshop.store) if detail.get("test") == "touch")
    assert str(touch["detail"]).endswith(" mm")


async def test_a_scan_answers_its_test_by_itself(workshop: Workshop) -> None:
    workshop.devices.scanned = [Scan(b"04010012345 secret", "Q1")]
    display = await workshop.play(
        ("overview", "tests"),
        ("tests", "scan"),
        ("test_scan", SILENCE),
        ("test_result", Back()),
        ("tests", Back()),
        OVER,
    )
    kept = json.dumps(audited(workshop.store)) + repr(display.seen)
    assert "secret" not in kept
    assert "Q1, 18 bytes" in kept


async def test_a_page_that_does_not_print_is_a_bad_test(workshop: Workshop) -> None:
    workshop.papers.outcome = PaperOutcome("unknown")
    await workshop.play(("overview", "tests"), ("tests", "page"), ("test_result", Back()), ("tests", Back()), OVER)
    assert read_results(workshop.path / "var") == {"page": "bad"}

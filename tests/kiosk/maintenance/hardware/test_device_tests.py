"""Each device test leaves its result, and nothing of what was read."""

import json

import pytest

from devices.protocols import DeviceState, Scan
from kiosk.desk.answers import PaperOutcome
from kiosk.maintenance.prompts import Panel
from kiosk.papers.staff_documents import TEST_CODE
from kiosk.peripherals.report import Device, Report
from kiosk.prompts.ui import Back, Text
from kiosk.records.results import read_results
from tests.kiosk.maintenance.given import OVER
from tests.kiosk.maintenance.scripted import SILENCE, ScriptedDisplay, Workshop
from tests.kiosk.maintenance.tools import audited

GOOD_PAGE = Scan(f"{TEST_CODE}\r".encode(), "Q1")
PICTURES = "devices.printer.pictures"


async def test_each_test_leaves_its_result_and_nothing_of_what_was_read(workshop: Workshop) -> None:
    workshop.devices.scanned = [GOOD_PAGE]
    centre = [("touch", lambda target: (target.x, target.y))] * 8
    off = ("touch", lambda target: (target.x - 0.2, target.y))
    pictures = [("picture", "next")] * 6
    workshop.more["play_sound"] = lambda: None
    await workshop.play(
        ("overview", "tests"),
        ("tests", "page"), ("test_page", SILENCE), ("judge", "yes"), ("test_result", Back()),
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


@pytest.mark.parametrize("answer", [SILENCE, "unread"])
async def test_a_page_whose_code_does_not_read_has_it_printed_as_a_picture_from_then_on(
    workshop: Workshop, answer: object
) -> None:
    """The printer said "printed": its own QR command did nothing, or a byte of it was garbled."""
    workshop.devices.scanned = [Scan(b"TEST-P?GE", "Q1")] if answer is SILENCE else []
    page = (("tests", "page"), ("test_page", answer), ("test_result", Back()))
    display = await workshop.play(("overview", "tests"), *page, ("tests", Back()), OVER)
    assert workshop.settings.get(PICTURES).value is True
    assert said(display) == "maintenance.page.now_pictures"
    changed = [detail for event, detail in audited(workshop.store) if event == "setting-changed"]
    assert changed == [{"technician": "enrolment", "setting": PICTURES, "before": "False", "after": "True"}]
    display = await workshop.play(("overview", "tests"), *page, ("tests", Back()), OVER)
    assert said(display) == "maintenance.page.unread_picture"
    assert read_results(workshop.path / "var") == {"page": "bad"}


async def test_without_a_scanner_the_technician_alone_judges_the_page(workshop: Workshop) -> None:
    workshop.devices.reports[Device.SCANNER] = Report(Device.SCANNER, DeviceState.NO_DEVICE, is_fitted=False)
    page = (("tests", "page"), ("judge", "yes"), ("test_result", Back()))
    await workshop.play(("overview", "tests"), *page, ("tests", Back()), OVER)
    assert read_results(workshop.path / "var") == {"page": "good"}
    assert workshop.settings.get(PICTURES).value is False


def said(display: ScriptedDisplay) -> str:
    shown = [prompt for prompt in display.seen if isinstance(prompt, Panel) and prompt.panel == "test_result"][-1]
    value = shown.lines[-1].value
    assert isinstance(value, Text)
    return value.msgid

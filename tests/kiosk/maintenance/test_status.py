"""Each line of the overview tells how old its reading is; what is old is not called good, and silence is said early."""

import pytest
from msgspec.structs import replace

from devices.protocols import DeviceState, PaperState
from kiosk.health import Health, Outbox
from kiosk.language import Language
from kiosk.machine.network.link import Link
from kiosk.maintenance.prompts import Tone, span
from kiosk.maintenance.status import Status, statuses
from kiosk.peripherals.report import Device, Report

NOW = 1_800_000_000
REPORTS = {
    Device.PRINTER: Report(Device.PRINTER, DeviceState.ONLINE, PaperState.LOW),
    Device.SCANNER: Report(Device.SCANNER, DeviceState.HARDWARE_ERROR),
    Device.CARD_READER: Report(Device.CARD_READER, DeviceState.NO_DEVICE, is_fitted=False),
}
LINKS = [Link("eth0", False, True, ("10.0.0.2",))]
HEALTH = Health(
    version="1", at=NOW - 3, clock="synced", disk_free_bytes=10**11, power="mains", tests={"touch": "good"},
    tested_at={"touch": NOW - 7200}, outbox=Outbox(last_success_at=NOW - 12),
)  # fmt: skip


def lines(health: Health = HEALTH, *, age_s: int | None = 1) -> dict[str, Status]:
    ages = {Device.PRINTER: age_s, Device.SCANNER: age_s, Device.CARD_READER: None}
    return {status.topic: status for status in statuses(health, REPORTS, ages, LINKS, NOW)}


def test_every_line_but_the_version_carries_the_age_of_its_reading() -> None:
    ages = {topic: status.age_s for topic, status in lines(age_s=1).items()}
    assert ages == {
        "printer": 1, "paper": 1, "scanner": 1, "touch": 7200, "network": 0, "central": 12, "outbox": 3,
        "clock": 3, "disk": 3, "power": 3, "store": 3, "version": None,
    }  # fmt: skip


def test_what_was_good_is_stale_when_old_and_what_was_bad_stays_bad() -> None:
    old = lines(replace(HEALTH, at=NOW - 30 - 1), age_s=31)
    for topic in ("printer", "outbox", "clock", "disk", "power", "store"):
        assert old[topic].tone is Tone.STALE, topic
    assert old["scanner"].tone is Tone.BAD
    assert old["touch"].tone is Tone.GOOD  # a test two hours old is a test
    assert all(status.tone is not Tone.STALE for status in lines(age_s=30).values())


def test_a_device_never_heard_of_has_no_age() -> None:
    assert lines(age_s=None)["printer"].age_s is None


@pytest.mark.parametrize(
    ("age_s", "waiting", "tone"),
    [
        (29, 0, Tone.GOOD),
        (31, 0, Tone.ATTENTION),
        (31, 500, Tone.GOOD),  # a long backlog is one round
        (130, 500, Tone.ATTENTION),
    ],
)
def test_silence_is_said_before_the_call_has_failed(age_s: int, waiting: int, tone: Tone) -> None:
    found = lines(replace(HEALTH, outbox=Outbox(waiting=waiting, last_success_at=NOW - age_s)))["central"]
    assert found.tone is tone
    assert (found.advice == "central_silent") is (tone is Tone.ATTENTION)


def test_paper_that_is_low_still_says_how_much_is_left() -> None:
    found = lines(replace(HEALTH, paper_left_m=4))["paper"]
    assert (found.tone, found.word.values["n"], found.advice) == (Tone.ATTENTION, 4, "paper_Low")


@pytest.mark.parametrize(("left_m", "tone"), [(9, Tone.GOOD), (8, Tone.ATTENTION), (0, Tone.ATTENTION)])
def test_paper_is_called_low_by_its_metres_before_the_printer_feels_it(left_m: int, tone: Tone) -> None:
    full = {**REPORTS, Device.PRINTER: Report(Device.PRINTER, DeviceState.ONLINE, PaperState.FULL)}
    found = statuses(replace(HEALTH, paper_left_m=left_m), full, {}, LINKS, NOW)
    assert next(status for status in found if status.topic == "paper").tone is tone


@pytest.mark.parametrize(
    ("power", "advice"),
    [("none", "power_none"), ("unknown", "power_unknown"), *((one, "power") for one in ("mains", "battery", "low"))],
)
def test_a_safe_stop_is_promised_only_by_a_battery_that_answers(power: str, advice: str) -> None:
    assert lines(replace(HEALTH, power=power))["power"].advice == advice
    assert Language("ar").has(f"maintenance.advice.{advice}")


def test_a_failure_has_words_and_keeps_its_technical_line_for_the_detail() -> None:
    outbox = Outbox(last_success_at=NOW - 600, last_error="dns: central's name is not found")
    found = lines(replace(HEALTH, outbox=outbox))["central"]
    assert (found.word.msgid, found.detail, found.age_s) == (
        "maintenance.failure.dns", "central's name is not found", 600,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("seconds", "arabic", "english"),
    [
        (1, "لا جواب منذ ثانية واحدة", "No answer for 1 second"),
        (2, "لا جواب منذ ثانيتين", "No answer for 2 seconds"),
        (9, "لا جواب منذ 9 ثوانٍ", "No answer for 9 seconds"),
        (45, "لا جواب منذ 45 ثانية", "No answer for 45 seconds"),
        (7200, "لا جواب منذ ساعتين", "No answer for 2 hours"),
        (5 * 86_400, "لا جواب منذ 5 أيام", "No answer for 5 days"),
    ],
)
def test_how_long_is_said_in_words(seconds: int, arabic: str, english: str) -> None:
    text = span("no_answer_for", seconds)
    assert Language("ar").text(text.msgid, **text.values) == arabic
    assert Language("en").text(text.msgid, **text.values) == english

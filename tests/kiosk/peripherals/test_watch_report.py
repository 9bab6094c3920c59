"""What the watch makes of reports: which operations are possible, how long to wait, and lines without personal data."""

import json

import pytest

from devices.protocols import Card, DeviceState, MediaState, PaperState, Scan
from kiosk.commands.device_lines import line_of
from kiosk.peripherals.report import (
    Device,
    DeviceEvent,
    Operation,
    Presented,
    Report,
    Scanned,
    WhyNot,
    judge_possibility,
)
from kiosk.peripherals.supervisor import wait_before

ID_CARD = "فاطمة#العلي#محمد#خديجة#حمص 5-3-1984#04012345678".encode("cp1256")


def _scanned(kind: str, count: int) -> dict[str, object]:
    return {"event": "scan", "device": "scanner", "kind": kind, "bytes": count, "symbology": ""}


@pytest.mark.parametrize(
    ("state", "paper", "why"),
    [
        (DeviceState.ONLINE, PaperState.FULL, None),
        (DeviceState.ONLINE, PaperState.LOW, None),
        (DeviceState.ONLINE, PaperState.UNKNOWN, WhyNot.PAPER_UNKNOWN),
        (DeviceState.OFFLINE, PaperState.UNKNOWN, WhyNot.SILENT),
        (DeviceState.OFFLINE, PaperState.OUT, WhyNot.PAPER_OUT),
        (DeviceState.USER_ERROR, PaperState.FULL, WhyNot.PERSON),
        (DeviceState.HARDWARE_ERROR, PaperState.JAMMED, WhyNot.JAMMED),
        (DeviceState.NO_DEVICE, PaperState.UNKNOWN, WhyNot.GONE),
        (DeviceState.BUSY, PaperState.FULL, WhyNot.BUSY),
        (DeviceState.STARTING, None, WhyNot.STARTING),
        (DeviceState.POWER_OFF, PaperState.UNKNOWN, WhyNot.SILENT),
        (DeviceState.FRAUD_ATTEMPT, PaperState.FULL, WhyNot.FAULT),
    ],
)
def test_the_nearest_cause_is_given(state: DeviceState, paper: PaperState | None, why: WhyNot | None) -> None:
    assert judge_possibility(Operation.PRINT, Report(Device.PRINTER, state, paper=paper)).why is why


def test_every_state_is_either_ready_or_has_a_cause() -> None:
    for state in DeviceState:
        possibility = judge_possibility(Operation.SCAN, Report(Device.SCANNER, state))
        assert possibility.is_offered is (state is DeviceState.ONLINE)


def test_waits_grow_to_ten_seconds() -> None:
    assert [wait_before(attempt) for attempt in (1, 2, 3, 4, 5, 6, 60)] == [0.5, 1, 2, 4, 8, 10, 10]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (
            Scanned(Scan(b"SY1:6BF SECRET", "Q1")),
            {"event": "scan", "device": "scanner", "kind": "order-code", "bytes": 14, "symbology": "Q1"},
        ),
        (
            Scanned(Scan(ID_CARD)),
            _scanned("identity-card", 47) | {"national_number": "•••5678", "problems": []},
        ),
        (Scanned(Scan(b"0123456789")), _scanned("order-number", 10) | {"number": "•••6789"}),
        (Scanned(Scan("ٍإ1:ABC".encode())), _scanned("wrong-layout", 9)),
        (Scanned(Scan("سغ1:".encode("cp1256"))), _scanned("wrong-layout", 4)),
        (Scanned(Scan(b"SY&M6BF")), _scanned("wrong-layout", 7)),
        (Scanned(Scan(b"SZ1\xd66BF")), _scanned("wrong-layout", 7)),
        (Scanned(Scan(b"sy1:6bf")), _scanned("wrong-layout", 7)),
        (Scanned(Scan(b"https://shop.example/SECRET")), _scanned("foreign", 27)),
        (Scanned(Scan(b"\x00\xfeSECRET\x07")), _scanned("noise", 9)),
        (
            Presented(Card("motor", b"SECRET", "•••B2C3")),
            {"event": "card", "device": "card_reader", "scheme": "motor", "masked": "•••B2C3"},
        ),
        (
            Report(Device.PRINTER, DeviceState.ONLINE, paper=PaperState.LOW, detail="x"),
            {"event": "state", "device": "printer", "state": "Online", "paper": "Low", "detail": "x", "why_not": None},
        ),
        (
            Report(Device.SCANNER, DeviceState.OFFLINE),
            {"event": "state", "device": "scanner", "state": "Offline", "detail": "", "why_not": "silent"},
        ),
        (
            Report(Device.CARD_READER, DeviceState.ONLINE, media=MediaState.JAMMED),
            {
                "event": "state",
                "device": "card_reader",
                "state": "Online",
                "media": "Jammed",
                "detail": "",
                "why_not": "jammed",
            },
        ),
        (
            Report(Device.SCANNER, DeviceState.NO_DEVICE, is_fitted=False),
            {"event": "state", "device": "scanner", "state": "NoDevice", "detail": "not fitted"},
        ),
    ],
)
def test_lines_say_what_came_and_nothing_personal(event: DeviceEvent, expected: dict[str, object]) -> None:
    line = line_of(event)
    assert line == expected
    for shown in (json.dumps(line, ensure_ascii=False), repr(event)):
        for secret in ("SECRET", "04012345678", "0123456", "فاطمة"):
            assert secret not in shown

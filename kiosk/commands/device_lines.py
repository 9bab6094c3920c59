"""What `kiosk devices` prints: one line a state, scan or card, with every personal field masked."""

from devices.protocols import Card, Scan
from kiosk.desk.scan_content import KINDS, IdentityCardScan, OrderNumberScan, content_of
from kiosk.peripherals.report import DeviceEvent, Operation, Presented, Report, Scanned, judge_possibility


def line_of(event: DeviceEvent) -> dict[str, object]:
    """Return one event as what its JSON line holds."""
    match event:
        case Report():
            return _report_line(event)
        case Scanned(scan):
            return _scan_line(scan)
        case Presented(card):
            return _card_line(card)


def _report_line(report: Report) -> dict[str, object]:
    line: dict[str, object] = {"event": "state", "device": report.device.value, "state": report.state.value}
    if not report.is_fitted:
        return line | {"detail": "not fitted"}
    if report.paper is not None:
        line["paper"] = report.paper.value
    if report.media is not None:
        line["media"] = report.media.value
    operation = next(operation for operation in Operation if operation.device is report.device)
    possibility = judge_possibility(operation, report)
    return line | {"detail": report.detail, "why_not": possibility.why.value if possibility.why else None}


def _scan_line(scan: Scan) -> dict[str, object]:
    """Return what kind of code it was and how long: never its content."""
    content = content_of(scan)
    line: dict[str, object] = {
        "event": "scan",
        "device": "scanner",
        "kind": KINDS[type(content)],
        "bytes": len(scan.payload),
        "symbology": scan.symbology,
    }
    if isinstance(content, IdentityCardScan):
        card = content.card
        line |= {"national_number": str(card.national_number), "problems": [problem.value for problem in card.problems]}
    elif isinstance(content, OrderNumberScan):
        line["number"] = f"•••{content.number[-4:]}"
    return line


def _card_line(card: Card) -> dict[str, object]:
    return {"event": "card", "device": "card_reader", "scheme": card.scheme, "masked": card.masked}
